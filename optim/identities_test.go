package optim_test

import (
	"math"
	"testing"

	"leeway/optim"
)

// samePath checks that two optimizers walk the same path from Rosenbrock's
// start, to tol, and that the path is more than standing still.
func samePath(t *testing.T, name string, a, b optim.Optimizer, tol float64) {
	t.Helper()
	pa, pb := walk(a, 50, -1.2, 1), walk(b, 50, -1.2, 1)
	for n := range pa {
		if e := relative(pa[n], pb[n]); !(e <= tol) {
			t.Errorf("%s: step %d: %v and %v (%.1e apart)", name, n+1, pa[n], pb[n], e)
			return
		}
	}
	if relative(pa[49], []float64{-1.2, 1}) < 1e-3 {
		t.Errorf("%s: the path does not move", name)
	}
}

// Truth: identities between the update rules, on paper. A tolerance of 0 is
// the same bits.
func TestIdentities(t *testing.T) {
	modes := []optim.EpsMode{optim.Inside, optim.Outside, optim.OutsideUncorrected}
	for _, corrected := range []bool{false, true} {
		for _, mode := range modes {
			name := mode.String()
			adam := optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 5, EpsMode: mode, BiasCorrection: corrected}
			nadam := optim.NAdam(adam)
			samePath(t, "AdamW without decay is Adam, "+name, mustNew(t, optim.AdamW(adam), 0.01), mustNew(t, adam, 0.01), 0)
			samePath(t, "NAdamW without decay is NAdam, "+name, mustNew(t, optim.NAdamW(nadam), 0.01), mustNew(t, nadam, 0.01), 0)

			adam.Beta1 = 0
			rmsprop := optim.RMSProp{Beta2: 0.99, Eps: 5, EpsMode: mode, BiasCorrection: corrected}
			samePath(t, "beta1 = 0 is RMSProp, "+name, mustNew(t, adam, 0.01), mustNew(t, rmsprop, 0.01), 0)
			samePath(t, "NAdam with beta1 = 0 is RMSProp, "+name, mustNew(t, optim.NAdam(adam), 0.01), mustNew(t, rmsprop, 0.01), 0)

			adam.Beta2, adam.Eps = 0, 0
			samePath(t, "Adam without memory and eps is sign descent, "+name, mustNew(t, adam, 0.003), mustNew(t, optim.SignGD{}, 0.003), 1e-14)
		}
	}
	off := optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 5, EpsMode: optim.Outside}
	tensorflow := off
	tensorflow.EpsMode = optim.OutsideUncorrected
	samePath(t, "without correction the two outsides are one", mustNew(t, tensorflow, 0.01), mustNew(t, off, 0.01), 0)

	polyak, ema := optim.HeavyBall{Beta: 0.9, Form: optim.PolyakForm}, optim.HeavyBall{Beta: 0.9}
	samePath(t, "Polyak at lr is EMA at lr/(1-beta)", mustNew(t, polyak, 1e-4), mustNew(t, ema, 1e-4/(1-ema.Beta)), 1e-13)
	polyak.BiasCorrection, ema.BiasCorrection = true, true
	samePath(t, "corrected, both forms of momentum are one", mustNew(t, polyak, 1e-4), mustNew(t, ema, 1e-4), 1e-13)
	samePath(t, "heavy ball without memory is gradient descent", mustNew(t, optim.HeavyBall{}, 1e-4), mustNew(t, optim.GD{}, 1e-4), 0)
	samePath(t, "Nesterov without memory is gradient descent", mustNew(t, optim.Nesterov{}, 1e-4), mustNew(t, optim.GD{}, 1e-4), 0)
	samePath(t, "Lion with equal betas is Signum", mustNew(t, optim.Lion{Beta1: 0.9, Beta2: 0.9}, 0.003), mustNew(t, optim.Signum{Beta: 0.9}, 0.003), 0)
	samePath(t, "Lion without memory is sign descent", mustNew(t, optim.Lion{Beta2: 0.9}, 0.003), mustNew(t, optim.SignGD{}, 0.003), 0)
	samePath(t, "Lion-K is Lion as eps goes to 0", mustNew(t, optim.LionK{Beta1: 0.9, Beta2: 0.99, Eps: 1e-20}, 0.003), mustNew(t, optim.Lion{Beta1: 0.9, Beta2: 0.99}, 0.003), 1e-12)
}

// L2 is the optimizer without it on gradients to which lambda theta was added
// beforehand, for every kind; decoupled decay is a step -h lambda theta of its
// own, added to a step of the optimizer without it.
func TestRegularization(t *testing.T) {
	const lambda, lr = 3.0, 1e-3
	for _, kind := range optim.Kinds() {
		plain := withRegularization(t, kind, optim.Regularization{})
		coupled := withRegularization(t, kind, optim.Regularization{L2: lambda})
		decoupled := withRegularization(t, kind, optim.Regularization{WeightDecay: lambda})
		l2, byHandL2 := newWalker(coupled, lr), newWalker(plain, lr)
		wd, byHandWD := newWalker(decoupled, lr), newWalker(plain, lr)
		for range 30 {
			l2.step(0, 0)
			wd.step(0, 0)
			byHandL2.step(lambda, 0)
			byHandWD.step(0, lambda)
		}
		if e := relative(l2.theta, byHandL2.theta); !(e < 1e-13) {
			t.Errorf("%s with L2: %v, by hand %v", kind, l2.theta, byHandL2.theta)
		}
		if e := relative(wd.theta, byHandWD.theta); !(e < 1e-13) {
			t.Errorf("%s with weight decay: %v, by hand %v", kind, wd.theta, byHandWD.theta)
		}
		if relative(wd.theta, l2.theta) < 1e-6 && kind != "gd" && kind != "heavy-ball" && kind != "nesterov" {
			t.Errorf("%s: the two regularizations do the same", kind)
		}
	}
}

// withRegularization is the rule of a kind's default with r in place of its own.
func withRegularization(t *testing.T, kind string, r optim.Regularization) *optim.Rule {
	t.Helper()
	def, err := optim.Default(kind)
	if err != nil {
		t.Fatal(err)
	}
	setRegularization(def, r)
	rule, err := def.Rule()
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// walker is an optimizer on its way down Rosenbrock's function.
type walker struct {
	theta, gradient []float64
	state           *optim.State
	lr              float64
}

func newWalker(rule *optim.Rule, lr float64) *walker {
	return &walker{[]float64{-1.2, 1}, make([]float64, 2), optim.NewState(optim.Optimizer{Rule: rule, LR: lr}, 2), lr}
}

// step takes a step with l2*theta added to the gradient and -lr*decay*theta to
// the step.
func (w *walker) step(l2, decay float64) {
	rosenbrock(w.gradient, w.theta)
	before := [2]float64{w.theta[0], w.theta[1]}
	for j, x := range before {
		w.gradient[j] += l2 * x
	}
	w.state.Step(w.theta, w.gradient)
	for j, x := range before {
		w.theta[j] -= w.lr * decay * x
	}
}

// With eps = 0 and a gradient that underflows when squared, the step is not
// infinite.
func TestTinyGradientWithoutEps(t *testing.T) {
	state := optim.NewState(mustNew(t, optim.Adam{Beta1: 0.9, Beta2: 0.99, BiasCorrection: true}, 0.1), 1)
	theta := []float64{1}
	state.Step(theta, []float64{1e-300})
	if math.Abs(theta[0]-1) > 0.2 {
		t.Errorf("theta is %v after a step of 0.1", theta[0])
	}
}
