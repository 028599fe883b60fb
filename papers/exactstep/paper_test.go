package exactstep

import (
	"context"
	"errors"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
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

// Truth: the eigenvalues of the dense Hessian, by gonum, of a small network.
func TestEstimateAgainstDense(t *testing.T) {
	p, err := newProblem(60, 10, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	// The first 200 coordinates are enough for a dense matrix.
	h, err := curvature.NewHessian(p.net, p.net.Start())
	if err != nil {
		t.Fatal(err)
	}
	const n = 200
	x, y := make([]float64, h.Dim()), make([]float64, h.Dim())
	part := curvature.Func(n, func(dst, v []float64) error {
		copy(x, v)
		if err := h.Apply(y, x); err != nil {
			return err
		}
		copy(dst, y[:n])
		return nil
	})
	a, _, err := curvature.Assemble(part)
	if err != nil {
		t.Fatal(err)
	}
	var e mat.EigenSym
	e.Factorize(a, false)
	values := e.Values(nil)
	want := max(values[n-1], -values[0])
	got, _, err := curvature.PowerIteration(part, &curvature.PowerSettings{Tolerance: 1e-2, MaxProducts: 5000})
	if err != nil || abs(abs(got.Value)/want-1) > 0.01 {
		t.Errorf("power iteration %v, dense %v, error %v", got.Value, want, err)
	}
}

func abs(x float64) float64 { return max(x, -x) }

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
