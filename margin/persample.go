package margin

import (
	"errors"
	"fmt"
	"math"
)

// PerSample is the direction to which Adam with one sample a step, beta2 near 1 and no
// eps goes: of largest margin in a norm that depends on the answer.
type PerSample struct {
	// Direction has length 1 in the Euclidean norm.
	Direction []float64
	// Share of each row in the gradients there, with sum 1, and Rounds of the search.
	Share  []float64
	Rounds int
}

// PerSample finds that direction. Where rows have shares c of the gradient, Adam's
// denominators are P_j = sqrt(sum_i c_i^2 z_ij^2), and steps of gradient descent divided
// by P maximise the margin in the norm |w|_M^2 = sum_j P_j w_j^2: with w = P^-1/2 u the
// hard-margin machine on z_i P^-1/2. Its weights are the shares; half of them are
// taken over in each round until they agree. A feature that is zero in all rows is
// left alone. Data that cannot be separated is a [*NotSeparable] error; shares that
// come to no rest are another.
//
// Source: Baek, Song and Yun, arXiv 2510.26303, Theorem 4.8 (a fixed point T(c) = c);
// this iteration is ours.
func (p *Problem) PerSample() (*PerSample, error) {
	const most, enough = 500, 1e-10
	share := make([]float64, p.n)
	for i := range share {
		share[i] = 1 / float64(p.n)
	}
	scaled := &Problem{z: make([]float64, len(p.z)), n: p.n, d: p.d}
	root := make([]float64, p.d)
	for round := 1; ; round++ {
		for j := range root {
			sum := 0.0
			for i := range p.n {
				v := share[i] * p.row(i)[j]
				sum += v * v
			}
			if root[j] = math.Sqrt(math.Sqrt(sum)); root[j] == 0 {
				root[j] = 1
			}
		}
		scaled.top = 0
		for i := range p.n {
			for j, v := range p.row(i) {
				scaled.z[i*p.d+j] = v / root[j]
				scaled.top = max(scaled.top, math.Abs(v/root[j]))
			}
		}
		s, err := scaled.Solve(L2)
		var no *NotSeparable
		switch {
		case errors.As(err, &no):
			_, err = p.Solve(L2) // the same rows prove it, with other weights
			return nil, err
		case err != nil:
			return nil, err
		}
		change := 0.0
		for i, w := range s.Weights {
			change += math.Abs(w - share[i])
			share[i] += (w - share[i]) / 2
		}
		if change < enough {
			w := make([]float64, p.d)
			for j, u := range s.Direction {
				w[j] = u / root[j]
			}
			size := Norm(w, L2)
			for j := range w {
				w[j] /= size
			}
			return &PerSample{Direction: w, Share: share, Rounds: round}, nil
		}
		if round == most {
			return nil, fmt.Errorf("margin: the shares of the rows still change by %.2g after %d rounds. Try: standardized features", change, most)
		}
	}
}
