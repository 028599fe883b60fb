package curvature

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// Pair is an eigenvalue with its eigenvector.
type Pair struct {
	Value float64
	// Vector has norm 1, and its component of largest modulus is positive.
	Vector []float64
	// Residual is |A Vector - Value Vector|_2: some eigenvalue of A is at most
	// that far from Value.
	Residual float64
	// Converged tells that the residual met the tolerance.
	Converged bool
}

// Eigenpairs is what [Lanczos] found, and how.
type Eigenpairs struct {
	// Top holds the largest eigenvalues, the largest first; Bottom the smallest,
	// the smallest first. The vectors of each are orthogonal.
	Top, Bottom []Pair
	// Limit is what the residuals were to come down to.
	Limit float64
	// Products, Restarts and Invariant count products, restarts with a
	// shortened basis, and invariant subspaces that the basis had filled.
	Products, Restarts, Invariant int
	// Asymmetry is the largest difference found between u . A v and v . A u
	// for unit vectors, relative to the norm of the products. About 1e-15 is
	// rounding in float64 and 1e-7 in float32; much more means that the
	// operator changes from one product to the next.
	Asymmetry float64
}

// Converged tells whether every pair has converged.
func (e *Eigenpairs) Converged() bool {
	_, _, worst := e.worst()
	return worst == nil
}

// worst is the unconverged pair of largest residual, or nil, and where it is.
func (e *Eigenpairs) worst() (side string, rank int, worst *Pair) {
	for s, pairs := range [][]Pair{e.Top, e.Bottom} {
		for i := range pairs {
			if p := &pairs[i]; !p.Converged && (worst == nil || p.Residual > worst.Residual) {
				side, rank, worst = []string{"largest", "smallest"}[s], i+1, p
			}
		}
	}
	return side, rank, worst
}

// Lanczos finds the largest and smallest eigenvalues of op by the Lanczos
// method with full reorthogonalisation and thick restarts. nil settings mean
// the zero value. It stops as soon as all pairs have converged; where the basis
// fills an invariant subspace, it goes on with a random vector outside of it
// until that changes nothing, so that eigenvalues are found with their
// multiplicity even where there are few different ones.
//
// At the limit of products the result is returned together with a
// [*ConvergenceError]. A product that is not finite is a [*NonFiniteError]; it,
// the error of a product, and settings out of range come without a result.
func Lanczos(op Operator, settings *LanczosSettings) (*Eigenpairs, error) {
	s, err := settings.resolved(op.Dim())
	if err != nil {
		return nil, err
	}
	return newSearch(op.Dim(), s).run(op)
}

// search is one Lanczos solve at work.
type search struct {
	LanczosSettings
	k      *krylov
	rng    *rand.Rand
	result *Eigenpairs

	// A sequence is what grows from one set of starting vectors. After the
	// first has filled an invariant subspace, length counts the products of the
	// present one; span is the length that no later one exceeds but for
	// rounding, and found are the wanted values when it began.
	length, span int
	found        []float64
}

func newSearch(n int, s LanczosSettings) *search {
	return &search{LanczosSettings: s, k: newKrylov(n, s.Basis, s.Block)}
}

// stream separates the draws of this package from others with the same seed.
const stream = 0x6375727661747572

func (l *search) run(op Operator) (*Eigenpairs, error) {
	k := l.k
	k.reset()
	l.rng = rand.New(rand.NewPCG(l.Seed, stream))
	l.result, l.length, l.span, l.found = &Eigenpairs{}, 0, 0, nil
	l.begin()
	checked := 0
	for {
		if err := k.expand(op, "Lanczos", l.result.Products+1); err != nil {
			return nil, err
		}
		l.result.Products++
		l.length++
		atLimit := l.result.Products == l.MaxProducts
		// A look costs about m^3 operations, so at most an eighth of the
		// products is spent between two.
		due := k.m >= min(l.wanted(), k.n) && k.m-checked >= max(1, k.m/8)
		if !(due || atLimit || k.ended() || k.m == k.limit) {
			continue
		}
		checked = k.m
		r, err := k.rayleighRitz()
		if err != nil {
			return nil, err
		}
		if l.enough(r) || atLimit {
			return l.finish(r)
		}
		if k.m == k.limit {
			// Not the whole space: that is always enough.
			k.restart(r, l.keep())
			l.result.Restarts++
			checked = k.m
		}
		if k.ended() {
			k.inject(l.rng)
		}
	}
}

// begin makes the starting vectors.
func (l *search) begin() {
	w := l.k.work
	l.k.inject(l.rng)
	if len(l.Start) > 0 {
		copy(w, l.k.v[0])
		l.k.q = 0
		floats.Scale(freshPart, w)
		for _, v := range l.Start {
			if norm := floats.Norm(v, 2); norm > 0 {
				floats.AddScaled(w, 1/norm, v)
			}
		}
		l.k.start(w)
	}
	for l.k.q < l.Block {
		l.k.inject(l.rng)
	}
}

// freshPart is the norm of the random part of a warm start.
const freshPart = 0.1

// wantedAt are the indices of the wanted pairs, Top first, among m in ascending
// order.
func (l *search) wantedAt(m int) []int {
	var at []int
	for i := range min(l.Top, m) {
		at = append(at, m-1-i)
	}
	for i := range min(l.Bottom, m) {
		at = append(at, i)
	}
	return at
}

// enough decides whether to stop.
func (l *search) enough(r *ritz) bool {
	k := l.k
	at, settled := l.wantedAt(k.m), k.m >= min(l.wanted(), k.n)
	limit := l.Tolerance * r.largest()
	for _, i := range at {
		settled = settled && k.residual(r, i) <= limit
	}
	switch {
	case k.full():
		return true
	case !k.ended() && l.result.Invariant == 0:
		return settled
	case !k.ended() && l.length < l.span:
		return false // the random vector has not had its say
	}
	var values []float64
	for _, i := range at {
		values = append(values, r.values[i])
	}
	if settled && len(values) == len(l.found) && floats.Distance(values, l.found, math.Inf(1)) <= limit {
		return true
	}
	if k.ended() {
		l.result.Invariant++
	}
	l.span, l.length, l.found = max(l.length, 1), 0, values
	return false
}

// keep are the pairs that survive a restart: the wanted ones, and half of the
// rest of the basis, which are the next candidates and damp what is not wanted.
func (l *search) keep() []int {
	extra := (l.k.limit - l.wanted()) / 2
	top, bottom := l.Top+extra, 0
	switch {
	case l.Top == 0:
		top, bottom = 0, l.Bottom+extra
	case l.Bottom > 0:
		top, bottom = l.Top+extra/2, l.Bottom+extra-extra/2
	}
	var at []int
	for i := range bottom {
		at = append(at, i)
	}
	for i := range top {
		at = append(at, l.k.m-1-i)
	}
	return at
}

// finish makes the result.
func (l *search) finish(r *ritz) (*Eigenpairs, error) {
	e := l.result
	e.Limit, e.Asymmetry = l.Tolerance*r.largest(), l.k.asymmetry()
	for a, i := range l.wantedAt(l.k.m) {
		p := Pair{Value: r.values[i], Vector: make([]float64, l.k.n), Residual: l.k.residual(r, i)}
		p.Converged = p.Residual <= e.Limit
		l.k.vector(p.Vector, r, i)
		if a < l.Top {
			e.Top = append(e.Top, p)
		} else {
			e.Bottom = append(e.Bottom, p)
		}
	}
	if side, rank, p := e.worst(); p != nil {
		of := map[string]int{"largest": l.Top, "smallest": l.Bottom}[side]
		return e, &ConvergenceError{
			Method: "Lanczos", Products: e.Products, Pair: fmt.Sprintf("%s eigenvalue %d of %d", side, rank, of),
			Value: p.Value, Residual: p.Residual, Limit: e.Limit,
			Exhausted: l.k.full(),
		}
	}
	return e, nil
}
