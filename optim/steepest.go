package optim

import (
	"fmt"

	"leeway/steepest"
)

// Geometry is the norm in which [Steepest] looks for the steepest direction.
type Geometry int

const (
	// Euclidean is gradient descent.
	Euclidean Geometry = iota
	// OneNorm is coordinate descent: the largest component alone.
	OneNorm
	// MaxNorm is sign descent.
	MaxNorm
)

var (
	geometries    = []string{"2", "1", "inf"}
	geometryNorms = []steepest.Norm{2, 1, steepest.Inf}
)

// String is the norm's name in a config.
func (g Geometry) String() string {
	if int(g) < 0 || int(g) >= len(geometries) {
		return fmt.Sprintf("Geometry(%d)", int(g))
	}
	return geometries[g]
}

// MarshalText writes the norm's name; a value that is no norm is an error.
func (g Geometry) MarshalText() ([]byte, error) {
	text := []byte(g.String())
	var read Geometry
	return text, read.UnmarshalText(text)
}

// UnmarshalText reads a norm's name.
func (g *Geometry) UnmarshalText(text []byte) error {
	for i, name := range geometries {
		if name == string(text) {
			*g = Geometry(i)
			return nil
		}
	}
	return fmt.Errorf("norm %q is not one of %q", text, geometries)
}

// Steepest is steepest descent in a norm: F is the vector of norm 1 whose inner product
// with the gradient is largest, times the dual norm of the gradient unless it is
// normalised; see package steepest. Normalised with weight decay it is the method of
// Frank and Wolfe. It is none of [Kinds]: a component of F depends on all of the
// gradient, so the theory of the others, whose readouts are elementwise, does not apply.
//
// Source: arXiv 2404.04454; arXiv 2406.04981 for plain steps.
type Steepest struct {
	Norm       Geometry `yaml:"norm" json:"norm"`
	Normalized bool     `yaml:"normalized" json:"normalized"`

	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o Steepest) Rule() (*Rule, error) {
	if _, err := o.Norm.MarshalText(); err != nil {
		return nil, fmt.Errorf("optim: steepest: %w", err)
	}
	return o.finish(&Rule{
		Name:      "steepest",
		Averages:  []Average{Present("g", Identity)},
		Readout:   linear{o.WeightDecay},
		Nonsmooth: true,
		Direction: &Direction{geometryNorms[o.Norm], o.Normalized},
	})
}

// Direction takes the place of the gradient in a rule of steepest descent.
type Direction struct {
	// P is the norm; Normalized steps have length 1 in it, others the dual norm of the
	// gradient.
	P          steepest.Norm
	Normalized bool
}

// replace writes the direction for g to dst.
func (d *Direction) replace(dst, g []float64) {
	size := 1.0
	if !d.Normalized {
		size = d.P.Dual().Of(g)
	}
	d.P.Steepest(dst, g)
	for j := range dst {
		dst[j] *= size
	}
}

// direct returns what takes the place of the gradient of the regularised loss.
func (s *State) direct(theta, gradient []float64) []float64 {
	if s.whole == nil {
		s.whole = make([]float64, s.dim)
	}
	copy(s.whole, gradient)
	if l2 := s.opt.Rule.L2; l2 != 0 {
		for j, x := range theta {
			s.whole[j] += float64(l2 * x)
		}
	}
	s.opt.Rule.Direction.replace(s.whole, s.whole)
	return s.whole
}
