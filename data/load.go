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
			return s.divide(all)
		}
	}
	for i := range publications {
		if publications[i].Name == name {
			return publications[i].load(Directories(), s)
		}
	}
	return nil, nil, unknown(name)
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
	if all, err = s.order(all); err != nil {
		return nil, nil, err
	}
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

// first takes rows of one part of a set: n of them, or all.
func (s Settings) first(all *Samples, n int, part string) (*Samples, error) {
	all, err := s.order(all)
	switch {
	case err != nil:
		return nil, err
	case n == All:
		n = all.N
	case n < 0 || n > all.N:
		return nil, fmt.Errorf("data: %s: %d rows for %s, but there are %d. Try: at most %d", all.Name, n, part, all.N, all.N)
	}
	return all.slice(0, n), nil
}
