package report

import (
	"fmt"

	"leeway/figure"
	"leeway/trace"
)

// curvaturePanels returns the largest eigenvalues against the lines above which an
// optimizer with full batches is unstable.
func (r Run) curvaturePanels() []panel {
	var all panels
	all.add(panel{
		name: "sharpness", title: "Sharpness", toggle: true,
		caption: "The largest eigenvalues of the Hessian of the training loss. " + r.dashed("sharpness_line", "the stability line, which sharpness under gradient descent rises to and then hovers about"),
		chart: figure.Chart{
			YLabel: "eigenvalue", LogY: true,
			Series: append(r.eigenvalues("sharpness"), r.single("stability line", "sharpness_line", "line")...),
		},
	})
	all.add(panel{
		name: "preconditioned-sharpness", title: "Preconditioned sharpness", toggle: true,
		caption: "The largest eigenvalues of the Hessian divided by the optimizer’s own scaling of each coordinate. It is this that decides the stability of an adaptive optimizer. " + r.dashed("preconditioned_line", "the line, (2 + 2β₁)/((1 − β₁) h) for Adam: above it the optimizer oscillates"),
		chart: figure.Chart{
			YLabel: "eigenvalue", LogY: true,
			Series: append(r.eigenvalues("preconditioned"), r.single("stability line", "preconditioned_line", "line")...),
		},
	})
	all.add(panel{
		name: "hessian-trace", title: "Trace of the Hessian", toggle: true,
		caption: "The sum of all eigenvalues, estimated from random directions.",
		chart:   figure.Chart{YLabel: "trace", Series: r.single("trace", "hessian_trace", "maximum")},
	})
	return all
}

// eigenvalues are the columns QUANTITY_1, QUANTITY_2, ...
func (r Run) eigenvalues(quantity string) []figure.Series {
	var all []figure.Series
	for k := 1; ; k++ {
		x, y := r.column(trace.Discrete, fmt.Sprintf("%s_%d", quantity, k))
		if y == nil {
			return all
		}
		s := figure.Series{Name: fmt.Sprintf("eigenvalue %d", k), X: x, Y: y, Style: figure.StyleOf("maximum")}
		if k > 1 {
			s.Style = figure.StyleOf("99th percentile")
		}
		all = append(all, s)
	}
}

// sizePanels returns how large gradient and parameters are.
func (r Run) sizePanels() []panel {
	var all panels
	all.add(panel{
		name: "gradient-norms", title: "Norms of the gradient", toggle: true,
		caption: "One-norm and two-norm of the gradient of the training loss, of the optimizer.",
		chart: figure.Chart{YLabel: "norm", LogY: true,
			Series: append(r.single("one-norm", "one_norm", "maximum"), r.single("two-norm", "two_norm", "99th percentile")...)},
	})
	all.add(panel{
		name: "gradient-size", title: "Components of the gradient", toggle: true,
		caption: "Mean and standard deviation of |g| over the coordinates. Held against the switch gradient they tell which side most coordinates are on.",
		chart: figure.Chart{YLabel: "|g|", LogY: true,
			Series: append(r.single("mean", "gradient_mean", "maximum"), r.single("deviation", "gradient_deviation", "99th percentile")...),
			Guides: r.switchGuide()},
	})
	all.add(panel{
		name: "norm-rate", title: "What the bias alone does to the norm",
		caption: "The rate at which the bias by itself changes the perturbed one-norm, relative to it, per unit of time. Above zero it raises the norm, below it lowers it.",
		chart: figure.Chart{YLabel: "relative rate", Series: r.single("rate", "norm_rate", "maximum"),
			Guides: []figure.Guide{{Y: 0, Label: "no effect"}}},
	})
	all.add(panel{
		name: "bias-cosine", title: "Direction of the bias",
		caption: "The cosine of the angle between bias and gradient. 1: the bias speeds the descent up; -1: it holds back; near 0: it turns the path sideways.",
		chart: figure.Chart{YLabel: "cosine", Series: r.single("cosine", "bias_cosine", "maximum"),
			Guides: []figure.Guide{{Y: 0, Label: "sideways"}}},
	})
	all.add(panel{
		name: "noise-scale", title: "Noise scale of the mini-batches", toggle: true,
		caption: "The variance of single gradients over the square of the mean one, in examples: batches much smaller than this are mostly noise.",
		chart:   figure.Chart{YLabel: "examples", LogY: true, Series: r.single("noise scale", "noise_scale", "maximum")},
	})
	all.add(panel{
		name: "parameters", title: "Size of the parameters", toggle: true,
		caption: "Largest component and two-norm of the parameters, of the optimizer.",
		chart: figure.Chart{YLabel: "norm", LogY: true,
			Series: append(r.single("two-norm", "theta_two", "maximum"), r.single("largest component", "theta_inf", "99th percentile")...)},
	})
	return all
}

// switchGuide is the gradient at which the bias changes sign, if there is one.
func (r Run) switchGuide() []figure.Guide {
	if at := r.Summary.Theory.SwitchGradient; at > 0 {
		return []figure.Guide{{Y: at, Label: "switch gradient"}}
	}
	return nil
}
