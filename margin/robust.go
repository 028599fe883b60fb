package margin

import (
	"fmt"
	"math"
)

// Robust holds the iterates of a linear model that is attacked against the best that
// there is. An attack that moves every row by at most Radius in a norm costs Radius |w|
// of its margin, with the dual norm of w; the robust margin is
//
//	min_i y_i <w, x_i> / |w| - Radius,
//
// the largest of which is the largest margin in that norm less Radius. It may be used
// by several goroutines at once.
//
// Source: Tsilivis, Frank, Srebro and Kempe, "The Price of Implicit Bias in
// Adversarially Robust Generalization" (NeurIPS 2024, arXiv 2406.04981).
type Robust struct {
	Problem *Problem
	Radius  float64
	// Largest is the solution in the norm of w; its Margin is the largest radius,
	// under which the rows can just be separated.
	Largest *Solution
}

// NewRobust solves the problem in a norm of w, one of [Norms]: L1 for attacks bounded in
// every feature. An attack beyond the largest radius is a [*TooStrong] error; see
// [Problem.Solve] for others. A problem with an intercept, which no attack moves, is not
// of this kind.
func NewRobust(p *Problem, norm string, radius float64) (*Robust, error) {
	s, err := p.Solve(norm)
	if err != nil {
		return nil, err
	}
	if !(radius >= 0 && radius < s.Margin) {
		return nil, &TooStrong{Radius: radius, Largest: s.Margin}
	}
	return &Robust{p, radius, s}, nil
}

// Read is the robust margin of w and its share of the largest, 1 at the best; negative
// where an attack succeeds, NaN at w = 0. It panics if w has another length than the
// problem's Dim.
func (r *Robust) Read(w []float64) (margin, share float64) {
	margin = r.Problem.Normalized(w, r.Largest.Norm) - r.Radius
	return margin, margin / (r.Largest.Margin - r.Radius)
}

// TooStrong says that no linear model separates the rows under the attack: training on
// them is possible, but its loss cannot come near zero.
type TooStrong struct {
	Radius float64
	// Largest is the largest radius under which a model still does.
	Largest float64
}

func (e *TooStrong) Error() string {
	return fmt.Sprintf("margin: no linear model separates the rows under an attack of radius %.4g: the largest radius is %.4g. Try: %s", e.Radius, e.Largest, e.Hint())
}

// Hint says what a user may do about it.
func (e *TooStrong) Hint() string { return fmt.Sprintf("a radius of at most %.4g", e.below()) }

// below is a radius with four digits that can be withstood.
func (e *TooStrong) below() float64 {
	if !(e.Largest > 0) {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(e.Largest))-3)
	steps := math.Floor(e.Largest / unit)
	if steps*unit >= e.Largest {
		steps--
	}
	return steps * unit
}
