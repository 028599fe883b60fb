package report

import "leeway/figure"

// The limits of the trust number: below the first the corrected flow helps,
// where a lasting share of coordinates is above the second it does not.
const (
	trustHelps = 0.3
	trustFails = 0.5
)

// trustPanels returns the figures that say whether the theorem's flow is to be
// believed here: the trust number, the share of coordinates where it is too
// large, and the predicted drift against the realised one.
func (r Run) trustPanels() []panel {
	var all []panel
	add := func(p panel) {
		if len(p.chart.Series) > 0 {
			p.chart.Title = p.title
			p.chart.XLabel = "step"
			all = append(all, p)
		}
	}
	add(panel{
		name: "trust", title: "Trust number", toggle: true,
		caption: "How much the gradient changes within the optimizer’s memory, relative to its size. Below 0.3 the corrected flow helps; above 0.5, for more than a passing few coordinates, it does not.",
		chart: figure.Chart{
			YLabel: "trust number x", LogY: true,
			Series: append(r.single("maximum", "trust_max", "maximum"), r.single("99th percentile", "trust_p99", "99th percentile")...),
			Guides: []figure.Guide{{Y: trustHelps, Label: "0.3: helps below", Below: true}, {Y: trustFails, Label: "0.5: fails above"}},
		},
	})
	add(panel{
		name: "trust-share", title: "Coordinates beyond trust",
		caption: "The share of coordinates whose trust number is above 0.5. A short spike does little harm; a lasting share means that the corrected flow is not to be believed.",
		chart:   figure.Chart{YLabel: "share above 0.5", Series: r.single("share above 0.5", "trust_share", "anti-penalized")},
	})
	add(panel{
		name: "drift-cosine", title: "Predicted and realised drift: direction",
		caption: "The cosine of the angle between the drift that theory predicts for a step and the one that the optimizer made. 1 means the same direction.",
		chart: figure.Chart{
			YLabel: "cosine", Series: r.single("cosine", "drift_cosine", "maximum"),
			Guides: []figure.Guide{{Y: 1, Label: "same direction"}},
		},
	})
	add(panel{
		name: "drift-ratio", title: "Predicted and realised drift: size", toggle: true,
		caption: "The size of the predicted drift over the realised one. 1 means the same size; far above 1 the expansion promises more drift than there is.",
		chart: figure.Chart{
			YLabel: "predicted / realised", LogY: true, Series: r.single("size ratio", "drift_ratio", "maximum"),
			Guides: []figure.Guide{{Y: 1, Label: "same size"}},
		},
	})
	return all
}

// landscape returns the paths over the contours of a problem of two parameters.
func (r Run) landscape() (figure.Contour, bool) {
	if r.Contours == nil {
		return figure.Contour{}, false
	}
	c := r.Contours
	f := figure.Contour{
		Title:  "Paths over the loss",
		XLabel: "θ₁", YLabel: "θ₂",
		X: [2]float64{c.XMin, c.XMax}, Y: [2]float64{c.YMin, c.YMax},
		Z: c.Loss, Curves: c.Curves, Marks: c.Marks,
		Width: 500, Height: 410,
	}
	for _, name := range r.processes() {
		x, y := r.column(name, "theta_1"), r.column(name, "theta_2")
		if x == nil || y == nil {
			continue
		}
		_, early := r.stopped(name)
		f.Paths = append(f.Paths, figure.Series{Name: name, X: x, Y: y, Stopped: early})
	}
	return f, true
}
