package config

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/data"
	"leeway/objective"
	"leeway/trace"
)

func build(t *testing.T, text string, overrides ...string) *Problem {
	t.Helper()
	p, err := parse(t, text, overrides...).Build()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func gradient(t *testing.T, o objective.Differentiable, theta []float64, k int) (float64, []float64) {
	t.Helper()
	g := make([]float64, o.Dim())
	loss, err := o.Gradient(g, theta, k)
	if err != nil {
		t.Fatal(err)
	}
	return loss, g
}

// TestBuildProblems: loss at the start against the problems' formulas by hand.
func TestBuildProblems(t *testing.T) {
	for _, test := range []struct {
		text string
		dim  int
		loss float64 // at the start of the config
	}{
		{"objective: {problem: bilinear, start: [1, 2]}", 2, 0.5 * 2.5 * 2.5},
		{"objective: {problem: cubic, start: [1, 1]}", 2, 6.5 * 6.5},
		{"objective: {problem: rosenbrock, dimension: 2}", 2, 24.2},
		{"objective: {problem: quadratic, dimension: 3, condition: 100, start: [1, 1, 1]}", 3, 0.5 * (0.01 + 0.1 + 1)},
		{"objective: {problem: quadratic, start: zeros}", 10, 0},
	} {
		p := build(t, test.text)
		loss, _ := gradient(t, p.Objective, p.Start, p.Order.At(0))
		if p.Objective.Dim() != test.dim || math.Abs(loss-test.loss) > 1e-12*math.Abs(test.loss) {
			t.Errorf("%s: %d parameters, loss %v; want %d, %v", test.text, p.Objective.Dim(), loss, test.dim, test.loss)
		}
		if p.OnTrain != nil || p.OnTest != nil {
			t.Errorf("%s: a problem has no accuracy", test.text)
		}
	}
	p := build(t, "objective: {problem: sines, dimension: 4, seed: 9, batch: {count: 3, order: iid}}\nseed: 5\n")
	if p.Objective.Batches() != 3 || p.Order.Batches() != 3 || p.Order.Kind() != objective.IID {
		t.Errorf("%d batches, order %s over %d", p.Objective.Batches(), p.Order.Kind(), p.Order.Batches())
	}
	direct, err := objective.NewSines(4, 3, 9)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := gradient(t, direct, p.Start, 2)
	if got, _ := gradient(t, p.Objective, p.Start, 2); got != want {
		t.Errorf("loss of batch 2 is %v, directly %v", got, want)
	}
	if p.Description != "sines problem, 4 parameters, 3 iid batches, from a normal point of scale 1" {
		t.Error(p.Description)
	}
}

// TestBuildStart: the same seed gives the same start, another another one, and
// the scale is the standard deviation (to 5 sigma of its own error, p = 1000).
func TestBuildStart(t *testing.T) {
	const text = "objective: {problem: quadratic, dimension: 1000, start: normal, start_scale: 3}\n"
	a, b, c := build(t, text), build(t, text), build(t, text+"seed: 1\n")
	square := 0.0
	for j := range a.Start {
		if a.Start[j] != b.Start[j] {
			t.Fatal("one seed, two starts")
		}
		square += a.Start[j] * a.Start[j] / 1000
	}
	if a.Start[0] == c.Start[0] {
		t.Error("another seed, the same start")
	}
	if s := math.Sqrt(square); math.Abs(s-3) > 5*3/math.Sqrt(2000) {
		t.Errorf("standard deviation %v, want 3", s)
	}
	config := parse(t, "objective: {problem: bilinear}")
	p, err := config.Build()
	if err != nil {
		t.Fatal(err)
	}
	p.Start[0] = 17
	if config.Objective.Start.Point[0] != 2.8 {
		t.Error("the start shares memory with the config")
	}
}

// TestBuildModels compares with models made directly from the data.
func TestBuildModels(t *testing.T) {
	p := build(t, "objective: {data: {kind: digits, train: 20, test: 5}, batch: {size: 8}, model: {intercept: true}, start: normal}")
	train, test, err := data.Load("digits", data.Settings{Train: 20, Test: 5})
	if err != nil {
		t.Fatal(err)
	}
	direct, err := objective.NewSoftmax(train.X, train.Y, 64, 10, objective.SoftmaxSettings{Intercept: true, BatchSize: 8})
	if err != nil {
		t.Fatal(err)
	}
	if p.Objective.Batches() != 3 || p.Objective.Dim() != 650 {
		t.Errorf("%d batches of %d parameters", p.Objective.Batches(), p.Objective.Dim())
	}
	for k := range 3 {
		got, _ := gradient(t, p.Objective, p.Start, k)
		if want, _ := gradient(t, direct, p.Start, k); got != want {
			t.Errorf("batch %d: loss %v, directly %v", k, got, want)
		}
	}
	_, got, err := p.OnTest.Measure(p.Start)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := direct.Accuracy(p.Start, test.X, test.Y); got != want || p.OnTest.Rows != test.N {
		t.Errorf("accuracy %v of %d rows, directly %v", got, p.OnTest.Rows, want)
	}
	for name, on := range map[string]struct {
		rows  *data.Set
		judge *trace.Evaluation
	}{"training": {train, p.OnTrain}, "test": {test, p.OnTest}} {
		model, err := objective.NewSoftmax(on.rows.X, on.rows.Y, 64, 10, objective.SoftmaxSettings{Intercept: true})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := gradient(t, model, p.Start, 0)
		if loss, _, err := on.judge.Measure(p.Start); err != nil || loss != want || on.judge.Rows != on.rows.N {
			t.Errorf("%s loss %v of %d rows, directly %v (%v)", name, loss, on.judge.Rows, want, err)
		}
	}
	if diff := cmp.Diff(train, p.Train); diff != "" {
		t.Errorf("training rows: %s", diff)
	}
	if len(p.Citations) != 1 || !strings.HasPrefix(p.Citations[0], "@misc{alpaydin") {
		t.Errorf("citations %q", p.Citations)
	}

	// Losses at zero: log 2, 1 and 1/2, whatever the data; an attack of radius
	// r costs nothing at zero and something elsewhere.
	for loss, want := range map[string]float64{"logistic": math.Ln2, "cross-entropy": math.Ln2, "exponential": 1, "mse": 0.5} {
		p := build(t, "objective: {data: {kind: breast-cancer}, loss: "+loss+"}")
		if got, _ := gradient(t, p.Objective, p.Start, 0); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s at zero is %v, want %v", loss, got, want)
		}
	}
	const robust = "objective: {data: {kind: breast-cancer}, start: normal, attack: {norm: 2, radius: "
	with, without := build(t, robust+"0.5}}"), build(t, robust+"0}}")
	norm := 0.0
	for _, w := range with.Start {
		norm += w * w
	}
	a, _ := gradient(t, with.Objective, with.Start, 0)
	b, _ := gradient(t, without.Objective, with.Start, 0)
	if !(a > b && a < b+0.5*math.Sqrt(norm)) { // the loss has slope below 1
		t.Errorf("robust loss %v, plain %v, |w| %v", a, b, math.Sqrt(norm))
	}
	if !strings.HasPrefix(with.Description, "robust logistic regression, under attacks of 0.5 in the norm 2, 30 parameters, on breast-cancer") {
		t.Error(with.Description)
	}
}

// TestBuildPreparation: standardised training features have mean 0 and
// deviation 1, which the gradient of least squares at zero shows: its part for
// a constant feature would be the mean of the classes.
func TestBuildPreparation(t *testing.T) {
	p := build(t, "objective: {data: {kind: breast-cancer}, loss: mse}")
	v, hv := make([]float64, 30), make([]float64, 30)
	for j := range v {
		clear(v)
		v[j] = 1
		if err := p.Objective.HVP(hv, p.Start, v, 0); err != nil {
			t.Fatal(err)
		}
		if math.Abs(hv[j]-1) > 1e-9 { // mean of x_j^2
			t.Errorf("feature %d: mean square %v, want 1", j, hv[j])
		}
	}
	raw := build(t, "objective: {data: {kind: breast-cancer, normalize: none}, loss: mse}")
	if err := raw.Objective.HVP(hv, p.Start, v, 0); err != nil || math.Abs(hv[29]-1) < 0.5 {
		t.Errorf("raw features look standardised: %v, %v", hv[29], err)
	}
	const few = "objective: {data: {kind: digits, train: 100, test: 0, shuffle: "
	_, a := gradient(t, build(t, few+"false}}").Objective, make([]float64, 640), 0)
	_, b := gradient(t, build(t, few+"true}}").Objective, make([]float64, 640), 0)
	_, c := gradient(t, build(t, few+"true}}", "objective.data.seed=1").Objective, make([]float64, 640), 0)
	if a[100] == b[100] || b[100] == c[100] {
		t.Error("shuffling took the same rows")
	}
}

func TestBuildCSV(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.csv", "a,b,class\n1,2,0\n3,4,1\n5,7,1\n0,1,0\n")
	text := func(path, rest string) string {
		return "objective:\n  data:\n    kind: csv\n    path: '" + path + "'\n" + rest
	}
	p := build(t, text(good, "    train: 3\n    test: 1\n  loss: logistic\n"))
	if p.Objective.Dim() != 2 || p.OnTest == nil || !strings.Contains(p.Description, "good.csv") {
		t.Errorf("%d parameters, %s", p.Objective.Dim(), p.Description)
	}
	p = build(t, text(good, "    train: 3\n    normalize: none\n  model: {intercept: true}\n"))
	if p.Objective.Dim() != 6 || p.OnTest != nil {
		t.Errorf("%d parameters", p.Objective.Dim())
	}
	bad := write("bad.csv", "a,b,class\n1,x,0\n")
	single := write("single.csv", "1,2,0\n3,4,0\n")
	three := write("three.csv", "1,2,0\n3,4,1\n3,5,2\n")
	for _, test := range []struct{ text, want, try string }{
		{text(filepath.Join(dir, "none.csv"), "    train: 3\n"), `test.yaml:4:11: objective.data.path: cannot open "` + clip(filepath.Join(dir, "none.csv")) + `": no such file or directory`, "the path of a CSV file, relative to the folder in which the program runs"},
		{text(bad, "    train: 3\n"), `test.yaml:4:11: objective.data.path: data: ` + bad + `: line 2: column 2 is no number ("x")`, "a decimal number; text belongs in the first line only, and there in every field"},
		{text(good, "    train: 5\n"), "test.yaml:5:12: objective.data.train: 5 rows to train on, but csv has 4", "train: 4"},
		{text(good, "    train: 3\n    test: 2\n"), "test.yaml:6:11: objective.data.test: 2 rows to test on after 3 to train on, but csv has 4", "test: 1"},
		{text(single, "    train: 2\n"), "test.yaml:3:5: objective.data: all rows are of one class", "rows of at least two classes"},
		{text(three, "    train: 2\n  loss: mse\n"), "test.yaml:6:9: objective.loss: mse is for two classes, csv has 3", "loss: cross-entropy"},
		{text(good, "    train: 2\n  start: [1]\n"), "test.yaml:6:10: objective.start: want 4 numbers, one a parameter, got 1", "zeros, or normal"},
	} {
		_, err := parse(t, test.text).Build()
		var e *Error
		if !errors.As(err, &e) || e.Error() != test.want || e.Hint() != test.try {
			t.Errorf("got %v\n Try: %s\nwant %s\n Try: %s", err, e.Hint(), test.want, test.try)
		}
	}
}

// TestPlane: the minima are where the gradient is zero, and the ranges hold
// the start.
func TestPlane(t *testing.T) {
	for _, text := range []string{
		"objective: {problem: bilinear}", "objective: {problem: bilinear, start: [-7, 12]}", "objective: {problem: cubic}",
		"objective: {problem: rosenbrock}", "objective: {problem: quadratic, dimension: 2}", "objective: {problem: sines, dimension: 2}",
	} {
		p := build(t, text)
		if p.Plane == nil {
			t.Fatalf("%s: no plane", text)
		}
		points := p.Plane.Minima
		if p.Plane.Limit != nil {
			points = append(points, [2]float64(p.Plane.Limit))
		}
		for _, x := range points {
			loss, _ := gradient(t, p.Objective, x[:], 0)
			if math.Abs(loss) > 1e-24 {
				t.Errorf("%s: loss %v at the minimum %v", text, loss, x)
			}
			if x[0] < p.Plane.X[0] || x[0] > p.Plane.X[1] || x[1] < p.Plane.Y[0] || x[1] > p.Plane.Y[1] {
				t.Errorf("%s: the minimum %v is outside", text, x)
			}
		}
		if s := p.Start; !strings.Contains(text, "sines") && !strings.Contains(text, "quadratic") &&
			(s[0] <= p.Plane.X[0] || s[0] >= p.Plane.X[1] || s[1] <= p.Plane.Y[0] || s[1] >= p.Plane.Y[1]) {
			t.Errorf("%s: the start %v is outside", text, s)
		}
	}
	if build(t, "objective: {problem: quadratic}").Plane != nil || build(t, "steps: 1").Plane != nil {
		t.Error("a plane of more than two parameters")
	}
}

// TestReady: problems and models are what bea and trace ask for.
func TestReady(t *testing.T) {
	p := build(t, "optimizer: {kind: heavy-ball, lr: 0.5, schedule: {kind: step, every: 2, drop: 0.25}}")
	if p.Optimizer.StepSize(0) != 0.5 || p.Optimizer.StepSize(2) != 0.125 || p.Optimizer.Rule.Name != "heavy-ball" {
		t.Errorf("optimizer %+v", p.Optimizer)
	}
	if _, err := objective.Clone(p.Objective); err != nil {
		t.Error(err)
	}
}
