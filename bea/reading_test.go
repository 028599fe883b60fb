package bea_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// Under a schedule past steps count with their own learning rates. Truth: the
// double sum over past steps as it stands in the theorem, written out for Adam in
// full batch; the trust number with the learning rate of the step; and the norm
// differentiated by central differences along the velocity -eta_n P bias.
func TestReadingUnderASchedule(t *testing.T) {
	const h, beta, rho, eps, n = 0.1, 0.6, 0.9, 0.2, 7
	f := newFull(t)
	schedule := optim.Schedule{Kind: "polynomial", Power: 0.5} // eta_7 = 0.354
	eta := func(k int) float64 { return math.Pow(float64(k+1), -0.5) }
	// displaced is sum_k w_k (eta_k + ... + eta_(n-1)), the memory's lag.
	displaced := func(d float64) float64 {
		sum := 0.0
		for k := range n {
			for l := k; l < n; l++ {
				sum += math.Pow(d, float64(n-k)) * (1 - d) / (1 - math.Pow(d, n+1)) * eta(l)
			}
		}
		return sum
	}
	r := each(func(j int) float64 { return math.Sqrt(f.g[j]*f.g[j] + eps) })
	hf := f.times(each(func(j int) float64 { return f.g[j] / r[j] }))
	bias := each(func(j int) float64 {
		u := f.g[j] * f.g[j] / (r[j] * r[j])
		return h * (displaced(beta) + eta(n)/2 - (displaced(rho)+eta(n)/2)*u) * hf[j]
	})
	size, trust := 0.0, 0.0
	for j, b := range bias {
		size += math.Abs(b)
		trust = max(trust, h*eta(n)*lag(rho, n)*math.Abs(hf[j])/r[j])
	}
	norm := func(s float64) float64 {
		g := make([]float64, 4)
		if _, err := f.Gradient(g, each(func(j int) float64 { return start[j] - s*eta(n)*bias[j]/r[j] }), 0); err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, x := range g {
			sum += math.Sqrt(x*x + eps)
		}
		return sum
	}
	const d = 1e-4
	rate := (8*(norm(d)-norm(-d)) - (norm(2*d) - norm(-2*d))) / (12 * d) / norm(0)

	opt := mustNew(t, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, BiasCorrection: true}, h, schedule)
	meter := must[*bea.Meter](t)(bea.NewMeter(opt, f))
	got, written := must[bea.Reading](t)(meter.Measure(start, n)), make([]float64, 4)
	if err := meter.Bias(written, start, n); err != nil {
		t.Fatal(err)
	}
	if e := relative(written, bias); !(e <= 1e-12) {
		t.Errorf("bias %v, want %v", written, bias)
	}
	one, dot, squares, biasSquares := 0.0, 0.0, 0.0, 0.0
	for j, g := range f.g {
		one += math.Abs(g)
		dot, squares, biasSquares = dot+g*bias[j], squares+g*g, biasSquares+bias[j]*bias[j]
	}
	for what, pair := range map[string][2]float64{
		"bias ratio": {got.BiasRatio, size / one}, "trust max": {got.TrustMax, trust}, "norm rate": {got.NormRate, rate},
		"bias cosine": {got.BiasCosine, dot / math.Sqrt(squares*biasSquares)},
	} {
		if !near(pair[0], pair[1], 1e-9) {
			t.Errorf("%s is %v, want %v", what, pair[0], pair[1])
		}
	}
}

// A rule without memory still averages over its own step: tau is 1/2. Truth:
// Adam with both decays 0 on |theta|^2/2, where g = theta and the trust number of
// a coordinate is (h/2) g/(g^2 + eps). With the gradients 1, ..., 200 in any order
// and a large eps it grows with g, so that the order statistics are known: the
// 99th percentile leaves two of 200 above it, the 90th would leave 20.
func TestTrustPercentileWithoutMemory(t *testing.T) {
	const count, h, eps = 200, 0.4, 1e6
	one, theta := make([]float64, count), make([]float64, count)
	for i, j := range rand.New(rand.NewPCG(5, 0)).Perm(count) {
		one[i], theta[i] = 1, float64(j+1)
	}
	obj := must[*objective.Quadratic](t)(objective.NewDiagonal(one, nil))
	opt := constant(t, optim.Adam{Eps: eps}, h)
	if lag := opt.Rule.MeanLag(-1); lag != 0 {
		t.Fatalf("mean lag %g, want a rule without memory", lag)
	}
	x := func(g float64) float64 { return h / 2 * g / (g*g + eps) }
	for _, n := range []int{-1, 0, 50} {
		got := must[bea.Reading](t)(must[*bea.Meter](t)(bea.NewMeter(opt, obj)).Measure(theta, n))
		if want := x(count); !near(got.TrustMax, want, 1e-14) {
			t.Errorf("step %d: trust max %v, want %v", n, got.TrustMax, want)
		}
		if want := x(198); !near(got.TrustP99, want, 1e-14) {
			t.Errorf("step %d: 99th percentile %v, want %v, that of the gradient 198", n, got.TrustP99, want)
		}
	}
}
