package safetensors_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"leeway/safetensors"
)

func encode(t interface{ Fatal(...any) }, f *safetensors.File) []byte {
	var b bytes.Buffer
	if err := safetensors.Encode(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncodeGolden(t *testing.T) {
	shuffled := &safetensors.File{
		Metadata: goldenFile.Metadata,
		Tensors:  []safetensors.Tensor{goldenFile.Tensors[2], goldenFile.Tensors[1], goldenFile.Tensors[0]},
	}
	// The zero values of DType and Shape stand for F64 and one dimension.
	shuffled.Tensors[2].DType, shuffled.Tensors[2].Shape = "", nil
	if got := string(encode(t, shuffled)); got != golden {
		t.Errorf("got  %q\nwant %q", got, golden)
	}
	if shuffled.Tensors[2].DType != "" || shuffled.Tensors[0].Name != "d" {
		t.Error("Encode changed its input")
	}
	if got := string(encode(t, &safetensors.File{})); got != "\x08\x00\x00\x00\x00\x00\x00\x00{}      " {
		t.Errorf("an empty file is %q", got)
	}
}

func TestEncodeRefuses(t *testing.T) {
	one := []float64{1}
	cases := []struct {
		name string
		file safetensors.File
		want string
	}{
		{"reserved name", safetensors.File{Tensors: []safetensors.Tensor{{Name: "__metadata__"}}}, `"__metadata__" is taken`},
		{"name twice", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a"}, {Name: "a", DType: "F32"}}}, `"a" is taken`},
		{"name not UTF-8", safetensors.File{Tensors: []safetensors.Tensor{{Name: "\xff"}}}, "not UTF-8"},
		{"metadata not UTF-8", safetensors.File{Metadata: map[string]string{"a": "\xff"}}, "not UTF-8"},
		{"dtype", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a", DType: "F16"}}}, `"F16" is not one of`},
		{"shape", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a", Shape: []int{2}, Data: one}}}, "shape [2] does not hold 1 values"},
		{"negative", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a", Shape: []int{-1, -1}, Data: one}}}, "-1 is negative"},
		{"overflow", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a", Shape: []int{math.MaxInt, math.MaxInt, math.MaxInt}, Data: one}}}, "too many elements"},
		{"dimensions", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a", Shape: slices.Repeat([]int{1}, 65), Data: one}}}, "does not hold"},
		{"F32 range", safetensors.File{Tensors: []safetensors.Tensor{{Name: "a", DType: "F32", Data: []float64{0, 1e39}}}}, "value 1, 1e+39, is too large"},
		{"header", safetensors.File{Metadata: map[string]string{"a": strings.Repeat("a", 100_000_000)}}, "more than the format's limit"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			err := safetensors.Encode(&b, &c.file)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant an error with %q", err, c.want)
			}
			if b.Len() != 0 {
				t.Errorf("%d bytes were written all the same", b.Len())
			}
		})
	}
}

// failing takes n writes and refuses the next.
type failing struct{ n int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.n--; f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestEncodeWriteFails(t *testing.T) {
	for n := range 2 {
		if err := safetensors.Encode(&failing{n}, goldenFile); !errors.Is(err, errFull) {
			t.Errorf("write %d fails, Encode returns %v", n, err)
		}
	}
}

// Decode(Encode(f)) is f to the bit, for any bits of a float64, any name and
// any shape, across several chunks of the writer.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "discrete/theta", "\"\\", "\u2028<&>"}))
		names := rapid.SliceOfNDistinct(name.Filter(func(s string) bool { return s != "__metadata__" }), 0, 5, rapid.ID).Draw(t, "names")
		f := &safetensors.File{Metadata: rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "metadata")}
		for _, name := range names {
			shape := rapid.SliceOfN(rapid.IntRange(0, 7), 0, 3).Draw(t, "shape")
			n := 1
			for _, d := range shape {
				n *= d
			}
			x := safetensors.Tensor{Name: name, DType: safetensors.F64, Shape: shape, Data: make([]float64, n)}
			if rapid.Bool().Draw(t, "f32") {
				x.DType = safetensors.F32
			}
			for i := range x.Data {
				if x.DType == safetensors.F64 {
					x.Data[i] = math.Float64frombits(rapid.Uint64().Draw(t, "bits"))
				} else {
					x.Data[i] = float64(rapid.Float32().Draw(t, "x"))
				}
			}
			f.Tensors = append(f.Tensors, x)
		}
		data := encode(t, f)
		got, err := safetensors.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if !same(f, got) {
			t.Fatalf("wrote %v\nread  %v", f, got)
		}
		slices.Reverse(f.Tensors)
		if !bytes.Equal(data, encode(t, f)) {
			t.Fatal("the bytes depend on the order of the tensors")
		}
	})
	const n = 1<<18/8*2 + 1 // two chunks and a value
	long := make([]float64, n)
	for i := range long {
		long[i] = math.Sqrt(float64(i))
	}
	f := &safetensors.File{Tensors: []safetensors.Tensor{{Name: "long", DType: "F64", Shape: []int{n}, Data: long}}}
	if got, err := safetensors.Decode(encode(t, f)); err != nil || !same(f, got) {
		t.Errorf("a long tensor comes back different (%v)", err)
	}
	for i := range long {
		long[i] = float64(float32(long[i]))
	}
	f.Tensors[0].DType = safetensors.F32
	if got, err := safetensors.Decode(encode(t, f)); err != nil || !same(f, got) {
		t.Errorf("a long tensor of F32 comes back different (%v)", err)
	}
}

// same compares bit by bit and without regard to the order of tensors.
func same(a, b *safetensors.File) bool {
	if len(a.Tensors) != len(b.Tensors) || len(a.Metadata) != len(b.Metadata) {
		return false
	}
	for k, v := range a.Metadata {
		if w, ok := b.Metadata[k]; !ok || v != w {
			return false
		}
	}
	for _, x := range a.Tensors {
		i := slices.IndexFunc(b.Tensors, func(y safetensors.Tensor) bool { return x.Name == y.Name })
		if i < 0 || x.DType != b.Tensors[i].DType || !slices.Equal(x.Shape, b.Tensors[i].Shape) ||
			!slices.EqualFunc(x.Data, b.Tensors[i].Data, func(u, v float64) bool { return math.Float64bits(u) == math.Float64bits(v) }) {
			return false
		}
	}
	return true
}
