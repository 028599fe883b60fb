package config

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/optim"
)

// A quadratic with the eigenvalues 1 to 50, whose Lipschitz constant is 50 everywhere.
const exactQuadratic = `
objective: {problem: quadratic, dimension: 6, condition: 50, start: normal}
optimizer: {kind: adam, lr: exact}
processes: [discrete]
steps: 70
`

// Truth: the constant is the largest eigenvalue, 1, of a spectrum from 1/50 to 1 that is
// known, and the loss is asked of the objective itself.
func TestExactStep(t *testing.T) {
	c, err := Parse([]byte(exactQuadratic), "f.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	top := 0.0 // from the products with unit vectors: the Hessian is constant
	h := mat.NewSymDense(6, nil)
	unit, column := make([]float64, 6), make([]float64, 6)
	for j := range unit {
		unit[j] = 1
		if err := p.Objective.HVP(column, p.Start, unit, 0); err != nil {
			t.Fatal(err)
		}
		unit[j] = 0
		for i := range j + 1 {
			h.SetSym(i, j, column[i])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(h, false) {
		t.Fatal("no eigenvalues")
	}
	for _, v := range eigen.Values(nil) {
		top = math.Max(top, math.Abs(v))
	}
	loss, err := p.Objective.Gradient(column, p.Start, 0)
	if err != nil {
		t.Fatal(err)
	}
	e := p.Estimate
	if e == nil || math.Abs(e.Lipschitz/top-1) > 0.01 || e.Loss != loss || e.Points != 10 || e.Steps != 70 || e.Products < 10 {
		t.Fatalf("estimate %+v, want the constant %v and the loss %v", e, top, loss)
	}
	if want := math.Sqrt(2 * e.Loss / (e.Lipschitz * 70)); p.Optimizer.LR != want || e.Step != want {
		t.Errorf("steps of %v and %v, want %v", p.Optimizer.LR, e.Step, want)
	}
	if text := e.String(); !strings.Contains(text, "at 10 starts") || !strings.Contains(text, "T = 70") {
		t.Errorf("in words: %s", text)
	}
	if again, err := c.Build(); err != nil || *again.Estimate != *e {
		t.Errorf("built again: %+v, error %v", again.Estimate, err)
	}
	half, err := c.With("optimizer.lr.factor=0.5")
	if err != nil {
		t.Fatal(err)
	}
	if h, err := half.Build(); err != nil || h.Optimizer.LR != e.Step/2 || !strings.HasPrefix(h.Estimate.String(), "0.5 sqrt(") {
		t.Errorf("half of it: %+v, error %v", h.Estimate, err)
	} else if err := half.Recall(h.Estimate.Record()); err != nil || half.Recall(e.Record()) == nil {
		t.Errorf("half of it: recalled with %v, and the whole is taken too", err)
	}
}

// More starts can only raise the constant; a start that is given is one.
func TestExactStarts(t *testing.T) {
	const net = `
objective: {model: {kind: mlp, hidden: [5]}, data: {kind: mixture, shape: [4], classes: 3, train: 30, test: 0}, batch: {count: 2, order: cyclic}}
optimizer: {kind: adam, lr: {kind: exact, points: %}}
steps: 10
`
	var first, last float64
	for _, points := range []string{"1", "2", "6"} {
		c, err := Parse([]byte(strings.Replace(net, "%", points, 1)), "f.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Build()
		if err != nil {
			t.Fatal(err)
		}
		if p.Estimate.Lipschitz < last {
			t.Errorf("%s starts: constant %v, %v with fewer", points, p.Estimate.Lipschitz, last)
		}
		if last = p.Estimate.Lipschitz; points == "1" {
			first = last
		}
	}
	if last == first {
		t.Error("six starts are as one: all the same?")
	}
	c, err := Parse([]byte("objective: {problem: bilinear, start: [2.8, 3.5]}\noptimizer: {kind: adam, lr: exact}\n"), "f.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	if p.Estimate.Points != 1 || !strings.Contains(p.Estimate.String(), "(at the start)") {
		t.Errorf("%v", p.Estimate)
	}
}

// The resolved config and its hash know no number, so that they stay what they are.
func TestExactStays(t *testing.T) {
	c, err := Parse([]byte(exactQuadratic), "f.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	hash := c.Hash()
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(c.Resolved()), "lr: {kind: exact, points: 10, products: 1000, factor: 1}") {
		t.Errorf("resolved:\n%s", c.Resolved())
	}
	for name, read := range map[string]func() (*Config, error){
		"YAML": func() (*Config, error) { return Parse(c.Resolved(), "g.yaml", nil) },
		"JSON": func() (*Config, error) { return FromJSON(c.JSON()) },
	} {
		back, err := read()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if back.Hash() != hash || c.Hash() != hash {
			t.Errorf("%s: another hash", name)
		}
		if err := back.Recall(p.Estimate.Record()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		again, err := back.Build()
		if err != nil || *again.Estimate != *p.Estimate || back.Hash() != hash || back.Recalled() == nil {
			t.Errorf("%s: %+v recalled, error %v", name, again.Estimate, err)
		}
	}
	other, err := c.With("optimizer.lr.points=3")
	if err != nil || other.Hash() == hash || other.Optimizer.Exact.Points != 3 {
		t.Errorf("three starts: %+v, error %v", other, err)
	}
	if number, err := c.With("optimizer.lr=0.01"); err != nil || number.Optimizer.Exact != nil || number.Optimizer.LR != 0.01 {
		t.Errorf("a number over it: error %v", err)
	}
	// A record is taken as it is, and one that was changed is found.
	made, err := c.With()
	if err != nil {
		t.Fatal(err)
	}
	e := Estimate{Factor: 1, Loss: 2, Lipschitz: 7, Steps: 70}
	if e.Step, err = optim.ExactStep(2, 7, 70); err != nil {
		t.Fatal(err)
	}
	if err := made.Recall(e.Record()); err != nil {
		t.Error(err)
	}
	if q, err := made.Build(); err != nil || q.Optimizer.LR != e.Step {
		t.Errorf("a record is not taken: error %v", err)
	}
	e.Step *= 2
	for _, record := range []string{string(e.Record()), "[]", "{}"} {
		var bad *Error
		if err := made.Recall(json.RawMessage(record)); !errors.As(err, &bad) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("record %s: error %v", record, err)
		}
	}
	if err := made.Recall(nil); err != nil {
		t.Error(err)
	}
}

// At (0, 0) the Hessian of the bilinear problem has the eigenvalues 3 and -3, at which a
// power iteration never ends; at its minima there is no loss; and a flat loss has no
// constant.
func TestExactFails(t *testing.T) {
	for start, want := range map[string]struct{ what, try string }{
		"[0, 0]": {"f.yaml:2:29: optimizer.lr: the exact step needs the Lipschitz constant of the gradient, whose estimate has not converged: near ",
			"optimizer.lr={kind: exact, products: 10000}, another start, or a number such as 1e-3 for lr"},
		"[1, 0.75]": {"f.yaml:2:29: optimizer.lr: there is no exact step for the loss 0 at the start", "another start, or a number such as 1e-3 for lr"},
	} {
		c, err := Parse([]byte("objective: {problem: bilinear, start: "+start+"}\noptimizer: {kind: adam, lr: exact}\n"), "f.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Build()
		var bad *Error
		if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), want.what) || bad.Try != want.try {
			t.Errorf("start %s: error %v, try %q", start, err, bad.Try)
		}
	}
	c, err := Parse([]byte("objective: {problem: bilinear, start: [1e200, 1e200]}\noptimizer: {kind: adam, lr: exact}\n"), "f.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	var bad *Error
	if _, err = c.Build(); !errors.As(err, &bad) {
		t.Errorf("error %v where the loss overflows", err)
	}
}

// Cells with a number and cells with an estimate.
func TestExactSweep(t *testing.T) {
	p, err := ParsePlan([]byte(exactQuadratic+"sweep: {axes: {optimizer.lr: [exact, 1e-3, {kind: exact, points: 2}]}, seeds: 2}\n"), "f.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range p.Cells {
		got = append(got, c.Values[0].Text)
		if (c.Config.Optimizer.Exact == nil) != (c.Values[0].Text == "1e-3") {
			t.Errorf("cell %v: %+v", c.Values, c.Config.Optimizer)
		}
	}
	if text := strings.Join(got, "|"); text != "exact|exact|1e-3|1e-3|{kind: exact, points: 2}|{kind: exact, points: 2}" {
		t.Errorf("cells %s", text)
	}
}
