package exactstep

import (
	"context"
	"errors"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/autodiff"
	"leeway/curvature"
	"leeway/data"
	"leeway/nn"
	"leeway/optim"
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
	got, _, err := curvature.Lipschitz(1, func(int) (curvature.Objective, []float64, error) { return net, net.Start(), nil }, estimate)
	if err != nil || got > want*(1+1e-9) || got < 0.99*want {
		t.Errorf("estimate %v, dense %v, error %v", got, want, err)
	}
}

func TestEndedContext(t *testing.T) {
	p, err := newProblem(50, 10, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.follow(ctx, 0.1, optim.Schedule{}, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of an ended context", err)
	}
	r, err := p.follow(t.Context(), 0.01, optim.Schedule{}, 3)
	if err != nil || len(r.norms) != 3 {
		t.Errorf("%+v, error %v", r, err)
	}
}
