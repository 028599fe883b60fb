package main

import (
	"archive/zip"
	"encoding/binary"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// headerForm is the header of an NPY file of version 1.0, from its
// specification (NumPy enhancement proposal 1).
var headerForm = regexp.MustCompile(`^\{'descr': '(<f8|<i8)', 'fortran_order': False, 'shape': \(((?:\d+,)*)\), \} *\n$`)

// readNPZ reads an NPZ file by its specification and not by our code.
func readNPZ(t *testing.T, path string) (data map[string][]float64, shape map[string]string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	data, shape = map[string][]float64{}, map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		length := int(binary.LittleEndian.Uint16(text[8:]))
		header := headerForm.FindStringSubmatch(string(text[10 : 10+length]))
		if string(text[:8]) != "\x93NUMPY\x01\x00" || header == nil || (10+length)%64 != 0 {
			t.Fatalf("%s: not an NPY header: %q", f.Name, text[:10+length])
		}
		var values []float64
		for b := text[10+length:]; len(b) > 0; b = b[8:] {
			bits := binary.LittleEndian.Uint64(b)
			if header[1] == "<i8" {
				values = append(values, float64(int64(bits)))
			} else {
				values = append(values, math.Float64frombits(bits))
			}
		}
		count := 1
		for _, n := range strings.FieldsFunc(header[2], func(r rune) bool { return r == ',' }) {
			k, _ := strconv.Atoi(n)
			count *= k
		}
		if count != len(values) {
			t.Errorf("%s: %d values of shape (%s)", f.Name, len(values), header[2])
		}
		name := strings.TrimSuffix(f.Name, ".npy")
		data[name], shape[name] = values, header[2]
	}
	return data, shape
}

// The truth is softmax regression and logistic regression written out here from
// their definitions on what the file says: if loss and gradient follow from x, y
// and theta alone, another framework can compare. The rows go through shuffling
// and standardizing, so that these are held as well.
func TestComparisonFileIsComplete(t *testing.T) {
	for _, c := range []struct {
		name, objective string
		classes         int
		shape           string
	}{
		{"digits", "{data: {kind: digits, train: 30, test: 5, shuffle: true}, start: normal, batch: {size: 7}}", 10, "30,64,"},
		{"standardized", "{data: {kind: breast-cancer, train: 25, test: 5}, model: {kind: linear, intercept: true}, start: normal, loss: cross-entropy}", 2, "25,30,"},
		{"table", "{data: {kind: csv, path: testdata/table.csv, train: 4, normalize: none}, start: normal, loss: cross-entropy}", 3, "4,2,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.npz")
			if code := execute([]string{"check", "objective=" + c.objective, "--npz", path}, io.Discard, testWriter{t}); code != 0 {
				t.Fatalf("exit code %d", code)
			}
			v, shape := readNPZ(t, path)
			if shape["x"] != c.shape || shape["loss"] != "" {
				t.Errorf("x has the shape (%s), the loss (%s)", shape["x"], shape["loss"])
			}
			loss, gradient := softmax(v["x"], v["y"], v["param/theta"], c.classes)
			if d := math.Abs(loss - v["loss"][0]); d > 1e-12 {
				t.Errorf("the loss is off by %g", d)
			}
			slope := 0.0 // the product is the change of the gradient along the direction
			const h = 1e-5
			plus, minus := make([]float64, len(gradient)), make([]float64, len(gradient))
			for j, d := range v["direction/theta"] {
				plus[j], minus[j] = v["param/theta"][j]+h*d, v["param/theta"][j]-h*d
			}
			_, up := softmax(v["x"], v["y"], plus, c.classes)
			_, down := softmax(v["x"], v["y"], minus, c.classes)
			for j := range gradient {
				if d := math.Abs(gradient[j] - v["grad/theta"][j]); d > 1e-12 {
					t.Fatalf("gradient %d is off by %g", j, d)
				}
				slope = max(slope, math.Abs((up[j]-down[j])/(2*h)-v["hvp/theta"][j]))
			}
			if slope > 1e-7 {
				t.Errorf("the Hessian-vector product is off by %g", slope)
			}
		})
	}
}

// softmax is the mean cross-entropy and its gradient; theta holds the weights
// class by class and then, if there are more, the intercepts.
func softmax(x, y, theta []float64, classes int) (loss float64, gradient []float64) {
	n, d := len(y), len(x)/len(y)
	gradient = make([]float64, len(theta))
	for i := range n {
		z, total := make([]float64, classes), 0.0
		for c := range z {
			for j := range d {
				z[c] += theta[c*d+j] * x[i*d+j]
			}
			if len(theta) > classes*d {
				z[c] += theta[classes*d+c]
			}
			total += math.Exp(z[c])
		}
		loss += (math.Log(total) - z[int(y[i])]) / float64(n)
		for c := range z {
			r := math.Exp(z[c]) / total
			if c == int(y[i]) {
				r--
			}
			for j := range d {
				gradient[c*d+j] += r * x[i*d+j] / float64(n)
			}
			if len(theta) > classes*d {
				gradient[classes*d+c] += r / float64(n)
			}
		}
	}
	return loss, gradient
}

// testWriter shows what a command says in the log of a test.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}
