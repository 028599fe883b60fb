package report

import (
	"bytes"
	"fmt"
	"strings"

	"leeway/figure"
)

// Figure is one figure of a run, ready to be stored.
type Figure struct {
	Name    string // of the file, without an ending: "distance"
	Title   string
	Caption string // what is shown and what to look for
	Alt     string // the figure in words
	SVG     []byte
	// Figure writes the same drawing as PDF or PNG.
	figure.Figure
}

// Figures returns the figures that the run's columns and contours allow, in the
// order of the page.
func Figures(run Run) ([]Figure, error) {
	var all []Figure
	for _, p := range run.panels() {
		all = append(all, Figure{Name: p.name, Title: p.title, Caption: p.caption, Alt: p.alt(), Figure: p.chart})
	}
	if f, ok := run.landscape(); ok {
		all = append(all, Figure{
			Name: "paths", Title: f.Title, Caption: landscapeCaption, Alt: landscapeAlt(f), Figure: f,
		})
	}
	for i := range all {
		var buf bytes.Buffer
		if err := all[i].WriteSVG(&buf); err != nil {
			return nil, fmt.Errorf("report: figure %s: %w", all[i].Name, err)
		}
		all[i].SVG = buf.Bytes()
	}
	return all, nil
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
		_, x := r.column(name, "theta_1")
		_, y := r.column(name, "theta_2")
		if x == nil || y == nil {
			continue
		}
		_, early := r.stopped(name)
		f.Paths = append(f.Paths, figure.Series{Name: name, X: x, Y: y, Stopped: early})
	}
	return f, true
}

const landscapeCaption = "The two parameters on their way over the loss; the stronger the tint, the larger the loss, and each line is a level, spaced evenly in the logarithm. The ring marks the common start, a dot the end of a path, a cross the place where a process stopped. A path that leaves the map is cut at its edge."

// landscapeAlt describes the contour figure in words.
func landscapeAlt(f figure.Contour) string {
	parts := []string{}
	for _, p := range f.Paths {
		x0, x1, ok := ends(p.X, false)
		y0, y1, _ := ends(p.Y, false)
		if ok {
			parts = append(parts, fmt.Sprintf("%s from (%s, %s) to (%s, %s)", p.Name, number(x0), number(y0), number(x1), number(y1)))
		}
	}
	return "Contours of the loss with the paths of the processes: " + strings.Join(parts, "; ") + "."
}

// schemed rewrites the colours of an SVG as variables of the page, so that it
// follows the page's light or dark scheme.
func schemed(svg []byte) []byte {
	var pairs []string
	for _, swatch := range figure.Palette() {
		pairs = append(pairs, swatch.Light, "var(--c-"+swatch.Name+")")
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(svg)))
}
