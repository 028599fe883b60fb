package curvature

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Dense is a symmetric matrix at hand, as an operator.
type Dense struct {
	n    int
	rows []float64
}

var _ Operator = (*Dense)(nil)

// NewDense returns the operator of a, whose entries are copied.
func NewDense(a mat.Symmetric) *Dense {
	n := a.SymmetricDim()
	d := &Dense{n: n, rows: make([]float64, n*n)}
	for i := range n {
		for j := range n {
			d.rows[i*n+j] = a.At(i, j)
		}
	}
	return d
}

// Dim is the number of rows.
func (d *Dense) Dim() int { return d.n }

// Apply writes the product with v into dst. Wrong lengths are an error.
func (d *Dense) Apply(dst, v []float64) error {
	if err := checkLengths("matrix", d.n, dst, v); err != nil {
		return err
	}
	for i := range dst {
		dst[i] = floats.Dot(d.rows[i*d.n:(i+1)*d.n], v)
	}
	return nil
}

// Assemble forms the matrix of op from n products with unit vectors, for small
// n: it takes 8 n^2 bytes. An operator is symmetric only up to rounding, so the
// two halves are averaged; asymmetry is the largest difference between them,
// relative to the largest entry.
func Assemble(op Operator) (a *mat.SymDense, asymmetry float64, err error) {
	n := op.Dim()
	if n < 1 {
		return nil, 0, errNoDimension
	}
	unit, columns := make([]float64, n), make([][]float64, n)
	for j := range n {
		unit[j], columns[j] = 1, make([]float64, n)
		if err := multiply(op, columns[j], unit, "matrix", j+1); err != nil {
			return nil, 0, err
		}
		unit[j] = 0
	}
	a = mat.NewSymDense(n, nil)
	gap, size := 0.0, 0.0
	for i := range n {
		for j := i; j < n; j++ {
			upper, lower := columns[j][i], columns[i][j]
			a.SetSym(i, j, upper/2+lower/2)
			gap = max(gap, math.Abs(upper-lower))
			size = max(size, math.Abs(upper), math.Abs(lower))
		}
	}
	if size > 0 {
		gap /= size
	}
	return a, gap, nil
}

var errNoDimension = fmt.Errorf("curvature: the operator has dimension 0. Try: a loss with parameters")
