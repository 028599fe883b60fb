package data_test

import (
	"fmt"
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
