package safetensors_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"leeway/safetensors"
)

// values are all numbers of an entry.
func values(t testing.TB, e safetensors.Entry, data []byte) []float64 {
	t.Helper()
	all := []float64{}
	if err := e.Blocks(bytes.NewReader(data), func(block []float64) error { all = append(all, block...); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// Truth: the numbers that Python's struct packed (testdata/make.py), which knows half
// precision by itself; of BF16, numbers that it holds exactly.
func TestIndexReadsEveryType(t *testing.T) {
	data, err := os.ReadFile("testdata/types.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	index, err := safetensors.ReadIndex(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	want := map[string][]float64{
		"F64": {1.5, -1e-300}, "F32": {0.5, -0.25},
		"F16":  {1, -0.333251953125, 65504, 0x1p-24, 1023 * 0x1p-24, inf, -inf, math.Copysign(0, -1)},
		"BF16": {1, -3.140625, 0x1p-100}, "I64": {-1234567890123}, "U64": {1 << 63}, "I32": {-7, 8}, "U32": {1 << 31},
		"I16": {-300}, "U16": {60000}, "I8": {-100, 100}, "U8": {200}, "BOOL": {1, 0},
	}
	if len(index.Entries) != len(want)+1 {
		t.Fatalf("%d tensors", len(index.Entries))
	}
	for _, e := range index.Entries {
		if e.Name == "F8_E4M3" {
			if err := e.Blocks(bytes.NewReader(data), nil); err == nil || !strings.Contains(err.Error(), `"F8_E4M3"`) || e.Len() != 0 {
				t.Errorf("%v, length %d", err, e.Len())
			}
			continue
		}
		got := values(t, e, data)
		if len(got) != len(want[e.Name]) || e.Len() != len(got) {
			t.Fatalf("%s: %v, length %d", e.Name, got, e.Len())
		}
		for i, x := range want[e.Name] {
			if math.Float64bits(got[i]) != math.Float64bits(x) {
				t.Errorf("%s: %v, want %v", e.Name, got, want[e.Name])
			}
		}
	}
}

// Truth: Decode, which reads the whole file in another way.
func TestIndexIsDecode(t *testing.T) {
	data, err := os.ReadFile("testdata/python.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	checkIndex(t, data)
	long := safetensors.File{Tensors: []safetensors.Tensor{{Name: "x", Data: make([]float64, 40_000)}, {Name: "y", DType: safetensors.F32, Data: make([]float64, 33_333)}}}
	for _, x := range long.Tensors {
		for i := range x.Data {
			x.Data[i] = float64(i)
		}
	}
	checkIndex(t, encode(t, &long))
	if _, err := safetensors.ReadIndex(bytes.NewReader(data[:len(data)-1]), int64(len(data)-1)); err == nil {
		t.Error("a file that ends early is read")
	}
	index, err := safetensors.ReadIndex(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range index.Entries {
		if e.Len() == 0 {
			continue
		}
		stop := errors.New("stop")
		if err := e.Blocks(bytes.NewReader(data), func([]float64) error { return stop }); err != stop {
			t.Errorf("%v, want the visitor's own error", err)
		}
		if err := e.Blocks(bytes.NewReader(data[:e.Begin]), func([]float64) error { return nil }); err == nil || !strings.Contains(err.Error(), "ends too early") {
			t.Errorf("%v", err)
		}
	}
}

// checkIndex holds the index of a file that Decode reads against it.
func checkIndex(t *testing.T, data []byte) {
	t.Helper()
	file, err := safetensors.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	index, err := safetensors.ReadIndex(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	again := safetensors.File{Metadata: index.Metadata}
	for _, e := range index.Entries {
		again.Tensors = append(again.Tensors, safetensors.Tensor{Name: e.Name, DType: e.DType, Shape: e.Shape, Data: append([]float64{}, values(t, e, data)...)})
	}
	if !same(file, &again) {
		t.Fatalf("index\n%v\nfile\n%v", again, file)
	}
}

// What the format forbids is refused by the index as by Decode.
func TestIndexRefuses(t *testing.T) {
	for _, c := range []struct{ header, data, want string }{
		{`{"x":{"dtype":"BF16","shape":[3],"data_offsets":[0,8]}}`, eight, "8 bytes, but BF16 of shape [3] takes 6"},
		{`{"x":{"dtype":"I64","shape":[4294967297,4294967297],"data_offsets":[0,8]}}`, eight, "too many elements"},
		{`{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,9]}}`, eight, "bytes 0 to 9 of the data are not its own"},
		{`{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,4]},"y":{"dtype":"F4","shape":[2],"data_offsets":[3,8]}}`, eight, "bytes 3 to 8"},
		{`{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,4]}}`, eight, "the last 4 bytes"},
		{`{"x":{"dtype":4,"shape":[2],"data_offsets":[0,4]}}`, eight, "unexpected 4"},
		{`[]`, eight, "not a JSON object"},
	} {
		data := build(c.header, c.data)
		_, err := safetensors.ReadIndex(bytes.NewReader(data), int64(len(data)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "safetensors: ") {
			t.Errorf("%s: %v, want %q", c.header, err, c.want)
		}
	}
	if _, err := safetensors.ReadIndex(bytes.NewReader(nil), 0); err == nil {
		t.Error("an empty file is read")
	}
}

// Any bytes give an error or an index, and every file that Decode reads has the
// index of its tensors.
func FuzzIndex(f *testing.F) {
	f.Add([]byte(golden))
	f.Add(build(`{"x":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}`, eight))
	f.Add(build(`{"x":{"dtype":"F8_E5M2","shape":[8],"data_offsets":[0,8]}}`, eight))
	f.Add(build(`{"__metadata__":{"a":"b"}}`, ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		index, err := safetensors.ReadIndex(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "safetensors: ") {
				t.Fatalf("%v does not say where it comes from", err)
			}
			if _, err := safetensors.Decode(data); err == nil {
				t.Fatal("Decode reads what has no index")
			}
			return
		}
		for _, e := range index.Entries {
			if e.Len() > 0 && len(values(t, e, data)) != e.Len() {
				t.Fatalf("%v: another number of numbers", e)
			}
		}
		if _, err := safetensors.Decode(data); err == nil {
			checkIndex(t, data)
		}
	})
}
