package safetensors_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"leeway/safetensors"
)

// allocated is the number of bytes that f allocates, kept or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// allowed is what reading a file may allocate in all. The dearest byte is one of
// an object of many short members, which go into two tables that grow by doubling
// ({"a":"",...: about 50 bytes for each); a tensor's byte costs two as F32.
func allowed(size int) uint64 { return 1<<16 + 100*uint64(size) }

// Any bytes give an error that says where it comes from or a file; never a panic,
// and never an allocation out of proportion to the bytes, whatever they claim. A
// file that is read is written and read back as itself.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(golden))
	f.Add(build(`{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, eight))
	f.Add(build(`{"x":{"dtype":"F64","shape":[4294967297,4294967297],"data_offsets":[0,8]}}`, eight))
	f.Add(build(`{"x":{"dtype":"F64","shape":[1000000,1000000,1000],"data_offsets":[0,8000000000000000]}}`, eight))
	f.Add([]byte("\xff\xff\xff\x05\x00\x00\x00\x00{}"))
	f.Add(build(`{"__metadata__":{"a":"","b":"","c":"","d":"","e":"","f":"","g":"","h":"","i":""}}`, ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		var file *safetensors.File
		var err error
		if n := allocated(func() { file, err = safetensors.Decode(data) }); n > allowed(len(data)) {
			t.Fatalf("%d bytes allocated for a file of %d", n, len(data))
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "safetensors: ") {
				t.Fatalf("%v does not say where it comes from", err)
			}
			return
		}
		values := 0
		for _, x := range file.Tensors {
			values += len(x.Data)
		}
		if 4*values > len(data) {
			t.Fatalf("%d values out of %d bytes", values, len(data))
		}
		again, err := safetensors.Decode(encode(t, file))
		if err != nil || !same(file, again) {
			t.Fatalf("read %v, written and read %v (%v)", file, again, err)
		}
	})
}

// The bound that the fuzzer holds is one that files can break: reading what a
// header claims, before a look at the file's size, would take 200 times as much.
func TestAllowedIsLittle(t *testing.T) {
	data := build(`{"x":{"dtype":"F64","shape":[1000000],"data_offsets":[0,8000000]}}`, eight)
	var claimed []float64
	if n := allocated(func() { claimed = make([]float64, 1_000_000) }); n <= 100*allowed(len(data)) {
		t.Errorf("%d bytes for %d values are allowed for a file of %d bytes", n, len(claimed), len(data))
	}
	if n := allocated(func() { safetensors.Decode(data) }); n > allowed(len(data)) {
		t.Errorf("%d bytes allocated for a file of %d", n, len(data))
	}
	// The dearest bytes there are, as far as we know.
	var header strings.Builder
	header.WriteString(`{"__metadata__":{"":""`)
	for i := range 1 << 15 {
		header.WriteString(`,"`)
		header.WriteRune(rune('\u4e00' + i%20000))
		header.WriteRune(rune('a' + i/20000))
		header.WriteString(`":""`)
	}
	header.WriteString("}}")
	data = build(header.String(), "")
	var err error
	if n := allocated(func() { _, err = safetensors.Decode(data) }); err != nil || n > allowed(len(data)) {
		t.Errorf("%d bytes allocated for a file of %d (%v)", n, len(data), err)
	} else {
		t.Logf("%.1f bytes allocated a byte", float64(n)/float64(len(data)))
	}
}

// Writing takes a small buffer, and reading the tensors and one more, however
// large the tensors are: a file of 80 MB must not take 80 MB beside them.
func TestStreams(t *testing.T) {
	const n = 10_000_000
	file := &safetensors.File{Tensors: []safetensors.Tensor{{Name: "x", Data: make([]float64, n)}}}
	var written counter
	if a := allocated(func() {
		if err := safetensors.Encode(&written, file); err != nil {
			t.Fatal(err)
		}
	}); a > 1<<20 {
		t.Errorf("%d bytes allocated to write %d", a, written)
	}
	data := encode(t, file)
	if a := allocated(func() {
		if _, err := safetensors.Read(bytes.NewReader(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
	}); a > 8*n+1<<20 {
		t.Errorf("%d bytes allocated to read %d", a, len(data))
	}
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
