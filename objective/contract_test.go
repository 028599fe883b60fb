package objective_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/floats"
	"pgregory.net/rapid"

	"leeway/objective"
)

// The truth is central differences of the loss (for the gradient) and of the
// gradient (for the product): they use neither formula.
func TestDerivativesAgainstCentralDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	worst := objective.Report{}
	each(t, func(t *testing.T, p problem, k int) {
		r, err := objective.Check(p.obj, p.theta, normal(rng, p.obj.Dim()), k)
		if err != nil {
			t.Fatal(err)
		}
		if !(r.GradientError < 1e-9 && r.HVPError < 1e-10) {
			t.Errorf("batch %d: %+v", k, r)
		}
		worst.GradientError, worst.HVPError = max(worst.GradientError, r.GradientError), max(worst.HVPError, r.HVPError)
	})
	t.Logf("largest relative errors: gradient %.1e, product %.1e", worst.GradientError, worst.HVPError)
}

// A Hessian is symmetric, u . H v = v . H u, and its product linear in v.
func TestHVPSymmetricAndLinear(t *testing.T) {
	ps := problems()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(ps).Draw(t, "problem")
		n, k := p.obj.Dim(), rapid.IntRange(0, p.obj.Batches()-1).Draw(t, "batch")
		vector := rapid.SliceOfN(rapid.Float64Range(-3, 3), n, n)
		u, v, theta := vector.Draw(t, "u"), vector.Draw(t, "v"), vector.Draw(t, "theta")
		a := rapid.Float64Range(-2, 2).Draw(t, "a")
		product := func(v []float64) []float64 {
			dst := make([]float64, n)
			if err := p.obj.HVP(dst, theta, v, k); err != nil {
				t.Fatal(err)
			}
			return dst
		}
		hu, hv := product(u), product(v)
		size := floats.Norm(u, 2)*floats.Norm(hv, 2) + floats.Norm(v, 2)*floats.Norm(hu, 2) + 1e-9
		if gap := math.Abs(floats.Dot(u, hv) - floats.Dot(v, hu)); gap > 1e-12*size {
			t.Fatalf("%s: u.Hv - v.Hu = %g of %g", p.name, gap, size)
		}
		mixed, want := make([]float64, n), make([]float64, n)
		floats.AddScaledTo(mixed, u, a, v)
		floats.AddScaledTo(want, hu, a, hv)
		if gap := floats.Distance(product(mixed), want, 2); gap > 1e-12*(floats.Norm(hu, 2)+2*floats.Norm(hv, 2)+1e-9) {
			t.Fatalf("%s: H(u + a v) is off by %g", p.name, gap)
		}
	})
}

// Weights sum to 1, and the mean of the batch losses with them is the loss of
// the same model built with one batch.
func TestBatchesAddUpToTheFullLoss(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	x, y := table(rng, 71, 4, 2)
	for _, s := range [][2]int{{1, 0}, {4, 0}, {71, 0}, {0, 1}, {0, 10}, {0, 71}} {
		for _, model := range []func(batches, size int) objective.TwiceDifferentiable{
			func(b, m int) objective.TwiceDifferentiable {
				return must(objective.NewLinear(x, y, 4, objective.LinearSettings{Intercept: true, Radius: 0.2, Batches: b, BatchSize: m}))
			},
			func(b, m int) objective.TwiceDifferentiable {
				return must(objective.NewSoftmax(x, y, 4, 2, objective.SoftmaxSettings{Intercept: true, Batches: b, BatchSize: m}))
			},
		} {
			one, many := model(0, 0), model(s[0], s[1])
			n := one.Dim()
			theta, v := normal(rng, n), normal(rng, n)
			total := 0.0
			for k := range many.Batches() {
				total += objective.WeightOf(many, k)
			}
			if math.Abs(total-1) > 1e-14 {
				t.Errorf("%v: weights sum to %v", s, total)
			}
			want, got := make([]float64, n), make([]float64, n)
			wantLoss := must(one.Gradient(want, theta, 0))
			gotLoss := must(objective.Full(got, many, theta))
			if math.Abs(gotLoss-wantLoss) > 1e-14*wantLoss || floats.Distance(got, want, 2) > 1e-14 {
				t.Errorf("%v: loss %v, want %v, gradients differ by %g", s, gotLoss, wantLoss, floats.Distance(got, want, 2))
			}
			if err := one.HVP(want, theta, v, 0); err != nil {
				t.Fatal(err)
			}
			if err := objective.FullHVP(got, many, theta, v); err != nil {
				t.Fatal(err)
			}
			if floats.Distance(got, want, 2) > 1e-14*(1+floats.Norm(want, 2)) {
				t.Errorf("%v: products differ by %g", s, floats.Distance(got, want, 2))
			}
		}
	}
}

// Questions in any order get the same bits: what is kept from one question
// never shows in another. The truth is a fresh clone for every question.
func TestAnswersDoNotDependOnHistory(t *testing.T) {
	ps := problems()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(ps).Draw(t, "problem")
		n := p.obj.Dim()
		points := [][]float64{p.theta, slices.Clone(p.theta), make([]float64, n)}
		points[1][n-1] += 1e-16 + math.Abs(points[1][n-1])*1e-15 // differs in the last place
		for range rapid.IntRange(1, 12).Draw(t, "questions") {
			theta := slices.Clone(rapid.SampledFrom(points).Draw(t, "theta"))
			k := rapid.IntRange(0, p.obj.Batches()-1).Draw(t, "batch")
			fresh := must(objective.Clone(p.obj))
			got, want, v := make([]float64, n), make([]float64, n), normal(rand.New(rand.NewPCG(9, 9)), n)
			if rapid.Bool().Draw(t, "gradient") {
				a, b := must(p.obj.Gradient(got, theta, k)), must(fresh.Gradient(want, theta, k))
				if a != b {
					t.Fatalf("%s: loss %v, fresh %v", p.name, a, b)
				}
			} else if err := p.obj.HVP(got, theta, v, k); err != nil {
				t.Fatal(err)
			} else if err := fresh.HVP(want, theta, v, k); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %v, fresh %v", p.name, got, want)
			}
		}
	})
}

// Clones run at the same time (the race detector watches) and agree in bits.
func TestClonesAreIndependent(t *testing.T) {
	each(t, func(t *testing.T, p problem, k int) {
		n, weight := p.obj.Dim(), objective.WeightOf(p.obj, k)
		results := make([][]float64, 4)
		var wg sync.WaitGroup
		for i := range results {
			clone := must(objective.Clone(p.obj))
			if objective.WeightOf(clone, k) != weight {
				t.Errorf("the clone weighs batch %d differently", k)
			}
			wg.Go(func() {
				g, hv := make([]float64, n), make([]float64, n)
				loss, err := clone.Gradient(g, p.theta, k)
				if err == nil {
					err = clone.HVP(hv, p.theta, g, k)
				}
				if err != nil {
					t.Error(err)
				}
				results[i] = append(append(g, hv...), loss)
			})
		}
		wg.Wait()
		for _, r := range results[1:] {
			if !slices.Equal(r, results[0]) {
				t.Errorf("batch %d: clones disagree", k)
			}
		}
	})
}

func TestInputsAreLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, p problem, k int) {
		theta, v := slices.Clone(p.theta), normal(rand.New(rand.NewPCG(2, 2)), len(p.theta))
		direction, dst := slices.Clone(v), make([]float64, len(v))
		if _, err := p.obj.Gradient(dst, theta, k); err != nil {
			t.Fatal(err)
		}
		if err := p.obj.HVP(dst, theta, direction, k); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(theta, p.theta) || !slices.Equal(direction, v) {
			t.Error("theta or v changed")
		}
	})
}

func TestQuestionsDoNotAllocate(t *testing.T) {
	each(t, func(t *testing.T, p problem, k int) {
		dst, theta := make([]float64, len(p.theta)), slices.Clone(p.theta)
		if n := testing.AllocsPerRun(20, func() {
			theta[0] += 0.001 // a new forward pass every time
			_, _ = p.obj.Gradient(dst, theta, k)
			_ = p.obj.HVP(dst, theta, p.theta, k)
		}); n != 0 {
			t.Errorf("batch %d: %v allocations", k, n)
		}
	})
}

func TestBadQuestionsAreErrors(t *testing.T) {
	each(t, func(t *testing.T, p problem, k int) {
		n, b := p.obj.Dim(), p.obj.Batches()
		good, short := make([]float64, n), make([]float64, n-1)
		for name, err := range map[string]error{
			"batch -1":    second(p.obj.Gradient(good, p.theta, -1)),
			"batch B":     second(p.obj.Gradient(good, p.theta, b)),
			"short dst":   second(p.obj.Gradient(short, p.theta, k)),
			"short theta": second(p.obj.Gradient(good, short, k)),
			"hvp batch":   p.obj.HVP(good, p.theta, p.theta, b),
			"hvp v":       p.obj.HVP(good, p.theta, short, k),
			"check batch": second(objective.Check(p.obj, p.theta, p.theta, b)),
		} {
			if err == nil || !strings.Contains(err.Error(), "Try: ") {
				t.Errorf("%s: error %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// NaN and infinity come out as such: not as an error, a panic or a hang.
func TestNonFiniteParametersPassThrough(t *testing.T) {
	each(t, func(t *testing.T, p problem, k int) {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			theta, dst := slices.Clone(p.theta), make([]float64, len(p.theta))
			theta[0] = bad
			loss, err := p.obj.Gradient(dst, theta, k)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.obj.HVP(dst, theta, p.theta, k); err != nil {
				t.Fatal(err)
			}
			if math.IsNaN(bad) && !math.IsNaN(loss) {
				t.Errorf("theta %v: loss %v", bad, loss)
			}
		}
	})
}
