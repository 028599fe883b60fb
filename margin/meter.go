package margin

import "math"

// Reading is how an iterate compares to the largest margins.
type Reading struct {
	// Smallest is min_i y_i <w, x_i>, which grows without bound.
	Smallest float64
	// Inf and Two are that divided by the norms of w; InfRatio and TwoRatio are those
	// divided by the largest margins, 1 at the best.
	Inf, Two           float64
	InfRatio, TwoRatio float64
	// InfCosine and TwoCosine are those of the angles to the directions of largest
	// margin.
	InfCosine, TwoCosine float64
}

// Meter holds iterates against the directions of largest margin in the LInf and the
// L2 norm. It may be used by several goroutines at once.
type Meter struct {
	Problem  *Problem
	Inf, Two *Solution
}

// NewMeter solves both problems; see [Problem.Solve] for the errors.
func NewMeter(p *Problem) (*Meter, error) {
	inf, err := p.Solve(LInf)
	if err != nil {
		return nil, err
	}
	two, err := p.Solve(L2)
	if err != nil {
		return nil, err
	}
	return &Meter{Problem: p, Inf: inf, Two: two}, nil
}

// Read measures w, without allocating. At w = 0 all but Smallest is NaN. It panics if
// w has another length than the problem's Dim.
func (m *Meter) Read(w []float64) Reading {
	r := Reading{Smallest: m.Problem.Smallest(w)}
	if inf := Norm(w, LInf); inf == 0 {
		nan := math.NaN()
		return Reading{r.Smallest, nan, nan, nan, nan, nan, nan}
	}
	r.Inf, r.Two = r.Smallest/Norm(w, LInf), r.Smallest/Norm(w, L2)
	r.InfRatio, r.TwoRatio = r.Inf/m.Inf.Margin, r.Two/m.Two.Margin
	r.InfCosine, r.TwoCosine = Cosine(w, m.Inf.Direction), Cosine(w, m.Two.Direction)
	return r
}
