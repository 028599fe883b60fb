package trace

import (
	"math"
	"slices"
)

// Presets choose quantities and, by what they cost, when they are measured.
const (
	// Economy measures loss, accuracy and the perturbed one-norm at some twenty
	// steps.
	Economy = "economy"
	// Standard adds norms, bias, trust, the noise scale of mini-batches, and
	// the sharpness where it can be had: all for a tenth of the run's time.
	Standard = "standard"
	// Full measures everything that there is, whatever it costs, but for margins,
	// which not all data has.
	Full = "full"
)

// Presets are their names.
func Presets() []string { return []string{Economy, Standard, Full} }

// Shares of the run's cost that a preset may spend.
const (
	economyShare  = 0.03
	standardShare = 0.10
)

// group is a set of quantities that are measured at the same steps since they come
// of one computation.
type group struct {
	quantities []string
	// share of what is left of the budget that it may spend; the last group may
	// spend all.
	share float64
	// rows that are wanted.
	rows int
	// optional groups are left out if they would be measured less than four
	// times; of the others at least the first step and the last are.
	optional bool
}

// groups in the order in which they spend. The first sets the rhythm: the others
// are measured at some of its steps.
var groups = []group{
	{quantities: []string{"loss", "parameter_norm", marginQuantity, robustQuantity}, share: 0.3, rows: 100},
	{quantities: []string{"accuracy", "test_loss", robustAccuracy}, share: 0.35, rows: 100},
	{quantities: []string{"one_norm", "perturbed_one_norm", "two_norm", "gradient_size", kktQuantity, "noise_scale"}, share: 0.35, rows: 100},
	{quantities: []string{"bias"}, share: 0.5, rows: 50},
	{quantities: []string{"trust"}, share: 0.7, rows: 50},
	{quantities: []string{"train_accuracy"}, share: 0.3, rows: 50},
	{quantities: []string{"sharpness"}, share: 0.5, rows: 40, optional: true},
	{quantities: []string{"preconditioned_sharpness"}, share: 0.5, rows: 40, optional: true},
	{quantities: []string{"hessian_trace"}, share: 0.5, rows: 20, optional: true},
	{quantities: []string{"density"}, share: 0.5, rows: 5, optional: true},
}

var (
	economic  = []string{"loss", "accuracy", "perturbed_one_norm"}
	customary = []string{"loss", "accuracy", "test_loss", robustAccuracy, "one_norm", "perturbed_one_norm", "two_norm", "parameter_norm", "bias", "trust", "noise_scale", "sharpness"}
)

// Preset returns what the preset of the given name measures in a run; it panics if
// there is no such preset.
func Preset(name string, w Workload) []Measure {
	switch name {
	case Economy:
		return w.plan(economic, economyShare, 5, true)
	case Standard:
		return w.plan(customary, standardShare, 1, true)
	case Full:
		all := slices.DeleteFunc(Quantities(), func(q string) bool { return q == marginQuantity || q == robustQuantity })
		return w.plan(all, math.Inf(1), 2, true)
	}
	panic("trace: no preset " + name)
}

// PresetAt returns the quantities of a preset, all measured at the given steps. It
// leaves out the curvature, but for the preset [Full]: schedules that are not
// chosen by cost are meant for what is cheap.
func PresetAt(name string, w Workload, when When) []Measure {
	measures := Preset(name, w)
	if name != Full {
		measures = slices.DeleteFunc(measures, func(m Measure) bool { return isCurvature(m.Quantity) })
	}
	for i := range measures {
		measures[i].When = when
	}
	return measures
}

func isCurvature(quantity string) bool {
	return slices.Contains([]string{"sharpness", "preconditioned_sharpness", "hessian_trace", "density"}, quantity)
}

// Schedules chooses when to measure the given quantities, as the preset standard
// would, but leaves none out.
func Schedules(quantities []string, w Workload) []Measure {
	return w.plan(quantities, standardShare, 1, false)
}

// plan gives each group as many measurements as its share of the budget pays for;
// thinner is by how many fewer are wanted. Quantities that the run cannot have are
// left out, and if drop is set optional ones that it cannot afford.
func (w *Workload) plan(quantities []string, share float64, thinner int, drop bool) []Measure {
	left := share * w.Step() * float64(w.Steps)
	first := 0 // the rhythm of the first group
	var wanted []group
	for _, g := range groups {
		g.quantities = slices.DeleteFunc(slices.Clone(g.quantities), func(q string) bool {
			return !slices.Contains(quantities, q) || drop && !w.Possible(q)
		})
		if len(g.quantities) > 0 {
			wanted = append(wanted, g)
		}
	}
	var measures []Measure
	for i, g := range wanted {
		if i == len(wanted)-1 {
			g.share = 1
		}
		cost := 0.0
		for _, q := range g.quantities {
			cost = max(cost, w.Cost(q))
		}
		when := w.rhythm(max(first, round(w.Steps*thinner/g.rows)), cost, g.share*left)
		if drop && g.optional && !math.IsInf(left, 1) && when.Count(w.Steps) < 4 {
			continue
		}
		if first == 0 {
			first = max(when.Every, 1)
			if when.At != nil {
				first = w.Steps
			}
		}
		left -= cost * float64(when.Count(w.Steps))
		measures = append(measures, Each(when, g.quantities...)...)
	}
	order := Quantities()
	slices.SortFunc(measures, func(a, b Measure) int {
		return slices.Index(order, a.Quantity) - slices.Index(order, b.Quantity)
	})
	return measures
}

// rhythm is the densest schedule, a multiple of least, whose measurements the
// budget pays for; the first step alone (and the last) if it pays for fewer than
// four.
func (w *Workload) rhythm(least int, cost, budget float64) When {
	for _, multiple := range multiples {
		when := When{Every: least * multiple}
		if when.Every >= w.Steps || when.Every > w.Steps/2 && multiple > 1 {
			break
		}
		if cost*float64(when.Count(w.Steps)) <= budget {
			return when
		}
	}
	return When{At: []int{0}}
}

// multiples of the densest rhythm, all dividing a later one, so that most steps
// are shared.
var multiples = []int{1, 2, 4, 5, 10, 20, 40, 50, 100, 200, 400, 500, 1000, 2000, 5000, 10000, 100000, 1000000}

// round is the next number of the form 1, 2 or 5 times a power of ten.
func round(x int) int {
	for power := 1; ; power *= 10 {
		for _, digit := range []int{1, 2, 5} {
			if digit*power >= x {
				return digit * power
			}
		}
	}
}

// Possible reports whether a run has what a quantity needs: rows to test on,
// several batches, an optimizer with a second moment.
func (w *Workload) Possible(quantity string) bool {
	switch quantity {
	case "accuracy", "test_loss":
		return w.TestRows > 0
	case "train_accuracy":
		return w.Rows > 0
	case robustAccuracy:
		return w.TestRows > 0 && w.Attacked > 0
	case robustTrainAccuracy:
		return w.Rows > 0 && w.Attacked > 0
	case "noise_scale":
		return w.Batches > 1
	case "bias", "trust":
		return w.Optimizer.Rule == nil || w.Optimizer.Rule.Direction == nil
	case kktQuantity:
		return w.Optimizer.Rule != nil && w.Optimizer.Rule.WeightDecay != 0
	case marginQuantity:
		return w.Margins
	case robustQuantity:
		return w.RobustMargin
	case "preconditioned_sharpness":
		return divides(w.Optimizer.Rule)
	}
	return true
}
