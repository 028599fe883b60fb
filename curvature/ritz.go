package curvature

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// ritz is the eigensystem of A projected on the multiplied part of a basis:
// values in ascending order, and for each the coefficients s of its Ritz vector
// V_m s.
type ritz struct {
	values []float64
	s      mat.Dense // column i belongs to values[i]
}

var errProjected = errors.New("curvature: the projected matrix could not be diagonalised. Try: an operator with entries of moderate size")

// rayleighRitz diagonalises the symmetric part of the first m rows of T.
func (k *krylov) rayleighRitz() (*ritz, error) {
	sym := mat.NewSymDense(k.m, nil)
	for i := range k.m {
		for j := i; j < k.m; j++ {
			sym.SetSym(i, j, k.row(i)[j]/2+k.row(j)[i]/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		return nil, errProjected
	}
	r := &ritz{values: eigen.Values(nil)}
	eigen.VectorsTo(&r.s)
	return r, nil
}

// largest is the largest modulus of a Ritz value, an estimate of |A| from below.
func (r *ritz) largest() float64 {
	return max(math.Abs(r.values[0]), math.Abs(r.values[len(r.values)-1]))
}

// column copies the coefficients of pair i into dst.
func (r *ritz) column(dst []float64, i int) []float64 { return mat.Col(dst, i, &r.s) }

// residual bounds |A y - value y|_2 of the Ritz vector y of pair i. It is read
// off T without another product; it counts the asymmetry of A and what was left
// out of the basis, and is exact up to rounding in the products.
func (k *krylov) residual(r *ritz, i int) float64 {
	s := r.column(nil, i)
	pending := make([]float64, k.q-k.m)
	for a := range pending {
		pending[a] = floats.Dot(k.row(k.m + a)[:k.m], s)
	}
	return math.Hypot(floats.Norm(pending, 2), k.within(r, i, s)) + k.lost
}

// within is the part of the residual that the multiplied vectors span: the
// asymmetry of T.
func (k *krylov) within(r *ritz, i int, s []float64) float64 {
	inside := make([]float64, k.m)
	for a := range inside {
		inside[a] = floats.Dot(k.row(a)[:k.m], s) - r.values[i]*s[a]
	}
	return floats.Norm(inside, 2)
}

// vector writes the Ritz vector of pair i into dst.
func (k *krylov) vector(dst []float64, r *ritz, i int) {
	clear(dst)
	for j, s := range r.column(nil, i) {
		floats.AddScaled(dst, s, k.v[j])
	}
	normalize(dst)
	orient(dst)
}

// orient gives x the sign that makes its component of largest modulus positive
// (the first, if several are equal).
func orient(x []float64) {
	at := 0
	for j, v := range x {
		if math.Abs(v) > math.Abs(x[at]) {
			at = j
		}
	}
	if x[at] < 0 {
		floats.Scale(-1, x)
	}
}

// chunk is the number of coordinates that a change of basis takes at a time, so
// that all vectors' parts stay in the cache.
const chunk = 256

// restart shrinks the basis to the Ritz vectors of the pairs in keep and the
// pending vectors. The relation A V_m = V_q T stays true, with T diagonal in
// the kept pairs and the old couplings to the pending vectors. What was left out
// turns with the orthogonal s, which leaves its Frobenius norm as a bound; a
// bound for each column would grow with every restart.
//
// Source: K. Wu and H. Simon, "Thick-Restart Lanczos Method for Large Symmetric
// Eigenvalue Problems", SIAM J. Matrix Anal. Appl. 22 (2000) 602.
func (k *krylov) restart(r *ritz, keep []int) {
	m, pending := k.m, k.q-k.m
	columns := make([][]float64, len(keep))
	coupling := make([][]float64, pending)
	for a, i := range keep {
		columns[a] = r.column(nil, i)
		k.lost = math.Hypot(k.lost, k.within(r, i, columns[a]))
	}
	for b := range coupling {
		for _, s := range columns {
			coupling[b] = append(coupling[b], floats.Dot(k.row(m + b)[:m], s))
		}
	}
	k.rotate(columns)

	k.m, k.q = len(keep), len(keep)+pending
	for b := range pending {
		k.v[k.m+b], k.v[m+b] = k.v[m+b], k.v[k.m+b]
	}
	clear(k.t)
	for a, i := range keep {
		k.row(a)[a] = r.values[i]
	}
	for b, c := range coupling {
		copy(k.row(k.m+b), c)
	}
}

// rotate replaces the first vectors of the basis by combinations of the first
// m, in place.
func (k *krylov) rotate(columns [][]float64) {
	old := make([]float64, k.m*chunk)
	for low := 0; low < k.n; low += chunk {
		high := min(low+chunk, k.n)
		for j := range k.m {
			copy(old[j*chunk:], k.v[j][low:high])
		}
		for a, s := range columns {
			dst := k.v[a][low:high]
			clear(dst)
			for j, c := range s {
				floats.AddScaled(dst, c, old[j*chunk:j*chunk+len(dst)])
			}
		}
	}
}
