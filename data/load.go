package data

// Settings choose rows and preparation of a built-in set. The zero value takes
// all rows for training, in their published order, prepared as usual.
type Settings struct {
	// Train rows come first, the Test rows after them. Train 0: all that
	// Test leaves.
	Train, Test int
	// Shuffle orders the rows by Seed before they are split.
	Shuffle bool
	Seed    uint64
	// Raw leaves out the usual preparation: digits divided by 16, breast
	// cancer standardized by its training rows.
	Raw bool
}

// Load returns training and test rows of the built-in set called name (see
// [Names]). An unknown name is an error that gives the nearest known one.
func Load(name string, s Settings) (train, test *Set, err error) {
	b, err := find(name)
	if err != nil {
		return nil, nil, err
	}
	set := b.load()
	if s.Shuffle {
		set = set.Shuffled(s.Seed)
	}
	if s.Train == 0 {
		s.Train = set.N - s.Test
	}
	if train, test, err = set.Split(s.Train, s.Test); err != nil {
		return nil, nil, err
	}
	if !s.Raw {
		train, test = b.prepare(train, test)
	}
	return train, test, nil
}
