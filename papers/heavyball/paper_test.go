package heavyball

import (
	"context"
	"math"
	"testing"

	"leeway/papers"
)

// All claims are borne out: their truths are heavy ball's own iterates.
func TestClaims(t *testing.T) {
	if err := Paper().Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range Paper().Claims(papers.Quick) {
		f, err := c.Measure(context.Background(), &papers.Lab{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %g, expected %s", c.ID, f.Value, c.Expected)
		if v := c.Expected.Judge(f.Low, f.Value, f.High); v != papers.Reproduced {
			t.Errorf("%s: %g, expected %s", c.ID, f.Value, c.Expected)
		}
	}
}

// Truth: central differences of the loss, of the gradient, and of g.Hg, whose
// gradient is 2HHg + T[g,g].
func TestDerivatives(t *testing.T) {
	loss := func(v vector) float64 {
		x, y := v[0], v[1]
		return x*x/2 + y*y + 0.3*x*x*y + 0.1*x*x*x*x
	}
	bent := func(v vector) float64 {
		g, hg, _, _ := derivatives(v)
		return g[0]*hg[0] + g[1]*hg[1]
	}
	square := func(v vector) float64 {
		g, _, _, _ := derivatives(v)
		return (g[0]*g[0] + g[1]*g[1]) / 2
	}
	at := vector{0.7, -0.4}
	g, hg, hhg, tgg := derivatives(at)
	for i := range at {
		difference := func(f func(vector) float64) float64 {
			up, down := at, at
			up[i] += 1e-5
			down[i] -= 1e-5
			return (f(up) - f(down)) / 2e-5
		}
		for name, c := range map[string][2]float64{"gradient": {g[i], difference(loss)}, "product": {hg[i], difference(square)}, "third": {2*hhg[i] + tgg[i], difference(bent)}} {
			if math.Abs(c[0]-c[1]) > 1e-8 {
				t.Errorf("%s, component %d: %g, by differences %g", name, i, c[0], c[1])
			}
		}
	}
}
