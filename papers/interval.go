package papers

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Mean is a finding: the mean of independent values with Student's 95 % interval.
// Fewer than two values have no interval, and nothing follows from them.
func Mean(values []float64) *Finding {
	n := len(values)
	if n < 2 {
		return &Finding{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), N: n}
	}
	mean, deviation := stat.MeanStdDev(values, nil)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
	half := t * deviation / math.Sqrt(float64(n))
	return Estimated(mean, mean-half, mean+half, n)
}

// Difference is a finding: the mean of a - b over pairs, the same seed in both,
// with Student's 95 % interval.
func Difference(a, b []float64) *Finding {
	d := make([]float64, min(len(a), len(b)))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return Mean(d)
}

// Share is a finding: a share k of n with Wilson's 95 % interval (E. B. Wilson,
// 1927), which stays within 0 and 1.
func Share(k, n int) *Finding {
	if n == 0 {
		return &Finding{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Estimated(p, max(0, centre-half), min(1, centre+half), n)
}

// Range is a finding: the mean of values, with the smallest and the largest as its
// interval, so that a verdict holds for every one of them.
func Range(values []float64) *Finding {
	if len(values) == 0 {
		return &Finding{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	f := Estimated(stat.Mean(values, nil), math.Inf(1), math.Inf(-1), len(values))
	f.Ranges = true
	for _, v := range values {
		f.Low, f.High = math.Min(f.Low, v), math.Max(f.High, v) // NaN if one is
	}
	return f
}
