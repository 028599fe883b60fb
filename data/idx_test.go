package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// idxBytes writes the format as its description has it.
func idxBytes(values []uint8, size ...int) []byte {
	b := []byte{0, 0, 8, byte(len(size))}
	for _, n := range size {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return append(b, values...)
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func TestReadIDX(t *testing.T) {
	values := []uint8{1, 2, 3, 4, 5, 6, 250, 251, 252, 253, 254, 255}
	images, labels := idxBytes(values, 2, 3, 2), idxBytes([]uint8{3, 1}, 2)
	for _, pack := range []func([]byte) []byte{zipped, func(b []byte) []byte { return b }} {
		// Both readers give one byte at a time: no read is taken for whole.
		s, err := ReadIDX(iotest.OneByteReader(bytes.NewReader(pack(images))), bytes.NewReader(pack(labels)), "t")
		if err != nil {
			t.Fatal(err)
		}
		if s.N != 2 || s.D != 6 || s.Classes != 4 || s.Top != 255 || !slices.Equal(s.Shape, []int{3, 2, 1}) || !slices.Equal(s.Y, []int{3, 1}) {
			t.Errorf("%+v", s)
		}
		if got := s.Row(make([]float64, 6), 1); !slices.Equal(got, []float64{250, 251, 252, 253, 254, 255}) {
			t.Errorf("row 1 is %v", got)
		}
	}
}

func TestReadIDXRefuses(t *testing.T) {
	good, labels := idxBytes(make([]uint8, 12), 2, 3, 2), idxBytes([]uint8{0, 1}, 2)
	change := func(at int, to byte) []byte {
		b := slices.Clone(good)
		b[at] = to
		return b
	}
	for _, c := range []struct {
		label          string
		images, labels []byte
		want           string
	}{
		{"empty", nil, labels, "data: t, images: byte 0: the header ends: it is too short"},
		{"half a header", good[:9], labels, "byte 9: the header ends"},
		{"text", []byte("x,y,class\n1,2,0\n1,2,3"), labels, "byte 0: not the format IDX"},
		{"floats", change(2, 0xd), labels, "byte 2: elements of type 0xd"},
		{"labels for images", append(labels, labels...), labels, "byte 3: 1 dimensions, want 3"},
		{"no rows", change(7, 0), labels, "byte 4: size 0 of dimension 0"},
		{"huge", change(4, 0x0f), labels, "the file ends, but its header speaks of"},
		{"overflow", append([]byte{0, 0, 8, 3}, bytes.Repeat([]byte{0xff}, 12)...), labels, "byte 8: size 4294967295 of dimension 1"},
		{"short", good[:len(good)-1], labels, "byte 27: the file ends, but its header speaks of 12 bytes"},
		{"long", append(slices.Clone(good), 0), labels, "byte 28: the file goes on"},
		{"other labels", good, idxBytes([]uint8{0, 1, 2}, 3), "2 images, but 3 labels"},
		{"bad labels", good, nil, "data: t, labels: byte 0"},
		{"broken gzip", []byte{0x1f, 0x8b, 0}, labels, "data: t, images: "},
		{"half a gzip", zipped(good)[:20], labels, "data: t, images: byte "},
		{"wrong gzip sum", func() []byte { b := zipped(good); b[len(b)-6] ^= 1; return b }(), labels, "invalid checksum"},
	} {
		_, err := ReadIDX(bytes.NewReader(c.images), bytes.NewReader(c.labels), "t")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v, want %q", c.label, err, c.want)
		}
	}
	if err := ended(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a reader's error is lost: %v", err)
	}
}
