package box

import (
	"context"
	"math"

	"leeway/optim"
	"leeway/papers"
)

// Spikes is a gradient that is 1 at every twentieth step and a thousandth between.
func Spikes(t int) float64 {
	if t%20 == 0 {
		return 1
	}
	return 1e-3
}

// Teeth is a gradient that grows by half at each step and falls back to 1 every 40.
func Teeth(t int) float64 { return math.Pow(1.5, float64(t%40)) }

// Update is the size of Adam's steps, in units of the rate, on a forced sequence of
// gradients.
type Update struct {
	// Mean of |step|, and the absolute Mean of signed steps, which the lemma bounds.
	Mean, Signed float64
	// Peak is the largest one.
	Peak float64
	// Slack is the least of the lemma's bound of step^2 less step^2, over all steps;
	// NaN where it says nothing, for beta1 > beta2.
	Slack float64
}

// UpdateSize runs Adam, without eps and bias correction, on a sequence of gradients,
// t = 1, 2, ..., none of them zero. The lemma: with L_s = log(v_s / v_1) and
// beta1 <= beta2,
//
//	step_t^2 <= 1 + (beta2-beta1)/(1-beta2) (beta1^(t-1) + (1-beta1)
//	            sum_{j=1}^{t-1} beta1^(j-1) (L_t - L_{t-j})),
//
// so that over many steps the mean square is at most 1 (arXiv 2404.04454).
func UpdateSize(beta1, beta2 float64, gradient func(t int) float64, steps int) (*Update, error) {
	opt, err := optim.New(optim.Adam{Beta1: beta1, Beta2: beta2, EpsMode: optim.Outside}, 1, optim.Schedule{})
	if err != nil {
		return nil, err
	}
	state := optim.NewState(opt, 1)
	theta, g, f := []float64{0}, []float64{0}, []float64{0}
	u := &Update{Slack: math.Inf(1)}
	if beta1 > beta2 {
		u.Slack = math.NaN()
	}
	// past is sum_{j=1}^{t-1} beta1^(j-1) L_{t-j}, weight that of the ones.
	first, past, weight, last, signed := 0.0, 0.0, 0.0, 0.0, 0.0
	for t := 1; t <= steps; t++ {
		g[0], theta[0] = gradient(t), 0
		state.StepDirection(f, theta, g)
		size := math.Abs(f[0])
		u.Mean += size / float64(steps)
		signed += f[0] / float64(steps)
		u.Peak = max(u.Peak, size)
		now := math.Log(state.Memory(1)[0])
		if t == 1 {
			first = now
		} else {
			past, weight = beta1*past+last, beta1*weight+1
		}
		now -= first
		bound := 1 + (beta2-beta1)/(1-beta2)*(math.Pow(beta1, float64(t-1))+(1-beta1)*(weight*now-past))
		u.Slack = min(u.Slack, bound-size*size)
		last = now
	}
	u.Signed = math.Abs(signed)
	return u, nil
}

// updates are the claims of the lemma on the size of steps.
func updates() []papers.Claim {
	sequences := map[string]func(int) float64{"spikes": Spikes, "teeth": Teeth}
	claim := func(id, says, quantity string, from papers.Provenance, expected papers.Region, names []string, betas [][2]float64, value func(*Update) float64, worse func(a, b float64) float64) papers.Claim {
		return papers.Claim{
			ID: id, Place: "Lemma on the size of updates", Says: says, Provenance: from, Quantity: quantity, Expected: expected,
			How: "Gradients 1 at every twentieth step and 0.001 between (spikes), or growing by half and falling back every 40 steps (teeth); 200,000 steps without eps and bias correction.",
			Measure: func(context.Context, *papers.Lab) (*papers.Finding, error) {
				result := math.NaN()
				table := &papers.Table{Columns: []string{"gradients", "beta1", "beta2", "mean size", "size of the mean", "peak", "slack of the bound"}}
				for _, name := range names {
					for _, b := range betas {
						u, err := UpdateSize(b[0], b[1], sequences[name], 200_000)
						if err != nil {
							return nil, err
						}
						table.Add(name, b[0], b[1], u.Mean, u.Signed, u.Peak, u.Slack)
						if v := value(u); math.IsNaN(result) {
							result = v
						} else {
							result = worse(result, v)
						}
					}
				}
				f := papers.Exactly(result)
				f.Table = table
				return f, nil
			},
		}
	}
	ordered, both := [][2]float64{{0.9, 0.999}, {0.9, 0.95}, {0.9, 0.9}}, []string{"spikes", "teeth"}
	mean := func(u *Update) float64 { return u.Mean }
	return []papers.Claim{
		claim("update-size", "With beta1 <= beta2 Adam’s steps are on average no larger than the rate, whatever the gradients.", "largest mean of |step| over the rate", papers.Stated, papers.AtMost(1.01), both, ordered, mean, math.Max),
		claim("update-lemma", "Each squared step is within the lemma’s bound.", "least slack of the bound, over all steps", papers.Stated, papers.AtLeast(-1e-9), both, ordered, func(u *Update) float64 { return u.Slack }, math.Min),
		claim("update-crossed", "With beta1 > beta2 steps can be larger than the rate on average.", "mean of |step| over the rate, beta 0.9 and 0.5, spikes", papers.Measured, papers.AtLeast(3), []string{"spikes"}, [][2]float64{{0.9, 0.5}}, mean, math.Max),
	}
}
