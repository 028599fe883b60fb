package explain

import (
	"fmt"
	"math"

	"leeway/bea"
	"leeway/optim"
)

// Noise is what mini-batches do to the bias of Adam and its relatives, for small
// eps and independent batches (arXiv 2602.01642, with coefficients derived anew).
type Noise struct {
	// Scale is the variance of a component of the mini-batch gradient over the
	// square of its mean.
	Scale float64 `json:"scale"`
	// Coefficient is what multiplies h times the gradient of the one-norm in the
	// memory's part of the drift, Turn the scale at which it changes its sign, nil
	// where it does not.
	Coefficient float64  `json:"coefficient"`
	Turn        *float64 `json:"turn,omitempty"`
	// NeutralBeta2 is the beta2 nearest to the present one, on the scale of
	// 1/(1 - beta2), at which the coefficient vanishes; nil where there is none.
	NeutralBeta2 *float64 `json:"neutral_beta2,omitempty"`
	Sentence     string   `json:"sentence"`
}

// OfNoise explains Adam's or AdamW's bias at a noise scale of 0 or more; ok is
// false for other optimizers, for which no formula is known here.
func OfNoise(rule *optim.Rule, scale float64) (n Noise, ok bool) {
	if rule.Name != "adam" && rule.Name != "adamw" {
		return n, false
	}
	beta1, beta2 := rule.Averages[0].Decay, rule.Averages[1].Decay
	total := func(beta2 float64) float64 { return bea.NoiseCoefficientsOf(beta1, beta2).Total(scale) }
	n = Noise{Scale: scale, Coefficient: tidy(total(beta2))}
	words := "works for small gradients: in expectation it penalizes the one-norm of the gradient"
	if n.Coefficient < 0 {
		words = "works against small gradients: in expectation it anti-penalizes the one-norm of the gradient"
	}
	n.Sentence = fmt.Sprintf("With noise of %s times the squared gradient in each component %s %s, with strength h %s from its memory.", short(scale), properName(rule.Name), words, short(math.Abs(n.Coefficient)))
	if turn, ok := bea.NoiseCoefficientsOf(beta1, beta2).Turn(); ok {
		turn = tidy(turn)
		n.Turn = &turn
		n.Sentence += fmt.Sprintf(" That turns at a noise of %.3g.", turn)
	}
	if neutral, ok := nearestZero(total, beta2); ok {
		n.NeutralBeta2 = &neutral
		n.Sentence += fmt.Sprintf(" The nearest beta2 that does neither is %.6g.", neutral)
	}
	return n, true
}

// nearestZero is the zero of a function of beta2 in (0, 0.99999] nearest to where,
// on the scale of -log(1 - beta2).
func nearestZero(f func(beta2 float64) float64, where float64) (float64, bool) {
	const cells, last = 2000, 11.5
	beta := func(i int) float64 { return -math.Expm1(-last * float64(i) / cells) }
	best, found := math.Inf(1), 0.0
	for i := 1; i < cells; i++ {
		low, high := beta(i), beta(i+1)
		if f(low)*f(high) > 0 {
			continue
		}
		for range 60 {
			middle := (low + high) / 2
			if f(low)*f(middle) <= 0 {
				high = middle
			} else {
				low = middle
			}
		}
		if d := math.Abs(math.Log1p(-low) - math.Log1p(-where)); d < best {
			best, found = d, low
		}
	}
	return found, !math.IsInf(best, 1)
}
