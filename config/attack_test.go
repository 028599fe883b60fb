package config

import (
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/nn"
	"leeway/objective"
)

func problemOf(t *testing.T, text string, overrides ...string) (*Config, *Problem) {
	t.Helper()
	c, err := Parse([]byte(text), "f.yaml", overrides)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	return c, p
}

// Truth: package nn with the attack written out. Losses are under the attack, accuracies
// with and without; train: false leaves the loss alone.
func TestAttackedNetwork(t *testing.T) {
	const text = "objective: {model: {kind: lenet, channels: [2], dense: 4}, data: {kind: digits, classes: [2, 7], train: 12, test: 9}, attack: {radius: 0.1, bounds: [0, 1]}, batch: {count: 2, order: cyclic}}\noptimizer: {kind: gd}\n"
	c, p := problemOf(t, text)
	if p.Smooth || !strings.Contains(p.Description, "LeNet 2, dense 4, relu, under attacks of 0.1 in 10 steps") {
		t.Errorf("%s: smooth %t", p.Description, p.Smooth)
	}
	net, err := nn.New(nn.Data{X: slices.Clone(p.Train.X), Y: p.Train.Y, Shape: p.Shape, Classes: 2}, c.networkSettings())
	if err != nil {
		t.Fatal(err)
	}
	want, err := net.Against(nn.PGD{Radius: 0.1, Steps: 10, Step: 0.02, High: 1})
	if err != nil {
		t.Fatal(err)
	}
	n := p.Objective.Dim()
	g, exact := make([]float64, n), make([]float64, n)
	for k := range 2 {
		a, err := p.Objective.Gradient(g, p.Start, k)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := want.Gradient(exact, p.Start, k); err != nil || a != b || !slices.Equal(g, exact) {
			t.Errorf("batch %d: loss %v, want %v (%v)", k, a, b, err)
		}
	}
	loss, _, err := p.RobustTrain.Measure(p.Start)
	mean, _, _ := want.Measure(p.Start)
	clean, _, _ := p.OnTrain.Measure(p.Start)
	if err != nil || math.Abs(loss-mean) > 1e-15 || clean >= loss || p.RobustTest.Rows != 9 || p.RobustTest.Cost != 21 {
		t.Errorf("loss %v under attack, want %v; %v without (%v)", loss, mean, clean, err)
	}
	_, p = problemOf(t, text, "objective.attack.train=false")
	if p.Network == nil || p.RobustTest == nil || !strings.Contains(p.Description, "judged under attacks") {
		t.Errorf("%s", p.Description)
	}
	if a, err := objective.Full(g, p.Objective, p.Start); err != nil || math.Abs(a-clean) > 1e-15 {
		t.Errorf("the loss is %v, want %v without the attack (%v)", a, clean, err)
	}
}

// Attacked rows jump, whatever the activation, and the network inside stays known.
func TestAttackedIsNotSmooth(t *testing.T) {
	_, p := problemOf(t, "objective: {model: {kind: mlp, hidden: [3], activation: tanh}, data: {kind: digits, train: 20, test: 0}, attack: {radius: 0.1}}\noptimizer: {kind: gd}\n")
	if p.Smooth || p.Network == nil || len(p.Network.Parameters()) != 4 {
		t.Errorf("smooth %t, network %v", p.Smooth, p.Network)
	}
}

// Truth: the definition. The accuracy under an attack counts the rows that no move within
// the ball misclassifies.
func TestAttackedLinear(t *testing.T) {
	const text = "objective: {data: {kind: teacher, shape: [6], train: 40, test: 30}, loss: exponential, attack: {radius: 0.3}, start: normal, start_scale: 1}\noptimizer: {kind: gd}\n"
	c, p := problemOf(t, text)
	size := 0.0
	for _, w := range p.Start {
		size += math.Abs(w)
	}
	robust, clean, loss := 0, 0, 0.0
	for i, class := range p.Train.Y {
		m := 0.0
		for j, x := range p.Train.Row(i) {
			m += float64(2*class-1) * p.Start[j] * x
		}
		if m > 0 {
			clean++
		}
		if m -= 0.3 * size; m > 0 {
			robust++
		}
		loss += math.Exp(-m) / 40
	}
	gotLoss, gotRobust, err := p.RobustTrain.Measure(p.Start)
	if _, gotClean, _ := p.OnTrain.Measure(p.Start); err != nil || math.Abs(gotLoss/loss-1) > 1e-12 || gotRobust != float64(robust)/40 || gotClean != float64(clean)/40 || robust == clean {
		t.Errorf("loss %v, accuracies %v and %v; want %v, %d and %d of 40 (%v)", gotLoss, gotRobust, gotClean, loss, robust, clean, err)
	}
	if !c.Objective.Kinked(make([]float64, 6)) || c.Objective.Kinked(p.Start) {
		t.Error("the kinks of the attacked loss are at weights of zero")
	}
	c, p = problemOf(t, text, "objective.attack.train=false")
	if a, err := p.Objective.Gradient(make([]float64, 6), p.Start, 0); err != nil || a >= loss || c.Objective.Kinked(make([]float64, 6)) {
		t.Errorf("loss %v without the attack, %v with it (%v)", a, loss, err)
	}
	if again, _, err := p.RobustTrain.Measure(p.Start); err != nil || again != gotLoss {
		t.Errorf("judged under attack the loss is %v, want %v", again, gotLoss)
	}
}
