package curvature

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func random(n int) *Dense {
	rng, a := rand.New(rand.NewPCG(1, 1)), mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			a.SetSym(i, j, rng.NormFloat64())
		}
	}
	return NewDense(a)
}

// However many products are spent, no more vectors are kept than were asked for.
func TestBasisIsBounded(t *testing.T) {
	s, err := (&LanczosSettings{Top: 2, Basis: 8, Block: 2, MaxProducts: 3000}).resolved(200)
	if err != nil {
		t.Fatal(err)
	}
	l := newSearch(200, s)
	e, err := l.run(random(200))
	if err != nil || e.Restarts < 5 {
		t.Fatalf("%d restarts, error %v", e.Restarts, err)
	}
	kept := 0
	for _, v := range l.k.v {
		if v != nil {
			kept++
		}
	}
	if kept > 8+2 {
		t.Errorf("%d vectors in memory", kept)
	}
}

// A Lanczos step in a basis that has been used before allocates nothing, and
// neither do the operators.
func TestStepsDoNotAllocate(t *testing.T) {
	h := NewAffine(random(60), 2, 1)
	ones := make([]float64, 60)
	for i := range ones {
		ones[i] = 1
	}
	op, err := NewPreconditioned(h, ones)
	if err != nil {
		t.Fatal(err)
	}
	k := newKrylov(60, 20, 1)
	if n := testing.AllocsPerRun(5, func() {
		k.reset()
		copy(k.work, ones)
		k.start(k.work)
		for range 20 {
			if err := k.expand(op, "", 1); err != nil {
				t.Fatal(err)
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The relation A V_m = V_q T and the orthonormality of V hold through restarts,
// breakdowns and several pending vectors. The truth is multiplication.
func TestKrylovRelation(t *testing.T) {
	const n = 40
	op := random(n)
	for i := range n { // a null space of 30, so that the basis breaks down
		for j := range n {
			if i >= 10 || j >= 10 {
				op.rows[i*n+j] = 0
			}
		}
	}
	rng := rand.New(rand.NewPCG(2, 2))
	k := newKrylov(n, 16, 3)
	for range 3 {
		k.inject(rng)
	}
	w := make([]float64, n)
	breakdowns := 0
	for round := range 6 {
		for k.m < k.limit {
			if k.ended() {
				breakdowns++
				k.inject(rng)
			}
			if err := k.expand(op, "", 1); err != nil {
				t.Fatal(err)
			}
		}
		for j := range k.m {
			if err := op.Apply(w, k.v[j]); err != nil {
				t.Fatal(err)
			}
			for i, v := range k.v[:k.q] {
				floats.AddScaled(w, -k.row(i)[j], v)
			}
			if r := floats.Norm(w, 2); r > 1e-12 {
				t.Errorf("round %d: column %d is off by %g", round, j, r)
			}
		}
		for i := range k.q {
			for j := range i + 1 {
				want := 0.0
				if i == j {
					want = 1
				}
				if d := floats.Dot(k.v[i], k.v[j]); math.Abs(d-want) > 1e-13 {
					t.Errorf("round %d: v_%d . v_%d = %g", round, i, j, d)
				}
			}
		}
		r, err := k.rayleighRitz()
		if err != nil {
			t.Fatal(err)
		}
		k.restart(r, []int{15, 14, 13, 0, 1})
	}
	if breakdowns == 0 {
		t.Error("the basis never broke down")
	}
}

// Each rule integrates polynomials of degree up to 2 m - 1 exactly: the truth is
// z . A^p z by multiplication, with the very z.
func TestQuadratureIsExact(t *testing.T) {
	const n, steps = 30, 4
	op := random(n)
	d, err := SpectralDensity(op, &DensitySettings{Probes: 3, Steps: steps, Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(9, stream))
	z, w, next := make([]float64, n), make([]float64, n), make([]float64, n)
	for _, q := range d.Rules {
		signs(rng, z)
		copy(w, z)
		for p := range 2*steps + 1 {
			want, got := floats.Dot(z, w)/n, 0.0
			for i, x := range q.Nodes {
				got += q.Weights[i] * math.Pow(x, float64(p))
			}
			size := math.Pow(max(math.Abs(q.Nodes[0]), math.Abs(q.Nodes[steps-1])), float64(p))
			if exact := math.Abs(got-want) < 1e-13*size; exact != (p < 2*steps) {
				t.Errorf("degree %d: %g, want %g", p, got, want)
			}
			if err := op.Apply(next, w); err != nil {
				t.Fatal(err)
			}
			w, next = next, w
		}
	}
}
