package cpu

import (
	"fmt"
	"slices"

	"leeway/autodiff"
)

// Linearized computes outputs that depend on directions in two programs: Base
// does, once for every point, what does not depend on the directions; Product
// does the rest for every direction.
//
// Together they compute what one program for everything computes, and the same
// bits but for one case: two matrix products or convolutions that are added, of
// which only one depends on the directions. One program adds them block by block
// within the second product, here the sum is rounded once more, or once less.
type Linearized struct {
	Base    *Program
	Product *Program
}

// Linearize compiles the outputs, and values fixed that do not depend on the
// directions, which are inputs. Outputs of Base begin with the values fixed;
// outputs of Product are the outputs. Product reads Base's results where they
// lie, so that running Base again changes what Product computes.
func Linearize(outputs, fixed, directions []*autodiff.Value, s Settings) (*Linearized, error) {
	if err := check(slices.Concat(outputs, fixed, directions), s.Given); err != nil {
		return nil, err
	}
	frontier := autodiff.Frontier(outputs, directions, s.Given...)
	base, err := compileChecked(slices.Concat(fixed, frontier), s)
	if err != nil {
		return nil, err
	}
	inner := s
	inner.Given = slices.Concat(s.Given, frontier)
	product, err := Compile(outputs, inner)
	if err != nil {
		return nil, err
	}
	l := &Linearized{Base: base, Product: product}
	for i, v := range frontier {
		if store := product.plan.inputs[v]; store != nil {
			product.links = append(product.links, link{store, base, len(fixed) + i})
		}
	}
	return l, nil
}

// Bind gives the memory of an input to the program or programs that read it.
func (l *Linearized) Bind(v *autodiff.Value, a autodiff.Array) error {
	bound := false
	for _, p := range []*Program{l.Base, l.Product} {
		if p.Uses(v) {
			bound = true
			if err := p.Bind(v, a); err != nil {
				return err
			}
		}
	}
	if !bound {
		return fmt.Errorf("cpu: bind: %v is no input of either program", v)
	}
	return nil
}

// Clone is the same pair with memory of its own and nothing bound.
func (l *Linearized) Clone() *Linearized {
	c := &Linearized{Base: l.Base.Clone(), Product: l.Product.Clone()}
	for _, k := range l.Product.links {
		c.Product.links = append(c.Product.links, link{k.store, c.Base, k.output})
	}
	return c
}
