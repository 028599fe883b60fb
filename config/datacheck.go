package config

import (
	"fmt"
	"slices"

	"leeway/data"
)

// checkRanges checks what can be checked of data on their own, without their
// rows.
func (r *reader) checkRanges(d *Data) error {
	const path = "objective.data."
	if err := first(
		r.name(path+"kind", "data set", d.Kind, DataKinds()),
		r.whole(path+"train", d.Train, 1, 1_000_000_000),
		r.whole(path+"test", d.Test, 0, 1_000_000_000),
	); err != nil {
		return err
	}
	for _, key := range d.entry().keys {
		var err error
		switch key {
		case "shape":
			err = r.checkShape(d)
		case "resize":
			err = r.checkResize(d)
		case "channels":
			if d.Channels != 1 && d.Channels != 3 {
				err = r.at(path+key, fmt.Sprintf("want 3, or 1 for grey images, got %d", d.Channels), "3")
			}
		case "classes":
			err = r.checkClasses(d)
		case "spread":
			err = r.number(path+key, d.Spread, d.Spread >= 0, "a finite number >= 0", "1")
		case "sparse_teacher":
			err = r.whole(path+key, d.SparseTeacher, 0, product(d.Shape))
		case "sparse_rows":
			err = r.whole(path+key, d.SparseRows, 0, product(d.Shape))
		case "vocab":
			err = r.whole(path+key, d.Vocab, 2, 1<<14)
		case "length":
			err = r.whole(path+key, d.Length, 1, 1<<14)
		case "normalize":
			err = r.name(path+key, "normalization", d.Normalize, Normalizations())
		case "augment":
			err = r.checkAugment(d)
		case "shrink":
			err = r.checkShrink(d)
		}
		if err != nil {
			return err
		}
	}
	size := d.Length
	if shape, known := d.rowShape(); known && d.entry().form != text {
		size = product(shape)
	}
	return r.most(path+"train", d.rowsToTrain()+d.Test, max(size, 1))
}

func (r *reader) checkShape(d *Data) error {
	const path = "objective.data.shape"
	if d.Shape == nil && d.entry().usual.Shape == nil {
		return nil
	}
	if len(d.Shape) != 1 && len(d.Shape) != 3 {
		return r.at(path, fmt.Sprintf("want [features] or [height, width, channels], got %d numbers", len(d.Shape)), "[8, 8, 1]")
	}
	return r.sizes(path, d.Shape)
}

func (r *reader) checkResize(d *Data) error {
	const path = "objective.data.resize"
	if len(d.Resize) != 2 {
		return r.at(path, fmt.Sprintf("want [height, width], got %d numbers", len(d.Resize)), "[32, 32]")
	}
	return r.sizes(path, d.Resize)
}

func (r *reader) sizes(path string, sizes []int) error {
	for _, n := range sizes {
		if err := r.whole(path, n, 1, 1<<16); err != nil {
			return err
		}
	}
	return nil
}

// checkClasses checks a number of classes, or a choice of a set's.
func (r *reader) checkClasses(d *Data) error {
	const path = "objective.data.classes"
	chosen := d.Classes.Chosen
	if d.entry().usual.Classes.Number > 0 {
		return r.whole(path, d.Classes.Number, 2, 1<<14)
	}
	if chosen == nil {
		return nil
	}
	info, err := data.Info(d.Kind)
	if err != nil {
		info.Classes = 1 << 31 // how many a file has is not known yet
	}
	if len(chosen) < 2 {
		return r.at(path, fmt.Sprintf("want at least two classes, got %d", len(chosen)), "[0, 1], or "+everyClass)
	}
	for i, c := range chosen {
		if err := r.whole(path, c, 0, info.Classes-1); err != nil {
			return err
		}
		if slices.Contains(chosen[:i], c) {
			return r.at(path, fmt.Sprintf("class %d is given twice", c), "each class once")
		}
	}
	return nil
}

// rowShape is the shape of a row as the model sees it, [height, width, channels] or [features]; of
// text the number of tokens. It is not known of every file before it is read.
func (d *Data) rowShape() (shape []int, known bool) {
	shape, known = d.ownShape()
	if len(shape) == 3 && d.Shrink > 1 {
		shape = []int{shape[0] / d.Shrink, shape[1] / d.Shrink, shape[2]}
	}
	return shape, known
}

// checkShrink checks that there are images, large enough, as far as that is known.
func (r *reader) checkShrink(d *Data) error {
	const path = "objective.data.shrink"
	shape, known := d.ownShape()
	switch {
	case d.Shrink == 1:
		return nil
	case known && len(shape) != 3:
		return r.at(path, fmt.Sprintf("only images shrink, the rows of %s are plain numbers", d.Kind), "no shrink")
	case known && d.Shrink > min(shape[0], shape[1]):
		return r.at(path, fmt.Sprintf("%d pixels in a square, but the images are of %dx%d", d.Shrink, shape[0], shape[1]), "2")
	}
	return r.whole(path, d.Shrink, 1, 64)
}

// ownShape is that of a row before it shrinks.
func (d *Data) ownShape() (shape []int, known bool) {
	info, err := data.Info(d.Kind)
	switch {
	case err == nil && info.Shape != nil:
		return info.Shape, true
	case err == nil:
		return []int{info.D}, true
	case d.entry().form == text:
		return []int{d.Length}, true
	case d.Kind == "folder":
		return append(slices.Clone(d.Resize), d.Channels), true
	case d.Shape != nil:
		return d.Shape, true
	}
	return []int{1}, d.entry().form == shaped // a table without a shape holds no images
}

// product is the number of values of a shape; three sizes of 16 bits do not
// overflow.
func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// most checks that rows fit into memory.
func (r *reader) most(path string, rows, size int) error {
	const values = 1 << 30
	if rows <= values/size {
		return nil
	}
	return r.at(path, fmt.Sprintf("%d rows of %d values are more than %d", rows, size, values), fmt.Sprintf("%d", max(values/size, 1)))
}
