package margin

import (
	"fmt"
	"math"
)

// Solution is the classifier of largest margin in a norm, with its proof.
type Solution struct {
	// Norm of the weights, one of [Norms].
	Norm string
	// Direction is w with |w| = 1; for LInf and L1 it need not be unique.
	Direction []float64
	// Margin is min_i y_i <w, x_i>, which no other w of norm 1 exceeds by more than
	// Gap.
	Margin float64
	// Weights on the rows, p >= 0 with sum 1, bound every margin from above by the
	// dual norm of sum_i p_i y_i x_i: this and no algorithm proves the solution.
	Weights []float64
	// Bound is that dual norm, and Gap = Bound - Margin, which is rounding.
	Bound, Gap float64
}

// accuracy is the largest gap, relative to the size of the data and to the margin,
// with which a solution is returned.
const accuracy = 1e-9

// Solve computes the largest margin in a norm. Data that cannot be separated is a
// [*NotSeparable] error; an unknown norm, and data that is so ill-conditioned that
// the dual bound stays above the margin, are others.
func (p *Problem) Solve(norm string) (*Solution, error) {
	var s *Solution
	var err error
	switch norm {
	case LInf, L1:
		s, err = p.program(norm)
	case L2:
		s, err = p.machine()
	default:
		return nil, fmt.Errorf("margin: unknown norm %q. Try: %s, %s or %s", norm, LInf, L2, L1)
	}
	if err != nil {
		return nil, err
	}
	if s.Gap > accuracy*max(s.Bound, 1e-6*p.top) {
		return nil, fmt.Errorf("margin: the largest %s margin is between %v and %v, which rounding does not let us tell closer. Try: standardized features, without nearly equal ones", norm, s.Margin, s.Bound)
	}
	return s, nil
}

// prove makes a solution of weights w and of weights q on the rows, which it
// normalises. It returns nil where they prove nothing.
func (p *Problem) prove(norm string, w, q []float64) *Solution {
	total := 0.0
	for i, v := range q {
		q[i] = max(v, 0)
		total += q[i]
	}
	size := Norm(w, norm)
	if !(total > 0) || !(size > 0) || math.IsInf(total, 0) || math.IsInf(size, 0) {
		return nil
	}
	s := &Solution{Norm: norm, Direction: make([]float64, p.d), Weights: q}
	for j, v := range w {
		s.Direction[j] = v / size
	}
	sum := make([]float64, p.d)
	for i := range q {
		q[i] /= total
		if q[i] == 0 {
			continue
		}
		for j, v := range p.row(i) {
			sum[j] += q[i] * v
		}
	}
	s.Margin, s.Bound = p.Smallest(s.Direction), Norm(sum, dual(norm))
	s.Gap = s.Bound - s.Margin
	return s
}

// Support are the rows that the proof needs, those with a weight, in order. For L2
// they are support vectors.
func (s *Solution) Support() []int {
	var rows []int
	for i, w := range s.Weights {
		if w > 0 {
			rows = append(rows, i)
		}
	}
	return rows
}
