package trace

import (
	"fmt"
	"slices"

	"leeway/optim"
)

// quantity is an entry of the catalogue of what can be measured.
type quantity struct {
	name string
	// leads marks what is measured of the optimizer alone.
	leads bool
	// columns of metrics.csv, after the name of the process.
	columns func(s *Setup) []string
	// lacks says what a run does not have that the quantity needs, "" if nothing.
	lacks func(s *Setup) string
}

// wholeStep is what a rule of steepest descent lacks.
func wholeStep(s *Setup) string {
	if s.Optimizer.Rule.Direction != nil {
		return "an optimizer with an elementwise rule"
	}
	return ""
}

func names(n ...string) func(*Setup) []string { return func(*Setup) []string { return n } }

func noTest(s *Setup) string {
	if s.Test == nil {
		return "rows to test on"
	}
	return ""
}

// catalogue holds all quantities, in the order of the columns: first those of all
// processes. Sources: arXiv 2309.00079 for norms and bias, 2404.04454 for kkt, 1812.06162 for the noise
// scale, 2103.00065 and 2207.14484 for the sharpness.
var catalogue = []quantity{
	{name: "loss", columns: names("loss")},
	{name: "accuracy", columns: names("accuracy"), lacks: noTest},
	{name: "test_loss", columns: names("test_loss"), lacks: noTest},
	{name: "train_accuracy", columns: names("train_accuracy"), lacks: func(s *Setup) string {
		if s.Train == nil {
			return "a model that classifies"
		}
		return ""
	}},
	{name: robustAccuracy, columns: names(robustAccuracy), lacks: func(s *Setup) string {
		if s.RobustTest == nil {
			return "an attack, and rows to test on"
		}
		return ""
	}},
	{name: robustTrainAccuracy, columns: names(robustTrainAccuracy), lacks: func(s *Setup) string {
		if s.RobustTrain == nil {
			return "an attack"
		}
		return ""
	}},
	{name: "one_norm", columns: names("one_norm")},
	{name: "perturbed_one_norm", columns: names("perturbed_one_norm")},
	{name: "two_norm", columns: names("two_norm")},
	{name: "gradient_size", columns: names("gradient_mean", "gradient_deviation")},
	{name: "parameter_norm", columns: names("theta_inf", "theta_two")},
	{name: kktQuantity, columns: names("kkt_size", "kkt_ratio"), lacks: func(s *Setup) string {
		if s.Optimizer.Rule.WeightDecay == 0 {
			return "decoupled weight decay"
		}
		return ""
	}},
	{name: marginQuantity, columns: names("margin_inf", "margin_two", "margin_inf_share", "margin_two_share", "margin_inf_cosine", "margin_two_cosine"), lacks: func(s *Setup) string {
		if s.Margins == nil {
			return "a linear model of two classes that can be separated"
		}
		return ""
	}},
	{name: robustQuantity, columns: names("robust_margin", "robust_margin_share"), lacks: func(s *Setup) string {
		if s.RobustMargin == nil {
			return "a linear model of two classes that can be separated under its attack"
		}
		return ""
	}},
	{name: "bias", leads: true, columns: names("penalized_share", "anti_penalized_share", "bias_ratio", "norm_rate", "bias_cosine"), lacks: wholeStep},
	{name: "trust", leads: true, columns: names("trust_max", "trust_p99", "trust_share", "drift_cosine", "drift_ratio"), lacks: wholeStep},
	{name: "noise_scale", leads: true, columns: names("noise_scale"), lacks: func(s *Setup) string {
		if s.Objective.Batches() < 2 {
			return "more than one batch"
		}
		return ""
	}},
	{name: "sharpness", leads: true, columns: func(s *Setup) []string { return eigenColumns(s, "sharpness") }},
	{name: "preconditioned_sharpness", leads: true, columns: func(s *Setup) []string { return eigenColumns(s, "preconditioned") }, lacks: func(s *Setup) string {
		if !divides(s.Optimizer.Rule) {
			return "an optimizer with a second moment"
		}
		return ""
	}},
	{name: "hessian_trace", leads: true, columns: names("hessian_trace", "hessian_trace_error")},
	{name: "density", leads: true, columns: names()},
}

// eigenColumns are the columns of the largest eigenvalues.
func eigenColumns(s *Setup, name string) []string {
	var columns []string
	for i := range s.top() {
		columns = append(columns, fmt.Sprintf("%s_%d", name, i+1))
	}
	return append(columns, name+"_residual", name+"_converged", name+"_line")
}

// top is the number of eigenvalues that are measured.
func (s *Setup) top() int { return min(max(s.Top, 1), len(s.Start)) }

// divides reports whether a rule divides by the root of a second moment.
func divides(rule *optim.Rule) bool {
	return rule.SecondMoment()
}

// Quantities are the names of what can be measured, in the order of the columns.
// Some stand for several columns each; density, which has none, goes to
// spectrum.csv.
func Quantities() []string {
	all := make([]string, len(catalogue))
	for i, q := range catalogue {
		all[i] = q.name
	}
	return all
}

// known returns the catalogue's entry, nil for an unknown name.
func known(name string) *quantity {
	if i := slices.IndexFunc(catalogue, func(q quantity) bool { return q.name == name }); i >= 0 {
		return &catalogue[i]
	}
	return nil
}

// possible reports whether a run has what a quantity needs.
func (q *quantity) possible(s *Setup) bool { return q.lacks == nil || q.lacks(s) == "" }

// resolveMeasures checks what is to be measured and brings it into the order of
// the catalogue.
func (s *Setup) resolveMeasures() error {
	if s.Measures == nil {
		s.Measures = Preset(Standard, s.workload())
	}
	s.Measures = slices.Clone(s.Measures)
	for i, m := range s.Measures {
		q := known(m.Quantity)
		if q == nil {
			return fmt.Errorf("trace: unknown quantity %q, have %q", m.Quantity, Quantities())
		}
		if !q.possible(s) {
			return fmt.Errorf("trace: %s needs %s", m.Quantity, q.lacks(s))
		}
		if err := m.When.Check(); err != nil {
			return fmt.Errorf("trace: %s: %w", m.Quantity, err)
		}
		if slices.ContainsFunc(s.Measures[:i], func(o Measure) bool { return o.Quantity == m.Quantity }) {
			return fmt.Errorf("trace: quantity %q twice", m.Quantity)
		}
	}
	order := Quantities()
	slices.SortFunc(s.Measures, func(a, b Measure) int {
		return slices.Index(order, a.Quantity) - slices.Index(order, b.Quantity)
	})
	return nil
}

// measures reports whether a quantity is measured.
func (s *Setup) measures(name string) bool {
	return slices.ContainsFunc(s.Measures, func(m Measure) bool { return m.Quantity == name })
}

// columns are the names of the columns that a process has in metrics.csv.
func (s *Setup) columns(process string) []string {
	var all []string
	for _, m := range s.Measures {
		if q := known(m.Quantity); !q.leads || process == Discrete {
			all = append(all, q.columns(s)...)
		}
	}
	if process != Discrete {
		all = append(all, "distance", "distance_max")
	}
	if len(s.Start) == 2 {
		all = append(all, "theta_1", "theta_2")
	}
	for i := range all {
		all[i] = process + "/" + all[i]
	}
	return all
}
