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
	return strings.Join(append(steps, "theta <- theta - h ("+rule.Formula+")"), "; ")
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

// factors says which way the bias of a formula works, at gradients of four sizes.
func factors(rule *optim.Rule) string {
	var at []string
	for _, g := range []float64{1e-6, 1e-3, 1, 1e3} {
		at = append(at, fmt.Sprintf("%s at |g_j| = %s", short(tidy(bea.FactorOf(rule, -1, g))), short(g)))
	}
	return "has on coordinate j the bias (h/2) c d_j, d being the gradient of the norm that its direction descends: it works for small gradients where c > 0, and against them where c < 0. In the limit of a long run c is " +
		strings.Join(at, ", ") + "."
}
