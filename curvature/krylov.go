package curvature

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// krylov is an orthonormal basis V of q vectors, of which the first m have been
// multiplied with A and the others are pending:
//
//	A V_m = V_q T + what was left out,   T of q rows and m columns.
//
// One pending vector is the Lanczos process, several are its band form, which
// sees eigenvalues of that multiplicity. Every product is orthogonalised
// against the whole basis, so T is known in full and nothing rests on the
// symmetry of A.
//
// Sources: C. Lanczos, J. Res. Natl. Bur. Stand. 45 (1950) 255; A. Ruhe, Math.
// Comp. 33 (1979) 680, for the band form; B. N. Parlett, The Symmetric
// Eigenvalue Problem, sections 6.9 and 13.
type krylov struct {
	n     int // length of the vectors
	limit int // most vectors that are multiplied, columns of t
	m, q  int
	v     [][]float64 // limit + block vectors, allocated when first used
	t     []float64   // T row by row
	lost  float64     // Frobenius norm of what was left out, column by column
	scale float64     // largest norm of a product: a lower bound of |A|
	gap   float64     // largest |v_i . A v_j - v_j . A v_i|

	coef, work []float64
}

func newKrylov(n, limit, block int) *krylov {
	limit = min(limit, n)
	rows := min(limit+block, n)
	return &krylov{
		n: n, limit: limit,
		v: make([][]float64, rows), t: make([]float64, rows*limit),
		coef: make([]float64, rows), work: make([]float64, n),
	}
}

// reset empties the basis and keeps its memory.
func (k *krylov) reset() {
	k.m, k.q, k.lost, k.scale, k.gap = 0, 0, 0, 0, 0
	clear(k.t)
}

// row is row i of T.
func (k *krylov) row(i int) []float64 { return k.t[i*k.limit : (i+1)*k.limit] }

// ended tells that no vector is pending: the basis spans an invariant subspace.
func (k *krylov) ended() bool { return k.m == k.q }

// full tells that the basis is the whole space.
func (k *krylov) full() bool { return k.m == k.n }

// negligible is the norm below which what is left of a product is rounding: the
// subtractions leave about eps times the root of their number.
func (k *krylov) negligible() float64 { return 64 * 0x1p-52 * k.scale }

// orthogonalise removes the basis from w, writes the coefficients into coef and
// returns the norm of what is left. Two passes are enough where more than
// rounding is left (W. Kahan and B. N. Parlett; Parlett, section 6.9), and where
// no more is, callers drop it.
func (k *krylov) orthogonalise(coef, w []float64) float64 {
	clear(coef)
	for range 2 {
		for i, v := range k.v[:k.q] {
			c := floats.Dot(v, w)
			floats.AddScaled(w, -c, v)
			coef[i] += c
		}
	}
	return floats.Norm(w, 2)
}

// push appends w / norm, which must be orthogonal to the basis.
func (k *krylov) push(w []float64, norm float64) {
	if k.v[k.q] == nil {
		k.v[k.q] = make([]float64, k.n)
	}
	for i, x := range w {
		k.v[k.q][i] = x / norm
	}
	k.q++
}

// start appends w, without the part that the basis has already, and reports
// whether anything was left. w is overwritten.
func (k *krylov) start(w []float64) bool {
	before := floats.Norm(w, 2)
	norm := k.orthogonalise(k.coef[:k.q], w)
	// Relative to w there must be more than rounding left, or the vector would
	// not be orthogonal to the basis.
	if !(norm > 1e-10*before) {
		return false
	}
	k.push(w, norm)
	return true
}

// inject appends a random direction orthogonal to the basis. The basis must not
// be full.
func (k *krylov) inject(rng *rand.Rand) {
	for {
		for i := range k.work {
			k.work[i] = rng.NormFloat64()
		}
		if k.start(k.work) {
			return
		}
	}
}

// expand multiplies the first pending vector, with product number product of
// the method in the error.
func (k *krylov) expand(op Operator, method string, product int) error {
	w, j := k.work, k.m
	if err := multiply(op, w, k.v[j], method, product); err != nil {
		return err
	}
	k.scale = max(k.scale, floats.Norm(w, 2))
	coef := k.coef[:k.q]
	norm := k.orthogonalise(coef, w)
	for i, c := range coef {
		k.row(i)[j] = c
		if i < j {
			k.gap = max(k.gap, math.Abs(c-k.row(j)[i]))
		}
	}
	k.m++
	if norm <= k.negligible() || k.q == len(k.v) {
		k.lost = math.Hypot(k.lost, norm)
		return nil
	}
	k.row(k.q)[j] = norm
	k.push(w, norm)
	return nil
}

// asymmetry is gap relative to the norm of the products.
func (k *krylov) asymmetry() float64 {
	if k.gap == 0 {
		return 0
	}
	return k.gap / k.scale
}
