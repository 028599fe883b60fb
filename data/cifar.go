package data

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// CIFAR is a kind of the records in which CIFAR-10 and CIFAR-100 are published
// (the "binary version"): labels of one byte each and then 32 x 32 red, green
// and blue pixels.
//
// Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images
// (2009).
type CIFAR int

const (
	// CIFAR10 has one label a record, of 10 classes.
	CIFAR10 CIFAR = iota
	// CIFAR100 has two; this is the fine one, of 100 classes.
	CIFAR100
	// CIFAR100Coarse is the coarse label of the same records, of 20 classes.
	CIFAR100Coarse
)

const (
	side   = 32
	planes = 3
)

// labels are the numbers of classes of the labels of a record, and which label
// counts.
func (k CIFAR) labels() (classes []int, counts int) {
	switch k {
	case CIFAR100:
		return []int{20, 100}, 1
	case CIFAR100Coarse:
		return []int{20, 100}, 0
	}
	return []int{10}, 0
}

// ReadCIFAR reads records to the end of r. The images are [32 32 3], channels
// last. A record that ends early, a label out of range and a file without
// records are errors that name the byte. Memory stays in proportion to the
// file.
func ReadCIFAR(r io.Reader, name string, kind CIFAR) (*Samples, error) {
	var c cifar
	if err := c.read(r, name, kind); err != nil {
		return nil, err
	}
	return c.samples(name, kind)
}

// cifar are records that have been read.
type cifar struct {
	values []uint8
	y      []int
}

func (c *cifar) read(r io.Reader, name string, kind CIFAR) error {
	classes, counts := kind.labels()
	record := make([]byte, len(classes)+planes*side*side)
	for at := 0; ; at += len(record) {
		n, err := io.ReadFull(r, record)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("data: %s: byte %d: a record ends after %d of %d bytes: %s. Try: the binary version of the set", name, at, n, len(record), cause(err))
		case len(c.values) > mostBytes-len(record):
			return fmt.Errorf("data: %s: byte %d: more than %d bytes. Try: the binary version of the set", name, at, mostBytes)
		}
		for i, most := range classes {
			if int(record[i]) >= most {
				return fmt.Errorf("data: %s: byte %d: label %d, but there are %d classes. Try: the binary version of the set", name, at+i, record[i], most)
			}
		}
		c.y = append(c.y, int(record[counts]))
		image := record[len(classes):]
		for i := range side * side { // planes to channels last
			c.values = append(c.values, image[i], image[i+side*side], image[i+2*side*side])
		}
	}
}

func (c *cifar) samples(name string, kind CIFAR) (*Samples, error) {
	if len(c.y) == 0 {
		return nil, fmt.Errorf("data: %s: no records. Try: the binary version of the set", name)
	}
	classes, counts := kind.labels()
	s := newImages(name, c.values, []int{side, side, planes}, c.y, classes[counts])
	switch kind {
	case CIFAR10:
		s.ClassNames = strings.Fields(cifar10Classes)
	case CIFAR100:
		s.ClassNames = strings.Fields(cifar100Classes)
	}
	return s, nil
}

// ReadCIFARArchive reads training and test records from the archive (tar,
// compressed by gzip or not) in which they are published: from the files
// data_batch_1.bin and so on, or train.bin, and from test_batch.bin or test.bin.
// Errors are those of [ReadCIFAR], and an archive that lacks either.
func ReadCIFARArchive(r io.Reader, name string, kind CIFAR) (train, test *Samples, err error) {
	r, err = unzipped(r)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %s: %w. Try: getting the file anew", name, err)
	}
	var parts [2]cifar
	var order [2][]member
	members := tar.NewReader(r)
	for {
		h, err := members.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("data: %s: not a whole archive: %s. Try: getting the file anew", name, cause(err))
		}
		file := path.Base(h.Name)
		part := cifarPart(file)
		if part < 0 || h.Typeflag != tar.TypeReg {
			continue
		}
		from := len(parts[part].y)
		if err := parts[part].read(members, fmt.Sprintf("%s, %.60s", name, file), kind); err != nil {
			return nil, nil, err
		}
		order[part] = append(order[part], member{file, from, len(parts[part].y)})
	}
	if train, err = parts[0].samples(name+", training part", kind); err != nil {
		return nil, nil, err
	}
	if test, err = parts[1].samples(name+", test part", kind); err != nil {
		return nil, nil, err
	}
	return train.Take(inOrder(order[0])), test.Take(inOrder(order[1])), nil
}

// member is a file of an archive and which rows it gave.
type member struct {
	file   string
	lo, hi int
}

// inOrder numbers rows in the order of the files' names: data_batch_1.bin is
// not the first one in the archive that is published.
func inOrder(members []member) []int {
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.file, b.file) })
	var rows []int
	for _, m := range members {
		for i := m.lo; i < m.hi; i++ {
			rows = append(rows, i)
		}
	}
	return rows
}

// cifarPart is 0 for a file of training records, 1 for one of test records, and
// -1 for others.
func cifarPart(file string) int {
	switch {
	case file == "train.bin", strings.HasPrefix(file, "data_batch_") && strings.HasSuffix(file, ".bin"):
		return 0
	case file == "test.bin", file == "test_batch.bin":
		return 1
	}
	return -1
}

const cifar10Classes = "airplane automobile bird cat deer dog frog horse ship truck"

// In the order of the labels, which is that of the alphabet.
const cifar100Classes = `apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle
bowl boy bridge bus butterfly camel can castle caterpillar cattle
chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur
dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain
mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
plain plate poppy porcupine possum rabbit raccoon ray road rocket
rose sea seal shark shrew skunk skyscraper snail snake spider
squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
train trout tulip turtle wardrobe whale willow_tree wolf woman worm`
