package optim_test

import (
	"fmt"
	"math"
	"testing"

	"leeway/optim"
	"pgregory.net/rapid"
)

// averages are the shapes that the built-in rules use, and two that none does.
func averages() map[string]optim.Average {
	lookAhead := optim.Sum("m", optim.Identity, 0.9)
	lookAhead.New, lookAhead.Direct = 0.9, 1
	nadam := optim.EMA("m", optim.Identity, 0.9, true)
	nadam.New, nadam.Direct = 0.9, 1-0.9
	lookBack := optim.EMA("m", optim.Identity, 0.99, true)
	lookBack.New, lookBack.Old, lookBack.Direct = 0, 0.9, 1-0.9
	oneBack := optim.Average{Name: "m", Of: optim.Identity, Gain: 2, New: 0.5, Old: 0.25, Direct: 1}
	return map[string]optim.Average{
		"ema":            optim.EMA("m", optim.Identity, 0.9, false),
		"ema corrected":  optim.EMA("m", optim.Identity, 0.999, true),
		"ema of decay 0": optim.EMA("m", optim.Identity, 0, true),
		"sum":            optim.Sum("m", optim.Identity, 0.8),
		"present":        optim.Present("g", optim.Identity),
		"nesterov":       lookAhead,
		"nadam":          nadam,
		"lion":           lookBack,
		"two terms":      oneBack,
		"twice":          {Name: "g", Of: optim.Identity, Direct: 2},
		"once":           {Name: "g", Of: optim.Identity, Gain: 1, New: 3, Corrected: true},
	}
}

// response is the value s_n that a [optim.State] shows the readout when q is 1
// at one step and 0 at all others: the weights, read off the recursion.
func response(t testing.TB, a optim.Average, impulse, steps int) []float64 {
	t.Helper()
	rule := &optim.Rule{Name: "probe", Averages: []optim.Average{a}, Readout: first{}}
	if err := rule.Validate(); err != nil {
		t.Fatal(err)
	}
	state := optim.NewState(optim.Optimizer{Rule: rule, LR: 1}, 1)
	s, theta := make([]float64, steps), []float64{0}
	for n := range s {
		g := []float64{0}
		if n == impulse {
			g[0] = 1
		}
		state.StepDirection(s[n:n+1], theta, g)
	}
	return s
}

// first is the readout F = s_0.
type first struct{}

func (first) Direction(dst []float64, s [][]float64, _, _ []float64) { copy(dst, s[0]) }

func (first) Partials(ds [][]float64, dtheta []float64, _ [][]float64, _, _ []float64) {
	for j := range dtheta {
		ds[0][j], dtheta[j] = 1, 0
	}
}

// Truth: sums over impulse responses of the recursion that State runs.
// Independent of the closed forms of Weight, TotalWeight and MeanLag.
func TestAverageClosedForms(t *testing.T) {
	const steps = 60
	for name, a := range averages() {
		t.Run(name, func(t *testing.T) {
			raw := a
			raw.Corrected = false
			// weight[n][k] is the weight at step n of the gradient of step k.
			weight := make([][]float64, steps)
			for k := range steps {
				for n, s := range response(t, raw, k, steps) {
					weight[n] = append(weight[n], s)
				}
			}
			for n := range steps {
				total, lag := 0.0, 0.0
				for k := 0; k <= n; k++ {
					w := weight[n][k]
					total += w
					lag += float64(n-k) * w
					if got := a.Weight(n - k); !near(got, w, 1e-14) {
						t.Fatalf("weight of lag %d is %v, recursion has %v", n-k, got, w)
					}
				}
				for k := n + 1; k < steps; k++ {
					if weight[n][k] != 0 {
						t.Fatalf("step %d sees the gradient of step %d", n, k)
					}
				}
				if got := a.TotalWeight(n); !near(got, total, 1e-13) {
					t.Errorf("total weight at step %d is %v, recursion has %v", n, got, total)
				}
				if got := a.MeanLag(n); !near(got, lag/total, 1e-11) {
					t.Errorf("mean lag at step %d is %v, recursion has %v", n, got, lag/total)
				}
			}
			if a.Corrected {
				// A corrected average of ones is one at every step.
				sum := make([]float64, steps)
				for k := range steps {
					for n, s := range response(t, a, k, steps) {
						sum[n] += s
					}
				}
				for n, s := range sum {
					if !near(s, 1, 1e-13) {
						t.Errorf("step %d: corrected average of ones is %v", n, s)
					}
				}
			}
		})
	}
}

// Truth: the sums of the weights up to where they are below rounding, and for an
// EMA the formulas of arXiv 2309.00079.
func TestAverageLimits(t *testing.T) {
	for name, a := range averages() {
		total, lag := 0.0, 0.0
		for k := range 60_000 {
			total += a.Weight(k)
			lag += float64(k) * a.Weight(k)
		}
		if got := a.TotalWeight(-1); !near(got, total, 1e-12) {
			t.Errorf("%s: limit of the total weight is %v, sum is %v", name, got, total)
		}
		if got := a.MeanLag(-1); !near(got, lag/total, 1e-12) {
			t.Errorf("%s: limit of the mean lag is %v, sum is %v", name, got, lag/total)
		}
		for _, n := range []int{100_000, math.MaxInt32} {
			if got := a.TotalWeight(n); !near(got, total, 1e-12) {
				t.Errorf("%s: total weight at step %d is %v, limit is %v", name, n, got, total)
			}
			if got := a.MeanLag(n); !near(got, lag/total, 1e-12) {
				t.Errorf("%s: mean lag at step %d is %v, limit is %v", name, n, got, lag/total)
			}
		}
	}
}

func TestEMAFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.Float64Range(0.01, 0.999).Draw(t, "decay")
		n := rapid.IntRange(0, 3000).Draw(t, "step")
		a := optim.EMA("m", optim.Identity, d, true)
		power := math.Pow(d, float64(n+1))
		if got, want := a.TotalWeight(n), 1-power; math.Abs(got-want) > 1e-14 {
			t.Errorf("total weight %v, want 1 - d^(n+1) = %v", got, want)
		}
		want := d/(1-d) - float64(n+1)*power/(1-power)
		if got := a.MeanLag(n); !near(got, want, 1e-9) {
			t.Errorf("mean lag %v, want %v", got, want)
		}
		if got, want := a.MeanLag(-1), d/(1-d); !near(got, want, 1e-14) {
			t.Errorf("limit of the mean lag %v, want %v", got, want)
		}
	})
}

// After Memory steps an impulse is below rounding, and not much sooner: at half
// of Memory it is still seen (2^-30).
func TestAverageMemory(t *testing.T) {
	for _, d := range []float64{0.1, 0.5, 0.9, 0.99} {
		for name, a := range map[string]optim.Average{
			"ema": optim.EMA("m", optim.Identity, d, false),
			"sum": optim.Sum("m", optim.Identity, d),
		} {
			memory := a.Memory()
			s := response(t, a, 0, memory+1)
			if s[memory] > math.Exp2(-54)*s[0] {
				t.Errorf("%s of decay %v: after its memory of %d steps an impulse has weight %v of the first", name, d, memory, s[memory]/s[0])
			}
			if s[memory/2] < math.Exp2(-35)*s[0] {
				t.Errorf("%s of decay %v: memory of %d steps is far too long: %v at half of it", name, d, memory, s[memory/2]/s[0])
			}
		}
	}
	for name, want := range map[string]int{"present": 0, "ema of decay 0": 0, "two terms": 1} {
		a := averages()[name]
		if got := a.Memory(); got != want {
			t.Errorf("%s: memory of %d steps, want %d", name, got, want)
		}
		if a.Memoryless() != (want == 0) {
			t.Errorf("%s: memoryless is %v", name, a.Memoryless())
		}
	}
}

func TestInvalidAverages(t *testing.T) {
	ok := optim.EMA("m", optim.Identity, 0.9, true)
	for want, spoil := range map[string]func(a *optim.Average){
		"no function of the gradient":          func(a *optim.Average) { a.Of = nil },
		"decay 1 is outside [0, 1)":            func(a *optim.Average) { a.Decay = 1 },
		"decay -0.1 is outside":                func(a *optim.Average) { a.Decay = -0.1 },
		"decay NaN is outside":                 func(a *optim.Average) { a.Decay = math.NaN() },
		"the present gradient has weight 0":    func(a *optim.Average) { a.Gain = 0 },
		"weights sum to NaN, want a finite":    func(a *optim.Average) { a.Direct = math.NaN() },
		"the weights sum to NaN":               func(a *optim.Average) { a.Old = math.NaN() },
		"the weights sum to +Inf":              func(a *optim.Average) { a.Direct = math.Inf(1) },
		"want > 0 to be corrected by":          func(a *optim.Average) { a.Old = -10 },
		`average "m": the weights sum to -Inf`: func(a *optim.Average) { a.Old = math.Inf(-1) },
	} {
		a := ok
		spoil(&a)
		rule := &optim.Rule{Name: "x", Averages: []optim.Average{ok, a}, Readout: first{}}
		checkError(t, fmt.Sprintf("%+v", a), rule.Validate(), want)
	}
	checkError(t, "no readout", (&optim.Rule{Name: "x", Averages: []optim.Average{ok}}).Validate(), `rule "x" needs a readout`)
	checkError(t, "no average", (&optim.Rule{Name: "x", Readout: first{}}).Validate(), "at least one average")
}
