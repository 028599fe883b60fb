package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/autodiff"
)

// imagesOf are random images of a size, of two classes told apart by brightness.
func imagesOf(rows, side int) Data {
	random := rand.New(rand.NewPCG(3, 4))
	d := Data{Shape: []int{side, side, 1}, Classes: 3}
	for i := range rows {
		d.Y = append(d.Y, i%3)
		for range side * side {
			d.X = append(d.X, 0.2*random.Float64()+0.3*float64(i%3))
		}
	}
	return d
}

// Truth: central differences of the loss in each value of the examples, with which the
// attack is carried out in plain loops; and then the gradient of the network on the
// examples so attacked, which is a network's of its own.
func TestAttackIsProjectedAscent(t *testing.T) {
	for _, arch := range []Architecture{CNN{Channels: []int{2}, Dense: 4, Activation: Tanh}, MLP{Hidden: []int{5}, Activation: Tanh}} {
		d := imagesOf(5, 4)
		if _, ok := arch.(MLP); ok {
			d.Shape = []int{16}
		}
		s := Settings{Architecture: arch, DType: autodiff.Float64, Batches: 2, PhysicalBatch: 2, Threads: 1, Seed: 2}
		o := must(New(d, s))
		attack := PGD{Radius: 0.1, Steps: 4, Step: 0.04, Low: 0.05, High: 0.8}
		r := must(o.Against(attack))
		theta := o.Start()
		for j := range theta {
			theta[j] *= 2
		}
		lossAt := func(x []float64) float64 {
			e := must(o.Evaluation(Data{X: x, Y: d.Y, Shape: d.Shape}))
			loss, _, err := e.Measure(theta)
			if err != nil {
				t.Fatal(err)
			}
			return loss
		}
		x := slices.Clone(d.X)
		for range attack.Steps {
			g := make([]float64, len(x))
			for j, v := range x {
				const e = 1e-6
				x[j] = v + e
				up := lossAt(x)
				x[j] = v - e
				g[j] = up - lossAt(x)
				x[j] = v
			}
			for j, c := range d.X {
				v := x[j]
				if g[j] != 0 { // a value that nothing depends on stays
					v += math.Copysign(attack.Step, g[j])
				}
				x[j] = math.Min(math.Max(math.Min(math.Max(v, c-attack.Radius), c+attack.Radius), attack.Low), attack.High)
			}
		}
		var got []float64
		for k := range r.Batches() {
			got = append(got, must(r.Attacked(theta, k))...)
		}
		for j := range x {
			if math.Abs(got[j]-x[j]) > 1e-12 {
				t.Fatalf("%T: value %d is attacked to %v, want %v", arch, j, got[j], x[j])
			}
		}
		moved := d
		moved.X = x
		other := must(New(moved, s))
		mean := 0.0
		for k := range r.Batches() {
			g, want := make([]float64, o.Dim()), make([]float64, o.Dim())
			loss, err := r.Gradient(g, theta, k)
			if err != nil {
				t.Fatal(err)
			}
			if l := must(other.Gradient(want, theta, k)); math.Abs(l-loss) > 1e-12 || r.Weight(k) != o.Weight(k) {
				t.Errorf("%T: loss %v, want %v", arch, loss, l)
			}
			for j := range g {
				if math.Abs(g[j]-want[j]) > 1e-12 {
					t.Fatalf("%T: component %d is %v, want %v", arch, j, g[j], want[j])
				}
			}
			mean += r.Weight(k) * loss
			// The product is that at the attacked examples, and, the examples being
			// piecewise constant, also the difference of attacked gradients.
			v, product, exact := make([]float64, o.Dim()), make([]float64, o.Dim()), make([]float64, o.Dim())
			for j := range v {
				v[j] = math.Sin(float64(j))
			}
			if err := r.HVP(product, theta, v, k); err != nil {
				t.Fatal(err)
			}
			if err := other.HVP(exact, theta, v, k); err != nil || !close2(product, exact) {
				t.Errorf("%T: the product is not that at the attacked examples (%v)", arch, err)
			}
			near, ahead, behind := make([]float64, o.Dim()), make([]float64, o.Dim()), make([]float64, o.Dim())
			const e = 1e-6
			for sign, dst := range map[float64][]float64{1: ahead, -1: behind} {
				for j := range near {
					near[j] = theta[j] + sign*e*v[j]
				}
				must(r.Clone().Gradient(dst, near, k))
			}
			for j := range product {
				if d := (ahead[j] - behind[j]) / (2 * e); math.Abs(d-product[j]) > 1e-7 {
					t.Fatalf("%T: product %d is %v, differences say %v", arch, j, product[j], d)
				}
			}
		}
		loss, accuracy, err := r.Measure(theta)
		if err != nil || math.Abs(loss-mean) > 1e-12 || accuracy != must(other.Accuracy(theta, x, d.Y)) {
			t.Errorf("%T: loss %v and accuracy %v under the attack, want the loss %v (%v)", arch, loss, accuracy, mean, err)
		}
		if clean, _, err := o.OnTraining().Measure(theta); err != nil || loss <= clean {
			t.Errorf("%T: the attack lowers the loss from %v to %v (%v)", arch, clean, loss, err)
		}
		// What is remembered of one point is not taken for another's.
		other2 := slices.Clone(theta)
		other2[0] += 0.3
		v, fresh, again := make([]float64, o.Dim()), make([]float64, o.Dim()), make([]float64, o.Dim())
		for j := range v {
			v[j] = math.Cos(float64(j))
		}
		if err := r.Clone().HVP(fresh, theta, v, 0); err != nil {
			t.Fatal(err)
		}
		must(r.Gradient(again, theta, 0))
		must(r.Gradient(again, other2, 0))
		if err := r.HVP(again, theta, v, 0); err != nil || !slices.Equal(again, fresh) {
			t.Errorf("%T: the product depends on what was asked before (%v)", arch, err)
		}
		test := must(o.On(Data{X: d.X[:32], Y: d.Y[:2], Shape: d.Shape}, attack))
		if got := must(test.Attacked(theta, 0)); !close2(got, x[:32]) {
			t.Errorf("%T: other examples are attacked otherwise", arch)
		}
	}
}

func close2(a, b []float64) bool {
	for j := range a {
		if math.Abs(a[j]-b[j]) > 1e-12 {
			return false
		}
	}
	return len(a) == len(b)
}

// Without a radius it is the network itself; in float32, too; and nothing is allocated
// once it runs.
func TestAttackOfNothing(t *testing.T) {
	d := imagesOf(6, 4)
	o := must(New(d, Settings{Architecture: CNN{Channels: []int{2}, Dense: 4}, Threads: 1, Seed: 1}))
	theta, a, b := o.Start(), make([]float64, o.Dim()), make([]float64, o.Dim())
	none := must(o.Against(PGD{}))
	if l, m := must(none.Gradient(a, theta, 0)), must(o.Gradient(b, theta, 0)); l != m || !slices.Equal(a, b) || none.Dim() != o.Dim() || none.Weight(0) != 1 {
		t.Errorf("loss %v without an attack, want %v", l, m)
	}
	some := must(o.Against(PGD{Radius: 0.1}))
	if l, m := must(some.Gradient(a, theta, 0)), must(o.Gradient(b, theta, 0)); l <= m {
		t.Errorf("loss %v under attack, %v without", l, m)
	}
	for j, v := range must(some.Attacked(theta, 0)) {
		if math.Abs(v-d.X[j]) > 0.1+1e-6 {
			t.Errorf("value %d is attacked from %v to %v", j, d.X[j], v)
		}
	}
	if n := testing.AllocsPerRun(5, func() { theta[0]++; must(some.Gradient(a, theta, 0)) }); n > 20 {
		t.Errorf("%v allocations a gradient of ten steps", n)
	}
}

func TestAttackErrors(t *testing.T) {
	d := imagesOf(6, 4)
	o := must(New(d, Settings{Architecture: CNN{Channels: []int{2}, Dense: 4}}))
	nan := math.NaN()
	for _, a := range []PGD{{Radius: -1}, {Radius: nan}, {Radius: math.Inf(1)}, {Steps: -1}, {Step: -1}, {Low: 1}, {Low: nan}, {High: nan}} {
		if _, err := o.Against(a); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%+v: error %v", a, err)
		}
		if _, err := o.On(d, a); err == nil {
			t.Errorf("%+v: no error on other examples", a)
		}
	}
	if _, err := o.On(Data{X: []float64{1}, Y: []int{0}, Shape: []int{1}}, PGD{}); err == nil {
		t.Error("no error for examples of another shape")
	}
	norms := must(New(imagesOf(6, 8), Settings{Architecture: ResNet{Depth: 18, Width: 2}}))
	if _, err := norms.Against(PGD{}); err == nil || !strings.Contains(err.Error(), "batch norms") {
		t.Errorf("error %v for batch norms", err)
	}
	text := must(New(Text([]int32{0, 1, 2, 0, 1, 2, 0}, 3, 3), Settings{Architecture: Transformer{Dim: 4, Depth: 1, Heads: 1, MLPDim: 4}}))
	if _, err := text.Against(PGD{}); err == nil || !strings.Contains(err.Error(), "tokens") {
		t.Errorf("error %v for tokens", err)
	}
	r := must(o.Against(PGD{}))
	if _, err := r.Gradient(make([]float64, 3), o.Start(), 0); err == nil {
		t.Error("no error for a gradient of another length")
	}
	if _, err := r.Gradient(make([]float64, o.Dim()), o.Start(), 1); err == nil {
		t.Error("no error for a batch that there is not")
	}
	if err := r.HVP(make([]float64, o.Dim()), o.Start(), make([]float64, 1), 0); err == nil {
		t.Error("no error for a direction of another length")
	}
	if _, err := r.Attacked(o.Start(), -1); err == nil {
		t.Error("no error for a batch before the first")
	}
	if _, _, err := r.Measure(nil); err == nil {
		t.Error("no error for no parameters")
	}
}
