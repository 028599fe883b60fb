package explain

import (
	"fmt"
	"strings"

	"leeway/bea"
	"leeway/optim"
)

// definition is the step of a custom rule in full, one assignment after another.
func definition(rule *optim.Rule) string {
	var steps []string
	if rule.L2 != 0 {
		steps = append(steps, fmt.Sprintf("g <- g + %s theta", short(rule.L2)))
	}
	for _, a := range rule.Averages {
		if a.Memoryless() && a.Name == "g" {
			continue
		}
		q := "q"
		switch of := a.Of.(type) {
		case fmt.Stringer:
			q = "(" + of.String() + ")"
		default:
			if a.Of == optim.Identity {
				q = "g"
			}
			if a.Of == optim.Square {
				q = "g^2"
			}
		}
		value := a.Name
		if a.New != 1 || a.Old != 0 || a.Direct != 0 {
			value = fmt.Sprintf("%s %s_new + %s %s_old + %s %s", short(a.New), a.Name, short(a.Old), a.Name, short(a.Direct), q)
		}
		step := fmt.Sprintf("%s <- %s %s + %s %s", a.Name, short(a.Decay), a.Name, short(tidy(a.Gain)), q)
		if value != a.Name {
			step += ", read as " + value
		}
		if a.Corrected {
			step += ", divided by its weights so far"
		}
		steps = append(steps, step)
	}
	direction := rule.Formula
	if decay := rule.AddedDecay(); decay != 0 {
		direction += fmt.Sprintf(" + %s theta", short(decay))
	}
	return strings.Join(append(steps, "theta <- theta - h ("+direction+")"), "; ")
}

// nadam reports whether an average looks ahead as NAdam's does.
func nadam(a optim.Average) bool {
	return a.Old == 0 && a.New == a.Decay && a.Direct == a.Gain
}

// shapeless reports whether a rule is a formula that is neither proportional to
// its first average nor, in the end, g / sqrt(g^2 + eps) or g / (|g| + eps).
func shapeless(rule *optim.Rule) bool {
	return rule.Formula != "" && !rule.Linear() && rule.Eps == 0
}

// Factor is the factor c of the bias (h/2) c d_j of a coordinate whose gradient has
// the size Gradient, in the limit of a long run; d is the gradient of the norm that
// the direction descends.
type Factor struct {
	Gradient float64 `json:"gradient"`
	Factor   float64 `json:"factor"`
}

// factorsOf are the factors of a shapeless rule at gradients of four sizes.
func factorsOf(rule *optim.Rule) []Factor {
	var all []Factor
	for _, g := range []float64{1e-6, 1e-3, 1, 1e3} {
		all = append(all, Factor{g, tidy(bea.FactorOf(rule, -1, g))})
	}
	return all
}

// factors says which way the bias of a formula works, at gradients of four sizes.
func factors(all []Factor) string {
	text := "has on coordinate j the bias (h/2) c d_j, d being the gradient of the norm that its direction descends: it works for small gradients where c > 0, and against them where c < 0. In the limit of a long run c is "
	same := true
	var at []string
	for _, f := range all {
		same = same && short(f.Factor) == short(all[0].Factor)
		at = append(at, short(f.Factor)+" at |g_j| = "+short(f.Gradient))
	}
	if same {
		return text + short(all[0].Factor) + " at every size of the gradient."
	}
	return text + strings.Join(at, ", ") + "."
}
