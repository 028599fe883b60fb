package data_test

import (
	"fmt"
	"os"
	"strings"

	"leeway/data"
)

// The first 1,000 digits for training and the other 797 for testing, pixels
// divided by 16.
func ExampleLoad() {
	train, test, err := data.Load("digits", data.Settings{Train: 1000, Test: 797})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.N, test.N, train.D, train.Classes, train.Row(0)[2:5])
	// Output: 1000 797 64 10 [0.3125 0.8125 0.5625]
}

// Features of very different size are standardized by the training rows.
func ExampleStandardize() {
	train, test, err := data.BreastCancer().Shuffled(1).Split(400, 169)
	if err != nil {
		fmt.Println(err)
		return
	}
	train, test = data.Standardize(train, test)
	fmt.Println(train.N, test.N, train.FeatureNames[3], train.ClassNames)
	// Output: 400 169 mean area [malignant benign]
}

// An unknown name is answered with the nearest one.
func ExampleInfo() {
	_, err := data.Info("diggits")
	fmt.Println(err)
	i, _ := data.Info("digits")
	fmt.Println(i.N, i.D, i.Classes, i.Licence)
	// Output:
	// data: unknown data set "diggits". Try: digits
	// 1797 64 10 CC BY 4.0
}

// A missing value is refused where it stands.
func ExampleReadCSV() {
	set, err := data.ReadCSV(strings.NewReader("width,height,class\n1.5,2,0\n0.5,3,1\n"), "boxes.csv")
	fmt.Println(set.N, set.FeatureNames, set.X, set.Y, err)
	_, err = data.ReadCSV(strings.NewReader("1.5,2,0\n0.5,,1\n"), "boxes.csv")
	fmt.Println(err)
	// Output:
	// 2 [width height] [1.5 2 0.5 3] [0 1] <nil>
	// data: boxes.csv: line 2: column 2 is no number (""). Try: a decimal number; text belongs in the first line only, and there in every field
}

// Text in which each token depends on the one before it.
func ExampleMarkov() {
	text, err := data.Markov(100, 8, 16, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	train, test, err := text.Split(90, 10)
	fmt.Println(train.N, test.N, train.Length, train.Vocab, err)
	fmt.Println(int(train.X[1]) == train.Y[0]) // the token after the first
	// Output:
	// 90 10 8 16 <nil>
	// true
}

// Rows for measuring speed: standard normal features, random classes.
func ExampleGaussian() {
	s, err := data.Gaussian(256, 32*32*3, 10, 0)
	fmt.Println(s.N, s.D, s.Classes, err)
	// Output: 256 3072 10 <nil>
}

// Images keep a byte a pixel until rows are asked for; a model sees them scaled
// by the training rows.
func ExampleSamples() {
	train, test, err := data.LoadSamples("digits", data.Settings{Classes: []int{2, 7}, Train: 300, Test: data.All})
	if err != nil {
		fmt.Println(err)
		return
	}
	z, err := data.NewNormalizer(train, data.Global)
	fmt.Println(train.N, test.N, train.Shape, train.ClassNames, err)
	row := train.Row(make([]float64, train.D), 0)
	fmt.Println(row[:4])
	z.Apply(row, row)
	fmt.Printf("%.3f, mean %.3f\n", row[:4], z.Mean[0])
	// Output:
	// 300 56 [8 8 1] [2 7] <nil>
	// [0 0 0 4]
	// [-0.798 -0.798 -0.798 -0.134], mean 4.810
}

// A published set is looked for in some folders; if it is in none, the error
// says where it was looked for and what brings it.
func ExampleFind() {
	for _, name := range append(data.Names(), data.Published()...) {
		i, _ := data.Info(name)
		fmt.Println(name, i.N, i.Test, i.Classes, i.BuiltIn)
	}
	l, err := data.Find("digits")
	fmt.Println(l.BuiltIn, err)
	_, err = data.Find("minst")
	fmt.Println(err)
	// Output:
	// breast-cancer 569 0 2 true
	// digits 1797 0 10 true
	// cifar-10 50000 10000 10 false
	// cifar-100 50000 10000 100 false
	// fashion-mnist 60000 10000 10 false
	// mnist 60000 10000 10 false
	// true <nil>
	// data: unknown data set "minst". Try: mnist
}

// Each image of each epoch has its own flip and crop, whatever the order.
func ExampleAugmentation() {
	image := []float64{
		1, 2, 3,
		4, 5, 6,
	}
	a := data.Augmentation{Flip: true, Crop: 1, Seed: 1}
	changed := make([]float64, len(image))
	for epoch := range 3 {
		a.Apply(changed, image, []int{2, 3, 1}, epoch, 0)
		fmt.Println(changed[:3], changed[3:])
	}
	// Output:
	// [3 2 1] [6 5 4]
	// [0 0 0] [0 3 2]
	// [4 5 6] [0 0 0]
}

// A text becomes windows of characters, each followed by the next ones.
func ExampleText() {
	text, err := data.ReadText(strings.NewReader("to be or not to be"), "hamlet.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	windows, err := text.Windows(6, 0)
	fmt.Printf("%q %d %v\n", string(text.Vocabulary), windows.N, err)
	fmt.Printf("%q\n", text.Decode(windows.X[:6]))
	_, err = text.Encode("to act")
	fmt.Println(err)
	// Output:
	// " benort" 2 <nil>
	// "to be "
	// data: hamlet.txt: the character 'a' at byte 3 does not occur in the text. Try: other words
}

// Two clouds of points around (2, 2) and (-2, -2).
func ExampleMixture() {
	s, err := data.Mixture(100, [][]float64{{2, 2}, {-2, -2}}, []float64{0.5}, 1)
	fmt.Println(s.N, s.D, s.Classes, err)
	// Output: 100 2 2 <nil>
}

// A folder with a folder of images for each class.
func ExampleReadFolder() {
	_, err := data.ReadFolder(os.DirFS("testdata"), "testdata", data.FolderSettings{Height: 32, Width: 32})
	fmt.Println(err)
	// Output: data: testdata: no folders in it. Try: one folder for each class, the images in them
}

// Arrays that numpy.savez wrote.
func ExampleReadNPZ() {
	f, err := os.Open("testdata/keras.npz")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		fmt.Println(err)
		return
	}
	train, test, err := data.ReadNPZ(f, info.Size(), "keras.npz")
	fmt.Println(train.N, test.N, train.Shape, train.Classes, err)
	// Output: 3 2 [3 4 3] 2 <nil>
}

// The format of MNIST: a header of sizes, then a byte a pixel.
func ExampleReadIDX() {
	images := "\x00\x00\x08\x03" + "\x00\x00\x00\x02" + "\x00\x00\x00\x01" + "\x00\x00\x00\x02" + "\x00\xff\x80\x40"
	labels := "\x00\x00\x08\x01" + "\x00\x00\x00\x02" + "\x01\x00"
	s, err := data.ReadIDX(strings.NewReader(images), strings.NewReader(labels), "two images")
	fmt.Println(s.N, s.Shape, s.Y, s.Row(make([]float64, 2), 1), err)
	_, err = data.ReadIDX(strings.NewReader(images[:18]), strings.NewReader(labels), "two images")
	fmt.Println(err)
	// Output:
	// 2 [1 2 1] [1 0] [128 64] <nil>
	// data: two images, images: byte 18: the file ends, but its header speaks of 4 bytes: it is too short. Try: getting the file anew
}
