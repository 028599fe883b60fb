package report

import (
	"leeway/bea"
	"leeway/figure"
)

// trustPanels returns the figures that say whether the theorem's flow is to be
// believed here: the trust number, the share of coordinates where it is too
// large, and the predicted drift against the realised one.
func (r Run) trustPanels() []panel {
	var all panels
	all.add(panel{
		name: "trust", title: "Trust number", toggle: true,
		caption: "How much the gradient changes within the optimizer’s memory, relative to its size. Below 0.3 the corrected flow helps; above 0.5, for more than a passing few coordinates, it does not.",
		chart: figure.Chart{
			YLabel: "trust number x", LogY: true,
			Series: append(r.single("maximum", "trust_max", "maximum"), r.single("99th percentile", "trust_p99", "99th percentile")...),
			Guides: []figure.Guide{{Y: bea.TrustHelps, Label: "0.3: helps below", Below: true}, {Y: bea.TrustBound, Label: "0.5: fails above"}},
		},
	})
	share := r.single("share above 0.5", "trust_share", "anti-penalized")
	if r.Summary.Trust.Share == 0 {
		share = nil // a flat line at zero shows nothing
	}
	all.add(panel{
		name: "trust-share", title: "Coordinates beyond trust",
		caption: "The share of coordinates whose trust number is above 0.5. A short spike does little harm; a lasting share means that the corrected flow is not to be believed.",
		chart:   figure.Chart{YLabel: "share above 0.5", Series: share},
	})
	all.add(panel{
		name: "drift-cosine", title: "Predicted and realised drift: direction",
		caption: "The cosine of the angle between the drift that theory predicts for a step and the one that the optimizer made. 1 means the same direction.",
		chart: figure.Chart{
			YLabel: "cosine", Series: r.single("cosine", "drift_cosine", "maximum"),
			Guides: []figure.Guide{{Y: 1, Label: "same direction"}},
		},
	})
	all.add(panel{
		name: "drift-ratio", title: "Predicted and realised drift: size", toggle: true,
		caption: "The size of the predicted drift over the realised one. 1 means the same size; far above 1 the expansion promises more drift than there is.",
		chart: figure.Chart{
			YLabel: "predicted / realised", LogY: true, Series: r.single("size ratio", "drift_ratio", "maximum"),
			Guides: []figure.Guide{{Y: 1, Label: "same size"}},
		},
	})
	return all
}
