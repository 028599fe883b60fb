package compare

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"leeway/report"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
)

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// pageView is what the template shows.
type pageView struct {
	Name                           string
	Style                          template.CSS
	Data, Script                   template.JS
	Cells, Done, Failed, Missing   int
	Diverged                       int
	Axes, Seeds, Caption, Spearman string
	Still                          template.HTML
	Plan, Version                  string
	Failures                       []Cell
}

// Page is what a page tells besides the sweep itself.
type Page struct {
	View    View
	Plan    string // the plan's text
	Version string
}

// WritePage writes one self-contained HTML page: the view as a figure, with
// controls to change it, courses of single cells, parallel coordinates, a heat map
// where two axes vary, and a table to sort and filter. Without JavaScript it shows
// the figure.
func (s *Sweep) WritePage(w io.Writer, p Page) error {
	data, err := s.data(p.View)
	if err != nil {
		return fmt.Errorf("compare: page: %w", err)
	}
	v := pageView{
		Name: s.Name, Style: report.Style() + template.CSS("\n"+pageCSS), Script: template.JS(pageJS), Plan: p.Plan, Version: p.Version,
		Data: template.JS(strings.ReplaceAll(string(data), "</", `<\/`)), Cells: len(s.Cells),
	}
	seeds := map[uint64]bool{}
	for i := range s.Cells {
		c := &s.Cells[i]
		seeds[c.Seed] = true
		switch c.Status {
		case "failed":
			v.Failed++
			if len(v.Failures) < 20 {
				v.Failures = append(v.Failures, *c)
			}
		case "missing":
			v.Missing++
		case "diverged":
			v.Diverged++
			v.Done++
		default:
			v.Done++
		}
	}
	v.Seeds = fmt.Sprint(len(seeds))
	var short []string
	for i := range s.Axes {
		short = append(short, s.Axes[i].Short())
	}
	v.Axes = strings.Join(short, ", ")
	if p.View.X != "" && p.View.Quantity != "" {
		chart, caption := s.Figure(p.View)
		chart.Width, chart.Height = 860, 400
		var svg bytes.Buffer
		if err := chart.WriteSVG(&svg); err != nil {
			return fmt.Errorf("compare: figure: %w", err)
		}
		v.Still, v.Caption = report.Inline(svg.Bytes()), caption
		if a := NewAxis(p.View.X, s.Cells); a.Numeric {
			v.Spearman = s.Correlate(p.View.Quantity, p.View.At, p.View.X).String()
		}
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return fmt.Errorf("compare: page: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("compare: page: %w", err)
	}
	return nil
}
