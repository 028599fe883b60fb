package papers

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"leeway/report"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// pageView is what the template shows.
type pageView struct {
	*Paper
	Style        template.CSS
	Scale        Scale
	Counts       []countView
	Claims       []claimView
	Bibliography string
	Version      string
	Total        string
}

type countView struct {
	Verdict Verdict
	Tone    string
	N       int
}

type claimView struct {
	*Result
	Tone     string
	Pictures []pictureView
	Seconds  string
}

type pictureView struct {
	SVG     template.HTML
	Caption string
	File    string
}

// tone is the colour class of a verdict.
func tone(v Verdict) string {
	switch v {
	case Reproduced:
		return "good"
	case NotReproduced:
		return "poor"
	}
	return "fair"
}

// page writes the page of a paper's results, whose figures lie below dir.
func page(paper *Paper, results []*Result, dir string) ([]byte, error) {
	v := pageView{Paper: paper, Style: report.Style() + template.CSS("\n"+pageCSS)}
	for _, verdict := range []Verdict{Reproduced, NotReproduced, Inconclusive} {
		n := 0
		for _, r := range results {
			if r.Verdict == verdict && r.Reason == "" {
				n++
			}
		}
		v.Counts = append(v.Counts, countView{verdict, tone(verdict), n})
	}
	without := 0
	for _, r := range results {
		if r.Reason != "" {
			without++
		}
	}
	if without > 0 {
		v.Counts = append(v.Counts, countView{"not measured", "", without})
	}
	total := 0.0
	for _, r := range results {
		c := claimView{Result: r, Tone: tone(r.Verdict), Seconds: fmt.Sprintf("%.3g s", r.Seconds)}
		for _, f := range r.Figures {
			svg, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)+".svg"))
			if err != nil {
				return nil, fmt.Errorf("papers: figure of %s: %w", r.ID, err)
			}
			c.Pictures = append(c.Pictures, pictureView{report.Inline(svg), f.Caption, f.Path})
		}
		total += r.Seconds
		v.Claims = append(v.Claims, c)
		v.Scale = r.Scale
		if r.Version != "" {
			v.Version = r.Version
		}
	}
	v.Total = fmt.Sprintf("%.1f min", total/60)
	entries, err := report.Citations(paper.Citations...)
	if err != nil {
		return nil, err
	}
	v.Bibliography = strings.Join(entries, "\n\n")
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("papers: page: %w", err)
	}
	return b.Bytes(), nil
}
