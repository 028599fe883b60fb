package config

import (
	"strconv"
	"strings"
	"testing"

	"leeway/margin"
)

const separableText = `objective:
  model: {kind: linear, intercept: false}
  data: {kind: DATA}
  loss: logistic
optimizer: {kind: adam, eps: 0}
processes: [discrete]
measure: {every: 100, quantities: [loss, margin]}
`

func TestMargins(t *testing.T) {
	parse := func(data string) (*Config, error) {
		return Parse([]byte(strings.ReplaceAll(separableText, "{kind: DATA}", data)), "c.yaml", nil)
	}
	for _, data := range []string{"{kind: gaussian, shape: [6], classes: 2, train: 5}", "{kind: rademacher, shape: [6], train: 5, test: 2}", "{kind: breast-cancer, train: 60}"} {
		c, err := parse(data)
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Build()
		if err != nil {
			t.Fatal(err)
		}
		if p.Margins == nil || p.Margins.Inf.Margin <= 0 || c.Setup(p).Margins != p.Margins {
			t.Errorf("%s: no margins", data)
		}
	}
	c, err := parse("{kind: gaussian, shape: [2], classes: 2, train: 50}")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Build()
	e, ok := err.(*Error)
	if !ok || !strings.Contains(e.Error(), "cannot be separated") || !strings.Contains(e.Error(), "c.yaml:7:") || e.Hint() == "" {
		t.Errorf("error %v for data that nothing separates", err)
	}
}

// A margin needs a linear model of two classes; the preset full does without.
func TestMarginsAreOfLinearModels(t *testing.T) {
	if _, err := Parse([]byte("objective: {problem: bilinear}\nmeasure: {quantities: [margin]}\n"), "c.yaml", nil); err == nil || !strings.Contains(err.Error(), "linear model") {
		t.Errorf("error %v for the margin of a problem", err)
	}
	c, err := Parse([]byte("objective: {model: {kind: linear}, data: {kind: breast-cancer}}\nmeasure: {preset: full}\n"), "c.yaml", nil)
	if err != nil || c.Measure.Has(marginQuantity) {
		t.Errorf("the preset full measures margins, or %v", err)
	}
}

const robustText = `objective:
  model: {kind: linear}
  data: {kind: teacher, shape: [40], sparse_teacher: 5, train: 16, test: 0}
  loss: exponential
  attack: {norm: NORM, radius: RADIUS}
optimizer: {kind: gd, lr: 1e-3}
processes: [discrete]
measure: {every: 100, quantities: [loss, robust_margin]}
`

// Truth: package margin, in the dual norm; at the largest radius itself nothing is left.
func TestRobustMargins(t *testing.T) {
	build := func(norm string, radius float64, overrides ...string) (*Config, *Problem, error) {
		t.Helper()
		text := strings.NewReplacer("NORM", norm, "RADIUS", strconv.FormatFloat(radius, 'g', -1, 64)).Replace(robustText)
		c, err := Parse([]byte(text), "c.yaml", overrides)
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Build()
		return c, p, err
	}
	for norm, dual := range map[string]string{"inf": margin.L1, "2": margin.L2, "1": margin.LInf} {
		c, p, err := build(norm, 1e-3)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := margin.NewProblem(p.Train.X, p.Train.Y, p.Train.D, false)
		if err != nil {
			t.Fatal(err)
		}
		best, err := rows.Solve(dual)
		if err != nil {
			t.Fatal(err)
		}
		if p.RobustMargin == nil || p.RobustMargin.Largest.Margin != best.Margin || c.Setup(p).RobustMargin != p.RobustMargin {
			t.Errorf("norm %s: %+v, want the margin %v", norm, p.RobustMargin, best.Margin)
		}
		if largest, known := c.Withstood(p); !known || largest != best.Margin {
			t.Errorf("norm %s: radius %v withstood, want %v", norm, largest, best.Margin)
		}
		_, _, err = build(norm, best.Margin)
		e, ok := err.(*Error)
		if !ok || !strings.HasPrefix(e.Error(), "c.yaml:8:35: measure.quantities: robust_margin has no meaning here, since no linear model separates the rows under an attack of radius ") ||
			!strings.HasPrefix(e.Try, "a radius of at most ") {
			t.Errorf("norm %s: error %v at the largest radius", norm, err)
		}
		// Without the margin, training goes on.
		if _, p, err := build(norm, 2*best.Margin, "measure={every: 100}"); err != nil || p.RobustMargin != nil {
			t.Errorf("norm %s: error %v without a margin", norm, err)
		}
	}
	c, p, err := build("inf", 0.1, "measure={every: 100}", "objective.data={kind: gaussian, shape: [3], classes: 2, train: 100}")
	if err != nil {
		t.Fatal(err)
	}
	if largest, known := c.Withstood(p); largest != 0 || !known {
		t.Errorf("rows that nothing separates: %v, %t", largest, known)
	}
	for _, override := range []string{"objective.model.intercept=true", "objective={problem: bilinear}"} {
		c, err := Parse([]byte(robustText[:strings.Index(robustText, "measure")]), "c.yaml", []string{"objective.attack={norm: inf, radius: 0.01}", override})
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Build()
		if err != nil {
			t.Fatal(err)
		}
		if _, known := c.Withstood(p); known {
			t.Errorf("%s: a radius is known", override)
		}
		if _, err := c.With("measure.quantities=[robust_margin]"); err == nil || !strings.Contains(err.Error(), "robust_margin needs") {
			t.Errorf("%s: error %v", override, err)
		}
	}
}
