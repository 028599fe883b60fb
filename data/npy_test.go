package data

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// golden is what NumPy and Pillow made: see testdata/golden.py. Neither shares
// code with this package.
type golden struct {
	X      []float64
	Y      []int
	Images []float64
	Types  map[string]struct {
		File   string
		Values []float64
	}
	Photo   []int
	Resized map[string][]float64
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	content, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestReadNPYReadsWhatNumPyWrites(t *testing.T) {
	for name, c := range readGolden(t).Types {
		file, err := hex.DecodeString(c.File)
		if err != nil {
			t.Fatal(err)
		}
		a, err := ReadNPY(bytes.NewReader(file), name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := a.Float64s(make([]float64, 6), 0); !slices.Equal(got, c.Values) || !slices.Equal(a.Shape, []int{2, 3}) {
			t.Errorf("%s: %v of shape %v, want %v", name, got, a.Shape, c.Values)
		}
		if got := a.Float64s(make([]float64, 2), 4); !slices.Equal(got, c.Values[4:]) {
			t.Errorf("%s: the last two are %v", name, got)
		}
		defer func() {
			if recover() == nil {
				t.Error("values beyond the end were given")
			}
		}()
		a.Float64s(make([]float64, 2), 5)
	}
}

// npy is a file with the given header of version 1.
func npy(header string, values ...byte) []byte {
	b := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	return append(append(b, header...), values...)
}

func TestReadNPYHeaders(t *testing.T) {
	for _, header := range []string{
		"{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }   \n",
		"{\"shape\":(3),\"fortran_order\":True,\"descr\":\"|u1\"}",
		"{ 'shape' : ( 3 , ) , 'descr' : '<u1' , 'fortran_order' : False }",
	} {
		for _, file := range [][]byte{
			npy(header, 5, 6, 7),
			append([]byte("\x93NUMPY\x02\x00"), append(binary.LittleEndian.AppendUint32(nil, uint32(len(header))), header+"\x05\x06\x07"...)...),
		} {
			a, err := ReadNPY(bytes.NewReader(file), "t")
			if err != nil || a.Len() != 3 || a.value(2) != 7 {
				t.Errorf("%s: %v", header, err)
			}
		}
	}
	if a, err := ReadNPY(bytes.NewReader(npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", make([]byte, 8)...)), "t"); err != nil || a.Len() != 1 {
		t.Errorf("a scalar: %v", err)
	}
}

func TestReadNPYRefuses(t *testing.T) {
	describe := func(descr, order, shape string) string {
		return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n", descr, order, shape)
	}
	double := func(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }
	for _, c := range []struct {
		label string
		file  []byte
		want  string
	}{
		{"empty", nil, "byte 0: the header ends: it is too short"},
		{"text", []byte("1,2,3,4,5,6,7,8"), "byte 0: not an array of NumPy"},
		{"version", []byte("\x93NUMPY\x09\x00\x00\x00"), "byte 6: version 9"},
		{"half a length", []byte("\x93NUMPY\x02\x00\x00\x00"), "byte 10: the header ends"},
		{"huge header", []byte("\x93NUMPY\x02\x00\x00\x00\x00\x40"), "byte 8: a header of 1073741824 bytes"},
		{"half a header", npy("{'descr'")[:14], "byte 14: the header ends"},
		{"no dictionary", npy("[]"), "where \"{\" belongs"},
		{"empty dictionary", npy("{}"), "lacks one of"},
		{"unknown key", npy("{'colour': 3}"), "a key \"colour\""},
		{"no key", npy("{3: 3}"), "where \"'\" belongs"},
		{"key twice", npy("{'descr': '<f8', 'descr': '<f8'}"), "\"descr\" twice"},
		{"no comma", npy("{'descr': '<f8' 'shape': (1,)}"), "not separated by commas"},
		{"open string", npy("{'descr: 3"), "a string without an end"},
		{"more", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} {}"), "goes on after its dictionary"},
		{"order", npy(describe("'<f8'", "None", "(1,)")), "where \"True\" belongs"},
		{"no shape", npy(describe("'<f8'", "False", "(x,)")), "a shape that is none"},
		{"negative shape", npy(describe("'<f8'", "False", "(-5,)")), "a shape that is none"},
		{"open shape", npy(describe("'<f8'", "False", "(5 5)")), "a shape without an end"},
		{"huge number", npy(describe("'<f8'", "False", "(99999999999999999999,)")), "a shape that is none"},
		{"deep shape", npy(describe("'<f8'", "False", "("+strings.Repeat("1,", 40)+")")), "a shape that is none"},
		{"Fortran", npy(describe("'<f8'", "True", "(2, 2)"), make([]byte, 32)...), "numpy.ascontiguousarray"},
		{"strings", npy(describe("'<U5'", "False", "(2,)")), "elements of type \"<U5\""},
		{"half floats", npy(describe("'<f2'", "False", "(2,)"), 0, 0, 0, 0), "x.astype(numpy.float32)"},
		{"records", npy(describe("[('a', '<f8')]", "False", "(2,)")), "where \"'\" belongs"},
		{"claim", npy(describe("'<f8'", "False", "(100000000,)"), 1, 2, 3), "the file ends, but the shape [100000000] of type <f8 takes 800000000 bytes"},
		{"overflow", npy(describe("'<f8'", "False", "(4294967296, 4294967296, 4294967296)")), "more than 4294967296 bytes"},
		{"short", npy(describe("'<f8'", "False", "(2,)"), make([]byte, 15)...), "byte 83: the file ends"},
		{"long", npy(describe("'<f8'", "False", "(2,)"), make([]byte, 17)...), "the file goes on"},
		{"NaN", npy(describe("'<f8'", "False", "(1, 2)"), append(double(1), double(math.NaN())...)...), "the value at [0 1] is NaN"},
		{"infinity", npy(describe("'<f8'", "False", "(1,)"), double(math.Inf(-1))...), "the value at [0] is -Inf"},
		{"large integer", npy(describe("'<i8'", "False", "(1,)"), binary.LittleEndian.AppendUint64(nil, 1<<60)...), "beyond the whole numbers"},
	} {
		_, err := ReadNPY(bytes.NewReader(c.file), "t")
		if err == nil || !strings.HasPrefix(err.Error(), "data: t: ") || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v, want %q", c.label, err, c.want)
		}
	}
}

func TestReadNPZReadsWhatNumPyWrites(t *testing.T) {
	g := readGolden(t)
	open := func(path string) (train, test *Samples) {
		t.Helper()
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		train, test, err = ReadNPZ(bytes.NewReader(content), int64(len(content)), path)
		if err != nil {
			t.Fatal(err)
		}
		return train, test
	}
	pair, none := open("testdata/pair.npz")
	if none != nil || !slices.Equal(pair.Set(Normalizer{}).X, g.X) || !slices.Equal(pair.Y, g.Y) || pair.Classes != 3 || pair.Top != 0 {
		t.Errorf("%+v", pair)
	}
	train, test := open("testdata/keras.npz")
	if x := append(train.Set(Normalizer{}).X, test.Set(Normalizer{}).X...); !slices.Equal(x, g.Images) {
		t.Error("other pixels")
	}
	if !slices.Equal(train.Y, []int{1, 0, 1}) || !slices.Equal(test.Y, []int{0, 1}) || !slices.Equal(train.Shape, []int{3, 4, 3}) || train.Top != 255 {
		t.Errorf("%+v", train)
	}
}

// array is a file of bytes of the given shape.
func array(shape string, values ...byte) []byte {
	return npy("{'descr': '|u1', 'fortran_order': False, 'shape': "+shape+"}", values...)
}

func npz(files ...any) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, _ := w.Create(files[i].(string) + ".npy")
		_, _ = f.Write(files[i+1].([]byte))
	}
	_ = w.Close()
	return b.Bytes()
}

func TestReadNPZRefuses(t *testing.T) {
	x, y := array("(2, 3)", 1, 2, 3, 4, 5, 6), array("(2,)", 0, 1)
	double := npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", append(make([]byte, 14), 0xe0, 0x3f)...)
	for _, c := range []struct {
		label string
		file  []byte
		want  string
	}{
		{"no zip", []byte("hello"), "not a file of numpy.savez"},
		{"no x", npz("a", x, "y", y), "no array x among [a y]"},
		{"no y", npz("x", x), "no array y"},
		{"bad x", npz("x", []byte("hello"), "y", y), "t, array x: byte"},
		{"one dimension", npz("x", y, "y", y), "the shape [2]. Try: [rows features]"},
		{"no rows", npz("x", array("(0, 3)"), "y", array("(0,)")), "holds no values"},
		{"channels first", npz("x", array("(1, 3, 5, 5)", make([]byte, 75)...), "y", array("(1,)", 0)), "numpy.moveaxis(x, 1, -1)"},
		{"one-hot", npz("x", x, "y", array("(2, 2)", 0, 1, 1, 0)), "one class a row"},
		{"other rows", npz("x", x, "y", array("(3,)", 0, 1, 2)), "3 classes for 2 rows"},
		{"half a class", npz("x", x, "y", double), "row 1: 0.5 is no class"},
		{"gap", npz("x", array("(3, 1)", 1, 2, 3), "y", array("(3,)", 0, 2, 2)), "no row has class 1"},
		{"class beyond the rows", npz("x", x, "y", array("(2,)", 0, 200)), "class 200 among 2 rows"},
		{"gap in training", npz("x_train", x, "y_train", array("(2,)", 1, 1)), "no row has class 0"},
		{"no y_test", npz("x_train", x, "y_train", y, "x_test", x), "no array y_test"},
		{"unknown test class", npz("x_train", x, "y_train", y, "x_test", x, "y_test", array("(2,)", 0, 2)), "class 2 occurs in y_test"},
		{"other shape", npz("x_train", x, "y_train", y, "x_test", array("(3, 2)", 1, 2, 3, 4, 5, 6), "y_test", array("(3,)", 0, 0, 0)), "rows of shape [2] in x_test, of [3] in x_train"},
	} {
		_, _, err := ReadNPZ(bytes.NewReader(c.file), int64(len(c.file)), "t")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v, want %q", c.label, err, c.want)
		}
	}
	grey := npz("x", array("(2, 2, 1)", 1, 2, 3, 4), "y", array("(2, 1)", 0, 1))
	if s, _, err := ReadNPZ(bytes.NewReader(grey), int64(len(grey)), "t"); err != nil || !slices.Equal(s.Shape, []int{2, 1, 1}) {
		t.Errorf("images without channels: %v", err)
	}
	alone := npz("x_train", x, "y_train", y)
	if s, test, err := ReadNPZ(bytes.NewReader(alone), int64(len(alone)), "t"); err != nil || s.N != 2 || test != nil {
		t.Errorf("training arrays alone: %v", err)
	}
	method := bytes.Replace(npz("x", x, "y", y), []byte{8, 0, 8, 0}, []byte{8, 0, 9, 0}, -1) // deflate to deflate64
	method = bytes.ReplaceAll(method, []byte{20, 0, 8, 0, 8, 0}, []byte{20, 0, 8, 0, 9, 0})
	if _, _, err := ReadNPZ(bytes.NewReader(method), int64(len(method)), "t"); err == nil {
		t.Error("an unknown compression was read")
	}
}
