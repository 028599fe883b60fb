package margin

import "math"

// program solves for the norms whose balls are polytopes.
func (p *Problem) program(norm string) (*Solution, error) {
	if p.top == 0 {
		return nil, p.inseparable(make([]float64, p.d), uniform(p.n))
	}
	build := p.cube
	if norm == L1 {
		build = p.crossPolytope
	}
	s, weights := build()
	if err := s.maximise(); err != nil {
		return nil, err
	}
	value, reduced, err := s.solve()
	if err != nil {
		return nil, err
	}
	w, first := weights(value)
	// The row that bounded the first vertex is the last of the first nonbasic
	// variables, the others are the first basic ones, in order.
	q := make([]float64, p.n)
	slack := s.cols
	for i := range q {
		if i == first {
			q[i] = -reduced[s.cols-1]
			continue
		}
		q[i] = -reduced[slack]
		slack++
	}
	solution := p.prove(norm, w, q)
	if solution == nil || !p.positive(solution.Direction) {
		return nil, p.inseparable(w, q)
	}
	return solution, nil
}

// margins fills a tableau with the rows' slacks over the smallest margin, which is
// maximised: margin_i = c_i + sum_j a_ij x_j for the first variables x, and slacks
// s_i = margin_i - g, where g = margin_first - s_first at the vertex x = 0.
func (p *Problem) margins(rows, cols int, c []float64, a func(i, j int) float64) (s *tableau, first int) {
	s = newTableau(rows, cols)
	for i, v := range c {
		if v < c[first] {
			first = i
		}
	}
	for j := range cols - 1 {
		s.gain[j] = a(first, j) / p.top
	}
	s.gain[cols-1] = -1
	r := 0
	for i := range p.n {
		if i == first {
			continue
		}
		s.level[r] = (c[i] - c[first]) / p.top
		row := s.t[r*cols : (r+1)*cols]
		for j := range cols - 1 {
			row[j] = (a(i, j) - a(first, j)) / p.top
		}
		row[cols-1] = 1
		r++
	}
	return s, first
}

// cube is the program over |w|_inf <= 1: w_j = sign_j (1 - x_j), 0 <= x_j <= 2, from
// the corner in the direction of the sum of the rows.
func (p *Problem) cube() (s *tableau, weights func(value []float64) ([]float64, int)) {
	sign := make([]float64, p.d)
	for i := range p.n {
		for j, v := range p.row(i) {
			sign[j] += v / p.top
		}
	}
	for j, v := range sign {
		sign[j] = math.Copysign(1, v)
	}
	c := make([]float64, p.n)
	for i := range c {
		c[i] = dot(p.row(i), sign)
	}
	s, first := p.margins(p.n-1, p.d+1, c, func(i, j int) float64 { return -p.row(i)[j] * sign[j] })
	for j := range p.d {
		s.bound[j] = 2
	}
	return s, func(value []float64) ([]float64, int) {
		w := make([]float64, p.d)
		for j := range w {
			w[j] = sign[j] * (1 - value[j])
		}
		return w, first
	}
}

// crossPolytope is the program over |w|_1 <= 1: w_j = u_j - v_j, all >= 0, and what
// their sum lacks of 1. The first vertex is u_0 = 1, the one basic variable that is
// no slack; nonbasic are the lack, then u_1 ..., then v_0 ...
func (p *Problem) crossPolytope() (s *tableau, weights func(value []float64) ([]float64, int)) {
	c := make([]float64, p.n)
	for i := range c {
		c[i] = p.row(i)[0]
	}
	entry := func(i, j int) float64 {
		z := p.row(i)
		switch {
		case j == 0:
			return -z[0]
		case j < p.d:
			return z[j] - z[0]
		}
		return -z[j-p.d] - z[0]
	}
	cols := 2*p.d + 1
	s, first := p.margins(p.n, cols, c, entry)
	last := p.n - 1 // u_0 = 1 - all others
	s.level[last] = 1
	for j := range cols - 1 {
		s.t[last*cols+j] = -1
	}
	return s, func(value []float64) ([]float64, int) {
		w := make([]float64, p.d)
		rest := 1.0 // u_0
		for j := range cols - 1 {
			rest -= value[j]
		}
		w[0] = rest - value[p.d]
		for j := 1; j < p.d; j++ {
			w[j] = value[j] - value[p.d+j]
		}
		return w, first
	}
}

func uniform(n int) []float64 {
	q := make([]float64, n)
	for i := range q {
		q[i] = 1 / float64(n)
	}
	return q
}
