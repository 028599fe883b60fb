package curvature_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"pgregory.net/rapid"

	"leeway/curvature"
	"leeway/objective"
)

func filled(n int, f func(i int) float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = f(i)
	}
	return s
}

// The truth is the spectrum that the matrix was built from.
func TestLanczosFindsPlantedSpectra(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, c := range map[string]struct {
		spectrum []float64
		block    int
	}{
		"one":            {[]float64{-3}, 1},
		"two":            {[]float64{2, 2}, 1},
		"normal":         {normal(rng, 80), 1},
		"decaying":       {filled(120, func(i int) float64 { return math.Pow(0.8, float64(i)) }), 1},
		"cluster":        {append([]float64{5, 5 - 1e-4, 5 - 2e-4, 4}, filled(60, func(i int) float64 { return float64(i) / 60 })...), 1},
		"all negative":   {filled(50, func(i int) float64 { return -1 - float64(i*i) }), 1},
		"rank 3":         {append([]float64{7, 2, 1}, make([]float64, 60)...), 1},
		"rank 3, double": {append([]float64{7, 7, -1}, make([]float64, 60)...), 1},
		"zero":           {make([]float64, 20), 1},
		"identity":       {filled(20, func(int) float64 { return 1 }), 1},
		"three values":   {filled(60, func(i int) float64 { return float64(i % 3) }), 1},
		"multiple":       {append([]float64{9, 9, 9, -4, -4}, normal(rng, 70)...), 3},
		"tiny":           {filled(40, func(i int) float64 { return 1e-150 * float64(i+1) }), 1},
		"huge":           {filled(40, func(i int) float64 { return 1e150 * float64(i*i) }), 1},
	} {
		t.Run(name, func(t *testing.T) {
			op, want := curvature.NewDense(planted(rng, c.spectrum)), descending(c.spectrum)
			n := len(want)
			k := min(5, n)
			e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: k, Bottom: k, Tolerance: 1e-10, Block: min(c.block, n), Basis: 120})
			if err != nil {
				t.Fatal(err)
			}
			size := max(math.Abs(want[0]), math.Abs(want[n-1]))
			checkPairs(t, op, want, e.Top, e.Restarts, size)
			checkPairs(t, op, want, e.Bottom, e.Restarts, size)
			if !e.Converged() || len(e.Top) != k || len(e.Bottom) != k {
				t.Fatalf("%+v", e)
			}
			for i := range k {
				if math.Abs(e.Top[i].Value-want[i]) > 1e-9*size || math.Abs(e.Bottom[i].Value-want[n-1-i]) > 1e-9*size {
					t.Errorf("top %v, bottom %v of %v", values(e.Top), values(e.Bottom), want)
				}
			}
			if e.Asymmetry > 1e-13 {
				t.Errorf("asymmetry %g", e.Asymmetry)
			}
		})
	}
}

// The truth is the dense eigen-decomposition of the Hessian.
func TestLanczosOnObjectives(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	worst := 0.0
	for name, obj := range map[string]objective.TwiceDifferentiable{
		"softmax":    softmax(rng, 90, 20, 4),
		"cubic net":  objective.CubicNet{},
		"bilinear":   objective.Bilinear{},
		"rosenbrock": must(objective.NewRosenbrock(40)),
		"sines":      must(objective.NewSines(30, 3, 1)),
		"ridge":      objective.Ridge(softmax(rng, 30, 12, 3), 0.1),
	} {
		theta := normal(rng, obj.Dim())
		_, want := dense(t, obj, theta)
		k := min(5, len(want))
		e, err := curvature.Lanczos(must(curvature.NewHessian(obj, theta)), &curvature.LanczosSettings{Top: k})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, p := range e.Top {
			off := math.Abs(p.Value-want[i]) / math.Abs(want[i])
			worst = max(worst, off)
			if off > 1e-6 {
				t.Errorf("%s: eigenvalue %d is %v, want %v", name, i+1, p.Value, want[i])
			}
		}
	}
	t.Logf("largest relative error %.1e at the default tolerance", worst)
}

// Whatever the spectrum, the basis and the block: residuals are true, vectors
// orthonormal, and the values those that were planted.
func TestLanczosProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 24).Draw(t, "n")
		level := rapid.SampledFrom([]float64{-2, -1, 0, 0.5, 1, 1.2, 3})
		spectrum := rapid.SliceOfN(level, n, n).Draw(t, "spectrum")
		s := curvature.LanczosSettings{
			Top:       rapid.IntRange(1, min(4, n)).Draw(t, "top"),
			Bottom:    rapid.IntRange(0, min(3, n)).Draw(t, "bottom"),
			Seed:      rapid.Uint64().Draw(t, "seed"),
			Tolerance: 1e-9, MaxProducts: 5000,
		}
		s.Basis = s.Top + s.Bottom + 4 + rapid.IntRange(0, 12).Draw(t, "basis")
		s.Block = min(n, rapid.IntRange(1, 3).Draw(t, "block"))
		op := curvature.NewDense(planted(rand.New(rand.NewPCG(s.Seed, 5)), spectrum))
		e, err := curvature.Lanczos(op, &s)
		if err != nil {
			t.Fatal(err)
		}
		want := descending(spectrum)
		checkPairs(t, op, want, e.Top, e.Restarts, 3)
		checkPairs(t, op, want, e.Bottom, e.Restarts, 3)
		// Copies beyond Block may be missed when the rest has not been seen;
		// the first Block copies of each value may not.
		if math.Abs(e.Top[0].Value-want[0]) > 1e-8 {
			t.Fatalf("largest %v of %v", e.Top[0].Value, want)
		}
		for i, p := range e.Bottom[:min(1, len(e.Bottom))] {
			if math.Abs(p.Value-want[n-1-i]) > 1e-8 {
				t.Fatalf("smallest %v of %v", p.Value, want)
			}
		}
	})
}

// A short basis finds the same values with more products.
func TestRestartsReachTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	spectrum := filled(300, func(i int) float64 { return math.Sin(float64(i)) * (1 + float64(i)/300) })
	op, want := curvature.NewDense(planted(rng, spectrum)), descending(spectrum)
	products := map[int]int{}
	for _, basis := range []int{8, 14, 30, 300} {
		for _, s := range []curvature.LanczosSettings{{Top: 4}, {Bottom: 4}, {Top: 2, Bottom: 2}} {
			s.Basis, s.Tolerance, s.MaxProducts = basis, 1e-8, 20000
			e, err := curvature.Lanczos(op, &s)
			if err != nil {
				t.Fatalf("basis %d: %v", basis, err)
			}
			for i, p := range e.Top {
				if math.Abs(p.Value-want[i]) > 1e-8 {
					t.Errorf("basis %d: top %v", basis, values(e.Top))
				}
			}
			for i, p := range e.Bottom {
				if math.Abs(p.Value-want[299-i]) > 1e-8 {
					t.Errorf("basis %d: bottom %v", basis, values(e.Bottom))
				}
			}
			checkPairs(t, op, want, append(e.Top, e.Bottom...), e.Restarts, 2)
			if (e.Restarts == 0) != (basis == 300) {
				t.Errorf("basis %d: %d restarts", basis, e.Restarts)
			}
			products[basis] += e.Products
		}
	}
	// Keeping more than the wanted vectors at a restart pays: without, basis 14
	// would need several times as many products as one without restarts.
	if !(products[8] > products[14] && products[14] > products[30] && products[14] < 2*products[300]) {
		t.Errorf("products by basis: %v", products)
	}
	t.Logf("products by basis: %v", products)
}

// One start sees one copy of a double eigenvalue, two see both: what the
// documentation promises, with its negative half.
func TestBlockFindsMultiplicity(t *testing.T) {
	spectrum := append([]float64{10, 10, 7}, filled(200, func(i int) float64 { return 5 * float64(i) / 200 })...)
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(4, 4)), spectrum))
	for block, second := range map[int]float64{1: 7, 2: 10} {
		e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: 2, Block: block, Tolerance: 1e-5})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.Top[0].Value-10) > 1e-6 || math.Abs(e.Top[1].Value-second) > 1e-4 {
			t.Errorf("block %d: %v", block, values(e.Top))
		}
	}
}

// Few different eigenvalues: the first Krylov space ends after four products
// and holds one copy of each. The second copy is found all the same.
func TestCopiesBeyondAnInvariantSubspace(t *testing.T) {
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(40, 40)), append([]float64{9, 9, 5, 1}, make([]float64, 56)...)))
	for top, want := range map[int][]float64{1: {9}, 2: {9, 9}, 3: {9, 9, 5}, 6: {9, 9, 5, 1, 0, 0}} {
		e := must(curvature.Lanczos(op, &curvature.LanczosSettings{Top: top}))
		if !floats.EqualApprox(values(e.Top), want, 1e-12) || e.Invariant == 0 || e.Products > 16 {
			t.Errorf("top %v after %d products, %d invariant subspaces", values(e.Top), e.Products, e.Invariant)
		}
	}
}

func TestLanczosIsDeterministic(t *testing.T) {
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(5, 5)), normal(rand.New(rand.NewPCG(6, 6)), 150)))
	text := func(seed uint64, threads int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
		e := must(curvature.Lanczos(op, &curvature.LanczosSettings{Top: 3, Basis: 20, MaxProducts: 1000, Seed: seed}))
		return fmt.Sprintf("%v %d", e.Top, e.Products)
	}
	one := text(1, 1)
	if one != text(1, 1) || one != text(1, 2) || one != text(1, 7) {
		t.Error("the same seed gives other bits")
	}
	if one == text(2, 1) {
		t.Error("another seed gives the same bits")
	}
}

func TestLanczosLeavesInputsAlone(t *testing.T) {
	start := [][]float64{{1, 2, 3}, {0, 0, 0}, {-1, 1, 0}}
	copies := [][]float64{slices.Clone(start[0]), slices.Clone(start[1]), slices.Clone(start[2])}
	s := curvature.LanczosSettings{Top: 2, Start: start}
	must(curvature.Lanczos(curvature.NewDense(planted(rand.New(rand.NewPCG(1, 2)), []float64{3, 2, 1})), &s))
	for i := range start {
		if !slices.Equal(start[i], copies[i]) {
			t.Errorf("start %d changed", i)
		}
	}
	// Starts that cancel leave the random part.
	s.Start = [][]float64{{1, 1, 0}, {-2, -2, 0}}
	e := must(curvature.Lanczos(curvature.NewDense(planted(rand.New(rand.NewPCG(1, 2)), []float64{3, 2, 1})), &s))
	if math.Abs(e.Top[0].Value-3) > 1e-9 {
		t.Errorf("top %v", values(e.Top))
	}
}
