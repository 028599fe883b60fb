package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// gradientOf differentiates a function of theta by central differences of fourth
// order.
func gradientOf(f func(theta []float64) float64, at []float64) []float64 {
	const d = 1e-3
	theta, g := append([]float64(nil), at...), make([]float64, len(at))
	for j := range at {
		value := func(s float64) float64 {
			theta[j] = at[j] + s
			return f(theta)
		}
		g[j] = (8*(value(d)-value(-d)) - (value(2*d) - value(-2*d))) / (12 * d)
		theta[j] = at[j]
	}
	return g
}

// modifiedAt is the modified loss of an optimizer on the full loss, as a function
// of theta.
func modifiedAt(t testing.TB, m bea.ModifiedLoss, f full, h float64) func(theta []float64) float64 {
	return func(theta []float64) float64 {
		g := make([]float64, len(theta))
		loss := must[float64](t)(f.Gradient(g, theta, 0))
		return m.Value(loss, g, theta, h)
	}
}

// asymptotic is the velocity of the corrected flow at start.
func asymptotic(t testing.TB, f objective.TwiceDifferentiable, opt optim.Optimizer, theta []float64) []float64 {
	t.Helper()
	flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, f, &bea.Settings{Asymptotic: true}))
	v := make([]float64, len(theta))
	if err := flow.Derivative(v, 0, theta); err != nil {
		t.Fatal(err)
	}
	return v
}

// Truth: the velocity of the corrected flow, and central differences of the
// modified loss. Without decoupled decay the two are one; with it they differ by
// O(h^2).
func TestModifiedLossMovesTheFlow(t *testing.T) {
	f := newFull(t)
	one := func(int) float64 { return 1 }
	polyak := func(int) float64 { return 1 / (1 - 0.7) }
	signs := func(j int) float64 { return 1 / math.Abs(f.g[j]) }
	const tiny = 1e-14
	for name, c := range map[string]struct {
		def           optim.Definition
		metric        func(j int) float64
		decay         float64
		formula, want string
	}{
		"gd":          {def: optim.GD{}, metric: one, formula: "E + 0.25 h |g|_2^2"},
		"ema":         {def: optim.HeavyBall{Beta: 0.7}, metric: one, formula: "E + 1.41667 h |g|_2^2"},
		"polyak":      {def: optim.HeavyBall{Beta: 0.7, Form: optim.PolyakForm}, metric: polyak, formula: "E + 4.72222 h |g|_2^2"},
		"nesterov":    {def: optim.Nesterov{Beta: 0.7}, metric: polyak, formula: "E + 3.55556 h |g|_2^2"},
		"adam":        {def: optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: tiny, BiasCorrection: true}, metric: signs, formula: "E - 8 h |g|_1"},
		"reversed":    {def: optim.Adam{Beta1: 0.9, Beta2: 0.5, BiasCorrection: true}, metric: signs, formula: "E + 8 h |g|_1"},
		"neutral":     {def: optim.Adam{Beta1: 0.9, Beta2: 0.9, Eps: tiny}, metric: signs, formula: "E"},
		"outside":     {def: optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: tiny, EpsMode: optim.Outside}, metric: signs, formula: "E - 8 h |g|_1"},
		"rmsprop":     {def: optim.RMSProp{Beta2: 0.9, Eps: tiny}, metric: signs, formula: "E - 9 h |g|_1"},
		"nadam":       {def: optim.NAdam{Beta1: 0.5, Beta2: 0.9, Eps: tiny, BiasCorrection: true}, metric: signs, formula: "E - 8.5 h |g|_1"},
		"lion-k":      {def: optim.LionK{Beta1: 0.9, Beta2: 0.99, Eps: tiny, BiasCorrection: true}, metric: signs, formula: "E"},
		"signum":      {def: optim.Signum{Beta: 0.9}, metric: signs, formula: "E"},
		"ridge":       {def: optim.GD{Regularization: optim.Regularization{L2: 0.3}}, metric: one, formula: "E + 0.25 h |g|_2^2, E and g with 0.15 |theta|_2^2 added to the loss"},
		"decayed gd":  {def: optim.GD{Regularization: optim.Regularization{WeightDecay: 0.3}}, metric: one, decay: 0.3, formula: "E + 0.25 h |g|_2^2 + 0.15 h (g.theta - E)"},
		"decayed hb":  {def: optim.HeavyBall{Beta: 0.7, Form: optim.PolyakForm, Regularization: optim.Regularization{WeightDecay: 0.3}}, metric: polyak, decay: 0.3, formula: "E + 4.72222 h |g|_2^2 + 0.85 h (g.theta - E)"},
		"adamw":       {def: optim.AdamW{Beta1: 0.5, Beta2: 0.9, Eps: tiny, Regularization: optim.Regularization{WeightDecay: 0.3}}, metric: signs, decay: 0.3, formula: "E - 8 h |g|_1 - 2.4 h (g.theta - E)"},
		"adamw + all": {def: optim.AdamW{Beta1: 0.9, Beta2: 0.5, Eps: tiny, Regularization: optim.Regularization{WeightDecay: 0.3, L2: 0.2}}, metric: nil, decay: 0.3, formula: "E + 8 h |g|_1 + 2.4 h (g.theta - E), E and g with 0.1 |theta|_2^2 added to the loss"},
	} {
		m, ok := bea.ModifiedLossOf(rule(t, c.def))
		if !ok || m.Formula != c.formula || m.Note == "" || m.Metric == "" {
			t.Errorf("%s: %+v, %v; want %s", name, m, ok, c.formula)
			continue
		}
		metric := c.metric
		if metric == nil { // the sign metric sees the coupled decay
			metric = func(j int) float64 { return 1 / math.Abs(f.g[j]+0.2*start[j]) }
		}
		var off []float64
		for k := range 4 {
			h := 0.01 / float64(int(1)<<k)
			gradient := gradientOf(modifiedAt(t, m, f, h), start)
			want := each(func(j int) float64 {
				return -(1 + h*c.decay/2) * (metric(j)*gradient[j] + c.decay*start[j])
			})
			off = append(off, relative(asymptotic(t, f, constant(t, c.def, h), start), want))
		}
		if c.decay == 0 {
			if off[0] > 1e-9 {
				t.Errorf("%s: off by %.2g", name, off)
			}
		} else if order := slope(off); order < 1.9 || order > 2.1 {
			t.Errorf("%s: off by %.2g, order %.2f, want 2", name, off, order)
		}
	}
}

// Truth: the modified loss of the memory part of AdamW as arXiv 2502.02132 prints
// it, [1 + decay (tau2-tau1) h] E - h (tau2-tau1) (|g|_1 + decay g.theta).
func TestModifiedLossOfAdamW(t *testing.T) {
	const h, decay, tau1, tau2 = 0.01, 0.3, 1, 9
	f := newFull(t)
	m, _ := bea.ModifiedLossOf(rule(t, optim.AdamW{Beta1: 0.5, Beta2: 0.9, Eps: 1e-14, Regularization: optim.Regularization{WeightDecay: decay}}))
	loss, along := must[float64](t)(f.Gradient(make([]float64, 4), start, 0)), 0.0
	for j, g := range f.g {
		along += g * start[j]
	}
	want := (1+decay*(tau2-tau1)*h)*loss - h*(tau2-tau1)*(bea.OneNorm(f.g)+decay*along)
	if got := m.Value(loss, f.g, start, h); !near(got, want, 1e-12) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Where eps is large Adam is heavy ball at learning rate h/sqrt(eps) on its
// modified loss; the two fields differ by O(g^2/eps). Truth: the flow of heavy
// ball, and central differences of the value.
func TestLargeEpsIsHeavyBall(t *testing.T) {
	const h, beta, rho = 0.1, 0.7, 0.9
	f := newFull(t)
	for _, mode := range []optim.EpsMode{optim.Inside, optim.Outside} {
		var ball, value []float64
		for k := range 4 {
			root := 100 * math.Pow(2, float64(k))
			eps, power := root*root, 2.0
			if mode == optim.Outside {
				eps, power = root, 1
			}
			opt := constant(t, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, EpsMode: mode, BiasCorrection: true}, h*root)
			adam := asymptotic(t, f, opt, start)
			heavy := asymptotic(t, f, constant(t, optim.HeavyBall{Beta: beta}, h), start)
			m, ok := bea.ModifiedLossAtLargeEps(opt.Rule)
			if !ok {
				t.Fatal("no modified loss at large eps")
			}
			gradient := gradientOf(modifiedAt(t, m, f, h*root), start)
			for j := range adam {
				adam[j] *= root // h/sqrt(eps) against time n h
				gradient[j] *= -1
			}
			ball, value = append(ball, relative(adam, heavy)/power), append(value, relative(adam, gradient)/power)
		}
		// Per doubling of the root: 2 orders inside, 1 outside.
		want := map[optim.EpsMode]float64{optim.Inside: 2, optim.Outside: 1}[mode]
		for what, errors := range map[string][]float64{"heavy ball": ball, "modified loss": value} {
			if order := slope(errors); math.Abs(order-want) > 0.1 {
				t.Errorf("eps %v: %s is off by %.2g, order %.2f in 1/sqrt(eps), want %g", mode, what, errors, order, want)
			}
		}
	}
}

// Rules without a modified loss say so.
func TestNoModifiedLoss(t *testing.T) {
	unknown := rule(t, invention{[3]float64{0.5, 0.5, 0.5}, [3]bool{}})
	if m, ok := bea.ModifiedLossOf(unknown); ok {
		t.Errorf("a rule that is no preconditioned average has %+v", m)
	}
	for name, r := range map[string]*optim.Rule{
		"unknown": unknown, "gd": rule(t, optim.GD{}), "eps = 0": rule(t, optim.Adam{Beta1: 0.9, Beta2: 0.9}),
		"other power": {Averages: []optim.Average{optim.EMA("m", optim.Identity, 0.9, true)}, Readout: cubeRoot{}, Eps: 1},
	} {
		if m, ok := bea.ModifiedLossAtLargeEps(r); ok {
			t.Errorf("%s has %+v at large eps", name, m)
		}
	}
	if m, ok := bea.ModifiedLossOf(&optim.Rule{Averages: []optim.Average{optim.EMA("m", optim.Identity, 0.9, true)}, Readout: cubeRoot{}}); ok {
		t.Errorf("a rule in the metric |g|^(-2/3) has %+v", m)
	}
}

// cubeRoot is F = s |s|^(-2/3), neither linear nor a sign.
type cubeRoot struct{}

func (cubeRoot) Direction(dst []float64, s [][]float64, _, _ []float64) {
	for j, x := range s[0] {
		dst[j] = math.Cbrt(x)
	}
}

func (cubeRoot) Partials(ds [][]float64, dtheta []float64, s [][]float64, _, _ []float64) {
	for j, x := range s[0] {
		ds[0][j], dtheta[j] = math.Pow(math.Abs(x), -2.0/3)/3, 0
	}
}

func (cubeRoot) Scale(dst []float64, s [][]float64, _ []float64) {
	for j, x := range s[0] {
		dst[j] = math.Pow(math.Abs(x), -2.0/3)
	}
}
