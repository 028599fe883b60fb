package data

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
)

// Augmentation changes images at random before they are trained on: as a rule,
// mirrored with probability 1/2, and shifted. What becomes of an image is a
// function of the seed, the epoch and the image's number alone, so that it does
// not depend on order, batches or threads. The zero Augmentation changes nothing.
type Augmentation struct {
	// Flip mirrors left and right with probability 1/2.
	Flip bool
	// Crop pads each side by as many pixels and cuts out a window of the
	// image's size, at a place drawn uniformly. The usual number for images of
	// 32 x 32 is 4.
	Crop int
	// Fill is what is padded with: one value, or one a channel or value
	// (as [Normalizer.Black] gives it). Empty: 0.
	Fill []float64
	Seed uint64
}

// Apply puts the image with the given number, as it is in an epoch, into dst.
// The shape is [height width channels]. It panics if dst or src has another
// size, if they share memory although something is to change, and if Crop is
// negative.
func (a Augmentation) Apply(dst, src []float64, shape []int, epoch, number int) {
	h, w, c := shape[0], shape[1], shape[2]
	if len(dst) != h*w*c || len(src) != h*w*c || a.Crop < 0 {
		panic(fmt.Sprintf("data: an image of shape %v from %d values into %d, crop %d", shape, len(src), len(dst), a.Crop))
	}
	if !a.Flip && a.Crop == 0 {
		copy(dst, src)
		return
	}
	if &dst[0] == &src[0] {
		panic("data: an image cannot be augmented in place")
	}
	flip, down, right := a.draw(epoch, number)
	for y := range h {
		from := y + down
		for x := range w {
			column := x
			if flip {
				column = w - 1 - x
			}
			column += right
			at := (y*w + x) * c
			if from < 0 || from >= h || column < 0 || column >= w {
				for k := range c {
					dst[at+k] = a.fill(at + k)
				}
				continue
			}
			copy(dst[at:at+c], src[(from*w+column)*c:])
		}
	}
}

// Rows converts images to float64, scales them by z and augments them, copies
// times: the first s.N rows are all images as they are in epoch 0, the next as
// many those of epoch 1, and so on. So a loss over them is a fixed function of
// the parameters, which an augmentation drawn anew at each step has not. What
// is padded is black. It panics unless the rows are images and copies is at
// least 1.
func (a Augmentation) Rows(s *Samples, z Normalizer, copies int) *Set {
	if !s.image() || copies < 1 {
		panic(fmt.Sprintf("data: %d augmented copies of rows of shape %v", copies, s.Shape))
	}
	a.Fill = z.Black()
	set := s.Take(nil).Set(z)
	set.N = copies * s.N
	set.X, set.Y = make([]float64, set.N*s.D), make([]int, set.N)
	image := make([]float64, s.D)
	for epoch := range copies {
		for i := range s.N {
			z.Apply(image, s.Row(image, i))
			at := epoch*s.N + i
			a.Apply(set.Row(at), image, s.Shape, epoch, i)
			set.Y[at] = s.Y[i]
		}
	}
	return set
}

// draw says whether the image is mirrored, and by how much the window is moved.
// All three numbers are drawn whatever is asked for, so that the crop stays the
// same with and without flip.
func (a Augmentation) draw(epoch, number int) (flip bool, down, right int) {
	var source rand.PCG
	source.Seed(mix(a.Seed^0x6175676d656e74), mix(mix(uint64(epoch))^uint64(number))) // stream "augment"
	flip = source.Uint64()>>63 == 1 && a.Flip
	down = a.shift(source.Uint64())
	right = a.shift(source.Uint64())
	return flip, down, right
}

// shift maps 64 random bits to -Crop ... Crop, uniformly but for 2^-50 and less.
func (a Augmentation) shift(random uint64) int {
	high, _ := bits.Mul64(random, uint64(2*a.Crop+1))
	return int(high) - a.Crop
}

func (a Augmentation) fill(at int) float64 {
	if len(a.Fill) == 0 {
		return 0
	}
	return a.Fill[at%len(a.Fill)]
}

// mix spreads a number's bits (the finalizer of SplitMix64: Steele, Lea and
// Flood, OOPSLA 2014), so that epochs and images next to each other have seeds
// that are not.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
