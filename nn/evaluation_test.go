package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/autodiff"
)

// The truth of an evaluation is the loss of training: of the network on its own training data, and of a
// network that is trained on the other examples. With batch norms the two losses
// differ by intention; there the evaluation of other examples is held against the
// one of the training data, on the same rows.
func TestEvaluation(t *testing.T) {
	for _, p := range problems() {
		other := randomData(5, p.data.Classes, p.data.Shape...)
		if p.data.Tokens != nil {
			other = randomText(5, p.data.Shape[0], p.data.Classes)
		}
		for _, physical := range []int{0, 2} {
			p.settings.PhysicalBatch, p.settings.Batches = physical, 2
			o := p.objective(t)
			theta, gradient := start(o), make([]float64, o.Dim())
			loss, accuracy, err := o.OnTraining().Measure(theta)
			again, same, err2 := must(o.Evaluation(p.data)).Measure(theta)
			if err != nil || err2 != nil || math.Abs(loss-again) > 1e-14*math.Abs(loss) || accuracy != same {
				t.Errorf("%s: training loss %v, of the same rows %v (%v, %v)", p.name, loss, again, err, err2)
			}
			if want := must(o.Accuracy(theta, rowsAsNumbers(p.data), p.data.Y)); accuracy != want {
				t.Errorf("%s: accuracy %v, want %v", p.name, accuracy, want)
			}
			if len(o.norms) > 0 {
				continue
			}
			want := must(o.Full().Gradient(gradient, theta, 0))
			if math.Abs(loss-want) > 1e-13*want {
				t.Errorf("%s: training loss %v, want %v", p.name, loss, want)
			}
			e := must(o.Evaluation(other))
			if e.Rows() != 5 {
				t.Errorf("%s: %d rows", p.name, e.Rows())
			}
			loss, _, err = e.Measure(theta)
			want = must(must(New(other, p.settings)).Full().Loss(theta, 0))
			if err != nil || math.Abs(loss-want) > 1e-13*want {
				t.Errorf("%s: loss on other rows %v, want %v (%v)", p.name, loss, want, err)
			}
		}
	}
}

func rowsAsNumbers(d Data) []float64 {
	x := slices.Clone(d.X)
	for _, token := range d.Tokens {
		x = append(x, float64(token))
	}
	return x
}

// The truth of the full batch is the weighted sum over the batches, and of the
// loss alone the loss that comes with the gradient.
func TestFull(t *testing.T) {
	for _, p := range problems() {
		p.settings.BatchSize, p.settings.PhysicalBatch = p.data.Len()-1, 2 // batches of different sizes
		o := p.objective(t)
		full, n := o.Full(), o.Dim()
		if full.Batches() != 1 || full.Weight(0) != 1 {
			t.Errorf("%s: %d batches of weight %v", p.name, full.Batches(), full.Weight(0))
		}
		theta, v := start(o), normal(rand.New(rand.NewPCG(3, 4)), n)
		want, product := make([]float64, n), make([]float64, n)
		part, loss := make([]float64, n), 0.0
		for k := range o.Batches() {
			w := o.Weight(k)
			one := must(o.Gradient(part, theta, k))
			if alone := must(o.Loss(theta, k)); math.Abs(alone-one) > 1e-14*math.Abs(one) {
				t.Errorf("%s: loss %v, with the gradient %v", p.name, alone, one)
			}
			loss += w * one
			for j, x := range part {
				want[j] += w * x
			}
			if err := o.HVP(part, theta, v, k); err != nil {
				t.Fatal(err)
			}
			for j, x := range part {
				product[j] += w * x
			}
		}
		got := must(full.Gradient(part, theta, 0))
		if e := far(part, want); !(e < 1e-13) || math.Abs(got-loss) > 1e-13*math.Abs(loss) {
			t.Errorf("%s: full loss %v, want %v; gradient differs by %.1e", p.name, got, loss, e)
		}
		linear := must(full.Linearize(theta, 0))
		if err := linear.HVP(part, v); err != nil {
			t.Fatal(err)
		}
		if e := far(part, product); !(e < 1e-12) {
			t.Errorf("%s: product differs by %.1e", p.name, e)
		}
	}
}

// What does not fit is refused in one sentence.
func TestEvaluationRefuses(t *testing.T) {
	o := must(New(randomData(4, 3, 5), Settings{DType: autodiff.Float64}))
	for name, d := range map[string]Data{
		"shape":  randomData(4, 3, 6),
		"tokens": randomText(4, 5, 3),
		"labels": {X: make([]float64, 5), Shape: []int{5}, Y: []int{3}},
		"empty":  {Shape: []int{5}},
	} {
		if _, err := o.Evaluation(d); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := o.OnTraining().Measure(make([]float64, 3)); err == nil {
		t.Error("a theta of the wrong length was taken")
	}
	if _, err := o.Loss(make([]float64, o.Dim()), 1); err == nil {
		t.Error("a batch that does not exist was taken")
	}
}
