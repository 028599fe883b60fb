package data

import (
	"fmt"
	"strings"

	"leeway/internal/spelling"
)

// Information describes a data set that has a name.
type Information struct {
	Name, Description string
	// N, D and Classes are the numbers of rows, features and classes; of rows
	// for training where some are set apart for testing.
	N, D, Classes int
	// Test is the number of rows that are set apart for testing, 0 if the set
	// leaves the choice to its user.
	Test int
	// Shape of an image, [height width channels]; nil for plain features.
	Shape []int
	// Scaling is what Load does to the features unless told otherwise, and
	// Preparation says it in words.
	Scaling     Scaling
	Preparation string
	// BuiltIn sets are part of the program. The others are found in a folder
	// (see Find) or downloaded (see Get).
	BuiltIn bool
	// Download is the number of bytes to download, 0 for a built-in set.
	Download int64
	// Source is an address, Licence a licence's short name, and Citation a
	// BibTeX entry.
	Source, Licence, Citation string
}

// entry is a built-in set: what is said of it and how it is had.
type entry struct {
	Information
	load   func() *Set
	counts []int   // rows of each class
	top    float64 // the largest value there can be, 0 if there is none
}

// catalogue is in the order of Names.
var catalogue = []entry{{
	Information: Information{
		Name:        "breast-cancer",
		Description: "tumours described by features of cell nuclei, malignant or benign",
		N:           569, D: 30, Classes: 2,
		BuiltIn: true, Scaling: PerFeature,
		Preparation: "standardized by mean and deviation of the training rows",
		Source:      "https://archive.ics.uci.edu/dataset/17/breast+cancer+wisconsin+diagnostic",
		Licence:     "CC BY 4.0",
		Citation: `@misc{wolberg1995breast,
  author       = {Wolberg, William and Mangasarian, Olvi and Street, Nick and Street, W.},
  title        = {Breast Cancer Wisconsin (Diagnostic)},
  year         = {1995},
  howpublished = {UCI Machine Learning Repository},
  doi          = {10.24432/C5DW2B}
}`,
	},
	load:   BreastCancer,
	counts: []int{212, 357},
}, {
	Information: Information{
		Name:        "digits",
		Description: "images of handwritten digits, 8 x 8 pixels",
		N:           1797, D: 64, Classes: 10, Shape: []int{8, 8, 1},
		BuiltIn: true, Scaling: Unit,
		Preparation: "divided by 16, to pixels in 0..1",
		Source:      "https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
		Licence:     "CC BY 4.0",
		Citation: `@misc{alpaydin1998digits,
  author       = {Alpaydin, E. and Kaynak, C.},
  title        = {Optical Recognition of Handwritten Digits},
  year         = {1998},
  howpublished = {UCI Machine Learning Repository},
  doi          = {10.24432/C50P49}
}`,
	},
	load:   Digits,
	counts: []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180},
	top:    16,
}}

// Names lists the built-in data sets in alphabetical order.
func Names() []string {
	var names []string
	for _, e := range catalogue {
		names = append(names, e.Name)
	}
	return names
}

// Published lists the data sets that are found or downloaded, in alphabetical
// order.
func Published() []string {
	var names []string
	for _, p := range publications {
		names = append(names, p.Name)
	}
	return names
}

// Info describes the set called name, built in or published. An unknown name is
// an error that gives the nearest known one.
func Info(name string) (Information, error) {
	for _, e := range catalogue {
		if e.Name == name {
			return e.Information, nil
		}
	}
	for _, p := range publications {
		if p.Name == name {
			return p.Information, nil
		}
	}
	return Information{}, unknown(name)
}

// RowsOf is how many rows for training the set called name has of some classes,
// and how many that are set apart for testing; of all classes if none is given.
// It needs no files. An unknown name and a class that the set has not are errors.
func RowsOf(name string, classes ...int) (train, test int, err error) {
	i, err := Info(name)
	if err != nil || len(classes) == 0 {
		return i.N, i.Test, err
	}
	counts := countsOf(name)
	for _, c := range classes {
		if c < 0 || c >= i.Classes {
			return 0, 0, fmt.Errorf("data: %s: no class %d. Try: one of 0 to %d", name, c, i.Classes-1)
		}
		if counts[0] == nil {
			train, test = train+i.N/i.Classes, test+i.Test/i.Classes
			continue
		}
		train += counts[0][c]
		if counts[1] != nil {
			test += counts[1][c]
		}
	}
	return train, test, nil
}

// countsOf are the rows of each class, for training and for testing, nil where
// all classes have as many.
func countsOf(name string) (counts [2][]int) {
	for _, e := range catalogue {
		if e.Name == name {
			counts[0] = e.counts
		}
	}
	for _, p := range publications {
		if p.Name == name {
			counts = p.counts
		}
	}
	return counts
}

// unknown is the error for a name that no set has.
func unknown(name string) error {
	nearest, least := "", 0
	for _, known := range append(Names(), Published()...) {
		if d := spelling.Distance(strings.ToLower(name), known); nearest == "" || d < least {
			nearest, least = known, d
		}
	}
	return fmt.Errorf("data: unknown data set %.40q. Try: %s", name, nearest)
}
