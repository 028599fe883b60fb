package config

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"leeway/data"
)

// alone makes dir the only folder with data sets.
func alone(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("LEEWAY_DATA", dir)
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Chdir(t.TempDir())
	return dir
}

func writeFile(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// cifarPixel is the value of a pixel in the records that writeCIFAR makes.
func cifarPixel(image, pixel, channel int) byte {
	return byte(37*image + 5*pixel + 101*channel + pixel*pixel)
}

// writeCIFAR puts records of CIFAR-10 into dir: n training images a file in five
// files, and n test images, numbered through; image i is of class i mod 10. The
// format is that of the set's page: a byte for the class, then the planes.
func writeCIFAR(t *testing.T, dir string, n int) {
	i := 0
	for _, name := range []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"} {
		var b []byte
		for range n {
			b = append(b, byte(i%10))
			for channel := range 3 {
				for pixel := range 1024 {
					b = append(b, cifarPixel(i, pixel, channel))
				}
			}
			i++
		}
		writeFile(t, filepath.Join(dir, "cifar-10-batches-bin", name), b)
	}
}

// The truth are the bytes that were written and the definition of the scaling:
// the chosen classes of the published parts, numbered anew, each channel less
// its mean over the rows trained on, divided by its deviation.
func TestBuildPublished(t *testing.T) {
	dir := alone(t)
	writeCIFAR(t, dir, 4)
	p := build(t, "objective: {model: {kind: cnn, channels: [2], dense: 3}, data: {kind: cifar-10, classes: [3, 1], train: 4, test: 1}}")
	if !slices.Equal(p.Train.Y, []int{1, 0, 1, 0}) || p.Train.N != 4 || p.Train.Classes != 2 || !slices.Equal(p.Shape, []int{32, 32, 3}) {
		t.Fatalf("classes %v, rows of shape %v", p.Train.Y, p.Shape)
	}
	numbers := []int{1, 3, 11, 13}
	for channel := range 3 {
		mean, square := 0.0, 0.0
		for _, i := range numbers {
			for pixel := range 1024 {
				mean += float64(cifarPixel(i, pixel, channel)) / 4096
			}
		}
		for _, i := range numbers {
			for pixel := range 1024 {
				d := float64(cifarPixel(i, pixel, channel)) - mean
				square += d * d / 4096
			}
		}
		for row, i := range numbers {
			for pixel := range 1024 {
				want := (float64(cifarPixel(i, pixel, channel)) - mean) / math.Sqrt(square)
				if got := p.Train.Row(row)[3*pixel+channel]; math.Abs(got-want) > 1e-12 {
					t.Fatalf("row %d, pixel %d, channel %d is %v, want %v", row, pixel, channel, got, want)
				}
			}
		}
	}
	if len(p.Citations) != 1 || !strings.Contains(p.Citations[0], "krizhevsky2009learning") {
		t.Errorf("citations %q", p.Citations)
	}
	if want := ", on classes [3 1] of cifar-10, 4 rows to train and 1 to test, "; !strings.Contains(p.Description, want) {
		t.Error(p.Description)
	}
	mlp := build(t, "objective: {model: {kind: mlp}, data: {kind: cifar-10, train: 4, test: 1, normalize: unit}}")
	if slices.Max(mlp.Train.X) != 1 || !strings.HasPrefix(mlp.Description, "MLP 3072-32-32-10") {
		t.Errorf("scaled up to %v, %s", slices.Max(mlp.Train.X), mlp.Description)
	}
	_, err := parse(t, "objective:\n  data: {kind: cifar-10, train: 21}\n").Build()
	var e *Error
	if !errors.As(err, &e) || e.Error() != "test.yaml:2:16: objective.data.kind: data: cifar-10: 21 rows for training, but there are 20" || e.Hint() != "1 to 20" {
		t.Errorf("got %v", err)
	}
	_, err = parse(t, "objective:\n  data: {kind: mnist}\n").Build()
	if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), "test.yaml:2:16: objective.data.kind: data: mnist is not on this machine (looked in ") || e.Hint() != "leeway data get mnist" {
		t.Errorf("got %v", err)
	}
}

// The augmented rows are those of package data, and the batches are of them: a
// second build has the same bits, another seed others, and the run's seed
// changes nothing.
func TestBuildAugmented(t *testing.T) {
	const text = "objective: {model: {kind: cnn, channels: [2], dense: 3}, batch: {size: 8}, data: {kind: digits, train: 6, test: 5, augment: {flip: true, crop: 1, copies: 3}}}"
	a, b := build(t, text), build(t, text, "seed=7")
	if a.Train.N != 18 || a.Objective.Batches() != 3 || !slices.Equal(a.Train.X, b.Train.X) || slices.Equal(a.Start, b.Start) {
		t.Errorf("%d rows, %d batches", a.Train.N, a.Objective.Batches())
	}
	if c := build(t, text, "objective.data.seed=7"); slices.Equal(a.Train.X, c.Train.X) {
		t.Error("another seed of the data, the same rows")
	}
	train, _, err := data.LoadSamples("digits", data.Settings{Train: 6, Test: 5})
	if err != nil {
		t.Fatal(err)
	}
	z, _ := data.NewNormalizer(train, data.Unit)
	if want := (data.Augmentation{Flip: true, Crop: 1}).Rows(train, z, 3); !slices.Equal(want.X, a.Train.X) || !slices.Equal(want.Y, a.Train.Y) {
		t.Error("other rows than package data's")
	}
	if !strings.Contains(a.Description, "on digits, 6 rows to train (in 3 copies, flipped and cropped by 1) and 5 to test, ") {
		t.Error(a.Description)
	}
	for text, want := range map[string]string{"flip: true": " (flipped)", "crop: 2": " (cropped by 2)"} {
		if p := build(t, "objective: {data: {kind: digits, train: 3, augment: {"+text+"}}}"); !strings.Contains(p.Description, "3 rows to train"+want+" and") {
			t.Error(p.Description)
		}
	}
}

// The truth is Mixture itself, and that half the spread halves the distances of
// rows without noise.
func TestBuildMixture(t *testing.T) {
	p := build(t, "objective: {model: {kind: mlp}, data: {kind: mixture, shape: [5], classes: 3, spread: 4, seed: 6, train: 9, test: 2}}")
	want, err := data.Mixture(11, data.Centres(3, 5, 4, 6), nil, 6)
	if err != nil || !slices.Equal(p.Train.X, want.X[:45]) || p.Train.Classes != 3 || !slices.Equal(p.Shape, []int{5}) {
		t.Errorf("other rows, error %v", err)
	}
	if !strings.Contains(p.Description, "on a mixture of 3 Gaussians, 9 rows to train and 2 to test") {
		t.Error(p.Description)
	}
}

// npy is an array of float64 as NumPy's format has it, version 1.0.
func npy(shape string, values ...float64) []byte {
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func npz(t *testing.T, arrays map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, array := range arrays {
		w, err := z.Create(name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(array); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pictureOf(t *testing.T, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 5, 3))
	for i := range 15 {
		img.Set(i%5, i/5, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Files of one's own: the truth are the values written.
func TestBuildOwnFiles(t *testing.T) {
	alone(t)
	writeFile(t, "rows.npz", npz(t, map[string][]byte{"x": npy("(4, 2)", 1, 2, 3, 4, 5, 6, 7, 8), "y": npy("(4,)", 0, 1, 2, 1)}))
	p := build(t, "objective: {data: {kind: npz, path: rows.npz, train: 2, test: 1, normalize: none, classes: [1, 0]}}")
	if !slices.Equal(p.Train.X, []float64{1, 2, 3, 4}) || !slices.Equal(p.Train.Y, []int{1, 0}) || p.OnTest == nil || !strings.HasPrefix(p.Description, "softmax regression, 4 parameters, on classes [1 0] of rows.npz, 2 rows") {
		t.Errorf("%v, classes %v, %s", p.Train.X, p.Train.Y, p.Description)
	}
	images := npy("(2, 1, 2, 1)", 1, 2, 3, 5)
	writeFile(t, "images.npz", npz(t, map[string][]byte{
		"x_train": images, "y_train": npy("(2,)", 0, 1), "x_test": images, "y_test": npy("(2,)", 1, 0),
	}))
	p = build(t, "objective: {model: {kind: mlp}, data: {kind: npz, path: images.npz, train: 2, test: 2, shuffle: true, augment: {flip: true}}}")
	if p.Train.N != 2 || !slices.Equal(p.Train.Shape, []int{1, 2, 1}) || !slices.Equal(p.Shape, []int{2}) {
		t.Errorf("rows of shape %v, seen as %v", p.Train.Shape, p.Shape)
	}
	for i, c := range []color.Color{color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}} {
		writeFile(t, filepath.Join("pictures", []string{"red", "green", "blue"}[i], "a.png"), pictureOf(t, c))
	}
	p = build(t, "objective: {model: {kind: cnn, channels: [2], dense: 2}, data: {kind: folder, path: pictures, resize: [4, 6], train: 3, normalize: unit, shuffle: false}}")
	if want := slices.Repeat([]float64{0, 0, 1}, 24); !slices.Equal(p.Train.Row(0), want) || !slices.Equal(p.Shape, []int{4, 6, 3}) || !slices.Equal(p.Train.Y, []int{0, 1, 2}) {
		t.Errorf("rows of shape %v, the blue one is %v", p.Shape, p.Train.Row(0)) // blue is the first by name
	}
	grey := build(t, "objective: {model: {kind: mlp}, data: {kind: folder, path: pictures, resize: [2, 2], channels: 1, train: 2, test: 1}}")
	if !slices.Equal(grey.Shape, []int{4}) || slices.Equal(grey.Train.Y, []int{0, 1}) { // shuffled by itself
		t.Errorf("rows of shape %v, classes %v", grey.Shape, grey.Train.Y)
	}

	writeFile(t, "text.txt", []byte("abcabcabcab"))
	p = build(t, "objective: {model: {kind: transformer, dim: 4, depth: 1, heads: 1, mlp_dim: 4}, data: {kind: text, path: text.txt, length: 3, train: 2, test: 1}}")
	if !slices.Equal(p.Text.X, []int32{0, 1, 2, 0, 1, 2}) || p.Text.Y[2] != 0 || p.Text.Vocab != 3 || p.OnTest == nil {
		t.Errorf("%+v", p.Text)
	}
	if !strings.Contains(p.Description, "on text.txt, 2 sequences of 3 to train and 1 to test") {
		t.Error(p.Description)
	}
}

// What only a file can show is wrong is said at the place that asked for it.
func TestOwnFilesThatDoNotFit(t *testing.T) {
	alone(t)
	writeFile(t, "rows.npz", npz(t, map[string][]byte{"x": npy("(3, 2)", 1, 2, 3, 4, 5, 6), "y": npy("(3,)", 0, 1, 2)}))
	writeFile(t, "one.npz", npz(t, map[string][]byte{"x": npy("(2, 1)", 1, 2), "y": npy("(2,)", 0, 0)}))
	writeFile(t, "text.txt", []byte("abcabcabcab"))
	writeFile(t, "latin.txt", []byte("caf\xe9"))
	writeFile(t, "table.csv", []byte("1,0\n2,1\n"))
	writeFile(t, filepath.Join("pictures", "red", "a.png"), pictureOf(t, color.Black))
	const npzData, textData = "objective: {data: {kind: npz, path: rows.npz, train: ", "objective: {model: {kind: transformer}, data: {kind: text, path: "
	for _, c := range []struct{ text, want, try string }{
		{npzData + "4}}", "test.yaml:1:54: objective.data.train: 4 rows to train on, but npz has 3", "train: 3"},
		{npzData + "1, classes: [0, 3]}}", "test.yaml:1:66: objective.data.classes: data: rows.npz: no class 3", "one of 0 to 2"},
		{npzData + "1, test: 2, classes: [0, 1]}}", "test.yaml:1:63: objective.data.test: 2 rows to test on after 1 to train on, but npz has 2 of these classes", "test: 1"},
		{npzData + "2, normalize: unit}}", "test.yaml:1:68: objective.data.normalize: data: rows.npz: scaling unit, but the values have no largest one", "global"},
		{npzData + "2, normalize: channel}}", "test.yaml:1:68: objective.data.normalize: data: rows.npz: scaling channel, but the rows have no channels", "feature"},
		{npzData + "2, augment: {flip: true}}}", "test.yaml:1:66: objective.data.augment: flips and crops are for images, the rows of npz are plain numbers", "no augment"},
		{npzData + "2}, model: {kind: cnn}}", "test.yaml:1:19: objective.data: a cnn sees images, and the rows of rows.npz have no height and width", "an array x of shape [rows height width channels], or model: {kind: mlp}"},
		{"objective: {data: {kind: npz, path: one.npz, train: 2}}", "test.yaml:1:19: objective.data: all rows are of one class", "rows of at least two classes"},
		{"objective: {data: {kind: npz, path: none.npz, train: 2}}", `test.yaml:1:37: objective.data.path: cannot open "none.npz": no such file or directory`, "the path of an NPZ file, relative to the folder in which the program runs"},
		{"objective: {data: {kind: npz, path: pictures, train: 2}}", "test.yaml:1:37: objective.data.path: data: pictures: not a file of numpy.savez: read pictures: is a directory", "numpy.savez(file, x=x, y=y)"},
		{"objective: {data: {kind: folder, path: none, train: 2}}", "test.yaml:1:40: objective.data.path: data: none: there is no such folder", "the path of a folder with a folder of images for each class"},
		{"objective: {data: {kind: folder, path: pictures, train: 1}}", "test.yaml:1:19: objective.data: all rows are of one class", "rows of at least two classes"},
		{textData + "none.txt, train: 1}}", `test.yaml:1:66: objective.data.path: cannot open "none.txt": no such file or directory`, "the path of a text, relative to the folder in which the program runs"},
		{textData + "latin.txt, train: 1}}", "test.yaml:1:66: objective.data.path: data: latin.txt: line 1: byte 3 is not UTF-8 (0xe9)", "iconv -t utf-8"},
		{textData + "text.txt, train: 1}}", "test.yaml:1:47: objective.data.length: data: text.txt: windows of 64 characters and the one after, but the text has 11", "at most 10"},
		{textData + "text.txt, train: 9, length: 2}}", "test.yaml:1:83: objective.data.train: 9 rows to train on, but text has 5", "train: 5"},
		{"objective: {data: {kind: csv, path: table.csv, train: 2, normalize: symmetric}}", "test.yaml:1:69: objective.data.normalize: data: table.csv: scaling symmetric, but the values have no largest one", "global"},
	} {
		_, err := parse(t, c.text).Build()
		var e *Error
		if !errors.As(err, &e) || e.Error() != c.want || e.Hint() != c.try {
			t.Errorf("%s\n got %v\nwant %s\n try %v\nwant %s", c.text, err, c.want, hint(err), c.try)
		}
	}
}

func hint(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Hint()
	}
	return ""
}
