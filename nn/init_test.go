package nn

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"leeway/autodiff"
)

// The truth is the formulas of torch.nn.init for mean, variance and range, against
// moments of 60,000 draws; the tolerance is five deviations of the estimate.
func TestInitsHaveTheirMoments(t *testing.T) {
	conv, in, out := []int{100, 12, 5, 10}, 600., 5000. // fans of a kernel 5x10
	phi := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
	truncated := 1 - 2*2*phi(2)/math.Erf(math.Sqrt2) // of a normal cut at 2 deviations
	for _, c := range []struct {
		init           Init
		mean, variance float64
		low, high      float64
	}{
		{layerInit, 0, 1 / (3 * in), -1 / math.Sqrt(in), 1 / math.Sqrt(in)},
		{Init{Kind: KaimingUniform}, 0, 2 / in, -math.Sqrt(6 / in), math.Sqrt(6 / in)},
		{Init{Kind: KaimingUniform, Mode: FanOut, Gain: 1}, 0, 1 / out, -math.Sqrt(3 / out), math.Sqrt(3 / out)},
		{Init{Kind: KaimingNormal}, 0, 2 / in, math.Inf(-1), math.Inf(1)},
		{Init{Kind: KaimingNormal, Mode: FanOut, Mean: 1, Std: 9}, 0, 2 / out, math.Inf(-1), math.Inf(1)},
		{Init{Kind: XavierUniform}, 0, 2 / (in + out), -math.Sqrt(6 / (in + out)), math.Sqrt(6 / (in + out))},
		{Init{Kind: XavierNormal, Gain: 3}, 0, 9 * 2 / (in + out), math.Inf(-1), math.Inf(1)},
		{Init{Kind: Normal, Mean: 2, Std: 0.5}, 2, 0.25, math.Inf(-1), math.Inf(1)},
		{Init{Kind: Normal}, 0, 1, math.Inf(-1), math.Inf(1)},
		{Init{Kind: TruncNormal}, 0, truncated, -2, 2},
		{Init{Kind: TruncNormal, Std: 0.02, Low: -0.04, High: 0.04}, 0, 0.0004 * truncated, -0.04, 0.04},
		{Init{Kind: Uniform}, 0.5, 1. / 12, 0, 1},
		{Init{Kind: Uniform, Low: 2, High: 5}, 3.5, 9. / 12, 2, 5},
		{Init{Kind: Ones}, 1, 0, 1, 1},
		{Init{Kind: Zeros}, 0, 0, 0, 0},
	} {
		x := make([]float64, 60000)
		c.init.fill(x, "features.0.weight", conv, 7)
		mean, variance := stat.MeanVariance(x, nil)
		n := float64(len(x))
		if !(math.Abs(mean-c.mean) <= 5*math.Sqrt(c.variance/n)) || !(math.Abs(variance-c.variance) <= 5*c.variance*math.Sqrt(2/n)) {
			t.Errorf("%+v: mean %v, variance %v; want %v and %v", c.init, mean, variance, c.mean, c.variance)
		}
		// The range is filled: the extremes of 60,000 draws come close to it.
		low, high := slices.Min(x), slices.Max(x)
		near := 0.01 * (c.high - c.low)
		if low < c.low || high > c.high || !math.IsInf(c.high, 1) && (low > c.low+near || high < c.high-near) {
			t.Errorf("%+v: draws from %v to %v, want %v to %v", c.init, low, high, c.low, c.high)
		}
	}
}

// The distributions of the layers are PyTorch's: its documentation gives the
// bounds 1/sqrt(fan_in) for weights and biases of linear layers and convolutions.
func TestDefaultInits(t *testing.T) {
	o := must(New(randomData(2, 10, 16, 16, 3), Settings{Architecture: CNN{}}))
	theta := o.Start()
	for _, p := range o.Parameters() {
		in, _ := fans(p.Shape)
		if strings.HasSuffix(p.Name, ".bias") {
			for _, q := range o.Parameters() {
				if q.Name == strings.TrimSuffix(p.Name, "bias")+"weight" {
					in, _ = fans(q.Shape)
				}
			}
		}
		x, bound := theta[p.Offset:p.Offset+p.Size()], 1/math.Sqrt(in)
		if len(x) < 30 {
			continue // too few draws to fill a range
		}
		if slices.Max(x) > bound || slices.Min(x) < -bound || slices.Max(x) < 0.7*bound || slices.Min(x) > -0.7*bound {
			t.Errorf("%s: from %v to %v, want to fill +-%v", p.Name, slices.Min(x), slices.Max(x), bound)
		}
	}
	o = must(New(randomData(4, 10, 8, 8, 3), Settings{Architecture: ResNet{}}))
	theta = o.Start()
	for _, p := range o.Parameters() {
		x := theta[p.Offset : p.Offset+p.Size()]
		_, out := fans(p.Shape)
		switch {
		case len(p.Shape) == 4: // torchvision's kaiming_normal with fan_out
			if s := stat.StdDev(x, nil) / math.Sqrt(2/out); math.Abs(s-1) > 0.1 {
				t.Errorf("%s: deviation %v times the nominal one", p.Name, s)
			}
		case strings.HasPrefix(p.Name, "fc."):
		case slices.ContainsFunc(x, func(v float64) bool { return v != map[bool]float64{true: 1}[strings.HasSuffix(p.Name, "weight")] }):
			t.Errorf("%s of a norm: %v", p.Name, x)
		}
	}
}

// Every parameter has a stream of its own: it depends on seed and name, and not on
// the layers around it.
func TestInitStreams(t *testing.T) {
	d := randomData(3, 4, 6)
	at := func(seed uint64, hidden ...int) map[string][]float64 {
		o := must(New(d, Settings{Architecture: MLP{Hidden: hidden}, Seed: seed}))
		theta, parts := o.Start(), map[string][]float64{}
		for _, p := range o.Parameters() {
			parts[p.Name] = theta[p.Offset : p.Offset+p.Size()]
		}
		return parts
	}
	a, again, other, deeper := at(1, 5), at(1, 5), at(2, 5), at(1, 5, 7)
	for name := range a {
		if !slices.Equal(a[name], again[name]) || slices.Equal(a[name], other[name]) {
			t.Errorf("%s: the same seed must give the same, another seed another start", name)
		}
	}
	if !slices.Equal(a["0.weight"], deeper["0.weight"]) || !slices.Equal(a["0.bias"], deeper["0.bias"]) {
		t.Error("a further layer has changed the first one")
	}
	if a["0.bias"][0] == a["0.weight"][0] {
		t.Error("two parameters share a stream")
	}
}

func TestInitsReplaced(t *testing.T) {
	o := must(New(randomData(4, 3, 8, 8, 1), Settings{
		Architecture: ResNet{Width: 2, Blocks: []int{1}}, Init: Init{Kind: Ones}, InitBias: Init{Kind: Normal, Mean: 5, Std: 1e-9},
	}))
	theta := o.Start()
	for _, p := range o.Parameters() {
		want := 1.
		switch {
		case p.Name == "fc.bias":
			want = 5
		case len(p.Shape) == 1 && strings.HasSuffix(p.Name, ".bias"): // of a norm
			want = 0
		}
		for _, x := range theta[p.Offset : p.Offset+p.Size()] {
			if math.Abs(x-want) > 1e-6 {
				t.Errorf("%s: %v, want %v", p.Name, x, want)
			}
		}
	}
}

// A scale multiplies weights and biases, and leaves the ones of norms.
func TestInitScale(t *testing.T) {
	of := func(scale float64) *Objective {
		return must(New(randomData(2, 3, 8, 8, 1), Settings{Architecture: ResNet{Depth: 18, Width: 2}, Seed: 3, InitScale: scale}))
	}
	one, small := of(1), of(0.25)
	a, b := one.Start(), small.Start()
	for _, p := range one.Parameters() {
		for j := p.Offset; j < p.Offset+p.Size(); j++ {
			if want := a[j] / 4; b[j] != want && (a[j] != 1 || b[j] != 1) {
				t.Fatalf("%s: %v, unscaled %v", p.Name, b[j], a[j])
			}
		}
	}
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := New(randomData(2, 3, 4), Settings{InitScale: bad}); err == nil {
			t.Errorf("scale %v: no error", bad)
		}
	}
}

// Without biases an MLP with relu is homogeneous: twice the parameters of both layers
// are four times the output.
func TestNoBias(t *testing.T) {
	o := must(New(randomData(4, 2, 5), Settings{Architecture: MLP{Hidden: []int{3}, NoBias: true}, DType: autodiff.Float64, Loss: Logistic}))
	if o.Dim() != 5*3+3 {
		t.Fatalf("%d parameters", o.Dim())
	}
	theta := o.Start()
	d := randomData(4, 2, 5)
	one := slices.Clone(must(o.Logits(theta, d.X)))
	for j := range theta {
		theta[j] *= 2
	}
	for i, z := range must(o.Logits(theta, d.X)) {
		if math.Abs(z-4*one[i]) > 1e-12 {
			t.Errorf("output %d: %v, want %v", i, z, 4*one[i])
		}
	}
}

// The start of another seed is the start of a network that was made with it.
func TestStartOf(t *testing.T) {
	of := func(seed uint64) *Objective {
		o, err := New(Data{X: []float64{1, 2, 3, 4}, Y: []int{0, 1}, Shape: []int{2}}, Settings{Architecture: MLP{Hidden: []int{3}, Activation: Tanh}, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if got := of(3).StartOf(8); !slices.Equal(got, of(8).Start()) || slices.Equal(got, of(3).Start()) {
		t.Errorf("start %v of seed 8", got)
	}
}
