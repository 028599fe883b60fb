package nn

import (
	"math"
	"slices"
	"testing"

	"leeway/autodiff"
)

// identityNet is a linear network on three features whose logits are the first of
// them, so that the test decides what is predicted.
func identityNet(t *testing.T, classes int, loss string) (*Objective, []float64) {
	o := must(New(randomData(4, classes, 3), Settings{DType: autodiff.Float64, Loss: loss}))
	theta := make([]float64, o.Dim())
	for c := range o.outputs {
		theta[c*3+c] = 1
	}
	return o, theta
}

// The truth is the definition: the largest logit wins; a tie and a NaN are wrong.
func TestPredictAndAccuracy(t *testing.T) {
	nan := math.NaN()
	o, theta := identityNet(t, 3, "")
	x := []float64{3, 1, 2, 0, 5, 1, 0, 0, 9, 4, 4, 1, nan, 1, 0}
	if got := must(o.Predict(theta, x[:12])); !slices.Equal(got, []int{0, 1, 2, 0}) {
		t.Errorf("predicted %v", got)
	}
	// A product with a row that holds NaN is NaN for every class.
	if got := must(o.Accuracy(theta, x, []int{0, 1, 1, 0, 0})); got != 2./5 {
		t.Errorf("accuracy %v, want 2/5", got)
	}
	o, theta = identityNet(t, 2, Logistic)
	x = []float64{2, 0, 0, -2, 0, 0, 0, 0, 0}
	if got := must(o.Predict(theta, x)); !slices.Equal(got, []int{1, 0, 0}) {
		t.Errorf("predicted %v", got)
	}
	if got := must(o.Accuracy(theta, x, []int{1, 0, 0})); got != 2./3 {
		t.Errorf("accuracy %v, want 2/3: a tie is wrong", got)
	}
}

// The truth is mean and variance computed from the definition by plain loops, on a
// network that is a batch norm and a linear layer. (PyTorch's running statistics
// are the truth of TestGoldenOfPyTorch.)
func TestRunningStatistics(t *testing.T) {
	d := randomData(10, 2, 2)
	o := must(New(d, Settings{Architecture: normed{}, DType: autodiff.Float64, Batches: 2, PhysicalBatch: 3}))
	// Two batches of 5 in pieces of 2 and 3 rows: four pieces.
	edges := []int{0, 2, 5, 7, 10}
	var mean, variance [2]float64
	for i := range 4 {
		rows := float64(edges[i+1] - edges[i])
		for c := range 2 {
			m, s := 0., 0.
			for r := edges[i]; r < edges[i+1]; r++ {
				m += d.X[r*2+c] / rows
			}
			for r := edges[i]; r < edges[i+1]; r++ {
				s += (d.X[r*2+c] - m) * (d.X[r*2+c] - m)
			}
			mean[c], variance[c] = mean[c]+m/4, variance[c]+s/(rows-1)/4
		}
	}
	theta := []float64{1, 1, 0, 0, 1, 0, 0, 1, 0, 0} // norm.weight, norm.bias, out.weight, out.bias
	got := must(o.Logits(theta, []float64{0.5, -1}))
	for c, x := range []float64{0.5, -1} {
		want := (x - mean[c]) / math.Sqrt(variance[c]+1e-5)
		if math.Abs(got[c]-want) > 1e-13 {
			t.Errorf("logit %d is %v, want %v", c, got[c], want)
		}
	}
	// A function of theta alone: steps in between change nothing.
	must(o.Gradient(make([]float64, o.Dim()), o.Start(), 1))
	must(o.Logits(o.Start(), []float64{0.5, -1}))
	if again := must(o.Logits(theta, []float64{0.5, -1})); !slices.Equal(got, again) {
		t.Errorf("logits %v, later %v", got, again)
	}
}

// normed is a user's architecture: a batch norm of rows and a linear layer.
type normed struct{}

func (normed) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	return b.Linear("out", b.BatchNorm("norm", x), outputs)
}

// Evaluation in pieces equals evaluation one by one.
func TestLogitsInPieces(t *testing.T) {
	for _, p := range problems() {
		p.settings.PhysicalBatch = 2
		o := p.objective(t)
		theta, x := start(o), p.data.X
		for _, token := range p.data.Tokens {
			x = append(x, float64(token))
		}
		all := must(o.Logits(theta, x))
		each, size := len(x)/p.data.Len(), len(all)/p.data.Len()
		for i := range p.data.Len() {
			one := must(o.Logits(theta, x[i*each:(i+1)*each]))
			if e := far(one, all[i*size:(i+1)*size]); !(e < 1e-13) {
				t.Errorf("%s: example %d differs by %.1e", p.name, i, e)
			}
		}
	}
}
