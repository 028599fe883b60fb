package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"
)

// Encode writes the file: metadata first, F64 before F32 so that all data is
// aligned, names sorted. The same content gives the same bytes. Beside the header
// it needs a small buffer, however much there is to write.
//
// It returns an error for a name that is taken, reserved or not UTF-8, for a
// shape that does not match the data, for a value too large for F32, and
// whatever w returns.
func Encode(w io.Writer, file *File) error {
	tensors := slices.Clone(file.Tensors)
	for i := range tensors {
		if err := tensors[i].check(); err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", tensors[i].Name, err)
		}
	}
	slices.SortFunc(tensors, func(a, b Tensor) int {
		return cmp.Or(b.DType.size()-a.DType.size(), cmp.Compare(a.Name, b.Name))
	})
	header, err := encodeHeader(tensors, file.Metadata)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	prefix := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	if _, err := w.Write(append(prefix, header...)); err != nil {
		return err
	}
	buffer := make([]byte, chunk)
	for _, t := range tensors {
		for rest := t.Data; len(rest) > 0; {
			n := min(len(rest), chunk/t.DType.size())
			for i, x := range rest[:n] {
				if t.DType == F32 {
					binary.LittleEndian.PutUint32(buffer[4*i:], math.Float32bits(float32(x)))
				} else {
					binary.LittleEndian.PutUint64(buffer[8*i:], math.Float64bits(x))
				}
			}
			if _, err := w.Write(buffer[:n*t.DType.size()]); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	return nil
}

// check fills in the defaults and says what the format does not allow.
func (t *Tensor) check() error {
	t.DType = cmp.Or(t.DType, F64)
	if t.Shape == nil {
		t.Shape = []int{len(t.Data)}
	}
	if t.DType.size() == 0 {
		return fmt.Errorf("%q is not one of %s and %s", t.DType, F64, F32)
	}
	want, err := byteLength(t.DType.size(), t.Shape)
	if err != nil {
		return err
	}
	if want != uint64(len(t.Data)*t.DType.size()) || len(t.Shape) > maxDims {
		return fmt.Errorf("shape %v does not hold %d values", t.Shape, len(t.Data))
	}
	for i, x := range t.Data {
		if t.DType == F32 && math.IsInf(float64(float32(x)), 0) && !math.IsInf(x, 0) {
			return fmt.Errorf("value %d, %g, is too large for F32", i, x)
		}
	}
	return nil
}

// encodeHeader is the JSON object, padded to a multiple of 8 bytes.
func encodeHeader(tensors []Tensor, metadata map[string]string) ([]byte, error) {
	object := map[string]any{} // encoding/json sorts the keys
	if len(metadata) > 0 {
		object[metadataKey] = metadata
	}
	for key, text := range metadata {
		if !utf8.ValidString(key) || !utf8.ValidString(text) {
			return nil, fmt.Errorf("metadata %q: %q is not UTF-8", key, text)
		}
	}
	at := 0
	for _, t := range tensors {
		if _, taken := object[t.Name]; taken || t.Name == metadataKey || !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("the name %q is taken, reserved or not UTF-8", t.Name)
		}
		end := at + len(t.Data)*t.DType.size()
		object[t.Name] = struct {
			DType   DType  `json:"dtype"`
			Shape   []int  `json:"shape"`
			Offsets [2]int `json:"data_offsets"`
		}{t.DType, t.Shape, [2]int{at, end}}
		at = end
	}
	var header bytes.Buffer
	enc := json.NewEncoder(&header)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(object); err != nil {
		return nil, err
	}
	header.Truncate(header.Len() - 1) // the newline that Encode adds
	for header.Len()%8 != 0 {
		header.WriteByte(' ')
	}
	if header.Len() > maxHeader {
		return nil, fmt.Errorf("the header has %d bytes, more than the format's limit of %d", header.Len(), maxHeader)
	}
	return header.Bytes(), nil
}
