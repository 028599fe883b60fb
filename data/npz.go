package data

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"strings"
)

// ReadNPZ reads a data set that numpy.savez or numpy.savez_compressed wrote:
// the arrays x and y; or x_train, y_train, x_test and y_test, as Keras has them.
// Without test arrays test is nil. Other arrays are left alone. See [ReadNPY]
// and [FromArrays] for what the arrays may be; classes of test rows must occur
// in training. Errors name the array and the place in it.
func ReadNPZ(r io.ReaderAt, size int64, name string) (train, test *Samples, err error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %s: not a file of numpy.savez: %w. Try: numpy.savez(file, x=x, y=y)", name, err)
	}
	files := map[string]*zip.File{}
	var names []string
	for _, f := range archive.File {
		if key, ok := strings.CutSuffix(f.Name, ".npy"); ok {
			files[key] = f
			if len(names) < 8 {
				names = append(names, fmt.Sprintf("%.20s", key))
			}
		}
	}
	pair := func(x, y string) (*Samples, error) {
		var arrays [2]*Array
		for i, key := range []string{x, y} {
			if files[key] == nil {
				return nil, fmt.Errorf("data: %s: no array %s among %v. Try: numpy.savez(file, x=x, y=y)", name, key, names)
			}
			if arrays[i], err = readMember(files[key], name+", array "+key); err != nil {
				return nil, err
			}
		}
		return FromArrays(name, arrays[0], arrays[1])
	}
	if files["x_train"] == nil {
		train, err = pair("x", "y")
	} else {
		train, err = pair("x_train", "y_train")
	}
	if err == nil {
		err = gaps(train, name)
	}
	if err != nil {
		return nil, nil, err
	}
	if files["x_train"] == nil || files["x_test"] == nil {
		return train, nil, nil
	}
	if test, err = pair("x_test", "y_test"); err != nil {
		return nil, nil, err
	}
	switch {
	case test.Classes > train.Classes:
		return nil, nil, fmt.Errorf("data: %s: class %d occurs in y_test, but the largest in y_train is %d. Try: classes that occur in training", name, test.Classes-1, train.Classes-1)
	case fmt.Sprint(test.Shape) != fmt.Sprint(train.Shape):
		return nil, nil, fmt.Errorf("data: %s: rows of shape %v in x_test, of %v in x_train. Try: one shape", name, test.Shape, train.Shape)
	}
	test.Classes = train.Classes
	return train, test, nil
}

func readMember(f *zip.File, name string) (*Array, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("data: %s: %w. Try: numpy.savez(file, x=x, y=y)", name, err)
	}
	defer r.Close()
	return ReadNPY(r, name)
}

// FromArrays makes samples of an array of rows and one of classes. x is [rows
// features], [rows height width] (one channel) or [rows height width channels];
// y is [rows] or [rows 1], whole numbers from 0 on. Elements of one byte
// without sign have the largest value 255.
//
// Arrays of other shapes, images whose channels seem to come first, different
// numbers of rows, and classes that are negative, no whole numbers or more than
// there are rows are errors.
func FromArrays(name string, x, y *Array) (*Samples, error) {
	s := &Samples{Name: name, values: x}
	switch len(x.Shape) {
	case 2, 4:
		s.Shape = x.Shape[1:]
	case 3:
		s.Shape = []int{x.Shape[1], x.Shape[2], 1}
	default:
		return nil, fmt.Errorf("data: %s: the shape %v. Try: [rows features], [rows height width] or [rows height width channels]", x.Name, x.Shape)
	}
	if h := s.Shape[0]; len(x.Shape) == 4 && (h == 1 || h == 3) && s.Shape[1] == s.Shape[2] && s.Shape[1] > 4 {
		return nil, fmt.Errorf("data: %s: the shape %v looks like images with their channels first. Try: numpy.moveaxis(x, 1, -1)", x.Name, x.Shape)
	}
	s.N, s.D = x.Shape[0], 1
	for _, n := range s.Shape {
		s.D *= n
	}
	switch {
	case s.N == 0 || s.D == 0:
		return nil, fmt.Errorf("data: %s: the shape %v holds no values. Try: at least one row", x.Name, x.Shape)
	case len(y.Shape) != 1 && (len(y.Shape) != 2 || y.Shape[1] != 1):
		return nil, fmt.Errorf("data: %s: the shape %v. Try: one class a row", y.Name, y.Shape)
	case y.Shape[0] != s.N:
		return nil, fmt.Errorf("data: %s: %d classes for %d rows. Try: one class a row", y.Name, y.Shape[0], s.N)
	}
	s.Y = make([]int, s.N)
	for i := range s.Y {
		c := y.value(i)
		if c < 0 || c != math.Trunc(c) || c >= 1<<31 {
			return nil, fmt.Errorf("data: %s: row %d: %v is no class. Try: whole numbers from 0 on", y.Name, i, c)
		}
		if s.Y[i] = int(c); s.Y[i] >= s.Classes {
			s.Classes = s.Y[i] + 1
		}
	}
	if x.kind == 'u' && x.size == 1 {
		s.Top, s.values = 255, pixels(x.raw)
	}
	return s, nil
}

// gaps checks that every class has a row. Classes beyond the number of rows are
// refused before anything is allocated for them.
func gaps(s *Samples, name string) error {
	if s.Classes > s.N {
		return fmt.Errorf("data: %s: class %d among %d rows: some class below it has none. Try: classes 0, 1, 2, ... without gaps", name, s.Classes-1, s.N)
	}
	for c, n := range s.Counts() {
		if n == 0 {
			return fmt.Errorf("data: %s: no row has class %d, but there is a class %d. Try: classes 0, 1, 2, ... without gaps", name, c, s.Classes-1)
		}
	}
	return nil
}
