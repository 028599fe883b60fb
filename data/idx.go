package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ReadIDX reads images and their labels from the two files of MNIST and the
// sets made in its likeness: the format IDX with elements of one byte, plain or
// compressed by gzip. The images are [height width 1], the classes 0 to the
// largest label.
//
// A file of another format or element type, one that ends early or goes on, and
// numbers of images and labels that differ are errors that name the file (as
// name, images or name, labels) and the byte. Memory stays in proportion to
// what the files really hold, whatever they claim.
//
// Source of the format: LeCun, Cortes and Burges, The MNIST database.
func ReadIDX(images, labels io.Reader, name string) (*Samples, error) {
	values, size, err := readIDX(images, name+", images", 3)
	if err != nil {
		return nil, err
	}
	classes, counts, err := readIDX(labels, name+", labels", 1)
	if err != nil {
		return nil, err
	}
	if counts[0] != size[0] {
		return nil, fmt.Errorf("data: %s: %d images, but %d labels. Try: the two files that belong together", name, size[0], counts[0])
	}
	y := make([]int, len(classes))
	for i, c := range classes {
		y[i] = int(c)
	}
	return newImages(name, values, []int{size[1], size[2], 1}, y, slices.Max(y)+1), nil
}

// readIDX reads one file of bytes in the given number of dimensions.
func readIDX(r io.Reader, name string, dimensions int) ([]uint8, []int, error) {
	at := 0
	fail := func(what, try string) ([]uint8, []int, error) {
		return nil, nil, fmt.Errorf("data: %s: byte %d: %s. Try: %s", name, at, what, try)
	}
	r, err := unzipped(r)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %s: %w. Try: getting the file anew", name, err)
	}
	header := make([]byte, 4+4*dimensions)
	n, err := io.ReadFull(r, header)
	if at = n; err != nil {
		return fail("the header ends: "+cause(err), "a file in the format IDX")
	}
	at = 2
	switch {
	case header[0] != 0 || header[1] != 0:
		at = 0
		return fail(fmt.Sprintf("not the format IDX (it begins %#x)", header[:4]), "a file that is called ...-ubyte or ...-ubyte.gz")
	case header[2] != 8:
		return fail(fmt.Sprintf("elements of type %#x", header[2]), "type 0x8, unsigned bytes; an NPZ file for other numbers")
	case int(header[3]) != dimensions:
		at = 3
		return fail(fmt.Sprintf("%d dimensions, want %d", header[3], dimensions), "the images in idx3 and the labels in idx1")
	}
	size, total := make([]int, dimensions), 1
	for d := range size {
		at = 4 + 4*d
		claimed := binary.BigEndian.Uint32(header[at:])
		if claimed == 0 || int(claimed) > mostBytes/total {
			return fail(fmt.Sprintf("size %d of dimension %d", claimed, d), fmt.Sprintf("sizes from 1 on, in all at most %d bytes", mostBytes))
		}
		size[d] = int(claimed)
		total *= size[d]
	}
	values, err := readExactly(r, total)
	if at = len(header) + len(values); err != nil {
		return fail(fmt.Sprintf("the file ends, but its header speaks of %d bytes: %s", total, cause(err)), "getting the file anew")
	}
	if err := ended(r); err != nil {
		return fail(err.Error(), "getting the file anew")
	}
	return values, size, nil
}

// mostBytes bounds what is read into memory: more is no data set of this kind.
const mostBytes = 1 << 32

// unzipped reads what gzip has compressed, and the rest as it is.
func unzipped(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(2); err != nil || mark[0] != 0x1f || mark[1] != 0x8b {
		return in, nil
	}
	return gzip.NewReader(in)
}

// readExactly reads n bytes into a buffer that grows with what is really there.
// With an error it returns what came before.
func readExactly(r io.Reader, n int) ([]byte, error) {
	var b []byte
	for len(b) < n {
		have := len(b)
		b = append(make([]byte, 0, min(max(2*have, 1<<12), n)), b...)
		got, err := io.ReadFull(r, b[have:cap(b)])
		if b = b[:have+got]; err != nil {
			return b, err
		}
	}
	return b, nil
}

// ended checks that nothing is left to read.
func ended(r io.Reader) error {
	switch n, err := io.ReadFull(r, make([]byte, 1)); {
	case n > 0:
		return errors.New("the file goes on after its last value")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// cause says what ended a file, in a user's words.
func cause(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it is too short"
	}
	return err.Error()
}
