package data

import "fmt"

// Shrunk is a set of smaller images: of every square of by x by pixels the mean. What is
// left over at the right and at the bottom is cut off. Rows that are no images, and
// squares larger than they are, are errors.
func (s *Set) Shrunk(by int) (*Set, error) {
	if len(s.Shape) != 3 || by < 1 || by > s.Shape[0] || by > s.Shape[1] {
		return nil, fmt.Errorf("data: rows of shape %v cannot be shrunk by %d. Try: images, and a divisor of their sides", s.Shape, by)
	}
	height, width, channels := s.Shape[0]/by, s.Shape[1]/by, s.Shape[2]
	small := *s
	small.Shape, small.D, small.FeatureNames = []int{height, width, channels}, height*width*channels, nil
	small.X = make([]float64, s.N*small.D)
	share := 1 / float64(by*by)
	for i := range s.N {
		from, to := s.Row(i), small.Row(i)
		for y := range height * by {
			for x := range width * by {
				for c := range channels {
					to[((y/by)*width+x/by)*channels+c] += share * from[(y*s.Shape[1]+x)*channels+c]
				}
			}
		}
	}
	return &small, nil
}
