package vec

import (
	"flag"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

var samples = flag.Int("samples", 1500, "arguments of each function that are held against the reference")

// smooth is a function with rounding errors: its reference, the arguments that
// matter and the largest error in units in the last place that is allowed.
type smooth struct {
	name           string
	reference      func(*big.Float) *big.Float
	low, high      float64 // where the function is not constant, float64
	low32, high32  float64
	positive       bool    // arguments are above 0
	limit, limit32 float64 // the errors that the doc comments state; portable: 2.5
}

var smooths = []smooth{
	{"Exp", referenceExp, -746, 710, -104, 89, false, 1, 1},
	{"Log", referenceLog, 0, 10, 0, 10, true, 1, 1},
	{"Log1p", referenceLog1p, -1, 10, -1, 10, false, 1, 1},
	{"Tanh", referenceTanh, -20, 20, -10, 10, false, 2.5, 2.5},
	{"Erf", referenceErf, -6.5, 6.5, -4.5, 4.5, false, 1.1, 1.1},
	{"Sigmoid", referenceSigmoid, -746, 40, -104, 20, false, 2.5, 2.5},
	{"Softplus", referenceSoftplus, -746, 40, -104, 20, false, 2, 2},
}

// arguments are evenly spread over the interval, spread over small magnitudes,
// and near the places where formulas change.
func arguments[T Float](s smooth, low, high float64) []T {
	r := rand.New(rand.NewPCG(1, 2))
	var x []T
	for i := range *samples {
		var v float64
		switch i % 4 {
		case 0:
			v = low + (high-low)*r.Float64()
		case 1:
			v = 4*r.Float64() - 2
		case 2:
			v = math.Ldexp(r.Float64()-0.5, -r.IntN(60))
		case 3:
			edges := []float64{0.75, 0.85, 1, 1.5, math.Sqrt2, math.Ln2 / 2, math.Ln2, 3 * math.Ln2 / 2, high, low, 19, 6, 4, 9}
			v = edges[r.IntN(len(edges))] * (1 + math.Ldexp(r.Float64()-0.5, -r.IntN(24)))
			if r.IntN(2) == 0 {
				v = -v
			}
		}
		if s.positive {
			v = math.Abs(v)
			if i%8 == 0 {
				v = math.Ldexp(v, r.IntN(2000)-1050)
				if T(v) == 0 || math.IsInf(float64(T(v)), 0) {
					v = 1
				}
			}
		}
		if v = max(low, min(v, high*2)); T(v) != 0 && !(s.name == "Log1p" && T(v) <= -1) {
			x = append(x, T(v))
		}
	}
	return x
}

// The truth is the reference in 400 bits, from power series.
func TestAccuracy(t *testing.T) {
	for _, s := range smooths {
		t.Run(s.name+"/float32", func(t *testing.T) {
			accuracy[float32](t, s, s.low32, s.high32, s.limit32)
		})
		t.Run(s.name+"/float64", func(t *testing.T) {
			accuracy[float64](t, s, s.low, s.high, s.limit)
		})
	}
}

func accuracy[T Float](t *testing.T, s smooth, low, high, limit float64) {
	x := arguments[T](s, low, high)
	want := make([]*big.Float, len(x))
	for i, v := range x {
		want[i] = s.reference(number(float64(v)))
	}
	got := make([]T, len(x))
	for _, f := range available[T]() {
		unaryOf(f, s.name)(got, x)
		worst, at, limit := 0.0, 0, limit
		for i := range got {
			if e := errorIn(got[i], want[i]); e > worst {
				worst, at = e, i
			}
		}
		t.Logf("%v: largest error %.3f ulp at %v", f.Level(), worst, x[at])
		if f.Level() == Portable {
			limit = max(limit, 2.5)
		}
		if worst > limit {
			t.Errorf("%v: %s(%v) = %v, want %v: %.3g ulp, above %g", f.Level(), s.name, x[at], got[at], want[at].Text('g', 20), worst, limit)
		}
	}
}
