package margin

import (
	"fmt"
	"math"
)

// The norms of the weights in which margins are measured.
const (
	LInf = "linf" // the largest weight: Adam, sign descent
	L2   = "l2"   // the Euclidean length: gradient descent
	L1   = "l1"   // the sum of the sizes: coordinate descent
)

// Norms are all norms of the weights.
func Norms() []string { return []string{LInf, L2, L1} }

// Problem is labelled rows that are to be separated.
type Problem struct {
	z    []float64 // n x d, row-major: z_i = y_i x_i
	n, d int
	top  float64 // the largest |z_ij|
}

// NewProblem takes rows x (row-major, copied) with classes y in {0, 1}, which stand
// for -1 and +1. With an intercept every row gets a last feature of 1, whose weight
// counts in the norm as any other. Data that is empty, ragged or not finite, and
// another class, are errors.
func NewProblem(x []float64, y []int, features int, intercept bool) (*Problem, error) {
	switch {
	case features < 1 || len(y) < 1:
		return nil, fmt.Errorf("margin: %d rows of %d features. Try: at least one of each", len(y), features)
	case len(x) != len(y)*features:
		return nil, fmt.Errorf("margin: %d values for %d rows of %d features. Try: one label a row", len(x), len(y), features)
	}
	p := &Problem{n: len(y), d: features}
	if intercept {
		p.d++
	}
	p.z = make([]float64, 0, p.n*p.d)
	for i, c := range y {
		if c != 0 && c != 1 {
			return nil, fmt.Errorf("margin: row %d has class %d. Try: classes 0 and 1", i, c)
		}
		sign := float64(2*c - 1)
		for j, v := range x[i*features : (i+1)*features] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("margin: the data is %v at row %d, feature %d. Try: removing or imputing the value", v, i, j)
			}
			p.z = append(p.z, sign*v)
			p.top = max(p.top, math.Abs(v))
		}
		if intercept {
			p.z = append(p.z, sign)
			p.top = max(p.top, 1)
		}
	}
	if p.top != 0 && (p.top > 1e150 || p.top < 1e-150) {
		return nil, fmt.Errorf("margin: the largest value is %v. Try: data scaled to a size near 1", p.top)
	}
	return p, nil
}

// Dim is the number of weights.
func (p *Problem) Dim() int { return p.d }

// Rows is the number of rows.
func (p *Problem) Rows() int { return p.n }

// row is z_i.
func (p *Problem) row(i int) []float64 { return p.z[i*p.d : (i+1)*p.d] }

// Smallest is the smallest margin min_i y_i <w, x_i>, NaN if any is. It panics if w
// has another length than Dim.
func (p *Problem) Smallest(w []float64) float64 {
	if len(w) != p.d {
		panic(fmt.Sprintf("margin: %d weights, want %d", len(w), p.d))
	}
	smallest := math.Inf(1)
	for i := range p.n {
		smallest = min(smallest, dot(p.row(i), w))
	}
	return smallest
}

// Normalized is the smallest margin divided by a norm of w. At w = 0 it is NaN. It
// panics if w has another length than Dim or the norm is none of [Norms].
func (p *Problem) Normalized(w []float64, norm string) float64 {
	return p.Smallest(w) / Norm(w, norm)
}

// Norm is a norm of w; it panics if the norm is none of [Norms].
func Norm(w []float64, norm string) float64 {
	total := 0.0
	switch norm {
	case LInf:
		for _, v := range w {
			total = max(total, math.Abs(v))
		}
	case L1:
		for _, v := range w {
			total += math.Abs(v)
		}
	case L2:
		top := Norm(w, LInf)
		if top == 0 || math.IsInf(top, 0) || math.IsNaN(top) {
			return top
		}
		for _, v := range w {
			total += (v / top) * (v / top)
		}
		total = top * math.Sqrt(total)
	default:
		panic("margin: no norm " + norm)
	}
	return total
}

// Cosine is that of the angle between a and b, NaN if one is zero. It panics if their
// lengths differ.
func Cosine(a, b []float64) float64 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("margin: cosine of %d and %d components", len(a), len(b)))
	}
	// Scaled first, so that neither underflow nor overflow enters.
	ta, tb := Norm(a, LInf), Norm(b, LInf)
	ab, aa, bb := 0.0, 0.0, 0.0
	for j, v := range a {
		u, v := v/ta, b[j]/tb
		ab += u * v
		aa += u * u
		bb += v * v
	}
	return ab / math.Sqrt(aa*bb)
}

// dual names the norm in which the weighted sum of the rows is measured.
func dual(norm string) string {
	switch norm {
	case LInf:
		return L1
	case L1:
		return LInf
	}
	return L2
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for j, v := range a {
		sum += v * b[j]
	}
	return sum
}
