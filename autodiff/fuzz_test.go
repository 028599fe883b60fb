package autodiff_test

import (
	"slices"
	"testing"

	"leeway/autodiff"
)

// sound checks that a valid value is what values promise.
func sound(t *testing.T, v *autodiff.Value) {
	t.Helper()
	if v == nil || v.Op() == autodiff.OpInvalid {
		return
	}
	size := 1
	for _, d := range v.Shape() {
		if size *= d; d < 1 || size > 1<<43 {
			t.Fatalf("%v has the shape %v", v, v.Shape())
		}
	}
	for _, o := range v.Operands() {
		if o.Op() == autodiff.OpInvalid || o.Graph() != v.Graph() || o.ID() >= v.ID() {
			t.Fatalf("%v has the operand %v", v, o)
		}
	}
}

// FuzzGraph: whatever is built of whatever, nothing panics; a value is invalid
// only if its graph tells why, and every valid value has a sound shape, also the
// derivatives of whatever was built. All of it compiles and computes what the
// reference does.
func FuzzGraph(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3, 0, 4, 5, 19, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8})
	for op := range byte(operationsOfScripts) {
		for start := range byte(12) {
			b := []byte{op}
			for i := range byte(60) {
				b = append(b, start+i*i*7, op+i, 255-i*start)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 400 {
			return // long scripts say no more and take long
		}
		s := &script{bytes: b, graphs: [2]*autodiff.Graph{{}, {}}}
		g := s.graphs[0]
		start := shapes{{}, {3}, {2, 3}, {3, 2}, {1, 3}, {2, 1, 3}, {1, 4, 4, 2}, {2, 2, 2, 3}, {1, 3, 3, 3}, {2, 2, 2, 2, 2, 2, 2, 2}}
		for i, shape := range start {
			s.values = append(s.values, g.Input("x"+string(rune('0'+i)), autodiff.Float64, shape...))
		}
		inputs := s.values
		s.values = append(s.values,
			g.Input("i", autodiff.Int32, 3), g.Input("j", autodiff.Int32), g.Input("p", autodiff.Int32, 1, 2, 2, 2),
			g.Constant(0, autodiff.Float64, 2, 3), g.Constant(2, autodiff.Float64), g.Input("f", autodiff.Float32, 2, 3))
		other := s.graphs[1].Input("y", autodiff.Float64, 2, 3)
		for len(s.bytes) > 0 {
			for _, v := range s.step() {
				if v != nil && v.Op() == autodiff.OpInvalid && v.Graph().Err() == nil {
					t.Fatal("an invalid value and no error")
				}
				sound(t, v)
				switch s.byte() % 16 { // rarely something unsound is left to use
				case 0:
					s.values = append(s.values, v, other)
				default:
					if v != nil && v.Op() != autodiff.OpInvalid {
						s.values = append(s.values, v)
					}
				}
			}
		}
		last := s.values[len(s.values)-1]
		autodiff.Order(s.values)
		autodiff.Frontier(s.values, inputs)
		loss := last
		if last != nil && last.Op() != autodiff.OpInvalid && last.Shape().Size() > 1 && last.DType().IsFloat() {
			loss = autodiff.Sum(last)
		}
		gradient, product := autodiff.HVP(loss, inputs, inputs)
		lists := []values{
			gradient, product, autodiff.Tangent(s.values, inputs, inputs),
			autodiff.Pullback(s.values, s.values, inputs), autodiff.Tangent(s.values, s.values, s.values),
		}
		for _, list := range lists {
			for _, v := range list {
				sound(t, v)
			}
		}
		compileAndRun(t, slices.Concat(s.values, gradient, product), b)
	})
}
