package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The truth is the definition, tried out: the result is one of the 2 (2p+1)^2
// images that padding, mirroring and cutting by hand gives.
func TestAugmentationIsAFlipAndACrop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, w, c := rapid.IntRange(1, 5).Draw(t, "h"), rapid.IntRange(1, 5).Draw(t, "w"), rapid.IntRange(1, 3).Draw(t, "c")
		pad := rapid.IntRange(0, 3).Draw(t, "crop")
		a := Augmentation{Flip: true, Crop: pad, Fill: []float64{-1, -2, -3}[:c], Seed: rapid.Uint64().Draw(t, "seed")}
		src := make([]float64, h*w*c)
		for i := range src {
			src[i] = float64(i)
		}
		before, got := slices.Clone(src), make([]float64, len(src))
		a.Apply(got, src, []int{h, w, c}, 3, 14)
		if !slices.Equal(src, before) {
			t.Fatal("the image changed")
		}
		for range 2 {
			src = mirrored(src, h, w, c)
			for down := range 2*pad + 1 {
				for right := range 2*pad + 1 {
					if slices.Equal(got, cut(padded(src, h, w, c, pad, a.Fill), h, w, c, pad, down, right)) {
						return
					}
				}
			}
		}
		t.Fatalf("%v is no crop", got)
	})
}

func mirrored(src []float64, h, w, c int) []float64 {
	var out []float64
	for y := range h {
		for x := w - 1; x >= 0; x-- {
			out = append(out, src[(y*w+x)*c:(y*w+x+1)*c]...)
		}
	}
	return out
}

func padded(src []float64, h, w, c, pad int, fill []float64) []float64 {
	out := slices.Repeat(fill, (h+2*pad)*(w+2*pad))
	for y := range h {
		copy(out[((y+pad)*(w+2*pad)+pad)*c:], src[y*w*c:(y+1)*w*c])
	}
	return out
}

func cut(src []float64, h, w, c, pad, down, right int) []float64 {
	var out []float64
	for y := range h {
		at := ((y+down)*(w+2*pad) + right) * c
		out = append(out, src[at:at+w*c]...)
	}
	return out
}

// Each of the 2 x 3 x 3 outcomes is as frequent as it should be, and image,
// epoch and seed decide on them, independently: neighbours agree by chance
// alone.
func TestAugmentationIsUniformAndDeterministic(t *testing.T) {
	const n = 20000
	a := Augmentation{Flip: true, Crop: 1, Seed: 4}
	type outcome struct {
		flip        bool
		down, right int
	}
	of := func(a Augmentation, epoch, number int) outcome {
		flip, down, right := a.draw(epoch, number)
		return outcome{flip, down, right}
	}
	counts := map[outcome]int{}
	var neighbours, epochs, seeds int
	for i := range n {
		o := of(a, 0, i)
		counts[o]++
		for other, count := range map[outcome]*int{of(a, 0, i+1): &neighbours, of(a, 1, i): &epochs, of(Augmentation{Flip: true, Crop: 1, Seed: 5}, 0, i): &seeds} {
			if other == o {
				*count++
			}
		}
		if o != of(a, 0, i) {
			t.Fatal("one image became two")
		}
		if other := of(Augmentation{Crop: 1, Seed: 4}, 0, i); other.flip || other.down != o.down || other.right != o.right {
			t.Fatal("the crop depends on the flip")
		}
	}
	p := 1.0 / 18
	slack := 5 * math.Sqrt(p*(1-p)*n)
	if len(counts) != 18 {
		t.Errorf("%d outcomes, want 18", len(counts))
	}
	for o, k := range counts {
		if math.Abs(float64(k)-p*n) > slack {
			t.Errorf("%v: %d of %d", o, k, n)
		}
	}
	for what, k := range map[string]int{"neighbours": neighbours, "epochs": epochs, "seeds": seeds} {
		if math.Abs(float64(k)-p*n) > slack {
			t.Errorf("%s: the same outcome %d of %d times", what, k, n)
		}
	}
}

func TestAugmentationOfNothing(t *testing.T) {
	src, dst := []float64{1, 2, 3, 4}, make([]float64, 4)
	Augmentation{}.Apply(dst, src, []int{2, 2, 1}, 0, 0)
	Augmentation{Seed: 9}.Apply(src, src, []int{2, 2, 1}, 0, 0)
	if !slices.Equal(dst, src) || dst[3] != 4 {
		t.Errorf("%v became %v", src, dst)
	}
	// A window beyond the padding of a single pixel is empty: all fill, here 0.
	for i := range 100 {
		if (Augmentation{Crop: 2}).Apply(dst[:1], src[:1], []int{1, 1, 1}, 0, i); dst[0] != 0 && dst[0] != 1 {
			t.Errorf("pixel %v", dst[0])
		}
	}
	for what, wrong := range map[string]func(){
		"in place":      func() { Augmentation{Flip: true}.Apply(src, src, []int{2, 2, 1}, 0, 0) },
		"other size":    func() { Augmentation{}.Apply(dst, src, []int{2, 3, 1}, 0, 0) },
		"negative crop": func() { Augmentation{Crop: -1}.Apply(dst, src, []int{2, 2, 1}, 0, 0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error(what)
				}
			}()
			wrong()
		}()
	}
	shape := []int{2, 2, 1}
	if n := testing.AllocsPerRun(100, func() { Augmentation{Flip: true, Crop: 1}.Apply(dst, src, shape, 1, 1) }); n != 0 {
		t.Errorf("%v allocations an image", n)
	}
}

// The truth is the law that Mixture's comment gives, seen in the moments of the
// rows of each class.
func TestMixture(t *testing.T) {
	means := [][]float64{{4, 0}, {-4, 2}, {0, 100}}
	s, err := Mixture(6000, means, []float64{0.5, 2}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for c, n := range s.Counts() {
		if math.Abs(float64(n)-2000) > 5*math.Sqrt(6000*2.0/9) {
			t.Errorf("class %d has %d rows of 6000", c, n)
		}
		for j, deviation := range []float64{0.5, 2} {
			sum, square := 0.0, 0.0
			for i := range s.N {
				if v := s.Row(i)[j] - means[c][j]; s.Y[i] == c {
					sum += v / float64(n)
					square += v * v / float64(n)
				}
			}
			if math.Abs(sum) > 5*deviation/math.Sqrt(float64(n)) || math.Abs(square/deviation/deviation-1) > 5*math.Sqrt(2/float64(n)) {
				t.Errorf("class %d, feature %d: mean off by %v, variance %v", c, j, sum, square)
			}
		}
	}
	again, _ := Mixture(6000, means, []float64{0.5, 2}, 1)
	other, _ := Mixture(6000, means, []float64{0.5, 2}, 2)
	if !slices.Equal(again.X, s.X) || slices.Equal(other.X, s.X) {
		t.Error("the seed does not decide the values")
	}
	// Distances between centres: the mean square is 2 spread^2 features.
	centres, square := Centres(200, 50, 3, 1), 0.0
	for c := range 100 {
		for j := range 50 {
			d := centres[2*c][j] - centres[2*c+1][j]
			square += d * d / 5000
		}
	}
	if math.Abs(square/18-1) > 5*math.Sqrt(2.0/5000) {
		t.Errorf("centres are %v apart in the mean square of a feature, want 18", square)
	}
	if s, err := Mixture(10, Centres(3, 4, 1, 2), nil, 3); err != nil || s.D != 4 || s.Classes != 3 {
		t.Errorf("the usual deviation: %v", err)
	}
	for i, err := range []error{
		second(Mixture(0, means, nil, 0)), second(Mixture(5, means[:1], nil, 0)), second(Mixture(5, [][]float64{{}, {}}, nil, 0)),
		second(Mixture(math.MaxInt, means, nil, 0)), second(Mixture(5, [][]float64{{1}, {1, 2}}, nil, 0)), second(Mixture(5, [][]float64{{1}, {math.NaN()}}, nil, 0)),
		second(Mixture(5, means, []float64{1, 2, 3}, 0)), second(Mixture(5, means, []float64{-1}, 0)), second(Mixture(5, means, []float64{math.Inf(1)}, 0)),
	} {
		if err == nil || fmt.Sprintf("%.14s", err) != "data: mixture:" {
			t.Errorf("wrong arguments %d: error %v", i, err)
		}
	}
}

func second(_ *Set, err error) error { return err }
