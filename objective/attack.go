package objective

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// The norms that bound an attack on the rows of a linear model.
const (
	LInf = "linf" // every feature moves by at most the radius; costs r ||w||_1
	L2   = "l2"   // the row moves by at most the radius; costs r ||w||_2
	L1   = "l1"   // the features move by the radius in all; costs r ||w||_inf
)

// attack is the worst perturbation of a row within a ball: it lowers every
// margin by radius times the dual norm of w.
//
// Source: Tsilivis, Frank, Srebro and Kempe, "The Price of Implicit Bias in
// Adversarially Robust Generalization" (NeurIPS 2024).
type attack struct {
	kind   string
	radius float64
	sorted []float64 // scratch of simplex
}

func newAttack(kind string, radius float64, d int) (attack, error) {
	if math.IsNaN(radius) || math.IsInf(radius, 0) || radius < 0 {
		return attack{}, fmt.Errorf("linear: attack radius %v. Try: 0 for none, or a positive radius", radius)
	}
	switch kind {
	case "":
		kind = LInf
	case LInf, L2, L1:
	default:
		return attack{}, fmt.Errorf("linear: unknown attack %q. Try: %s, %s or %s", kind, LInf, L2, L1)
	}
	return attack{kind: kind, radius: radius, sorted: make([]float64, d)}, nil
}

// cost is the radius times the dual norm of w. Without an attack it is 0 even
// where w is infinite.
func (a *attack) cost(w []float64) float64 {
	switch {
	case a.radius == 0:
		return 0
	case a.kind == LInf:
		return a.radius * floats.Norm(w, 1)
	case a.kind == L2:
		return a.radius * floats.Norm(w, 2)
	}
	return a.radius * floats.Norm(w, math.Inf(1))
}

// subgradient writes into s the element of the subdifferential of the dual
// norm at w that makes |g + c s|_2 smallest, c >= 0. Where the norm is smooth
// there is only one; at a kink this choice makes the descent direction the
// steepest one and leaves a weight at zero where no descent leads away.
func (a *attack) subgradient(s, w, g []float64, c float64) {
	switch a.kind {
	case LInf: // ||w||_1: coordinate by coordinate
		for j, v := range w {
			switch {
			case v > 0:
				s[j] = 1
			case v < 0:
				s[j] = -1
			case v == 0:
				s[j] = clip(-g[j], c)
			default:
				s[j] = v // NaN
			}
		}
	case L2: // ||w||_2: w / ||w||, or the unit ball at zero
		if norm := floats.Norm(w, 2); norm != 0 {
			floats.ScaleTo(s, 1/norm, w)
			return
		}
		clear(s)
		if reach := max(c, floats.Norm(g, 2)); reach > 0 {
			floats.ScaleTo(s, -1/reach, g)
		}
	case L1: // ||w||_inf: the corners that share the maximum, or the l1 ball
		peak := floats.Norm(w, math.Inf(1))
		if peak == 0 {
			a.crossPolytope(s, g, c)
			return
		}
		a.face(s, w, g, c, peak)
	}
}

// addKink adds c s to g. What cancels to within the last place is zero: a
// weight that the attack holds at zero must get no rounding error as gradient,
// whose sign alone moves an optimizer like Adam.
func addKink(g []float64, c float64, s []float64) {
	for j, before := range g {
		g[j] += c * s[j]
		if math.Abs(g[j]) <= 0x1p-52*math.Abs(before) {
			g[j] = 0
		}
	}
}

// clip is t/c held within [-1, 1]; 0 for t = 0 and c = 0.
func clip(t, c float64) float64 {
	if math.Abs(t) <= c {
		if c == 0 {
			return 0
		}
		return t / c
	}
	return math.Copysign(1, t)
}

// crossPolytope minimises |g + c s|_2 over sum |s_j| <= 1.
func (a *attack) crossPolytope(s, g []float64, c float64) {
	clear(s)
	if c == 0 {
		return
	}
	for j, v := range g {
		s[j] = math.Abs(v) / c
	}
	if floats.Norm(s, 1) > 1 {
		threshold := a.simplex(s, len(s))
		for j, v := range s {
			s[j] = max(v-threshold, 0)
		}
	}
	for j, v := range g {
		s[j] = math.Copysign(s[j], -v)
	}
}

// face minimises |g + c s|_2 over the convex hull of the signed unit vectors
// of the weights with |w_j| = peak.
func (a *attack) face(s, w, g []float64, c, peak float64) {
	clear(s)
	ties, only := 0, 0
	for j, v := range w {
		if math.Abs(v) == peak {
			a.sorted[ties] = pull(g[j], v, c)
			ties, only = ties+1, j
		}
	}
	if ties == 1 {
		s[only] = math.Copysign(1, w[only])
		return
	}
	threshold := a.simplex(a.sorted[:ties], ties)
	for j, v := range w {
		if math.Abs(v) == peak {
			s[j] = math.Copysign(max(pull(g[j], v, c)-threshold, 0), v)
		}
	}
}

// pull is the length of the unit vector with the sign of v that would cancel g.
func pull(g, v, c float64) float64 {
	switch {
	case c == 0:
		return 0
	case v < 0:
		return g / c
	}
	return -g / c
}

// simplex returns the threshold t with sum_j max(u_j - t, 0) = 1, which
// projects u onto the unit simplex. It orders its scratch memory, not u.
func (a *attack) simplex(u []float64, n int) float64 {
	sorted := a.sorted[:n]
	copy(sorted, u)
	slices.Sort(sorted)
	total, threshold := 0.0, 0.0
	for i := n - 1; i >= 0; i-- {
		total += sorted[i]
		t := (total - 1) / float64(n-i)
		if sorted[i] <= t && i < n-1 {
			break
		}
		threshold = t
	}
	return threshold
}
