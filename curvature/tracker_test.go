package curvature_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
)

// turned is a + t b for a fixed pair of matrices: an operator that changes slowly.
func turned(n int) func(t float64) *mat.SymDense {
	rng := rand.New(rand.NewPCG(12, 12))
	spectrum := filled(n, func(i int) float64 { return 3 * math.Pow(0.9, float64(i)) })
	spectrum[n-1] = -1
	a := planted(rng, spectrum)
	b := planted(rng, normal(rng, n))
	return func(t float64) *mat.SymDense {
		var scaled, sum mat.SymDense
		scaled.ScaleSym(t, b)
		sum.AddSym(a, &scaled)
		return &sum
	}
}

// Along a path the tracker finds what a cold start finds, with fewer products.
// The truth is the dense decomposition.
func TestTrackerFollows(t *testing.T) {
	at := turned(150)
	s := curvature.LanczosSettings{Top: 3, Bottom: 1}
	tracker := curvature.NewTracker(&s)
	warm, cold := 0, 0
	for step := range 12 {
		a := at(1e-4 * float64(step))
		e, err := tracker.Update(curvature.NewDense(a))
		if err != nil {
			t.Fatal(err)
		}
		var dense mat.EigenSym
		dense.Factorize(a, false)
		want := descending(dense.Values(nil))
		for i, p := range e.Top {
			if math.Abs(p.Value-want[i]) > 1e-6*want[0] {
				t.Errorf("step %d: %v, want %v", step, values(e.Top), want[:3])
			}
		}
		if math.Abs(e.Bottom[0].Value-want[149]) > 1e-6*want[0] {
			t.Errorf("step %d: bottom %v, want %v", step, e.Bottom[0].Value, want[149])
		}
		if step > 0 {
			warm += e.Products
			cold += must(curvature.Lanczos(curvature.NewDense(a), &s)).Products
		}
	}
	if warm >= cold {
		t.Errorf("%d products warm, %d cold", warm, cold)
	}
	t.Logf("%d products warm, %d cold", warm, cold)
}

// Given exact eigenvectors of what used to be the largest eigenvalues, the new
// largest one, orthogonal to all of them, is still found.
func TestWarmStartSeesACrossing(t *testing.T) {
	n := 100
	spectrum := filled(n, func(i int) float64 { return float64(i) / 200 })
	spectrum[7], spectrum[8] = 2, 3
	diagonal := curvature.NewDense(mat.NewDiagDense(n, spectrum))
	tracker := curvature.NewTracker(&curvature.LanczosSettings{Top: 2})
	if e, err := tracker.Update(diagonal); err != nil || math.Abs(e.Top[0].Value-3) > 1e-9 {
		t.Fatalf("%v, error %v", e, err)
	}
	spectrum[50] = 5
	e, err := tracker.Update(curvature.NewDense(mat.NewDiagDense(n, spectrum)))
	if err != nil || math.Abs(e.Top[0].Value-5) > 1e-9 || math.Abs(e.Top[1].Value-3) > 1e-9 {
		t.Errorf("top %v, error %v", values(e.Top), err)
	}
}

// A tracker that is given its vectors back goes on with the same bits, and one
// that keeps its memory gives the bits of a fresh solve.
func TestTrackerResumes(t *testing.T) {
	at := turned(60)
	s := curvature.LanczosSettings{Top: 2, Basis: 10, Seed: 3, MaxProducts: 2000}
	one := curvature.NewTracker(&s)
	for step := range 3 {
		must(one.Update(curvature.NewDense(at(0.01 * float64(step)))))
	}
	two := curvature.NewTracker(&s)
	two.Resume(one.Vectors())
	op := curvature.NewDense(at(0.03))
	s.Start = one.Vectors()
	want := fmt.Sprintf("%v", must(curvature.Lanczos(op, &s)))
	if a, b := fmt.Sprintf("%v", must(one.Update(op))), fmt.Sprintf("%v", must(two.Update(op))); a != want || b != want {
		t.Error("the bits differ")
	}
}

func TestTrackerErrors(t *testing.T) {
	at := turned(40)
	tracker := curvature.NewTracker(&curvature.LanczosSettings{MaxProducts: 4})
	e, err := tracker.Update(curvature.NewDense(at(0)))
	if e == nil || err == nil || len(tracker.Vectors()) != 1 {
		t.Fatalf("four products: error %v", err)
	}
	kept := &tracker.Vectors()[0][0]
	if _, err := tracker.Update(curvature.NewDense(mat.NewDiagDense(3, nil))); err == nil {
		t.Error("another dimension is let pass")
	}
	if _, err := tracker.Update(curvature.NewAffine(curvature.NewDense(at(0)), math.NaN(), 0)); err == nil || &tracker.Vectors()[0][0] != kept {
		t.Errorf("NaN: error %v", err)
	}
	tracker.Resume([][]float64{{1}})
	if _, err := tracker.Update(curvature.NewDense(at(0))); err == nil {
		t.Error("a short start is let pass")
	}
	if _, err := curvature.NewTracker(nil).Update(curvature.NewDense(at(0))); err != nil {
		t.Error(err)
	}
}
