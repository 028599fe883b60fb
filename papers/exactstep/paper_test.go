package exactstep

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/autodiff"
	"leeway/compare"
	"leeway/config"
	"leeway/curvature"
	"leeway/data"
	"leeway/nn"
	"leeway/papers"
)

func TestPaper(t *testing.T) {
	if err := Paper().Check(); err != nil {
		t.Error(err)
	}
}

// Claims that need no network: arithmetic and the theorem.
func TestExactClaims(t *testing.T) {
	for _, id := range []string{"step", "bound"} {
		c, ok := Paper().Claim(id, papers.Quick)
		if !ok {
			t.Fatal(id)
		}
		f, err := c.Measure(t.Context(), &papers.Lab{Scale: papers.Quick})
		if err != nil || c.Expected.Judge(f.Low, f.Value, f.High) != papers.Reproduced {
			t.Errorf("%s: %+v, error %v", id, f, err)
		}
	}
}

// Truth: the eigenvalues of the whole dense Hessian of a small network, by gonum.
func TestEstimateAgainstDense(t *testing.T) {
	set, err := data.Mixture(60, data.Centres(3, 6, 0.5, 1), []float64{1}, 1)
	if err != nil {
		t.Fatal(err)
	}
	net, err := nn.New(nn.Data{X: set.X, Y: set.Y, Shape: []int{6}, Classes: 3}, nn.Settings{Architecture: nn.MLP{Hidden: []int{8, 8}, Activation: nn.ReLU}, DType: autodiff.Float64, Batches: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for batch := range 2 {
		h, err := curvature.NewHessian(net, net.Start(), batch)
		if err != nil {
			t.Fatal(err)
		}
		a, _, err := curvature.Assemble(h)
		if err != nil {
			t.Fatal(err)
		}
		var e mat.EigenSym
		e.Factorize(a, false)
		values := e.Values(nil)
		want = max(want, values[len(values)-1], -values[0])
	}
	got, _, err := curvature.Lipschitz(1, func(int) (curvature.Objective, []float64, error) { return net, net.Start(), nil }, &curvature.PowerSettings{Tolerance: 1e-2, MaxProducts: 5000})
	if err != nil || got > want*(1+1e-9) || got < 0.99*want {
		t.Errorf("estimate %v, dense %v, error %v", got, want, err)
	}
}

// Truth: the identity by hand. Of two batches with gradients g1 and g2 the root of the
// mean of |g|^2 follows from the norm of their mean and the noise scale.
func TestNormOfBatches(t *testing.T) {
	r, err := papers.RunConfig(t.Context(), "objective: {model: {kind: linear}, data: {kind: gaussian, shape: [3], classes: 2, train: 1000}, loss: logistic, batch: {count: 2, order: cyclic}, start: normal}\n"+
		"optimizer: {kind: gd}\nprocesses: [discrete]\nsteps: 1\nmeasure: {every: 1, quantities: [two_norm, noise_scale]}\n")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse([]byte("objective: {model: {kind: linear}, data: {kind: gaussian, shape: [3], classes: 2, train: 1000}, loss: logistic, batch: {count: 2, order: cyclic}, start: normal}\n"), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	sum, g := 0.0, make([]float64, 3)
	for k := range 2 {
		if _, err := p.Objective.Gradient(g, p.Start, k); err != nil {
			t.Fatal(err)
		}
		sum += floats.Dot(g, g) / 2
	}
	s := subject{batches: 2}
	if got, want := s.perBatch(r.Column("discrete/two_norm")[0], r.Column("discrete/noise_scale")[0], 1000), math.Sqrt(sum); math.Abs(got/want-1) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
}

// Every sweep of both scales is a plan with a run for each rival.
func TestPlans(t *testing.T) {
	for _, scale := range papers.Scales() {
		for _, s := range subjects(scale) {
			plan, err := config.ParsePlan([]byte(s.plan(0)), s.id, nil)
			if err != nil {
				t.Fatalf("%s: %v", s.id, err)
			}
			if len(plan.Cells) != len(s.rivals()) {
				t.Errorf("%s: %d runs of %d rivals", s.id, len(plan.Cells), len(s.rivals()))
			}
		}
	}
}

// A run that failed is an error that names it.
func TestFailedRun(t *testing.T) {
	s := subjects(papers.Quick)[0]
	if _, err := s.read(s.rivals()[0], &compare.Cell{Status: "failed", Reason: "no rows"}); err == nil || !strings.Contains(err.Error(), "no rows") {
		t.Errorf("error %v", err)
	}
}
