package curvature_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
	"leeway/objective"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func normal(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// planted is Q diag(spectrum) Q^T with a random orthogonal Q: a matrix whose
// eigenvalues are known without computing any.
func planted(rng *rand.Rand, spectrum []float64) *mat.SymDense {
	n := len(spectrum)
	var qr mat.QR
	qr.Factorize(mat.NewDense(n, n, normal(rng, n*n)))
	var q, scaled, a mat.Dense
	qr.QTo(&q)
	scaled.Mul(&q, mat.NewDiagDense(n, spectrum))
	a.Mul(&scaled, q.T())
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, (a.At(i, j)+a.At(j, i))/2)
		}
	}
	return sym
}

func descending(spectrum []float64) []float64 {
	s := slices.Clone(spectrum)
	slices.Sort(s)
	slices.Reverse(s)
	return s
}

// dense is the Hessian of the full loss entry by entry and its eigenvalues,
// largest first. LAPACK's reduction of the whole matrix shares nothing with a
// Krylov method.
func dense(t testing.TB, obj objective.TwiceDifferentiable, theta []float64) (*mat.SymDense, []float64) {
	n := obj.Dim()
	h, unit, column := mat.NewSymDense(n, nil), make([]float64, n), make([]float64, n)
	for j := range n {
		clear(unit)
		unit[j] = 1
		if err := objective.FullHVP(column, obj, theta, unit); err != nil {
			t.Fatal(err)
		}
		for i := range j + 1 {
			h.SetSym(i, j, column[i])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(h, false) {
		t.Fatal("no eigenvalues")
	}
	return h, descending(e.Values(nil))
}

// checkPairs holds pairs against what they claim: the residual bounds that of the
// matrix and is close to it, up to what each restart loses by rounding; the vectors
// are orthonormal; and an eigenvalue lies within the residual.
func checkPairs(t failer, a curvature.Operator, spectrum []float64, pairs []curvature.Pair, restarts int, size float64) {
	t.Helper()
	w := make([]float64, a.Dim())
	for i, p := range pairs {
		if err := a.Apply(w, p.Vector); err != nil {
			t.Fatal(err)
		}
		floats.AddScaled(w, -p.Value, p.Vector)
		rounding := 1e-13 * size
		if r := floats.Norm(w, 2); r > p.Residual+rounding || p.Residual > r+rounding*float64(1+restarts) {
			t.Errorf("pair %d: residual %g, claimed %g", i, r, p.Residual)
		}
		nearest := math.Inf(1)
		for _, x := range spectrum {
			nearest = min(nearest, math.Abs(x-p.Value))
		}
		if nearest > p.Residual+1e-13*size {
			t.Errorf("pair %d: no eigenvalue within %g of %g, the nearest is %g away", i, p.Residual, p.Value, nearest)
		}
		if floats.Max(p.Vector) < -floats.Min(p.Vector) {
			t.Errorf("vector %d: its component of largest modulus is negative", i)
		}
		for j := range i + 1 {
			want := 0.0
			if i == j {
				want = 1
			}
			if d := floats.Dot(p.Vector, pairs[j].Vector); math.Abs(d-want) > 1e-12 {
				t.Errorf("vectors %d and %d: product %g", i, j, d)
			}
		}
	}
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

func values(pairs []curvature.Pair) []float64 {
	var v []float64
	for _, p := range pairs {
		v = append(v, p.Value)
	}
	return v
}

// softmax is a classifier on random rows with two batches of different size.
func softmax(rng *rand.Rand, rows, features, classes int) *objective.Softmax {
	y := make([]int, rows)
	for i := range y {
		y[i] = (i*7 + i/3) % classes
	}
	return must(objective.NewSoftmax(normal(rng, rows*features), y, features, classes, objective.SoftmaxSettings{Intercept: true, BatchSize: rows/2 + 1}))
}
