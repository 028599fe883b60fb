package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"leeway/figure"
)

// The parts of the page. uPlot 1.6.32 draws its interactive charts (MIT licence,
// in page/uplot).
var (
	//go:embed page/page.html
	pageHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.js
	pageJS string
	//go:embed page/uplot/uPlot.iife.min.js
	uplotJS string
	//go:embed page/uplot/uPlot.min.css
	uplotCSS string
	//go:embed page/uplot/LICENSE
	uplotLicense string
)

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// page is what the template shows.
type page struct {
	Run
	Style            template.CSS
	Script, Data     template.JS
	Status           badge
	Lead             []string
	Chips            []chip
	Tiles            []tile
	Ladder           []rung
	Panels           []panelView
	Landscape        *panelView
	Table            []row
	Glossary         []term
	Bibliography     string
	Elapsed, EpsMode string
	EpsFormula       string
}

// chip is one fact under the title.
type chip struct{ Label, Value string }

// panelView is one figure on the page.
type panelView struct {
	Name, Title, Caption, Alt string
	SVG                       template.HTML // drawn by package figure, which escapes its text
	Toggle, Wide, Log         bool
}

// Write writes the report of a run as one self-contained HTML page.
func Write(w io.Writer, run Run) error {
	panels := run.panels()
	data, err := script(panels)
	if err != nil {
		return fmt.Errorf("report: chart data: %w", err)
	}
	s := run.Summary
	p := page{
		Run:          run,
		Style:        template.CSS(uplotCSS + "\n" + paletteCSS() + pageCSS),
		Script:       template.JS("/*! uPlot 1.6.32\n" + uplotLicense + "*/\n" + uplotJS + "\n" + pageJS),
		Data:         template.JS(data),
		Status:       statusBadge(s.Status),
		Lead:         nonEmpty(append([]string{run.Rate, s.Theory.Sentence}, run.asked()...)...),
		Chips:        run.chips(),
		Tiles:        run.tiles(),
		Ladder:       run.ladder(),
		Table:        run.table(),
		Glossary:     unbroken(glossary),
		Bibliography: strings.Join(run.Citations, "\n\n"),
		Elapsed:      duration(s.Seconds),
		EpsMode:      s.Theory.EpsMode,
		EpsFormula:   epsFormula(s.Theory.EpsMode),
	}
	if p.Title == "" {
		p.Title = "A run without a name"
	}
	if p.EpsFormula != "" && s.Theory.Eps > 0 {
		p.EpsFormula += ", with ε = " + number(s.Theory.Eps)
	}
	if s.Diverged != "" {
		p.Lead = append([]string{"The optimizer itself diverged: " + strings.TrimRight(s.Diverged, ".") + "."}, p.Lead...)
	}
	if s.Stopped != "" {
		p.Lead = append(p.Lead, "The run ended by its stop condition, at "+s.Stopped+".")
	}
	if s.Modified != 0 {
		p.Lead = append([]string{fmt.Sprintf("To every step of the optimizer %s times the bias term was added; the flows are those of the optimizer without it.", number(s.Modified))}, p.Lead...)
	}
	if len(p.Lead) == 0 {
		p.Lead = []string{"This run holds no summary yet."}
	}
	for _, panel := range panels {
		still := panel.chart
		still.Title, still.MaxPoints = "", 400 // the page has the title in its own type
		still.Width, still.Height = 400, 240
		if panel.wide {
			still.Width, still.Height = 760, 300
		}
		svg, err := inline(still)
		if err != nil {
			return fmt.Errorf("report: figure %s: %w", panel.name, err)
		}
		p.Panels = append(p.Panels, panelView{
			Name: panel.name, Title: panel.title, Caption: panel.caption, Alt: panel.alt(), SVG: svg,
			Toggle: panel.toggle, Wide: panel.wide, Log: panel.chart.LogY,
		})
	}
	if f, ok := run.landscape(); ok {
		title := f.Title
		f.Title = ""
		svg, err := inline(f)
		if err != nil {
			return fmt.Errorf("report: figure paths: %w", err)
		}
		p.Landscape = &panelView{Name: "paths", Title: title, Caption: landscapeCaption, Alt: landscapeAlt(f), SVG: svg}
	}
	var buf bytes.Buffer
	if err := pageTemplate.Execute(&buf, p); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	if _, err := w.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("report: write page: %w", err)
	}
	return nil
}

// inline draws a figure for the page, in the page's colours.
func inline(f figure.Figure) (template.HTML, error) {
	var buf bytes.Buffer
	if err := f.WriteSVG(&buf); err != nil {
		return "", err
	}
	return template.HTML(schemed(buf.Bytes())), nil
}

// paletteCSS writes the colours of the figures as variables, for light and dark
// screens.
func paletteCSS() string {
	var light, dark strings.Builder
	for _, swatch := range figure.Palette() {
		fmt.Fprintf(&light, "--c-%s:%s;", swatch.Name, swatch.Light)
		fmt.Fprintf(&dark, "--c-%s:%s;", swatch.Name, swatch.Dark)
	}
	return ":root{" + light.String() + "}\n@media screen and (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n"
}

// chips returns the facts under the title.
func (r Run) chips() []chip {
	var chips []chip
	add := func(label, value string) {
		if value != "" {
			chips = append(chips, chip{label, value})
		}
	}
	s := r.Summary
	add("optimizer", s.Theory.Optimizer)
	if s.Theory.LR > 0 {
		add("learning rate", number(s.Theory.LR))
	}
	if s.Planned > 0 {
		add("steps", count(s.Steps)+" of "+count(s.Planned))
	}
	if s.Seconds > 0 {
		add("computed in", duration(s.Seconds))
	}
	for _, name := range []struct{ key, label string }{{"loss", "final loss"}, {"accuracy", "test accuracy"}} {
		if v, ok := s.Final[name.key]; ok {
			text := number(float64(v))
			if name.key == "accuracy" {
				text = percent(float64(v))
			}
			add(name.label, text)
		}
	}
	return chips
}

// unbroken keeps formulas together at the end of a line.
func unbroken(terms []term) []term {
	joined := make([]term, len(terms))
	for i, t := range terms {
		for _, op := range []string{"−", "+", "/", ">", "="} {
			t.Meaning = strings.ReplaceAll(t.Meaning, " "+op+" ", "\u00a0"+op+"\u00a0")
		}
		joined[i] = t
	}
	return joined
}

// nonEmpty returns the texts that are not empty.
func nonEmpty(texts ...string) []string {
	var kept []string
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			kept = append(kept, text)
		}
	}
	return kept
}
