package safetensors_test

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/safetensors"
)

// golden is a file put together by hand from the published format, so it does
// not depend on this package's writer: 0xc8 = 200 bytes of header, of which the
// last 4 are padding, then 1, -2 and 0.1 as F64 and 0.5 as F32. The layout
// (wider types first, then by name, header padded to 8) is the one that the
// format's own implementation writes too.
const golden = "\xc8\x00\x00\x00\x00\x00\x00\x00" +
	`{"__metadata__":{"step":"40000"},` +
	`"b":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},` +
	`"c":{"dtype":"F64","shape":[0],"data_offsets":[24,24]},` +
	`"d":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}` + "    " +
	"\x00\x00\x00\x00\x00\x00\xf0\x3f" +
	"\x00\x00\x00\x00\x00\x00\x00\xc0" +
	"\x9a\x99\x99\x99\x99\x99\xb9\x3f" +
	"\x00\x00\x00\x3f"

var goldenFile = &safetensors.File{
	Metadata: map[string]string{"step": "40000"},
	Tensors: []safetensors.Tensor{
		{Name: "b", DType: safetensors.F64, Shape: []int{3}, Data: []float64{1, -2, 0.1}},
		{Name: "c", DType: safetensors.F64, Shape: []int{0}, Data: []float64{}},
		{Name: "d", DType: safetensors.F32, Shape: []int{}, Data: []float64{0.5}},
	},
}

func TestDecodeGolden(t *testing.T) {
	got, err := safetensors.Decode([]byte(golden))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(goldenFile, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The truth is a file that Python's struct and json wrote (testdata/make.py).
func TestDecodePython(t *testing.T) {
	data, err := os.ReadFile("testdata/python.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	got, err := safetensors.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	want := &safetensors.File{
		Metadata: map[string]string{"step": "400", "note": `a <b> & "c"`},
		Tensors: []safetensors.Tensor{
			{Name: "half/w", DType: safetensors.F32, Shape: []int{3, 1}, Data: []float64{0.5, -0.25, 3}},
			{Name: "theta θ\n", DType: safetensors.F64, Shape: []int{2, 3}, Data: []float64{
				1.5, math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, math.Inf(1), math.Inf(-1)}},
			{Name: "empty", DType: safetensors.F64, Shape: []int{0, 7}, Data: []float64{}},
			{Name: "t", DType: safetensors.F64, Shape: []int{}, Data: []float64{0.1}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !math.Signbit(got.Tensors[1].Data[1]) { // cmp takes -0 for 0
		t.Error("the sign of -0 is lost")
	}
}

// build puts a header and data together, without padding.
func build(header string, data string) []byte {
	prefix := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(prefix, header+data...)
}

const eight = "01234567" // the bytes of one F64

func TestDecodeRefuses(t *testing.T) {
	entry := func(dtype, shape, offsets string) string {
		return `{"x":{"dtype":` + dtype + `,"shape":` + shape + `,"data_offsets":` + offsets + `}}`
	}
	cases := []struct {
		name string
		data []byte
		want string // part of the error
	}{
		{"empty", nil, "0 bytes are too few"},
		{"short", []byte("1234567"), "7 bytes are too few"},
		{"header beyond the file", []byte("\x03\x00\x00\x00\x00\x00\x00\x00{}"), "should have 3 bytes, but the file has only 2"},
		{"length overflows", []byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"), "should have 18446744073709551615 bytes"},
		{"no header", build("", ""), "not a JSON object"},
		{"space first", build(" {}", ""), "not a JSON object"},
		{"array", build("[]", ""), "not a JSON object"},
		{"not UTF-8", build("{\"\xff\":1}", ""), "not a JSON object in UTF-8"},
		{"unclosed", build("{", ""), "too early"},
		{"unclosed entry", build(`{"x":{"dtype":"F64"`, ""), `"x": it ends too early`},
		{"cut in a shape", build(`{"x":{"shape":[1`, ""), `"shape": it ends too early`},
		{"comma before brace", build(`{"x":{},}`, ""), `"x" lacks`},
		{"something after", build("{}{}", ""), "after the JSON object"},
		{"newline after", build("{}\n", ""), "after the JSON object"},
		{"data of nobody", build("{}", "1"), "last 1 bytes of the data belong to no tensor"},
		{"entry is a number", build(`{"x":1}`, ""), `"x": unexpected 1`},
		{"entry is an array", build(`{"x":[]}`, ""), `"x": unexpected [`},
		{"entry is null", build(`{"x":null}`, ""), `"x": unexpected null`},
		{"unknown field", build(`{"x":{"strides":[1]}}`, ""), `"strides": no such field`},
		{"field in capitals", build(`{"x":{"DTYPE":"F64"}}`, ""), `"DTYPE": no such field`},
		{"dtype missing", build(`{"x":{"shape":[],"data_offsets":[0,8]}}`, eight), `"x" lacks one of`},
		{"dtype twice", build(`{"x":{"dtype":"F64","dtype":"F64"}}`, eight), `"dtype" is there twice`},
		{"dtype known elsewhere", build(entry(`"I64"`, "[1]", "[0,8]"), eight), `"I64" is not one of F64 and F32`},
		{"dtype unknown", build(entry(`"f64"`, "[1]", "[0,8]"), eight), `"f64" is not one of`},
		{"dtype null", build(entry("null", "[1]", "[0,8]"), eight), `"dtype": unexpected null`},
		{"dtype number", build(entry("8", "[1]", "[0,8]"), eight), `"dtype": unexpected 8`},
		{"shape number", build(entry(`"F64"`, "1", "[0,8]"), eight), `"shape": unexpected 1`},
		{"shape object", build(entry(`"F64"`, "{}", "[0,8]"), eight), `"shape": unexpected {`},
		{"shape null", build(entry(`"F64"`, "null", "[0,8]"), eight), `"shape": unexpected null`},
		{"shape of null", build(entry(`"F64"`, "[null]", "[0,8]"), eight), `"shape": unexpected null`},
		{"shape of text", build(entry(`"F64"`, `["1"]`, "[0,8]"), eight), `"shape": unexpected 1`},
		{"shape negative", build(entry(`"F64"`, "[-1]", "[0,8]"), eight), "-1 is not a whole number"},
		{"shape fraction", build(entry(`"F64"`, "[1.0]", "[0,8]"), eight), "1.0 is not a whole number"},
		{"shape exponent", build(entry(`"F64"`, "[1e0]", "[0,8]"), eight), "1e0 is not a whole number"},
		{"shape above int", build(entry(`"F64"`, "[9223372036854775808]", "[0,8]"), eight), "not a whole number in range"},
		{"shape overflows to 8 bytes", build(entry(`"F64"`, "[4294967297,4294967297,4294967297]", "[0,8]"), eight), "too many elements"},
		{"shape overflows before 0", build(entry(`"F64"`, "[9223372036854775807,9223372036854775807,0]", "[0,0]"), ""), "too many elements"},
		{"shape too large", build(entry(`"F64"`, "[2]", "[0,8]"), eight), "has 8 bytes, but F64 of shape [2] takes 16"},
		{"shape too small", build(entry(`"F32"`, "[1]", "[0,8]"), eight), "has 8 bytes, but F32 of shape [1] takes 4"},
		{"too many dimensions", build(entry(`"F64"`, "[1"+strings.Repeat(",1", 64)+"]", "[0,8]"), eight), "more than 64 numbers"},
		{"one offset", build(entry(`"F64"`, "[1]", "[0]"), eight), `"data_offsets": 1 numbers instead of 2`},
		{"three offsets", build(entry(`"F64"`, "[1]", "[0,8,8]"), eight), `"data_offsets": more than 2`},
		{"shape of nothing", build(entry(`"F64"`, "[0]", "[0,8]"), eight), "takes 0"},
		{"end before begin", build(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"x":{"dtype":"F64","shape":[],"data_offsets":[8,0]}}`, eight), "ends at byte 0, outside its range 8 to 8"},
		{"end beyond the file", build(entry(`"F64"`, "[2]", "[0,16]"), eight), "ends at byte 16, outside its range 0 to 8"},
		{"gap before", build(entry(`"F64"`, "[1]", "[8,16]"), eight+eight), "begins at byte 8 of the data and not at 0"},
		{"gap after", build(entry(`"F64"`, "[1]", "[0,8]"), eight+eight), "last 8 bytes"},
		{"overlap", build(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, eight), `"b" begins at byte 4`},
		{"name twice", build(`{"a":{"dtype":"F64","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}`, ""), `"a" is there twice`},
		{"metadata twice", build(`{"__metadata__":{},"__metadata__":{}}`, ""), `"__metadata__" is there twice`},
		{"metadata key twice", build(`{"__metadata__":{"a":"","a":""}}`, ""), `"a" is there twice`},
		{"metadata number", build(`{"__metadata__":{"a":1}}`, ""), `"a": unexpected 1`},
		{"metadata null", build(`{"__metadata__":{"a":null}}`, ""), `"a": unexpected null`},
		{"metadata text", build(`{"__metadata__":"a"}`, ""), `"__metadata__": unexpected a`},
		{"header above the limit", func() []byte {
			data := make([]byte, 8+100_000_001)
			binary.LittleEndian.PutUint64(data, 100_000_001)
			return data
		}(), "more than the format's limit"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := safetensors.Decode(c.data)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant an error with %q", err, c.want)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "safetensors: ") {
				t.Errorf("%v does not say where it comes from", err)
			}
		})
	}
}

// Every proper prefix of a file is refused: nothing is taken for less data.
func TestDecodeTruncated(t *testing.T) {
	for n := range len(golden) {
		if _, err := safetensors.Decode([]byte(golden)[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a file", n, len(golden))
		}
	}
	if _, err := safetensors.Decode([]byte(golden + "\x00")); err == nil {
		t.Error("a byte too many is not noticed")
	}
}

// A file that is shorter than it was said to be, or that cannot be read from some
// byte on, is refused wherever that happens, with the reader's error as the cause.
func TestReadFails(t *testing.T) {
	for n := range len(golden) {
		if _, err := safetensors.Read(strings.NewReader(golden[:n]), int64(len(golden))); err == nil || !strings.Contains(err.Error(), "too early") {
			t.Errorf("%d of %d bytes: %v", n, len(golden), err)
		}
		if _, err := safetensors.Read(torn(n), int64(len(golden))); !errors.Is(err, errTorn) || !strings.HasPrefix(err.Error(), "safetensors: ") {
			t.Errorf("unreadable after %d bytes: %v", n, err)
		}
	}
	if _, err := safetensors.Read(torn(len(golden)), int64(len(golden))); err != nil {
		t.Errorf("all bytes are there: %v", err)
	}
}

// torn is a file with so many readable bytes.
type torn int

var errTorn = errors.New("bad sector")

func (n torn) ReadAt(p []byte, offset int64) (int, error) {
	got := copy(p, golden[min(int(offset), int(n)):n])
	if got < len(p) {
		return got, errTorn
	}
	return got, nil
}
