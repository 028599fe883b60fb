package cpu

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
)

// elementsOf lists where a pattern reads, position by position, by its
// definition: the digits of the position times the strides.
func elementsOf(dims []dimension) []int {
	list := []int{0}
	for _, d := range dims {
		var next []int
		for _, at := range list {
			for i := range d.n {
				next = append(next, at+i*d.stride)
			}
		}
		list = next
	}
	return list
}

func drawShape(t *rapid.T, name string) autodiff.Shape {
	return rapid.SliceOfN(rapid.IntRange(1, 4), 0, 4).Draw(t, name)
}

// A shortened pattern reads what the dimensions say, at and load agree with it
// from any position on.
func TestPatternReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var dims []dimension
		for range rapid.IntRange(0, 5).Draw(t, "rank") {
			dims = append(dims, dimension{rapid.IntRange(1, 4).Draw(t, "n"), rapid.IntRange(0, 6).Draw(t, "stride")})
		}
		want := elementsOf(dims)
		p := newPattern(dims)
		src := make([]int, p.span())
		for i := range src {
			src[i] = i
		}
		from := rapid.IntRange(0, len(want)-1).Draw(t, "from")
		got := make([]int, rapid.IntRange(1, len(want)-from).Draw(t, "length"))
		load(got, src, p, from)
		if !slices.Equal(got, want[from:from+len(got)]) {
			t.Fatalf("%v from %d reads %v, not %v", dims, from, got, want[from:])
		}
		if p.at(from) != want[from] {
			t.Fatalf("%v at %d is %d, not %d", dims, from, p.at(from), want[from])
		}
	})
}

// A composed pattern reads what reading twice reads.
func TestPatternAfter(t *testing.T) {
	composed := 0
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t, "shape")
		perm := rapid.Permutation(count(len(shape))).Draw(t, "perm")
		inner := transposePattern(shape, perm)
		if rapid.Bool().Draw(t, "broadcast") {
			from := slices.Clone(shape)
			for i := range from {
				if rapid.Bool().Draw(t, "stretched") {
					from[i] = 1
				}
			}
			inner = broadcastPattern(from, shape)
		} else {
			shape = permuted(shape, perm)
		}
		// The outer pattern reads the inner one's positions reshaped.
		flat := autodiff.Shape{shape.Size()}
		for _, d := range shape {
			if rapid.Bool().Draw(t, "keep") && flat[len(flat)-1]%d == 0 {
				flat[len(flat)-1] /= d
				flat = append(flat, d)
			}
		}
		outer := transposePattern(flat, rapid.Permutation(count(len(flat))).Draw(t, "outer"))
		p, ok := outer.after(inner)
		if !ok {
			return
		}
		composed++
		first := elementsOf(inner)
		var want []int
		for _, i := range elementsOf(outer) {
			want = append(want, first[i])
		}
		if got := elementsOf(p); !slices.Equal(got, want) {
			t.Fatalf("%v after %v reads %v, not %v", outer, inner, got, want)
		}
	})
	if composed == 0 {
		t.Error("no patterns were composed")
	}
}

func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func permuted(s autodiff.Shape, perm []int) autodiff.Shape {
	out := make(autodiff.Shape, len(s))
	for i, p := range perm {
		out[i] = s[p]
	}
	return out
}

// Names that decide how a pattern is read.
func TestPatternKinds(t *testing.T) {
	for _, c := range []struct {
		from, to     autodiff.Shape
		tile, column int
		scalar, same bool
	}{
		{autodiff.Shape{1, 5}, autodiff.Shape{3, 5}, 5, 0, false, false},
		{autodiff.Shape{3, 1}, autodiff.Shape{3, 5}, 0, 5, false, false},
		{autodiff.Shape{1, 1}, autodiff.Shape{3, 5}, 0, 0, true, false},
		{autodiff.Shape{3, 5}, autodiff.Shape{3, 5}, 0, 0, false, true},
		{autodiff.Shape{1, 1, 1, 4}, autodiff.Shape{2, 3, 1, 4}, 4, 0, false, false},
		{autodiff.Shape{1, 3, 1}, autodiff.Shape{2, 3, 5}, 0, 0, false, false},
	} {
		p := broadcastPattern(c.from, c.to)
		if p.tile() != c.tile || p.column() != c.column || p.isScalar() != c.scalar || p.isIdentity() != c.same {
			t.Errorf("%v to %v: %v has tile %d, column %d, scalar %v, identity %v", c.from, c.to, p, p.tile(), p.column(), p.isScalar(), p.isIdentity())
		}
	}
}
