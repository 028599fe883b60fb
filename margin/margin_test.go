package margin_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"

	"leeway/data"
	"leeway/margin"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// signed makes a problem of rows z that all want a positive margin.
func signed(z ...[]float64) *margin.Problem {
	var x []float64
	y := make([]int, len(z))
	for i, row := range z {
		x, y[i] = append(x, row...), 1
	}
	return must(margin.NewProblem(x, y, len(z[0]), false))
}

// Solutions that can be written down.
func TestClosedForms(t *testing.T) {
	root := math.Sqrt(5)
	for name, c := range map[string]struct {
		p      *margin.Problem
		norm   string
		margin float64
		w      []float64 // nil where it is not unique
	}{
		"one row, inf":  {signed([]float64{3, -4}), margin.LInf, 7, []float64{1, -1}},
		"one row, two":  {signed([]float64{3, -4}), margin.L2, 5, []float64{0.6, -0.8}},
		"one row, one":  {signed([]float64{3, -4}), margin.L1, 4, []float64{0, -1}},
		"one feature":   {signed([]float64{3}, []float64{0.5}), margin.L2, 0.5, []float64{1}},
		"one, inf":      {signed([]float64{-3}, []float64{-0.5}), margin.LInf, 0.5, []float64{-1}},
		"one, one":      {signed([]float64{-3}, []float64{-0.5}), margin.L1, 0.5, []float64{-1}},
		"identity, inf": {signed([]float64{1, 0}, []float64{0, 1}), margin.LInf, 1, []float64{1, 1}},
		"identity, two": {signed([]float64{1, 0}, []float64{0, 1}), margin.L2, math.Sqrt2 / 2, []float64{math.Sqrt2 / 2, math.Sqrt2 / 2}},
		"identity, one": {signed([]float64{1, 0}, []float64{0, 1}), margin.L1, 0.5, []float64{0.5, 0.5}},
		// min(2a+b, a-b) and (b free): inf: a = 1, 2+b = 1-b, b = -1/2.
		"two rows, inf": {signed([]float64{2, 1}, []float64{1, -1}), margin.LInf, 1.5, []float64{1, -0.5}},
		// 2a+b = a-b: a = -2b, of length 1: (2, -1)/sqrt 5, margin 3/sqrt 5; the hull's
		// nearest point is (6, -3)/5.
		"two rows, two": {signed([]float64{2, 1}, []float64{1, -1}), margin.L2, 3 / root, []float64{2 / root, -1 / root}},
		// a + |b| = 1: a = 2/3, b = -1/3.
		"two rows, one": {signed([]float64{2, 1}, []float64{1, -1}), margin.L1, 1, nil},
		"equal rows":    {signed([]float64{2, 1}, []float64{2, 1}, []float64{1, -1}, []float64{1, -1}), margin.L2, 3 / root, []float64{2 / root, -1 / root}},
		"equal, inf":    {signed([]float64{2, 1}, []float64{2, 1}, []float64{1, -1}, []float64{1, -1}), margin.LInf, 1.5, []float64{1, -0.5}},
		"idle row":      {signed([]float64{1, 0}, []float64{0, 1}, []float64{9, 9}), margin.L2, math.Sqrt2 / 2, []float64{math.Sqrt2 / 2, math.Sqrt2 / 2}},
		"large numbers": {signed([]float64{3e80, -4e80}), margin.L2, 5e80, []float64{0.6, -0.8}},
		"small numbers": {signed([]float64{3e-80, -4e-80}), margin.LInf, 7e-80, []float64{1, -1}},
	} {
		s, err := c.p.Solve(c.norm)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if math.Abs(s.Margin-c.margin) > 1e-13*c.margin || math.Abs(s.Gap) > 1e-13*c.margin {
			t.Errorf("%s: margin %v, want %v; gap %v", name, s.Margin, c.margin, s.Gap)
		}
		for j := range c.w {
			if math.Abs(s.Direction[j]-c.w[j]) > 1e-13 {
				t.Errorf("%s: direction %v, want %v", name, s.Direction, c.w)
			}
		}
	}
}

// In the plane the largest margin is found by trying directions: no algorithm, and
// good to the square of the angle between two of them at a smooth maximum, to the
// angle at a kink.
func TestPlaneAgainstAllDirections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "rows")
		var rows [][]float64
		for range n {
			// Within a half plane, so that most are separable.
			rows = append(rows, []float64{float64(rapid.IntRange(-6, 64).Draw(t, "a")) / 32, float64(rapid.IntRange(-32, 32).Draw(t, "b")) / 32})
		}
		p := signed(rows...)
		for _, norm := range margin.Norms() {
			const directions = 3000
			best := math.Inf(-1)
			for k := range directions {
				s, c := math.Sincos(2 * math.Pi * float64(k) / directions)
				best = max(best, p.Normalized([]float64{c, s}, norm))
			}
			solution, err := p.Solve(norm)
			var no *margin.NotSeparable
			switch {
			case errors.As(err, &no):
				if best > 1e-12 {
					t.Fatalf("%s: not separable, but a direction has margin %v", norm, best)
				}
			case err != nil:
				if best > 1e-6 {
					t.Fatal(err)
				}
			case best > solution.Margin+1e-12 || best < solution.Margin-1e-2:
				t.Fatalf("%s: margin %v, the best of all directions has %v", norm, solution.Margin, best)
			}
		}
	})
}

// proven checks a solution by its own certificate, computed here in numbers of 200
// bits: the bound of all margins is the dual norm of a mixture of rows.
func proven(t *testing.T, set *data.Set, s *margin.Solution, norm string) {
	t.Helper()
	wide := func() *big.Float { return new(big.Float).SetPrec(200) }
	total, size := wide(), wide()
	sums := make([]*big.Float, set.D)
	for j := range sums {
		sums[j] = wide()
	}
	smallest := math.Inf(1)
	for i := range set.N {
		if s.Weights[i] < 0 {
			t.Fatalf("%s: weight %v", norm, s.Weights[i])
		}
		weight := wide().SetFloat64(s.Weights[i])
		total.Add(total, weight)
		m := wide()
		for j, v := range set.Row(i) {
			z := wide().SetFloat64(float64(2*set.Y[i]-1) * v)
			sums[j].Add(sums[j], wide().Mul(z, weight))
			m.Add(m, wide().Mul(z, wide().SetFloat64(s.Direction[j])))
		}
		f, _ := m.Float64()
		smallest = min(smallest, f)
	}
	bound := wide()
	for _, v := range sums {
		a := wide().Abs(v)
		switch norm {
		case margin.LInf:
			bound.Add(bound, a)
		case margin.L1:
			if a.Cmp(bound) > 0 {
				bound = a
			}
		default:
			size.Add(size, wide().Mul(a, a))
		}
	}
	if norm == margin.L2 {
		bound.Sqrt(size)
	}
	most, _ := bound.Quo(bound, total).Float64()
	least := smallest / margin.Norm(s.Direction, norm)
	if n := margin.Norm(s.Direction, norm); math.Abs(n-1) > 1e-14 {
		t.Errorf("%s: direction of size %v", norm, n)
	}
	if gap := most - least; gap > 1e-12*(1+most) || gap < -1e-12*(1+most) {
		t.Errorf("%s, %d x %d: margin %v, bound %v", norm, set.N, set.D, least, most)
	}
}

func TestCertificates(t *testing.T) {
	for _, shape := range [][2]int{{50, 50}, {10, 50}, {40, 40}, {60, 50}, {1, 3}, {3, 1}} {
		for seed := range uint64(4) {
			set := must(data.Gaussian(shape[0], shape[1], 2, seed))
			p := must(margin.NewProblem(set.X, set.Y, set.D, false))
			for _, norm := range margin.Norms() {
				s, err := p.Solve(norm)
				var no *margin.NotSeparable
				if errors.As(err, &no) && shape[0] > shape[1] {
					certified(t, set, no)
					continue
				}
				if err != nil {
					t.Errorf("%v, seed %d, %s: %v", shape, seed, norm, err)
					continue
				}
				proven(t, set, s, norm)
			}
		}
	}
}

// certified checks a proof that rows cannot be separated.
func certified(t *testing.T, set *data.Set, no *margin.NotSeparable) {
	t.Helper()
	total := 0.0
	sums := make([]float64, set.D)
	for k, i := range no.Rows {
		if !(no.Weights[k] > 0) {
			t.Errorf("weight %v", no.Weights[k])
		}
		total += no.Weights[k]
		for j, v := range set.Row(i) {
			sums[j] += no.Weights[k] * float64(2*set.Y[i]-1) * v
		}
	}
	if math.Abs(total-1) > 1e-12 || margin.Norm(sums, margin.LInf) > 1e-13 {
		t.Errorf("weights sum to %v, the rows to %v, want 1 and 0", total, sums)
	}
}

func TestNotSeparable(t *testing.T) {
	for name, z := range map[string][][]float64{
		"opposite rows":   {{1, 2}, {-1, -2}},
		"and others":      {{1, 2}, {3, 1}, {-1, -2}, {5, 5}},
		"a triangle":      {{1, 0}, {-0.5, 0.75}, {-0.5, -0.75}},
		"a row of zeros":  {{0, 0}, {1, 1}},
		"only zeros":      {{0, 0}},
		"thirds":          {{0.1, 0.3}, {-0.3, -0.9}},
		"two pairs":       {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}},
		"a weak boundary": {{1, 0}, {-1, 0}, {1, 1}},
	} {
		// 0.1 * 3 is not 0.3 in float64, so that "thirds" can be separated by the last bit.
		p := signed(z...)
		for _, norm := range margin.Norms() {
			s, err := p.Solve(norm)
			var no *margin.NotSeparable
			if name == "thirds" {
				if errors.As(err, &no) {
					t.Errorf("%s, %s: not separable, but rows are independent", name, norm)
				}
				continue
			}
			if !errors.As(err, &no) {
				t.Errorf("%s, %s: %+v and error %v, want a proof that they cannot be separated", name, norm, s, err)
				continue
			}
			set := &data.Set{N: len(z), D: len(z[0]), Y: make([]int, len(z))}
			for i, row := range z {
				set.X, set.Y[i] = append(set.X, row...), 1
			}
			certified(t, set, no)
			if no.Hint() == "" || no.Error() == "" {
				t.Error("no words")
			}
		}
	}
}

// A hundred features and more have certificates by bounds instead of whole numbers.
func TestNotSeparableManyFeatures(t *testing.T) {
	set := must(data.Gaussian(300, 80, 2, 1))
	_, err := must(margin.NewProblem(set.X, set.Y, set.D, false)).Solve(margin.L2)
	var no *margin.NotSeparable
	if !errors.As(err, &no) || len(no.Rows) != 81 {
		t.Fatalf("error %v, want a proof on 81 rows", err)
	}
	certified(t, set, no)
}

// Separable by less than rounding shows: what is decided is decided for the numbers as
// they are.
func TestHairsBreadth(t *testing.T) {
	p := signed([]float64{1, 1}, []float64{-1, -1 + 0x1p-52})
	s, err := p.Solve(margin.LInf)
	if err == nil && !(s.Margin > 0) {
		t.Errorf("margin %v", s.Margin)
	}
	var no *margin.NotSeparable
	if errors.As(err, &no) {
		t.Errorf("%v, but (-1, 1) has both margins >= 0 and the rows are independent", err)
	}
}

// gonum's simplex method on the standard form, with bounds as rows, where it finds an
// end: an implementation of other people.
func TestAgainstGonum(t *testing.T) {
	solved := 0
	for seed := range uint64(6) {
		set := must(data.Gaussian(12, 12, 2, seed))
		p := must(margin.NewProblem(set.X, set.Y, set.D, false))
		want, err := standard(set)
		if err != nil {
			t.Logf("seed %d: %v", seed, err)
			continue
		}
		solved++
		if s := must(p.Solve(margin.LInf)); math.Abs(s.Margin-want) > 1e-9 {
			t.Errorf("seed %d: margin %v, gonum has %v", seed, s.Margin, want)
		}
	}
	if solved < 4 {
		t.Errorf("only %d programs solved by both", solved)
	}
}

// standard is the program with u = w + 1 in [0, 2], g >= 0 and slacks.
func standard(set *data.Set) (float64, error) {
	n, d := set.N, set.D
	cols := d + 1 + n + d // u, g, slacks of rows, slacks of bounds
	a, b, c := mat.NewDense(n+d, cols, nil), make([]float64, n+d), make([]float64, cols)
	c[d] = -1
	for i := range n {
		sum := 0.0
		for j, v := range set.Row(i) {
			z := float64(2*set.Y[i]-1) * v
			a.Set(i, j, z)
			sum += z
		}
		a.Set(i, d, -1)
		a.Set(i, d+1+i, -1)
		b[i] = sum
	}
	for j := range d {
		a.Set(n+j, j, 1)
		a.Set(n+j, d+1+n+j, 1)
		b[n+j] = 2
	}
	value, _, err := lp.Simplex(c, a, b, 1e-10, nil)
	return -value, err
}

func TestIntercept(t *testing.T) {
	x, y := []float64{3, 5, 8, 9}, []int{0, 0, 1, 1}
	var no *margin.NotSeparable
	if _, err := must(margin.NewProblem(x, y, 1, false)).Solve(margin.L2); !errors.As(err, &no) {
		t.Errorf("error %v, want that nothing separates the rows without an intercept", err)
	}
	s := must(must(margin.NewProblem(x, y, 1, true)).Solve(margin.L2))
	if b := s.Direction[1] / s.Direction[0]; math.Abs(b+6.5) > 1e-12 {
		t.Errorf("the threshold is %v, want 6.5, half way between 5 and 8", -b)
	}
	if rows := s.Support(); len(rows) != 2 || rows[0] != 1 || rows[1] != 2 {
		t.Errorf("support vectors %v, want 1 and 2", rows)
	}
}

// The tumours can be separated by 30 features, as their authors say.
func TestBreastCancer(t *testing.T) {
	set := data.BreastCancer()
	train, _ := data.Standardize(set, set)
	for _, norm := range margin.Norms() {
		s, err := must(margin.NewProblem(train.X, train.Y, train.D, true)).Solve(norm)
		if err != nil || s.Margin <= 0 || s.Gap > 1e-12 {
			t.Errorf("%s: %+v, %v", norm, s, err)
		}
	}
}

func TestMeter(t *testing.T) {
	p := signed([]float64{2, 1}, []float64{1, -1})
	m := must(margin.NewMeter(p))
	r := m.Read([]float64{4, 0})
	want := margin.Reading{
		Smallest: 4, Inf: 1, Two: 1, InfRatio: 1 / 1.5, TwoRatio: math.Sqrt(5) / 3,
		InfCosine: 1 / math.Sqrt(1.25), TwoCosine: 2 / math.Sqrt(5),
	}
	for name, pair := range map[string][2]float64{
		"smallest": {r.Smallest, want.Smallest}, "inf": {r.Inf, want.Inf}, "two": {r.Two, want.Two}, "inf ratio": {r.InfRatio, want.InfRatio},
		"two ratio": {r.TwoRatio, want.TwoRatio}, "inf cosine": {r.InfCosine, want.InfCosine}, "two cosine": {r.TwoCosine, want.TwoCosine},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-14 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if zero := m.Read([]float64{0, 0}); zero.Smallest != 0 || !math.IsNaN(zero.Inf) || !math.IsNaN(zero.TwoCosine) {
		t.Errorf("at zero %+v", zero)
	}
	if n := testing.AllocsPerRun(10, func() { m.Read([]float64{4, 0}) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	var no *margin.NotSeparable
	if _, err := margin.NewMeter(signed([]float64{1}, []float64{-1})); !errors.As(err, &no) {
		t.Errorf("error %v", err)
	}
}

// The shares are a fixed point: put back into the definition they come out again, and
// for one row that is the row's own sign pattern over its sizes.
func TestPerSample(t *testing.T) {
	one := must(signed([]float64{3, -4}).PerSample())
	// P = |z|: z P^-1/2 has the direction sign sqrt|z|, and w = sign.
	if math.Abs(one.Direction[0]-math.Sqrt2/2) > 1e-12 || math.Abs(one.Direction[1]+math.Sqrt2/2) > 1e-12 {
		t.Errorf("direction %v, want (1, -1)/sqrt 2: sign descent", one.Direction)
	}
	// Features of one size a row: P is a multiple of the identity, so L2.
	set := must(data.Rademacher(10, 50, 3))
	p := must(margin.NewProblem(set.X, set.Y, set.D, false))
	s, two := must(p.PerSample()), must(p.Solve(margin.L2))
	if c := margin.Cosine(s.Direction, two.Direction); 1-c > 1e-12 {
		t.Errorf("cosine %v to the Euclidean direction, want 1", c)
	}
	rng, set := rand.New(rand.NewPCG(1, 1)), must(data.Gaussian(10, 50, 2, 3))
	p = must(margin.NewProblem(set.X, set.Y, set.D, false))
	s = must(p.PerSample())
	size := make([]float64, set.D)
	for j := range size {
		for i := range set.N {
			v := s.Share[i] * set.Row(i)[j]
			size[j] += v * v
		}
		size[j] = math.Sqrt(size[j])
	}
	in := func(w []float64) float64 {
		sum := 0.0
		for j, v := range w {
			sum += size[j] * v * v
		}
		return p.Smallest(w) / math.Sqrt(sum)
	}
	// No direction near it has a larger margin in the norm of its own shares.
	best := in(s.Direction)
	for range 2000 {
		w := make([]float64, set.D)
		for j := range w {
			w[j] = s.Direction[j] + 0.01*rng.NormFloat64()
		}
		if in(w) > best+1e-9 {
			t.Fatalf("margin %v nearby, %v at the fixed point", in(w), best)
		}
	}
	var no *margin.NotSeparable
	if _, err := signed([]float64{1, 0}, []float64{-1, 0}).PerSample(); !errors.As(err, &no) {
		t.Errorf("error %v", err)
	}
}

func TestErrors(t *testing.T) {
	for name, f := range map[string]func() error{
		"no rows":     func() error { _, err := margin.NewProblem(nil, nil, 2, false); return err },
		"no features": func() error { _, err := margin.NewProblem(nil, []int{1}, 0, false); return err },
		"ragged":      func() error { _, err := margin.NewProblem([]float64{1, 2, 3}, []int{1}, 2, false); return err },
		"class":       func() error { _, err := margin.NewProblem([]float64{1, 2}, []int{2}, 2, false); return err },
		"NaN":         func() error { _, err := margin.NewProblem([]float64{1, math.NaN()}, []int{1}, 2, false); return err },
		"huge":        func() error { _, err := margin.NewProblem([]float64{1, 1e200}, []int{1}, 2, false); return err },
		"norm":        func() error { _, err := signed([]float64{1}).Solve("l3"); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, f := range map[string]func(){
		"length": func() { signed([]float64{1}).Smallest([]float64{1, 2}) },
		"norm":   func() { margin.Norm([]float64{1}, "l3") },
		"cosine": func() { margin.Cosine([]float64{1}, []float64{1, 2}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
	if c := margin.Cosine([]float64{1e-200, 0}, []float64{1e200, 1e200}); math.Abs(c-math.Sqrt2/2) > 1e-15 {
		t.Errorf("cosine %v of vectors of very different size", c)
	}
}

// Truth: the definition. Attacking every row in the worst corner of the box lowers its
// margin by what the robust margin says, for any weights; and no weights beat the best.
func TestRobust(t *testing.T) {
	set, err := data.Gaussian(10, 14, 2, 5)
	if err != nil {
		t.Fatal(err)
	}
	p, err := margin.NewProblem(set.X, set.Y, 14, false)
	if err != nil {
		t.Fatal(err)
	}
	best, err := p.Solve(margin.L1)
	if err != nil {
		t.Fatal(err)
	}
	radius := 0.4 * best.Margin
	r, err := margin.NewRobust(p, margin.L1, radius)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 9))
	w := make([]float64, 14)
	for range 50 {
		for j := range w {
			w[j] = random.NormFloat64()
		}
		worst := math.Inf(1)
		for i, c := range set.Y {
			y, sum := float64(2*c-1), 0.0
			for j, x := range set.Row(i) {
				sum += w[j] * (x - y*radius*math.Copysign(1, w[j]))
			}
			worst = min(worst, y*sum)
		}
		got, share := r.Read(w)
		if want := worst / margin.Norm(w, margin.L1); math.Abs(got-want) > 1e-12 || share > 1 {
			t.Errorf("robust margin %v, share %v; want %v", got, share, want)
		}
	}
	if got, share := r.Read(best.Direction); math.Abs(share-1) > 1e-9 || math.Abs(got-0.6*best.Margin) > 1e-9 {
		t.Errorf("the best has robust margin %v, share %v", got, share)
	}
	if n := testing.AllocsPerRun(5, func() { r.Read(w) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	for _, bad := range []float64{best.Margin, 2 * best.Margin, -1, math.NaN()} {
		var strong *margin.TooStrong
		if _, err := margin.NewRobust(p, margin.L1, bad); !errors.As(err, &strong) || strong.Largest != best.Margin || !strings.Contains(err.Error(), strong.Hint()) {
			t.Errorf("radius %v: error %v", bad, err)
		}
	}
	// What the hint says can be done.
	for _, largest := range []float64{0.34167, 0.3417, 5.38e-9, 1, 99.99, 1234567} {
		var radius float64
		hint := (&margin.TooStrong{Radius: 2 * largest, Largest: largest}).Hint()
		if _, err := fmt.Sscanf(hint, "a radius of at most %g", &radius); err != nil || radius >= largest || radius < 0.998*largest {
			t.Errorf("largest radius %v: %s (%v)", largest, hint, err)
		}
	}
	if hint := (&margin.TooStrong{Radius: 1}).Hint(); hint != "a radius of at most 0" {
		t.Error(hint)
	}
	same, err := margin.NewProblem([]float64{1, 1}, []int{0, 1}, 1, false)
	if err != nil {
		t.Fatal(err)
	}
	var no *margin.NotSeparable
	if _, err := margin.NewRobust(same, margin.L1, 0.1); !errors.As(err, &no) {
		t.Errorf("error %v for rows that nothing separates", err)
	}
}
