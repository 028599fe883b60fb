// Package explain says what an optimizer's hyperparameters alone imply: which
// norm of the gradient its bias works for or against, how strongly, where the
// regime switches, and how far the theory behind that can be trusted.
package explain

import (
	"fmt"
	"math"
	"strings"

	"leeway/bea"
	"leeway/optim"
)

// Explanation is what the hyperparameters imply in full batch at a constant
// learning rate (arXiv 2309.00079; 2502.02132 for the rules that are not Adam).
type Explanation struct {
	Optimizer      string  `json:"optimizer"`
	Definition     string  `json:"definition,omitempty"` // of a custom rule: its step in full
	LR             float64 `json:"lr"`
	Eps            float64 `json:"eps,omitempty"`
	EpsMode        string  `json:"eps_mode,omitempty"`
	BiasCorrection bool    `json:"bias_correction"`
	WeightDecay    float64 `json:"weight_decay,omitempty"`
	L2             float64 `json:"l2,omitempty"`

	// A and B are (1+beta1)/(1-beta1) and (1+beta2)/(1-beta2) for Adam:
	// coordinate j of the bias is (h/2)(A - B u_j) times the gradient of the
	// perturbed one-norm, u_j between 0 (small gradient) and 1 (large).
	A float64 `json:"a"`
	B float64 `json:"b"`
	// Coefficient is A - B and HalfHCoefficient (h/2)(A - B).
	Coefficient      float64 `json:"coefficient"`
	HalfHCoefficient float64 `json:"half_h_coefficient"`
	// SwitchGradient is the |g_j| where the bias changes sign, 0 if nowhere.
	SwitchGradient float64 `json:"switch_gradient"`
	// RegimeLargeGradient and RegimeSmallGradient, empty where the theory says nothing of
	// the rule, are "penalized",
	// "anti-penalized" or "neutral".
	RegimeLargeGradient string `json:"regime_large_gradient"`
	RegimeSmallGradient string `json:"regime_small_gradient"`
	// Factors replace the numbers above where a custom rule has a shape of its own,
	// neither linear in the gradient nor of the form g / sqrt(g^2 + eps).
	Factors []Factor `json:"factors,omitempty"`
	// NeutralBeta2 and NeutralBeta1 are the values that would make A - B zero,
	// everything else as it is; nil where there is none.
	NeutralBeta2 *float64 `json:"neutral_beta2,omitempty"`
	NeutralBeta1 *float64 `json:"neutral_beta1,omitempty"`

	// MemorySteps is the mean lag of the slowest average, in steps, and
	// TrustedRate the largest relative rate of change of the gradient, per unit
	// of time n h, at which the corrected flow still helps: 0.3/(h tau).
	MemorySteps float64 `json:"memory_steps"`
	TrustedRate float64 `json:"trusted_rate"`

	// ModifiedLoss is the loss that the optimizer follows, in plain text, and
	// ModifiedLossNote when that holds; empty where there is none.
	ModifiedLoss     string `json:"modified_loss,omitempty"`
	ModifiedLossNote string `json:"modified_loss_note,omitempty"`
	// Sentence says it in words, and Trust how far to believe it.
	Sentence string `json:"sentence"`
	Trust    string `json:"trust"`
	// Noise is what mini-batches change, nil unless asked for.
	Noise *Noise `json:"noise,omitempty"`
}

// Of explains an optimizer.
func Of(opt optim.Optimizer) Explanation {
	rule := opt.Rule
	c := bea.CoefficientsOf(rule, -1)
	e := Explanation{
		Optimizer: rule.Name, LR: opt.LR, Eps: rule.Eps,
		BiasCorrection: corrected(rule), WeightDecay: rule.WeightDecay, L2: rule.L2,
		A: tidy(c.A), B: tidy(c.B), Coefficient: tidy(c.Coefficient()),
		HalfHCoefficient: tidy(opt.LR / 2 * c.Coefficient()),
		SwitchGradient:   c.Switch, RegimeLargeGradient: c.Large(), RegimeSmallGradient: c.Small(),
		MemorySteps: tidy(rule.MeanLag(-1)),
	}
	if c.Large() == bea.Neutral {
		e.Coefficient, e.HalfHCoefficient = 0, 0
	}
	if adaptive(rule) {
		e.EpsMode = rule.EpsMode.String()
		beta2 := tidy(bea.NeutralBeta(rule))
		e.NeutralBeta2 = &beta2
		e.NeutralBeta1 = neutralBeta1(rule)
	}
	e.TrustedRate = bea.TrustHelps / (opt.LR * max(e.MemorySteps, 0.5))
	if loss, ok := bea.ModifiedLossOf(rule); ok {
		e.ModifiedLoss, e.ModifiedLossNote = loss.Formula, loss.Note
	}
	if shapeless(rule) && !rule.Nonsmooth {
		e.Factors = factorsOf(rule)
	}
	e.Sentence, e.Trust = e.sentence(rule), e.trust()
	if rule.Direction != nil {
		e.RegimeLargeGradient, e.RegimeSmallGradient = "", ""
		e.Trust = "There is no flow of this rule here that could be trusted or not."
	}
	if rule.Formula != "" {
		e.Definition = definition(rule)
	}
	return e
}

// adaptive reports whether the rule divides by a second average.
func adaptive(rule *optim.Rule) bool { return rule.SecondMoment() }

func corrected(rule *optim.Rule) bool {
	for _, a := range rule.Averages {
		if a.Corrected {
			return true
		}
	}
	return false
}

// neutralBeta1 is the decay of the first average that matches the second: beta2
// for Adam, and the root of beta^2/(1-beta) = tau for NAdam's look-ahead.
func neutralBeta1(rule *optim.Rule) *float64 {
	first, tau := rule.Averages[0], rule.Averages[1].MeanLag(-1)
	var beta float64
	switch {
	case first.Memoryless():
		return nil
	case first.Direct == 0 && first.Old == 0:
		beta = tau / (1 + tau)
	case !nadam(first):
		return nil // a formula's own way of looking ahead or back
	default:
		beta = (math.Sqrt(tau*tau+4*tau) - tau) / 2
	}
	beta = tidy(beta)
	return &beta
}

// tidy rounds to 12 significant digits, so that (1+0.9)/(1-0.9) reads 19.
func tidy(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	scale := math.Pow(10, 11-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) || scale == 0 {
		return x
	}
	return math.Round(x*scale) / scale
}

// properNames are the built-in rules as people write them.
var properNames = map[string]string{
	"gd": "Gradient descent", "heavy-ball": "Heavy ball", "nesterov": "Nesterov momentum", "rmsprop": "RMSProp",
	"adam": "Adam", "adamw": "AdamW", "nadam": "NAdam", "nadamw": "NAdamW",
	"sign-gd": "Sign descent", "signum": "Signum", "lion": "Lion", "lion-k": "Lion-K",
}

// properName is the name of a rule at the start of a sentence.
func properName(rule string) string {
	if name, ok := properNames[rule]; ok {
		return name
	}
	if rule == "custom" {
		return "This rule"
	}
	return "The rule " + rule
}

// sentence says in words what the bias does.
func (e Explanation) sentence(rule *optim.Rule) string {
	norm := "the perturbed one-norm of the gradient"
	if rule.Linear() {
		norm = "the squared two-norm of the gradient"
	}
	name := properName(rule.Name)
	if rule.Direction != nil {
		return "Steepest descent in a norm moves all parameters by one number of the gradient, and has no memory: the theory of this program is about elementwise rules and says nothing of it. Its implicit bias is the geometry of its norm."
	}
	if rule.Nonsmooth {
		return fmt.Sprintf("%s steps by signs, which have no derivative: while no gradient changes sign its memory has no effect, and where one does the theory promises nothing.", name)
	}
	if e.Factors != nil {
		return name + " " + factors(e.Factors)
	}
	strength := fmt.Sprintf("(h/2)(%s - %s) = %.4g", short(e.A), short(e.B), e.HalfHCoefficient)
	switch {
	case e.RegimeLargeGradient == bea.AntiPenalized:
		s := fmt.Sprintf("%s works against small gradients: it anti-penalizes %s with strength %s", name, norm, strength)
		if e.SwitchGradient > 0 {
			s += fmt.Sprintf(" wherever |g_j| is above %.2g, and penalizes it below", e.SwitchGradient)
		}
		return s + "."
	case e.RegimeLargeGradient == bea.Neutral && rule.Eps > 0:
		return fmt.Sprintf("%s is neutral where gradients are large against sqrt(eps); where they are small it penalizes %s with strength (h/2) %s.", name, norm, short(e.A))
	case e.RegimeLargeGradient == bea.Neutral:
		return fmt.Sprintf("%s is neutral: its two memories cancel and it has no bias of first order.", name)
	case rule.Linear():
		// F = W g in the limit, and the modified loss is E + (h/4) A W |g|^2.
		return fmt.Sprintf("%s works for small gradients: it penalizes %s with strength (h/4) %s.", name, norm, short(tidy(e.A*weight(rule))))
	default:
		return fmt.Sprintf("%s works for small gradients: it penalizes %s with strength %s.", name, norm, strength)
	}
}

// weight is what the gradient is multiplied by once the first average has
// settled: 1/(1-beta) for Polyak's momentum.
func weight(rule *optim.Rule) float64 {
	if rule.Averages[0].Corrected {
		return 1
	}
	return rule.Averages[0].TotalWeight(-1)
}

// trust says in words how far the expansion reaches.
func (e Explanation) trust() string {
	if e.MemorySteps == 0 {
		return "There is no memory, so the corrected flow asks only that one step change the gradient little."
	}
	return fmt.Sprintf("The memory is %s steps long. The corrected flow is to be trusted while the gradient changes by less than a third within it: at a relative rate below %.3g per unit of time (n lr). Beyond that use moments-2, which keeps the memory.",
		short(e.MemorySteps), e.TrustedRate)
}

// short prints a number with up to six significant digits.
func short(x float64) string { return strings.TrimSpace(fmt.Sprintf("%.6g", x)) }
