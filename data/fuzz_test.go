package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"image/color"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// crc mends the sum of a PNG's first chunk.
func crc(png []byte) { binary.BigEndian.PutUint32(png[29:], crc32.ChecksumIEEE(png[12:29])) }

// allocated is what f allocates, in bytes.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// inflated is how many bytes the content holds when it is unpacked: what a
// reader of it may take memory in proportion to.
func inflated(content []byte) uint64 {
	n := int64(len(content))
	if r, err := gzip.NewReader(bytes.NewReader(content)); err == nil {
		unpacked, _ := io.Copy(io.Discard, r)
		n += unpacked
	}
	return uint64(n)
}

// checked holds memory and result of a reader against its promises: an error or
// samples that are consistent, never both, and memory in proportion to size.
func checked(t *testing.T, constant, factor, size uint64, read func() (*Samples, error)) {
	t.Helper()
	var s *Samples
	var err error
	if used := allocated(func() { s, err = read() }); used > constant+factor*size {
		t.Errorf("%d bytes allocated for %d bytes of input", used, size)
	}
	switch {
	case err != nil && (s != nil || !strings.HasPrefix(err.Error(), "data: f") || !strings.Contains(err.Error(), "Try: ")):
		t.Errorf("samples %v with error %q", s, err)
	case err == nil:
		consistent(t, s)
	}
}

func consistent(t *testing.T, s *Samples) {
	t.Helper()
	if s.N < 1 || s.D < 1 || len(s.Y) != s.N {
		t.Fatalf("inconsistent samples %+v", s)
	}
	row := make([]float64, s.D)
	for _, i := range []int{0, s.N - 1} {
		for _, v := range s.Row(row, i) {
			if v-v != 0 {
				t.Fatalf("the value %v", v)
			}
		}
	}
	for _, c := range s.Y {
		if c < 0 || c >= s.Classes {
			t.Fatalf("class %d of %d", c, s.Classes)
		}
	}
}

// 64 KiB are for gzip's window and the buffers.
func FuzzReadIDX(f *testing.F) {
	good, labels := idxBytes([]uint8{1, 2, 3, 4}, 2, 1, 2), idxBytes([]uint8{0, 1}, 2)
	for _, images := range [][]byte{good, zipped(good), good[:7], {}, idxBytes(nil, 1<<31, 1<<31, 1), idxBytes(nil, 1<<30, 1, 1)} {
		f.Add(images, labels)
	}
	f.Add(good, zipped(labels))
	f.Fuzz(func(t *testing.T, images, labels []byte) {
		checked(t, 1<<18, 16, inflated(images)+inflated(labels), func() (*Samples, error) {
			return ReadIDX(bytes.NewReader(images), bytes.NewReader(labels), "f")
		})
	})
}

func FuzzReadCIFAR(f *testing.F) {
	for _, content := range [][]byte{record(0, 1), record(0, 1, 2), append(record(0, 1), 3), archive("data_batch_1.bin", record(0, 1), "test_batch.bin", record(0, 2))} {
		f.Add(content)
		f.Add(zipped(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, kind := range []CIFAR{CIFAR10, CIFAR100, CIFAR100Coarse} {
			checked(t, 1<<18, 16, uint64(len(content)), func() (*Samples, error) { return ReadCIFAR(bytes.NewReader(content), "f", kind) })
			checked(t, 1<<19, 16, inflated(content), func() (*Samples, error) {
				train, test, err := ReadCIFARArchive(bytes.NewReader(content), "f", kind)
				if err == nil {
					consistent(t, test)
				}
				return train, err
			})
		}
	})
}

func FuzzReadNPY(f *testing.F) {
	f.Add(array("(2, 3)", 1, 2, 3, 4, 5, 6))
	f.Add(npy("{'descr': '>f4', 'fortran_order': True, 'shape': (2,)}", 0x3f, 0x80, 0, 0, 0x7f, 0x80, 0, 0))
	f.Add(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (100000000,), }\n"))
	f.Add([]byte("\x93NUMPY\x02\x00\x00\x00\x00\x40"))
	f.Add([]byte("\x93NUMPY\x02\x00\x00\xff\x00\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		var a *Array
		var err error
		if used := allocated(func() { a, err = ReadNPY(bytes.NewReader(content), "f") }); used > 1<<18+16*uint64(len(content)) {
			t.Errorf("%d bytes allocated for %d bytes of input", used, len(content))
		}
		if err == nil {
			a.Float64s(make([]float64, a.Len()), 0)
		} else if !strings.HasPrefix(err.Error(), "data: f: ") || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("error %q", err)
		}
	})
}

// Deflate unpacks at most 1032 bytes from one.
func FuzzReadNPZ(f *testing.F) {
	x, y := array("(2, 3)", 1, 2, 3, 4, 5, 6), array("(2,)", 0, 1)
	f.Add(npz("x", x, "y", y))
	f.Add(npz("x_train", x, "y_train", y, "x_test", x, "y_test", y))
	f.Add(npz("x", array("(100000, 1000)"), "y", array("(2,)", 0, 200)))
	f.Fuzz(func(t *testing.T, content []byte) {
		checked(t, 1<<19, 8*1032, uint64(len(content)), func() (*Samples, error) {
			train, test, err := ReadNPZ(bytes.NewReader(content), int64(len(content)), "f")
			if test != nil {
				consistent(t, test)
			}
			return train, err
		})
	})
}

// The decoders of images are the standard library's, which allocate what an
// image claims: up to 512 x 512 pixels, or 64 for each byte of the file, are
// taken at their word. A pixel takes up to 64 bytes on its way: as the decoder
// has it, in colours of one kind, and as numbers to be averaged.
func FuzzReadFolder(f *testing.F) {
	small := filled(3, 4, color.NRGBA{1, 2, 3, 200})
	claim := pngOf(small)
	copy(claim[16:], []byte{0, 0, 0x20, 0, 0, 0, 0x20, 0})
	crc(claim)
	giant := jpegOf(small)
	frame := bytes.Index(giant, []byte{0xff, 0xc0}) // the frame's length and precision, then height and width
	copy(giant[frame+5:], []byte{0x3f, 0xff, 0x3f, 0xff})
	for _, content := range [][]byte{pngOf(small), jpegOf(small), claim, giant, []byte("\x89PNG\r\n\x1a\n"), {}} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := fstest.MapFS{"class/x.png": {Data: content}}
		checked(t, 64<<18, 64*64, uint64(len(content)), func() (*Samples, error) {
			return ReadFolder(dir, "f", FolderSettings{Height: 4, Width: 4})
		})
	})
}

func FuzzReadText(f *testing.F) {
	for _, text := range []string{"", "ab", "\uFEFFab", "日本", "a\xff", "\xe6\x97"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var x *Text
		var err error
		if used := allocated(func() { x, err = ReadText(bytes.NewReader(content), "f") }); used > 1<<17+200*uint64(len(content)) {
			t.Errorf("%d bytes allocated for %d bytes of input", used, len(content))
		}
		if err != nil {
			if x != nil || !strings.HasPrefix(err.Error(), "data: f: ") || !strings.Contains(err.Error(), "Try: ") {
				t.Errorf("error %q", err)
			}
			return
		}
		if got := x.Decode(x.Tokens); got != strings.TrimPrefix(string(content), "\uFEFF") {
			t.Errorf("%q became %q", content, got)
		}
	})
}
