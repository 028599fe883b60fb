package noise

import (
	"context"
	"math"
	"testing"

	"leeway/config"
	"leeway/papers"
)

func TestPaper(t *testing.T) {
	if err := Paper().Check(); err != nil {
		t.Error(err)
	}
	for _, scale := range papers.Scales() {
		for name, text := range plans(scale) {
			if _, err := config.ParsePlan([]byte(text), name, nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Truth: without noise the correction is (tau_1 - tau_2) (H sign g)_j / |g_j|.
func TestCalmChain(t *testing.T) {
	m := newModel()
	c := &chain{m: m, b: 0.8, r: 0.9}
	c.settle()
	var none [q]float64
	corr := c.step(&none, 0)
	for j := range p {
		hs := 0.0
		for i := range p {
			hs += m.h[j][i] * math.Copysign(1, m.g[i])
		}
		want := (0.8/0.2 - 0.9/0.1) * hs / math.Abs(m.g[j])
		if math.Abs(corr[j]-want) > 1e-9*math.Abs(want) {
			t.Errorf("component %d: %g, want %g", j, corr[j], want)
		}
	}
}

// The claims on formulas and on the simulation hold; the one on the simulation
// does not at a noise whose fourth order can be seen.
func TestCheapClaims(t *testing.T) {
	for _, id := range []string{"turn", "turn-beta1", "coefficients-0.025", "coefficients-0.05"} {
		c, _ := Paper().Claim(id, papers.Quick)
		f, err := c.Measure(context.Background(), &papers.Lab{})
		if err != nil {
			t.Fatal(err)
		}
		if v := c.Expected.Judge(f.Low, f.Value, f.High); v != papers.Reproduced {
			t.Errorf("%s: %g, expected %s; %v", id, f.Value, c.Expected, f.Table)
		}
	}
	f, err := simulated(context.Background(), &papers.Lab{}, 0.1)
	if err != nil || f.Value <= 3 {
		t.Errorf("at noise 0.1 the simulation is %g standard errors off, %v: too short to tell anything apart", f.Value, err)
	}
}
