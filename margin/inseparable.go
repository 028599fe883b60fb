package margin

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// largestExact is the number of rows up to which a certificate is sought in whole
// numbers, whose length grows with it; above, in bounds of rounding errors.
const largestExact = 64

// NotSeparable says that no hyperplane through the origin separates the classes, with
// the proof (Gordan's theorem): Weights > 0 on Rows exist for which
// sum_i weight_i y_i x_i is exactly zero, so that the margins of those rows, weighted,
// sum to zero for every classifier. Weights are those rounded to float64, with sum 1.
type NotSeparable struct {
	Rows    []int
	Weights []float64
}

func (e *NotSeparable) Error() string {
	var terms []string
	for k, i := range e.Rows {
		if k == 3 && len(e.Rows) > 4 {
			terms = append(terms, fmt.Sprintf("and %d more", len(e.Rows)-k))
			break
		}
		terms = append(terms, fmt.Sprintf("row %d (%.3g)", i, e.Weights[k]))
	}
	return "margin: the classes cannot be separated: the margins of " + strings.Join(terms, ", ") + " have a weighted sum of zero whatever the classifier"
}

// Hint says what a user may do about it.
func (e *NotSeparable) Hint() string {
	return "an intercept, fewer rows, or more features"
}

// inseparable is the error for rows that w does not separate, though it should be
// best: with the proof from weights q on the rows, or saying that there is none.
func (p *Problem) inseparable(w, q []float64) error {
	total := 0.0
	for _, v := range q {
		total += max(v, 0)
	}
	// What is far below the largest weights is a row that takes no part.
	for _, least := range []float64{1e-9, 1e-6, 1e-12, 1e-3} {
		var rows []int
		var some []float64
		for i, v := range q {
			if v > least*total {
				rows, some = append(rows, i), append(some, v/total)
			}
		}
		found := p.null(rows, some)
		if found == nil && len(rows) > largestExact {
			found = p.near(rows)
		}
		if found != nil {
			sum := 0.0
			for _, v := range found {
				sum += v
			}
			for k := range found {
				found[k] /= sum
			}
			return &NotSeparable{Rows: rows, Weights: found}
		}
	}
	return fmt.Errorf("margin: the largest margin found is %v, too close to zero to tell whether the classes can be separated. Try: standardized features, without nearly equal ones", p.Smallest(w))
}

// near decides by bounds of rounding errors whether weights of sum 1 on d+1 rows make
// a sum of exactly zero and are positive: the linear equations of those weights, with
// an approximate inverse R of their matrix B, have one solution if |I - R B| < 1, and
// it is as near as |R| |residual| / (1 - |I - R B|).
func (p *Problem) near(rows []int) []float64 {
	n := len(rows)
	if n != p.d+1 {
		return nil
	}
	b := mat.NewDense(n, n, nil)
	for k, i := range rows {
		for j, v := range p.row(i) {
			b.Set(j, k, v/p.top) // exact up to rounding that the bound below covers
		}
		b.Set(p.d, k, 1)
	}
	var inverse mat.Dense
	if inverse.Inverse(b) != nil {
		return nil
	}
	const unit = 0x1p-52
	defect := 0.0
	x := make([]float64, n)
	for k := range x {
		x[k] = inverse.At(k, n-1)
	}
	rest := make([]float64, n) // bounds of |B x - e|
	for j := range n {
		sum, size := 0.0, 0.0
		if j == n-1 {
			sum = -1
		}
		for k, v := range x {
			sum += b.At(j, k) * v
			size += math.Abs(b.At(j, k) * v)
		}
		rest[j] = math.Abs(sum) + float64(n+4)*unit*(size+1)
	}
	reach := make([]float64, n)
	for r := range n {
		row := 0.0
		for c := range n {
			sum, size := 0.0, 0.0
			if r == c {
				sum = 1
			}
			for k := range n {
				v := inverse.At(r, k) * b.At(k, c)
				sum -= v
				size += math.Abs(v)
			}
			row += math.Abs(sum) + float64(n+4)*unit*(size+1)
		}
		defect = max(defect, row)
		for k := range n {
			reach[r] += math.Abs(inverse.At(r, k)) * rest[k]
		}
	}
	far := 0.0
	for _, v := range reach {
		far = max(far, v)
	}
	if !(defect < 0.5) {
		return nil
	}
	far *= 1.01 / (1 - defect)
	for _, v := range x {
		if !(v > far) {
			return nil
		}
	}
	return x
}
