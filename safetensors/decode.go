package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Decode reads a file's bytes. Tensors come in the order of their data. The
// memory it takes is proportional to len(data), whatever the header claims.
//
// It returns an error for anything that the format forbids (a header beyond the
// file, a name twice, bytes that no tensor or two tensors own, a shape that
// does not match its bytes) and for types other than F64 and F32. The bits of
// F64 are kept; of F32 all but those of signalling NaNs.
func Decode(data []byte) (*File, error) { return Read(bytes.NewReader(data), int64(len(data))) }

// Read is [Decode] of the size bytes that r holds, which it reads in small
// pieces: beside the tensors it needs room for the header only. What r returns
// as an error is the cause of Read's.
func Read(r io.ReaderAt, size int64) (*File, error) {
	header, err := Header(r, size)
	if err != nil {
		return nil, err
	}
	file, entries, err := decodeHeader(header, false)
	if err != nil {
		return nil, fmt.Errorf("safetensors: header: %w", err)
	}
	begin := int64(8 + len(header))
	if err := fill(file, entries, io.NewSectionReader(r, begin, size-begin)); err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return file, nil
}

// Header returns the header of the size bytes that r holds: JSON that has not been
// looked at, from byte 8 of the file on.
func Header(r io.ReaderAt, size int64) ([]byte, error) {
	if size < 8 {
		return nil, fmt.Errorf("safetensors: %d bytes are too few, the length of the header takes 8", size)
	}
	var length [8]byte
	if err := readAt(r, length[:], 0); err != nil {
		return nil, fmt.Errorf("safetensors: length of the header: %w", err)
	}
	n, rest := binary.LittleEndian.Uint64(length[:]), size-8
	if n > uint64(rest) {
		return nil, fmt.Errorf("safetensors: the header should have %d bytes, but the file has only %d more", n, rest)
	}
	if n > maxHeader {
		return nil, fmt.Errorf("safetensors: the header has %d bytes, more than the format's limit of %d", n, maxHeader)
	}
	header := make([]byte, n)
	if err := readAt(r, header, 8); err != nil {
		return nil, fmt.Errorf("safetensors: header: %w", err)
	}
	return header, nil
}

// readAt fills p with the bytes from offset on.
func readAt(r io.ReaderAt, p []byte, offset int64) error {
	_, err := io.ReadFull(io.NewSectionReader(r, offset, int64(len(p))), p)
	return early(err)
}

// early is err in words, where the file has fewer bytes than it was said to.
func early(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("it ends too early")
	}
	return err
}

// entry is a tensor's line in a header.
type entry struct {
	name       string
	dtype      DType
	shape      []int
	begin, end int
}

// fill takes the tensors out of the data, which they must cover exactly.
func fill(file *File, entries []entry, data *io.SectionReader) error {
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	at, size := 0, int(data.Size())
	buffer := make([]byte, min(chunk, size))
	for _, e := range entries {
		want, err := byteLength(e.dtype.size(), e.shape)
		switch {
		case err != nil:
			return fmt.Errorf("tensor %q: %w", e.name, err)
		case e.begin != at:
			return fmt.Errorf("tensor %q begins at byte %d of the data and not at %d, where the one before it ends", e.name, e.begin, at)
		case e.end < e.begin || e.end > size:
			return fmt.Errorf("tensor %q ends at byte %d, outside its range %d to %d", e.name, e.end, e.begin, size)
		case want != uint64(e.end-e.begin):
			return fmt.Errorf("tensor %q has %d bytes, but %s of shape %v takes %d", e.name, e.end-e.begin, e.dtype, e.shape, want)
		}
		t := Tensor{Name: e.name, DType: e.dtype, Shape: e.shape, Data: make([]float64, (e.end-e.begin)/e.dtype.size())}
		if err := t.read(data, buffer); err != nil {
			return fmt.Errorf("tensor %q: %w", e.name, err)
		}
		file.Tensors = append(file.Tensors, t)
		at = e.end
	}
	if at != size {
		return fmt.Errorf("the last %d bytes of the data belong to no tensor", size-at)
	}
	return nil
}

// read reads the tensor's numbers, as many bytes at a time as the buffer holds.
func (t *Tensor) read(r io.Reader, buffer []byte) error {
	size := t.DType.size()
	for rest := t.Data; len(rest) > 0; {
		n := min(len(rest), len(buffer)/size)
		part := buffer[:n*size]
		if _, err := io.ReadFull(r, part); err != nil {
			return early(err)
		}
		for i := range rest[:n] {
			if t.DType == F32 {
				rest[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(part[4*i:])))
			} else {
				rest[i] = math.Float64frombits(binary.LittleEndian.Uint64(part[8*i:]))
			}
		}
		rest = rest[n:]
	}
	return nil
}

// decodeHeader reads token by token: encoding/json would take the last of two
// equal names, "SHAPE" for "shape" and null for 0. Types other than F64 and F32 are
// refused unless any type will do.
func decodeHeader(header []byte, anyType bool) (*File, []entry, error) {
	if len(header) == 0 || header[0] != '{' || !utf8.Valid(header) {
		return nil, nil, errors.New("not a JSON object in UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(header))
	dec.UseNumber()
	file, entries := &File{}, []entry(nil)
	err := object(dec, func(name string) error {
		if name == metadataKey {
			file.Metadata = map[string]string{}
			return object(dec, func(key string) (err error) {
				file.Metadata[key], err = value[string](dec)
				return err
			})
		}
		e, err := decodeEntry(dec, name, anyType)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if len(bytes.Trim(header[dec.InputOffset():], " ")) != 0 {
		return nil, nil, errors.New("something other than spaces after the JSON object")
	}
	return file, entries, nil
}

// decodeEntry reads {"dtype": ..., "shape": [...], "data_offsets": [b, e]}.
func decodeEntry(dec *json.Decoder, name string, anyType bool) (entry, error) {
	e, fields := entry{name: name}, 0
	err := object(dec, func(key string) error {
		fields++
		switch key {
		case "dtype":
			s, err := value[string](dec)
			if e.dtype = DType(s); err == nil && e.dtype.size() == 0 && !anyType {
				err = fmt.Errorf("%q is not one of %s and %s", s, F64, F32)
			}
			return err
		case "shape":
			var err error
			e.shape, err = numbers(dec, maxDims)
			return err
		case "data_offsets":
			offsets, err := numbers(dec, 2)
			if err == nil && len(offsets) != 2 {
				err = fmt.Errorf("%d numbers instead of 2", len(offsets))
			}
			if err == nil {
				e.begin, e.end = offsets[0], offsets[1]
			}
			return err
		}
		return errors.New("no such field in the format")
	})
	if err == nil && fields != 3 {
		err = fmt.Errorf("%q lacks one of dtype, shape and data_offsets", name)
	}
	return e, err
}

// object reads an object and calls member after every key, for its value.
func object(dec *json.Decoder, member func(key string) error) error {
	if open, err := value[json.Delim](dec); err != nil {
		return err
	} else if open != '{' {
		return fmt.Errorf("unexpected %v", open)
	}
	seen := map[string]bool{}
	for dec.More() {
		key, err := value[string](dec)
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%q is there twice", key)
		}
		seen[key] = true
		if err := member(key); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
	}
	_, err := value[json.Delim](dec) // the closing brace
	return err
}

// numbers reads an array of at most limit whole numbers, none negative.
func numbers(dec *json.Decoder, limit int) ([]int, error) {
	if open, err := value[json.Delim](dec); err != nil {
		return nil, err
	} else if open != '[' {
		return nil, fmt.Errorf("unexpected %v", open)
	}
	list := []int{}
	for dec.More() {
		text, err := value[json.Number](dec)
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseUint(text.String(), 10, strconv.IntSize-1)
		if err != nil {
			return nil, fmt.Errorf("%s is not a whole number in range", text)
		}
		if len(list) == limit {
			return nil, fmt.Errorf("more than %d numbers", limit)
		}
		list = append(list, int(n))
	}
	_, err := value[json.Delim](dec) // the closing bracket
	return list, err
}

// value reads one token, which must be a T.
func value[T json.Delim | json.Number | string](dec *json.Decoder) (T, error) {
	token, err := dec.Token()
	v, ok := token.(T)
	switch {
	case err != nil:
		err = early(err)
	case token == nil:
		err = errors.New("unexpected null")
	case !ok:
		err = fmt.Errorf("unexpected %v", token)
	}
	return v, err
}
