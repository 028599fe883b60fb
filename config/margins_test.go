package config

import (
	"strings"
	"testing"
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
