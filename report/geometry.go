package report

import "leeway/figure"

// geometryPanels returns what iterates are held against: the largest margins of
// separable data, and the ball of the weight decay.
func (r Run) geometryPanels() []panel {
	var all panels
	largest := []figure.Guide{{Y: 1, Label: "the largest"}}
	all.add(panel{
		name: "margins", title: "Margins",
		caption: "The normalised margins as shares of the largest ones that a linear model has on these rows. One geometry wins in the end: l-infinity with Adam without eps and sign descent, the Euclidean with gradient descent.",
		chart: figure.Chart{YLabel: "share of the largest margin",
			YRange: [2]float64{0, 1.05}, // before the rows are separated nothing is to be seen
			Series: append(r.single("l-infinity", "margin_inf_share", "maximum"), r.single("Euclidean", "margin_two_share", "99th percentile")...), Guides: largest},
	})
	all.add(panel{
		name: "margin-directions", title: "Directions of the largest margins",
		caption: "The cosines between the parameters and the directions of the largest margins.",
		chart: figure.Chart{YLabel: "cosine",
			Series: append(r.single("to l-infinity", "margin_inf_cosine", "maximum"), r.single("to Euclidean", "margin_two_cosine", "99th percentile")...)},
	})
	all.add(panel{
		name: "robust-margin", title: "Robust margin",
		caption: "The margin that the attack leaves, as a share of the largest. Below zero the attack succeeds on some row.",
		chart:   figure.Chart{YLabel: "share of the largest robust margin", YRange: [2]float64{-0.2, 1.05}, Series: r.single("robust margin", "robust_margin_share", "maximum"), Guides: append(largest, figure.Guide{Y: 0, Label: "the attack succeeds"})},
	})
	all.add(panel{
		name: "kkt", title: "The ball of the weight decay",
		caption: "Weight decay λ with steps of normalised size solves the loss subject to |θ| ≤ 1/λ. The size λ|θ| is at most 1 there; the ratio ⟨−λθ, g⟩ / |g| in the dual norm is 1 where the iterate rests on the ball’s surface.",
		chart: figure.Chart{YLabel: "size and ratio",
			Series: append(r.single("size", "kkt_size", "maximum"), r.single("ratio", "kkt_ratio", "99th percentile")...), Guides: []figure.Guide{{Y: 1, Label: "the ball"}}},
	})
	return all
}
