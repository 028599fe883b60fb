package margin

import (
	"math"
	"math/big"
)

// positive decides whether w separates the rows, y_i <w, x_i> > 0 for all: by
// rounded sums where their errors cannot matter, else in exact arithmetic.
func (p *Problem) positive(w []float64) bool {
	const unit = 0x1p-53
	for i := range p.n {
		sum, size := 0.0, 0.0
		for j, v := range p.row(i) {
			sum += v * w[j]
			size += math.Abs(v * w[j])
		}
		// Each product and each sum is off by unit at most; products that underflow
		// by less than the smallest normal number.
		if sum > 2*float64(p.d+2)*(unit*size+0x1p-1022) {
			continue
		}
		exact, term := new(big.Rat), new(big.Rat)
		for j, v := range p.row(i) {
			a, b := new(big.Rat), new(big.Rat)
			if a.SetFloat64(v) == nil || b.SetFloat64(w[j]) == nil {
				return false // NaN
			}
			exact.Add(exact, term.Mul(a, b))
		}
		if exact.Sign() <= 0 {
			return false
		}
	}
	return true
}

// null decides whether weights near q, on the rows that have some, make a sum of
// exactly zero: whether q + something has sum_i q_i z_i = 0, q_i > 0. The rows that q
// leaves out stay out. It returns the weights, or nil.
func (p *Problem) null(rows []int, q []float64) []float64 {
	n := len(rows)
	if n == 0 || n > largestExact {
		return nil
	}
	// Whole numbers: all values times one power of two.
	lowest := 0
	for _, i := range rows {
		for _, v := range p.row(i) {
			if v != 0 {
				_, e := math.Frexp(v)
				lowest = min(lowest, e-53)
			}
		}
	}
	// a is d x n with the rows as columns.
	a := make([][]*big.Int, p.d)
	for j := range a {
		a[j] = make([]*big.Int, n)
		for k, i := range rows {
			a[j][k] = whole(p.row(i)[j], -lowest)
		}
	}
	pivots, last := eliminate(a)
	// Weights of the free columns are those of q; the others follow.
	free := make([]*big.Rat, n)
	bound := make([]int, n) // row of the pivot in a column, plus 1
	for r, k := range pivots {
		bound[k] = r + 1
	}
	for k := range n {
		if bound[k] == 0 {
			free[k] = new(big.Rat)
			if free[k].SetFloat64(q[k]) == nil {
				return nil
			}
		}
	}
	weights, term := make([]float64, n), new(big.Rat)
	for k := range n {
		x := free[k]
		if x == nil {
			x = new(big.Rat)
			for f, v := range free {
				if v != nil {
					x.Sub(x, term.Mul(v, new(big.Rat).SetFrac(a[bound[k]-1][f], last)))
				}
			}
		}
		if x.Sign() <= 0 {
			return nil
		}
		weights[k], _ = x.Float64()
	}
	return weights
}

// whole is v times two to the power of shift, a whole number.
func whole(v float64, shift int) *big.Int {
	f, e := math.Frexp(v)
	x := big.NewInt(int64(math.Ldexp(f, 53)))
	return x.Lsh(x, uint(max(e-53+shift, 0)))
}

// eliminate brings a to reduced echelon form by Bareiss's division-free steps: every
// pivot column has last in its row and 0 elsewhere. It returns the columns of the
// pivots and last.
func eliminate(a [][]*big.Int) (pivots []int, last *big.Int) {
	last = big.NewInt(1)
	product := new(big.Int)
	for k := 0; k < len(a[0]) && len(pivots) < len(a); k++ {
		r := len(pivots)
		at := -1
		for i := r; i < len(a); i++ {
			if a[i][k].Sign() != 0 && (at < 0 || a[i][k].BitLen() < a[at][k].BitLen()) {
				at = i
			}
		}
		if at < 0 {
			continue
		}
		a[r], a[at] = a[at], a[r]
		pivot := new(big.Int).Set(a[r][k])
		for i := range a {
			if i == r {
				continue
			}
			c := new(big.Int).Set(a[i][k])
			for j := range a[i] {
				x := a[i][j]
				x.Mul(x, pivot)
				x.Sub(x, product.Mul(c, a[r][j]))
				x.Quo(x, last) // without remainder
			}
		}
		last = pivot
		pivots = append(pivots, k)
	}
	return pivots, last
}
