package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/trace"
)

// curvature holds the eigenvalues against their lines.
func (s *screen) curvature(all map[string]trace.EdgeSummary) {
	if len(all) == 0 {
		return
	}
	s.head("Curvature against the line of stability")
	var facts [][2]string
	for _, name := range []string{"sharpness", "preconditioned"} {
		if e, ok := all[name]; ok {
			facts = append(facts, [2]string{name, e.Sentence})
		}
	}
	s.facts(facts...)
}

// finals are the last measurements of the optimizer.
func (s *screen) finals(r *trace.Summary) {
	if len(r.Final) == 0 {
		return
	}
	number := func(digits int) func(float64) string {
		return func(x float64) string { return short(x, digits) }
	}
	s.head("At the end")
	s.facts(
		[2]string{"loss", final(r, "loss", number(6))},
		[2]string{"test loss", final(r, "test_loss", number(6))},
		[2]string{"training accuracy", final(r, "train_accuracy", share)},
		[2]string{"test accuracy", final(r, "accuracy", share)},
		[2]string{"under attack", attackedWords(r)},
		[2]string{"perturbed one-norm", final(r, "perturbed_one_norm", number(4))},
		[2]string{"l-infinity margin", marginWords(r, "margin_inf", "margin_inf_cosine")},
		[2]string{"Euclidean margin", marginWords(r, "margin_two", "margin_two_cosine")},
		[2]string{"robust margin", marginWords(r, "robust_margin", "")},
		[2]string{"weight decay", ballWords(r)},
		[2]string{"noise scale", final(r, "noise_scale", func(x float64) string { return short(x, 3) + " examples" })},
		[2]string{"measured", measuringWords(&r.Measuring)},
		[2]string{"which took", fmt.Sprintf("%s, %s on top of the run", seconds(r.Measuring.Seconds), share(float64(r.Measuring.Share)))},
	)
}

// marginWords are a margin, its share of the largest, and the cosine to the direction
// of that where it is measured.
func marginWords(r *trace.Summary, margin, cosine string) string {
	return final(r, margin, func(x float64) string {
		text := fmt.Sprintf("%s, %s of the largest", short(x, 4), share(float64(r.Final[margin+"_share"])))
		if c, ok := r.Final[cosine]; ok {
			text += ", cosine " + short(float64(c), 5) + " to its direction"
		}
		return text
	})
}

// attackedWords are the accuracies under the attack.
func attackedWords(r *trace.Summary) string {
	var parts []string
	for _, x := range [][2]string{{"robust_accuracy", "test"}, {"robust_train_accuracy", "training"}} {
		if text := final(r, x[0], share); text != "" {
			parts = append(parts, x[1]+" accuracy "+text)
		}
	}
	return strings.Join(parts, ", ")
}

// ballWords are where the parameters are in the ball of the weight decay.
func ballWords(r *trace.Summary) string {
	return final(r, "kkt_size", func(x float64) string {
		return fmt.Sprintf("lambda |theta| = %s of at most 1, KKT ratio %s (1 where it rests on the ball)", short(x, 5), short(float64(r.Final["kkt_ratio"]), 5))
	})
}

// most is the number of quantities whose cost is listed.
const most = 4

// measuringWords say what the dearest measurements cost, in gradients of the training
// loss and products of its Hessian, which do not depend on the machine.
func measuringWords(m *trace.MeasuringSummary) string {
	type item struct {
		name string
		trace.Spent
	}
	var items []item
	for name, spent := range m.Quantities {
		if spent.Gradients+spent.Products > 0 {
			items = append(items, item{name, spent})
		}
	}
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.Gradients+b.Products, a.Gradients+a.Products), strings.Compare(a.name, b.name))
	})
	var parts []string
	for _, i := range items[:min(most, len(items))] {
		var work []string
		if i.Gradients > 0 {
			work = append(work, fmt.Sprintf("%s gradients", short(math.Round(10*i.Gradients)/10, -1)))
		}
		if i.Products > 0 {
			work = append(work, fmt.Sprintf("%s products", short(math.Round(10*i.Products)/10, -1)))
		}
		parts = append(parts, fmt.Sprintf("%s %d times (%s)", i.name, i.Count, strings.Join(work, ", ")))
	}
	return strings.Join(parts, ", ")
}
