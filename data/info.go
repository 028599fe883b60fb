package data

import (
	"fmt"
	"strings"

	"leeway/internal/spelling"
)

// Information describes a built-in data set.
type Information struct {
	Name, Description string
	// N, D and Classes are the numbers of rows, features and classes.
	N, D, Classes int
	// Preparation is what Load does to the features.
	Preparation string
	// Source is an address, Licence a licence's short name, and Citation a
	// BibTeX entry.
	Source, Licence, Citation string
}

// entry is a built-in set: what is said of it and how it is had.
type entry struct {
	Information
	load    func() *Set
	prepare func(train, test *Set) (*Set, *Set)
}

// catalogue is in the order of Names.
var catalogue = []entry{{
	Information: Information{
		Name:        "breast-cancer",
		Description: "tumours described by features of cell nuclei, malignant or benign",
		N:           569, D: 30, Classes: 2,
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
	load:    BreastCancer,
	prepare: Standardize,
}, {
	Information: Information{
		Name:        "digits",
		Description: "images of handwritten digits, 8 x 8 pixels",
		N:           1797, D: 64, Classes: 10,
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
	load: Digits,
	prepare: func(train, test *Set) (*Set, *Set) {
		return train.Scaled(1.0 / 16), test.Scaled(1.0 / 16)
	},
}}

// Names lists the built-in data sets in alphabetical order.
func Names() []string {
	var names []string
	for _, e := range catalogue {
		names = append(names, e.Name)
	}
	return names
}

// Info describes the built-in set called name. An unknown name is an error
// that gives the nearest known one.
func Info(name string) (Information, error) {
	e, err := find(name)
	return e.Information, err
}

func find(name string) (entry, error) {
	nearest, least := "", 0
	for _, e := range catalogue {
		if e.Name == name {
			return e, nil
		}
		if d := spelling.Distance(strings.ToLower(name), e.Name); nearest == "" || d < least {
			nearest, least = e.Name, d
		}
	}
	return entry{}, fmt.Errorf("data: unknown data set %.40q. Try: %s", name, nearest)
}
