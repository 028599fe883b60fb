package config

import "fmt"

// Augment changes the images to train on at random, once, before the run: a
// batch then is the same function of the parameters at every step, as the flows
// need it. The training rows are Copies times as many; copy after copy.
type Augment struct {
	Flip bool `yaml:"flip"` // left and right, with probability 1/2
	// Crop is how many pixels each side is padded with before a window of the
	// image's size is cut out.
	Crop int `yaml:"crop"`
	// Copies of each image, each drawn on its own.
	Copies int `yaml:"copies"`
}

// The largest numbers that are taken for meant.
const (
	mostCrop   = 1 << 10
	mostCopies = 10_000
)

func (a *Augment) read(r *reader, n *node, path string) error {
	*a = Augment{Copies: 1}
	if err := r.section(n, path, "", keysOf(a)); err != nil {
		return err
	}
	return r.keys(n, path, a, keysOf(a))
}

// checkAugment checks the numbers, and that there are images as far as that is
// known before rows are read.
func (r *reader) checkAugment(d *Data) error {
	const path = "objective.data.augment"
	a := d.Augment
	if a == nil {
		return nil
	}
	if err := first(
		r.whole(path+".crop", a.Crop, 0, mostCrop),
		r.whole(path+".copies", a.Copies, 1, mostCopies),
	); err != nil {
		return err
	}
	switch shape, known := d.rowShape(); {
	case !a.Flip && a.Crop == 0:
		return r.at(path, "neither flips nor crops", "{flip: true, crop: 4}, or no augment")
	case known && len(shape) != 3:
		return r.noPictures(d)
	}
	return nil
}

// noPictures is the error about an augmentation of plain numbers.
func (r *reader) noPictures(d *Data) error {
	try := "no augment"
	if d.has("shape") {
		try = "shape: [8, 8, 1] in the section data, if the rows are images, or no augment"
	}
	return r.at("objective.data.augment", fmt.Sprintf("flips and crops are for images, the rows of %s are plain numbers", d.Kind), try)
}

// words describe what was done to the rows, for a description.
func (a *Augment) words() string {
	if a == nil {
		return ""
	}
	how := "flipped"
	switch {
	case a.Flip && a.Crop > 0:
		how = fmt.Sprintf("flipped and cropped by %d", a.Crop)
	case a.Crop > 0:
		how = fmt.Sprintf("cropped by %d", a.Crop)
	}
	if a.Copies == 1 {
		return " (" + how + ")"
	}
	return fmt.Sprintf(" (in %d copies, %s)", a.Copies, how)
}
