package data

import "fmt"

// All asks for all rows that there are.
const All = -1

// Settings choose rows and scaling of a set that has a name. The zero value
// takes all rows for training, in their published order, scaled as usual.
type Settings struct {
	// Train and Test are numbers of rows. Of a set with rows for testing of its
	// own (see Information.Test) they are the first ones of either part. Of
	// others the Train rows come first, the Test rows after them. Train 0 or
	// All: all that Test leaves. Test All: all that Train leaves.
	Train, Test int
	// Classes chooses the rows of some classes, which are numbered anew in the
	// order given; empty: all.
	Classes []int
	// Shuffle orders the rows by Seed before the first ones are taken.
	Shuffle bool
	Seed    uint64
	// Scaling of the features; zero: the one in the set's Information.
	Scaling Scaling
}

// Load returns training and test rows of the set called name (see [Names] and
// [Published]) as float64, eight bytes a value: of large sets, ask for as many
// as are needed, or use [LoadSamples].
//
// An unknown name is an error that gives the nearest known one; a published set
// that is not on this machine is a [NotFoundError]; rows or classes that the set
// has not, and a damaged file, are errors too.
func Load(name string, s Settings) (train, test *Set, err error) {
	if s.Scaling == Usual {
		info, err := Info(name)
		if err != nil {
			return nil, nil, err
		}
		s.Scaling = info.Scaling
	}
	trainSamples, testSamples, err := LoadSamples(name, s)
	if err != nil {
		return nil, nil, err
	}
	return Prepare(trainSamples, testSamples, s.Scaling)
}

// LoadSamples is Load without conversion and scaling: rows as the files have
// them.
func LoadSamples(name string, s Settings) (train, test *Samples, err error) {
	for _, e := range catalogue {
		if e.Name == name {
			all := e.load().Samples()
			all.Top = e.top
			return s.Choose(all, nil)
		}
	}
	for i := range publications {
		if publications[i].Name == name {
			return publications[i].load(Directories(), s)
		}
	}
	return nil, nil, unknown(name)
}

// Choose takes rows of one's own as Load does of a set with a name. Without
// rows that are set apart for testing, test is nil and both parts come from
// train. Scaling is not looked at.
func (s Settings) Choose(train, test *Samples) (*Samples, *Samples, error) {
	train, err := s.order(train)
	if err != nil {
		return nil, nil, err
	}
	if test == nil {
		return s.divide(train)
	}
	if s.Train == 0 {
		s.Train = All
	}
	if train, err = first(train, s.Train, 1, "training"); err != nil {
		return nil, nil, err
	}
	if test, err = s.order(test); err != nil {
		return nil, nil, err
	}
	test, err = first(test, s.Test, 0, "testing")
	return train, test, err
}

// order chooses classes and shuffles.
func (s Settings) order(all *Samples) (*Samples, error) {
	var err error
	if len(s.Classes) > 0 {
		if all, err = all.OfClasses(s.Classes...); err != nil {
			return nil, err
		}
	}
	if s.Shuffle {
		all = all.Shuffled(s.Seed)
	}
	return all, nil
}

// divide splits rows of which none are set apart for testing.
func (s Settings) divide(all *Samples) (train, test *Samples, err error) {
	switch rest := s.Train == 0 || s.Train == All; {
	case rest && s.Test == All:
		return nil, nil, fmt.Errorf("data: %s: all rows for training and all for testing. Try: a number of one of them", all.Name)
	case rest:
		s.Train = all.N - s.Test
	case s.Test == All:
		s.Test = all.N - s.Train
	}
	return all.Split(s.Train, s.Test)
}

// first takes n rows of one part of a set, or all of them.
func first(all *Samples, n, least int, part string) (*Samples, error) {
	if n == All {
		n = all.N
	}
	if n < least || n > all.N {
		return nil, fmt.Errorf("data: %s: %d rows for %s, but there are %d. Try: %d to %d", all.Name, n, part, all.N, least, all.N)
	}
	return all.slice(0, n), nil
}
