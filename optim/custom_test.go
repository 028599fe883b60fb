package optim_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"leeway/expression"
	"leeway/optim"
)

// average is an accumulator as the built-in rules have them.
func average(name, of string, decay float64, corrected bool) optim.Accumulator {
	return optim.Accumulator{Name: name, Of: of, Decay: decay, BiasCorrection: corrected}
}

func eps(x float64) optim.Constants { return optim.Constants{{Name: "eps", Value: x}} }

// twins are built-in rules and the same rules as formulas. apart is the largest
// difference after a walk that is allowed, relative to theta, in units of 2^-52: 0
// where the formula does the operations of the built-in rule in their order.
func twins() []struct {
	name    string
	builtin optim.Definition
	custom  optim.Custom
	apart   float64
} {
	beta := 0.9 // and not a constant: 1 - 0.9 is another number in exact arithmetic
	adam := func(direction string, corrected bool) optim.Custom {
		return optim.Custom{
			Accumulators: optim.Accumulators{average("m", "g", 0.9, corrected), average("v", "g^2", 0.99, corrected)},
			Direction:    direction, Constants: eps(1e-6),
		}
	}
	decayed := adam("m / sqrt(v + eps)", true)
	decayed.WeightDecay = 0.01
	written := adam("m / sqrt(v + eps) + 0.01 * theta", true)
	l2 := adam("m / (sqrt(v) + eps)", true)
	l2.L2 = 0.02
	lion := optim.Custom{
		Accumulators: optim.Accumulators{{Name: "u", Of: "g", Decay: 0.99, Old: 0.9, Direct: 1 - beta, BiasCorrection: true}},
		Direction:    "u / sqrt(u^2 + eps)", Constants: eps(1e-4),
	}
	heavy := func(gain float64) optim.Custom {
		return optim.Custom{Accumulators: optim.Accumulators{{Name: "m", Of: "g", Decay: 0.9, Gain: gain}}, Direction: "m"}
	}
	nadam := adam("m / sqrt(v + eps)", true)
	nadam.Accumulators[0].New, nadam.Accumulators[0].Direct = beta, 1-beta
	tensorflow := adam("m * sqrt(1 - b2^(n + 1)) / (1 - b1^(n + 1)) / (sqrt(v) + eps)", false)
	tensorflow.Constants = append(tensorflow.Constants, optim.Constant{Name: "b1", Value: 0.9}, optim.Constant{Name: "b2", Value: 0.99})
	return []struct {
		name    string
		builtin optim.Definition
		custom  optim.Custom
		apart   float64
	}{
		{"gd", optim.GD{}, optim.Custom{Direction: "g"}, 0},
		{"heavy ball", optim.HeavyBall{Beta: 0.9}, heavy(0), 0},
		{"Polyak", optim.HeavyBall{Beta: 0.9, Form: optim.PolyakForm}, heavy(1), 0},
		{"Nesterov", optim.Nesterov{Beta: 0.9}, optim.Custom{Accumulators: optim.Accumulators{{Name: "m", Of: "g", Decay: 0.9, Gain: 1, New: 0.9, Direct: 1}}, Direction: "m"}, 0},
		{"signum", optim.Signum{Beta: 0.9}, optim.Custom{Accumulators: optim.Accumulators{average("m", "g", 0.9, false)}, Direction: "sign(m)"}, 0},
		{"Adam", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true}, adam("m / sqrt(v + eps)", true), 0},
		{"Adam, eps outside", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, EpsMode: optim.Outside, BiasCorrection: true}, adam("m / (sqrt(v) + eps)", true), 0},
		{"Adam without bias correction", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6}, adam("m / sqrt(v + eps)", false), 0},
		{"Adam with L2", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, EpsMode: optim.Outside, BiasCorrection: true, Regularization: optim.Regularization{L2: 0.02}}, l2, 0},
		{"AdamW", optim.AdamW{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true, Regularization: optim.Regularization{WeightDecay: 0.01}}, decayed, 0},
		{"AdamW, decay in the formula", optim.AdamW{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true, Regularization: optim.Regularization{WeightDecay: 0.01}}, written, 0},
		{"NAdam", optim.NAdam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true}, nadam, 0},
		{"RMSProp", optim.RMSProp{Beta2: 0.99, Eps: 1e-6}, optim.Custom{Accumulators: optim.Accumulators{average("v", "g*g", 0.99, false)}, Direction: "g / sqrt(v + eps)", Constants: eps(1e-6)}, 0},
		{"Lion-K", optim.LionK{Beta1: 0.9, Beta2: 0.99, Eps: 1e-4, BiasCorrection: true}, lion, 0},
		{"Adam in another order", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true}, adam("m * (eps + v)^-0.5", true), 100},
		{"Adam with eps before the correction", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, EpsMode: optim.OutsideUncorrected, BiasCorrection: true}, tensorflow, 100},
		{"Adam with an average of |g|^2", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true}, optim.Custom{Accumulators: optim.Accumulators{average("m", "g", 0.9, true), average("v", "abs(g)^2", 0.99, true)}, Direction: "m / sqrt(v + eps)", Constants: eps(1e-6)}, 0},
	}
}

// Truth: the built-in rules, whose steps are held against published ones elsewhere.
// Both take the same 200 gradients, which depend on theta, in 3 and in 1,000
// coordinates: short ranges take loops, long ones vector functions.
func TestCustomIsBuiltin(t *testing.T) {
	for _, c := range twins() {
		for _, dim := range []int{3, 1000} {
			rng := rand.New(rand.NewPCG(1, 2))
			start, noise := make([]float64, dim), make([]float64, dim)
			for j := range start {
				start[j] = rng.NormFloat64()
			}
			a, b := append([]float64(nil), start...), append([]float64(nil), start...)
			ga, gb := make([]float64, dim), make([]float64, dim)
			left, right := optim.NewState(mustNew(t, c.builtin, 1e-2), dim), optim.NewState(mustNew(t, c.custom, 1e-2), dim)
			worst := 0.0
			for range 200 {
				for j := range noise {
					noise[j] = 0.1 * rng.NormFloat64()
				}
				for j := range ga {
					ga[j] = math.Sin(a[j]) + a[j] + noise[j]
					gb[j] = math.Sin(b[j]) + b[j] + noise[j]
				}
				left.Step(a, ga)
				right.Step(b, gb)
				worst = max(worst, relative(b, a)*(1<<52))
			}
			if dim > 3 {
				t.Logf("%s: %.3g units of 2^-52 apart", c.name, worst)
			}
			if !(worst <= c.apart) {
				t.Errorf("%s, %d coordinates: %.3g units of 2^-52 apart after 200 steps, want at most %v", c.name, dim, worst, c.apart)
			}
		}
	}
}

// The negative half: a formula that differs in its sixth digit is seen.
func TestCustomIsNotAnother(t *testing.T) {
	for _, c := range twins() {
		changed := c.custom
		changed.Direction = "1.000001 * (" + changed.Direction + ")"
		if strings.HasPrefix(c.custom.Direction, "sign") {
			continue
		}
		a, b := walk(mustNew(t, c.builtin, 1e-3), 50, 0.5, 0.7), walk(mustNew(t, changed, 1e-3), 50, 0.5, 0.7)
		if e := relative(b[49], a[49]); e < 1e-9 {
			t.Errorf("%s: a millionth goes unseen (%.1e)", c.name, e)
		}
	}
}

// What a rule says of itself is read off its formula: eps and where it stands, the
// decay, whether it is linear, whether it divides by a second moment.
func TestCustomKnowsItself(t *testing.T) {
	for _, c := range twins() {
		want, err := c.builtin.Rule()
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.custom.Rule()
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != "custom" || got.Formula != c.custom.Direction {
			t.Errorf("%s: name %q, formula %q", c.name, got.Name, got.Formula)
		}
		if want.EpsMode == optim.OutsideUncorrected {
			if !got.Clocked() || got.Steady() || got.SecondMoment() {
				t.Errorf("%s: the number of the step is not seen", c.name)
			}
			continue
		}
		plain := strings.Contains(c.name, "|g|") // its second average is not known to be of squares
		if got.Eps != want.Eps || got.EpsMode != want.EpsMode || got.WeightDecay != want.WeightDecay || got.L2 != want.L2 ||
			got.Linear() != want.Linear() || got.SecondMoment() != (want.SecondMoment() && !plain) || got.Nonsmooth != want.Nonsmooth || got.Steady() != want.Steady() {
			t.Errorf("%s: eps %v %v, decay %v, l2 %v, linear %v, second moment %v, nonsmooth %v, steady %v; built in %v %v, %v, %v, %v, %v, %v, %v", c.name,
				got.Eps, got.EpsMode, got.WeightDecay, got.L2, got.Linear(), got.SecondMoment(), got.Nonsmooth, got.Steady(),
				want.Eps, want.EpsMode, want.WeightDecay, want.L2, want.Linear(), want.SecondMoment(), want.Nonsmooth, want.Steady())
		}
		if got.Averages[0].Of != optim.Identity && got.SecondMoment() {
			t.Errorf("%s: the first average is not one of the gradient", c.name)
		}
	}
	for direction, want := range map[string]float64{"tanh(m)": 0, "m / (v + eps)^0.3": 0, "2*m/sqrt(4*v + 3)": 0.75, "m": 0} {
		o := optim.Custom{Accumulators: optim.Accumulators{average("m", "g", 0.9, true)}, Direction: direction}
		if strings.Contains(direction, "v") {
			o.Accumulators = append(o.Accumulators, average("v", "g^2", 0.9, true))
		}
		if strings.Contains(direction, "eps") {
			o.Constants = eps(1e-3)
		}
		rule, err := o.Rule()
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(rule.Eps-want) > 1e-12 {
			t.Errorf("%s: eps %v, want %v", direction, rule.Eps, want)
		}
	}
}

// arguments are s, theta and totals of a rule in n coordinates.
func arguments(rng *rand.Rand, rule *optim.Rule, n int) (s [][]float64, theta, total []float64) {
	for range rule.Averages {
		s = append(s, make([]float64, n))
		for j := range n {
			s[len(s)-1][j] = 0.1 + rng.Float64()
		}
	}
	theta, total = make([]float64, n), rule.NewTotals()
	for j := range theta {
		theta[j] = rng.NormFloat64()
	}
	rule.SetTotals(total, 7, 0.01)
	return s, theta, total
}

// Truth: differences of the direction, central ones of step 1e-6 with an error far
// below 1e-6.
func TestCustomPartials(t *testing.T) {
	for _, direction := range []string{"m / sqrt(v + eps)", "tanh(m*theta)*v^0.3 + g*n*h", "max(m, v)*exp(-theta^2) + g", "min(abs(m), 0.3)*v/(1 + g^2)"} {
		o := optim.Custom{
			Accumulators: optim.Accumulators{average("m", "g", 0.9, true), average("v", "g^2", 0.99, true)},
			Direction:    direction, Constants: eps(1e-2), Regularization: optim.Regularization{WeightDecay: 0.25},
		}
		rule, err := o.Rule()
		if err != nil {
			t.Fatal(err)
		}
		const n = 600
		rng := rand.New(rand.NewPCG(3, 4))
		s, theta, total := arguments(rng, rule, n)
		ds, _, _ := arguments(rng, rule, n)
		dtheta, up, down := make([]float64, n), make([]float64, n), make([]float64, n)
		rule.Readout.Partials(ds, dtheta, s, theta, total)
		for i, x := range append(append([][]float64(nil), s...), theta) {
			got := dtheta
			if i < len(ds) {
				got = ds[i]
			}
			const step = 1e-6
			for j := range x {
				x[j] += step
			}
			rule.Readout.Direction(up, s, theta, total)
			for j := range x {
				x[j] -= 2 * step
			}
			rule.Readout.Direction(down, s, theta, total)
			for j := range x {
				x[j] += step
				if want := (up[j] - down[j]) / (2 * step); math.Abs(got[j]-want) > 1e-6*(1+math.Abs(want)) {
					t.Fatalf("%s: derivative %d at %d is %v, by differences %v", direction, i, j, got[j], want)
				}
			}
		}
	}
}

// Truth: differences of q. abs has a kink at 0, where its derivative is 0, and the
// derivative of a root at 0 counts as 0.
func TestCustomFunctions(t *testing.T) {
	rule, err := optim.Custom{
		Accumulators: optim.Accumulators{average("a", "tanh(3*g)", 0.5, true), average("b", "sqrt(abs(g))", 0.5, true)}, Direction: "a*b",
	}.Rule()
	if err != nil {
		t.Fatal(err)
	}
	g := []float64{-2, -0.3, 0.4, 1.7, 0}
	want := map[string]func(float64) float64{
		"tanh(3*g)":    func(x float64) float64 { return math.Tanh(3 * x) },
		"sqrt(abs(g))": func(x float64) float64 { return math.Sqrt(math.Abs(x)) },
	}
	for _, a := range rule.Averages {
		q := want[fmt.Sprint(a.Of)]
		if q == nil {
			t.Fatalf("an average of %v", a.Of)
		}
		value, slope := append([]float64(nil), g...), append([]float64(nil), g...)
		a.Of.Apply(value, value) // in place, as in a step
		a.Of.Derivative(slope, slope)
		for j, x := range g {
			const step = 1e-6
			d := (q(x+step) - q(x-step)) / (2 * step)
			if x == 0 && fmt.Sprint(a.Of) != "tanh(3*g)" {
				d = 0
			}
			if !near(value[j], q(x), 1e-14) || !near(slope[j], d, 1e-7) {
				t.Errorf("%v at %v: %v and %v, want %v and %v", a.Of, x, value[j], slope[j], q(x), d)
			}
		}
	}
}

// Where there never was a gradient nothing moves and nothing is NaN, with eps = 0 as
// with eps outside the root; what is NaN otherwise is not hidden.
func TestCustomWithoutGradient(t *testing.T) {
	for _, direction := range []string{"m / sqrt(v)", "m / (sqrt(v) + 1e-8)"} {
		o := optim.Custom{Accumulators: optim.Accumulators{average("m", "g", 0.9, true), average("v", "g^2", 0.99, true)}, Direction: direction, Regularization: optim.Regularization{WeightDecay: 0.5}}
		opt := mustNew(t, o, 0.1)
		theta := []float64{1, 1}
		optim.NewState(opt, 2).Step(theta, []float64{0, 1})
		if theta[0] != 1-0.1*0.5 || math.Abs(theta[1]-(1-0.1*1.5)) > 1e-8 {
			t.Errorf("%s: theta is %v", direction, theta)
		}
		s := [][]float64{{0}, {0}}
		ds, dtheta, p := [][]float64{{7}, {7}}, []float64{7}, []float64{7}
		opt.Rule.Readout.Partials(ds, dtheta, s, theta[:1], opt.Rule.NewTotals())
		if ds[1][0] != 0 || dtheta[0] != 0.5 || math.IsInf(ds[0][0], 0) {
			t.Errorf("%s: derivatives %v, %v", direction, ds, dtheta)
		}
		opt.Rule.Readout.(optim.Preconditioned).Scale(p, s, nil)
		if math.IsInf(p[0], 0) || math.IsNaN(p[0]) {
			t.Errorf("%s: P is %v", direction, p)
		}
		optim.NewState(opt, 2).Step(theta, []float64{math.NaN(), 1})
		if !math.IsNaN(theta[0]) {
			t.Errorf("%s: a gradient that is NaN is hidden", direction)
		}
	}
}

func TestCustomSteps(t *testing.T) {
	// Truth: the definition in plain Go. n counts from 0 and h is the learning rate
	// of the step.
	o := optim.Custom{Direction: "g * (n + 1) * h"}
	opt, err := optim.New(o, 0.5, optim.Schedule{Kind: "step", Every: 1, Drop: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	theta, want := []float64{0}, 0.0
	state := optim.NewState(opt, 1)
	for n := range 4 {
		state.Step(theta, []float64{3})
		h := 0.5 / float64(int(1)<<n)
		want -= h * 3 * float64(n+1) * h
	}
	if theta[0] != want {
		t.Errorf("after 4 steps %v, want %v", theta[0], want)
	}
}

func TestCustomDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector drops pooled memory at random")
	}
	o := optim.Custom{
		Accumulators: optim.Accumulators{average("m", "tanh(g)", 0.9, true), average("v", "g^2", 0.99, true)},
		Direction:    "max(m, 0.1*g) / sqrt(v + eps) * (1 - 0.9^(n + 1)) + 0.1*tanh(theta)", Constants: eps(1e-6),
	}
	const dim = 5000
	opt := mustNew(t, o, 1e-3)
	state := optim.NewState(opt, dim)
	theta, g := make([]float64, dim), make([]float64, dim)
	for j := range g {
		g[j] = math.Cos(float64(j))
	}
	if n := testing.AllocsPerRun(50, func() { state.Step(theta, g) }); n != 0 {
		t.Errorf("a step allocates %v times", n)
	}
	s, theta, total := arguments(rand.New(rand.NewPCG(1, 1)), opt.Rule, dim)
	ds, dtheta, _ := arguments(rand.New(rand.NewPCG(1, 1)), opt.Rule, dim)
	if n := testing.AllocsPerRun(50, func() { opt.Rule.Readout.Partials(ds, dtheta, s, theta, total) }); n != 0 {
		t.Errorf("the derivatives allocate %v times", n)
	}
}

func TestCustomErrors(t *testing.T) {
	m := average("m", "g", 0.9, true)
	with := func(a optim.Accumulator) optim.Accumulators { return optim.Accumulators{a} }
	many := func(n int) (all optim.Accumulators) {
		for i := range n {
			all = append(all, average(fmt.Sprintf("a%d", i), "g", 0.9, false))
		}
		return all
	}
	for _, c := range []struct {
		o    optim.Custom
		want string
	}{
		{optim.Custom{}, `direction: the expression is empty`},
		{optim.Custom{Direction: "theta"}, "direction: no gradient enters it"},
		{optim.Custom{Direction: "1", Accumulators: with(m)}, "direction: no gradient enters it"},
		{optim.Custom{Direction: "lr * m", Accumulators: with(m)}, "direction: lr cannot stand here"},
		{optim.Custom{Direction: "g / w"}, `direction: unknown name "w" at character 5 of "g / w"`},
		{optim.Custom{Direction: "g", Accumulators: with(m)}, "accumulators.m: the direction does not use it"},
		{optim.Custom{Direction: "m", Accumulators: with(average("m", "g +", 0.9, true))}, "accumulators.m.of: want a number"},
		{optim.Custom{Direction: "m", Accumulators: with(average("m", "2", 0.9, true))}, "accumulators.m.of: this does not depend on g"},
		{optim.Custom{Direction: "m", Accumulators: with(average("m", "g*theta", 0.9, true))}, "accumulators.m.of: theta cannot stand here"},
		{optim.Custom{Direction: "m", Accumulators: with(average("m", "g*n", 0.9, true))}, "accumulators.m.of: n cannot stand here"},
		{optim.Custom{Direction: "m*w", Accumulators: optim.Accumulators{m, average("w", "g*m", 0.9, true)}}, "accumulators.w.of: m cannot stand here"},
		{optim.Custom{Direction: "m", Accumulators: with(average("m", "g", 1, true))}, "accumulators.m.decay is 1, want a number in [0, 1)"},
		{optim.Custom{Direction: "m", Accumulators: with(optim.Accumulator{Name: "m", Of: "g", Gain: math.NaN()})}, "accumulators.m.gain is NaN"},
		{optim.Custom{Direction: "m", Accumulators: with(optim.Accumulator{Name: "m", Of: "g", Decay: 0.5, Old: 1})}, "accumulators.m: the present gradient has weight 0"},
		{optim.Custom{Direction: "m", Accumulators: with(optim.Accumulator{Name: "m", Of: "g", Decay: 0.5, New: 1, Old: -1})}, "accumulators.m: the weights sum to 0 in the limit"},
		{optim.Custom{Direction: "g", Accumulators: with(average("g", "g", 0.9, true))}, "accumulators.g: g has a meaning of its own"},
		{optim.Custom{Direction: "g", Accumulators: with(average("sqrt", "g", 0.9, true))}, "accumulators.sqrt: sqrt is a function"},
		{optim.Custom{Direction: "g", Accumulators: with(average("m-1", "g", 0.9, true))}, `accumulators: "m-1" is no name`},
		{optim.Custom{Direction: "g", Accumulators: with(average(strings.Repeat("m", 50), "g", 0.9, true))}, "accumulators: a name of 50 characters"},
		{optim.Custom{Direction: "m", Accumulators: with(m), Constants: optim.Constants{{Name: "m", Value: 1}}}, "constants.m: the name is taken"},
		{optim.Custom{Direction: "g", Constants: optim.Constants{{Name: "c", Value: math.Inf(1)}}}, "constants.c is +Inf, want a finite number"},
		{optim.Custom{Direction: "g", Accumulators: many(17)}, "accumulators: there are 17"},
		{optim.Custom{Direction: "g", Constants: make(optim.Constants, 65)}, "constants: there are 65"},
		{optim.Custom{Direction: "g - 0.1*theta"}, "direction: theta has the factor -0.1"},
		{optim.Custom{Direction: "g", Regularization: optim.Regularization{WeightDecay: -1}}, "weight_decay is -1"},
		{optim.Custom{Direction: "g", Regularization: optim.Regularization{L2: -1}}, "l2 is -1"},
		{optim.Custom{Direction: strings.Repeat("tanh(theta*exp(g/", 20) + "theta" + strings.Repeat("))", 20)}, ""},
	} {
		_, err := c.o.Rule()
		if c.want == "" {
			continue // whatever it says, it comes back
		}
		checkError(t, c.o.Direction, err, c.want)
		var formula *optim.FormulaError
		if errors.As(err, &formula) && formula.Hint() == "" {
			t.Errorf("%v: no hint", err)
		}
	}
	_, err := optim.Custom{Direction: "g +"}.Rule()
	var wrong *expression.Error
	if !errors.As(err, &wrong) || wrong.Column != 4 {
		t.Errorf("the character is lost: %v", err)
	}
}

func TestCustomText(t *testing.T) {
	o := twins()[13].custom
	if got, want := o.Accumulators.String(), "{u: {of: g, decay: 0.99, new: 0, old: 0.9, direct: 0.09999999999999998, bias_correction: true}}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := (optim.Accumulators{{Name: "m", Of: "g", Decay: 0.9, Gain: 1}}).String(), "{m: {of: g, decay: 0.9, gain: 1}}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := o.Constants.String(), "{eps: 0.0001}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func ExampleCustom() {
	rule := optim.Custom{
		Accumulators: optim.Accumulators{
			{Name: "fast", Of: "g", Decay: 0.9},
			{Name: "slow", Of: "g", Decay: 0.99},
		},
		Direction: "tanh((fast + 2*slow) / width)",
		Constants: optim.Constants{{Name: "width", Value: 0.5}},
	}
	opt, err := optim.New(rule, 0.1, optim.Schedule{})
	if err != nil {
		fmt.Println(err)
		return
	}
	theta := []float64{1}
	state := optim.NewState(opt, 1)
	for range 3 {
		state.Step(theta, []float64{2 * theta[0]}) // of theta^2
	}
	fmt.Printf("%.6f\n", theta[0])

	rule.Direction = "tanh((fast + 2*slwo) / width)"
	_, err = rule.Rule()
	fmt.Println(err)
	// Output:
	// 0.799131
	// optim: custom: direction: unknown name "slwo" at character 16 of "tanh((fast + 2*slwo) / width)"
}
