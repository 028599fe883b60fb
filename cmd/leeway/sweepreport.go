package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leeway/compare"
	"leeway/internal/spelling"
	"leeway/sweep"
)

// sweepReport is one call of sweep report.
type sweepReport struct {
	*app
	json                         bool
	quantity, at, x, lines, band string
	comparison                   *compare.Sweep
	view                         compare.View
}

func (a *app) sweepReportCommand() *cobra.Command {
	s := &sweepReport{app: a}
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "One page, figures and a table that compare the cells of a sweep",
		Long: `Writes into the sweep directory report.html, one page that needs no network;
figures/comparison.svg and .pdf; and sweep.csv, one row a cell and measure. What the
page shows first is chosen here; the page can change it.`,
		Example: `  leeway sweep report sweeps/sweep-digits
  leeway sweep report sweeps/sweep-digits --quantity accuracy --at loss:0.1 --band sd`,
		Args: exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error { return s.run(args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&s.json, "json", false, "print paths, means and correlation as one JSON object")
	f.StringVar(&s.quantity, "quantity", "", "what is compared: perturbed_one_norm, accuracy, flow-2/distance, step, ...")
	f.StringVar(&s.at, "at", "", "where: end, max, min, peak (after the first tenth), loss:0.1, step:200, mean:5")
	f.StringVar(&s.x, "x", "", "the axis to compare along: optimizer.beta2, or beta2")
	f.StringVar(&s.lines, "lines", "", "an axis with a line for each value")
	f.StringVar(&s.band, "band", "95%", "around means: 95%, sd or range")
	return cmd
}

// reported is what sweep report prints with --json.
type reported struct {
	Report   string        `json:"report"`
	Table    string        `json:"table"`
	Figures  []string      `json:"figures"`
	Quantity string        `json:"quantity"`
	At       string        `json:"at"`
	X        string        `json:"x"`
	Groups   []groupJSON   `json:"groups"`
	Spearman *spearmanJSON `json:"spearman,omitempty"`
}

type groupJSON struct {
	X     string   `json:"x"`
	Line  string   `json:"line,omitempty"`
	Mean  *float64 `json:"mean"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	N     int      `json:"n"`
	Cells int      `json:"cells"`
}

type spearmanJSON struct {
	R    float64  `json:"r"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
	N    int      `json:"n"`
}

func (s *sweepReport) run(path string) error {
	d, err := sweep.Open(path)
	if err != nil {
		return err
	}
	if s.comparison, err = d.Comparison(); err != nil {
		return err
	}
	if !slices.ContainsFunc(s.comparison.Cells, func(c compare.Cell) bool { return c.Table != nil }) {
		return misuse("the sweep has no results yet: "+d.Path(), "leeway sweep run with its plan, or leeway sweep status")
	}
	if err := s.choose(); err != nil {
		return err
	}
	r := &reported{Quantity: s.view.Quantity, At: s.view.At.String(), X: s.view.X, Report: filepath.Join(d.Path(), "report.html"), Table: filepath.Join(d.Path(), "sweep.csv")}
	var page, table bytes.Buffer
	if err := s.comparison.WritePage(&page, compare.Page{View: s.view, Plan: d.Plan, Version: version()}); err != nil {
		return err
	}
	if err := s.comparison.WriteCSV(&table); err != nil {
		return err
	}
	for file, text := range map[string][]byte{r.Report: page.Bytes(), r.Table: table.Bytes()} {
		if err := replace(file, text); err != nil {
			return err
		}
	}
	if s.view.X != "" {
		if r.Figures, err = s.figures(d.Path()); err != nil {
			return err
		}
	}
	return s.print(r)
}

// choose fills in the view from the flags.
func (s *sweepReport) choose() error {
	s.view = s.comparison.Default()
	var err error
	if s.at != "" {
		if s.view.At, err = compare.ParseAt(s.at); err != nil {
			what, try := sentences(err)
			return misuse("--at: "+what, try)
		}
	}
	if s.quantity != "" {
		if s.view.Quantity, err = oneOf("--quantity", s.quantity, append(s.comparison.Quantities(), compare.StepQuantity), "/"); err != nil {
			return err
		}
	}
	var axes []string
	for _, a := range s.comparison.Axes {
		axes = append(axes, a.Path)
	}
	if s.x != "" {
		if s.view.X, err = oneOf("--x", s.x, axes, "."); err != nil {
			return err
		}
		if s.view.Lines == s.view.X {
			s.view.Lines = ""
		}
	}
	if s.lines != "" {
		if s.view.Lines, err = oneOf("--lines", s.lines, axes, "."); err != nil {
			return err
		}
		if s.view.Lines == s.view.X {
			return misuse("--lines and --x are the same axis", "another axis, or no --lines")
		}
	}
	s.view.Band = compare.Band(s.band)
	if !slices.Contains(compare.Bands(), s.view.Band) {
		return misuse(fmt.Sprintf("--band: there is no band %q", s.band), "95%, sd or range")
	}
	return nil
}

// oneOf finds a name among others, also by its last part.
func oneOf(flag, name string, names []string, separator string) (string, error) {
	for _, n := range names {
		if n == name {
			return n, nil
		}
	}
	for _, n := range names {
		if strings.HasSuffix(n, separator+name) {
			return n, nil
		}
	}
	try := "one of " + strings.Join(names, ", ")
	if near := spelling.Nearest(name, names); near != "" {
		try = near
	}
	return "", misuse(fmt.Sprintf("%s: the sweep has no %q", flag, name), try)
}

// figures writes the view as files.
func (s *sweepReport) figures(dir string) ([]string, error) {
	chart, _ := s.comparison.Figure(s.view)
	folder := filepath.Join(dir, "figures")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, misuse(fmt.Sprintf("cannot make the folder for figures: %v", err), "permission to write there")
	}
	var svg, pdf bytes.Buffer
	if err := chart.WriteSVG(&svg); err != nil {
		return nil, err
	}
	if err := chart.WritePDF(&pdf); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "comparison")
	if err := replace(path+".svg", svg.Bytes()); err != nil {
		return nil, err
	}
	return []string{path + ".svg", path + ".pdf"}, replace(path+".pdf", pdf.Bytes())
}

// print writes means, correlation and paths.
func (s *sweepReport) print(r *reported) error {
	groups := s.comparison.Groups(s.view.Quantity, s.view.At, s.view.X, s.view.Lines, s.view.Band)
	for _, g := range groups {
		r.Groups = append(r.Groups, groupJSON{g.X, g.Line, number(g.Mean), number(g.Low), number(g.High), g.N, g.Cells})
	}
	axis := compare.NewAxis(s.view.X, s.comparison.Cells)
	c := s.comparison.Correlate(s.view.Quantity, s.view.At, s.view.X)
	if axis.Numeric && c.R == c.R {
		r.Spearman = &spearmanJSON{c.R, number(c.Low), number(c.High), c.N}
	}
	if s.json {
		return s.out.json(r)
	}
	w := s.out
	w.head(compare.Label(s.view.Quantity) + " " + s.view.At.Words())
	for _, g := range groups {
		line := ""
		if s.view.Lines != "" {
			line = g.Line + "  "
		}
		w.printf("  %-10s %s%-10s [%s, %s]  n = %d of %d\n", g.X, line, short(g.Mean, 4), short(g.Low, 4), short(g.High, 4), g.N, g.Cells)
	}
	if r.Spearman != nil {
		w.printf("  Spearman's rank correlation with %s: %s\n", axis.Short(), c)
	}
	w.printf("\n")
	w.facts([2]string{"report", r.Report}, [2]string{"table", r.Table}, [2]string{"figures", strings.Join(r.Figures, ", ")})
	return w.done()
}

// number is a value for JSON, null where it is none.
func number(x float64) *float64 {
	if x != x {
		return nil
	}
	return &x
}
