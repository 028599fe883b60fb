package box

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"leeway/objective"
	"leeway/steepest"
)

// Quadratic is a convex quadratic whose least point lies outside of the box, with its
// solution in the box: L = (x - centre)^T A (x - centre) / 2.
type Quadratic struct {
	Objective *objective.Quadratic
	Centre    []float64
	Lambda    float64
	// Solution is the least point in the box |x|_inf <= 1/Lambda, Active the number of
	// its components on the boundary, and Least the value of the objective there, which
	// is L less a constant.
	Solution []float64
	Active   int
	Least    float64
	// Certificate bounds Least's excess over the true least value.
	Certificate float64
}

// NewQuadratic draws the problem of the reference: A = M^T M + I/10, M_ij ~ N(0, 1/d),
// centre ~ 2 N(0, I), and solves it by projected gradient descent.
func NewQuadratic(d int, lambda float64, seed uint64) (*Quadratic, error) {
	if d < 1 || !(lambda > 0) || math.IsInf(lambda, 1) {
		return nil, fmt.Errorf("box: %d parameters and weight decay %v. Try: at least 1, and a number > 0", d, lambda)
	}
	random := rand.New(rand.NewPCG(seed, 0x626f78)) // stream "box"
	m := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range d {
			m.Set(i, j, random.NormFloat64()/math.Sqrt(float64(d)))
		}
	}
	var product mat.Dense
	product.Mul(m.T(), m)
	a := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			a.SetSym(i, j, product.At(i, j))
		}
		a.SetSym(i, i, a.At(i, i)+0.1)
	}
	q := &Quadratic{Centre: make([]float64, d), Lambda: lambda}
	for j := range q.Centre {
		q.Centre[j] = 2 * random.NormFloat64()
	}
	b := mat.NewVecDense(d, nil)
	b.MulVec(a, mat.NewVecDense(d, q.Centre))
	var err error
	if q.Objective, err = objective.NewQuadratic(a, b.RawVector().Data); err != nil {
		return nil, err
	}
	return q, q.solve(a)
}

// solve is projected gradient descent with steps of one over a bound of the curvature.
func (q *Quadratic) solve(a mat.Symmetric) error {
	d, most := len(q.Centre), 0.0
	for i := range d {
		sum := 0.0
		for j := range d {
			sum += math.Abs(a.At(i, j))
		}
		most = max(most, sum) // bounds the largest eigenvalue
	}
	x, g := make([]float64, d), make([]float64, d)
	bound := 1 / q.Lambda
	for range 100_000 {
		if _, err := q.Objective.Gradient(g, x, 0); err != nil {
			return err
		}
		moved := 0.0
		for j, v := range g {
			to := min(max(x[j]-v/most, -bound), bound)
			moved = max(moved, math.Abs(to-x[j]))
			x[j] = to
		}
		if moved == 0 {
			break
		}
	}
	var err error
	if q.Least, err = q.Objective.Gradient(g, x, 0); err != nil {
		return err
	}
	q.Solution, q.Certificate = x, steepest.KKTOf(x, g, steepest.Inf, q.Lambda).Gap
	for _, v := range x {
		if math.Abs(v) == bound {
			q.Active++
		}
	}
	return nil
}
