package autodiff_test

import (
	"math"
	"testing"

	"leeway/autodiff"
)

// point is where the Hessian of a loss is taken: the places of all parameters'
// elements in one list.
type point struct {
	loss       *autodiff.Value
	parameters values
	at         data
	elements   []*float64
}

func newPoint(loss *autodiff.Value, parameters values, at data) *point {
	p := &point{loss: loss, parameters: parameters, at: at}
	for _, v := range parameters {
		x := at[v].Float64s()
		for i := range x {
			p.elements = append(p.elements, &x[i])
		}
	}
	return p
}

// hessian is the matrix, column by column from products.
func (p *point) hessian(t *testing.T) (columns [][]float64) {
	directions := make(values, len(p.parameters))
	for i, v := range p.parameters {
		directions[i] = v.Graph().Input("unit"+string(rune('a'+i)), v.DType(), v.Shape()...)
		p.at[directions[i]] = autodiff.NewArray(v.DType(), v.Shape()...)
	}
	_, product := autodiff.HVP(p.loss, p.parameters, directions)
	unit := newPoint(p.loss, directions, p.at)
	for _, e := range unit.elements {
		*e = 1
		var column []float64
		for _, part := range must(t, product, p.at) {
			column = append(column, part.Float64s()...)
		}
		*e = 0
		columns = append(columns, column)
	}
	return columns
}

// differences is element i, j of the Hessian by second differences of the loss
// alone with two steps, so that their error is of fourth order: no derivative is
// used.
func (p *point) differences(t *testing.T, i, j int, h float64) float64 {
	a, b := p.elements[i], p.elements[j]
	keepA, keepB := *a, *b
	second := func(h float64) (d float64) {
		for _, signs := range [][3]float64{{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}} {
			*a = keepA + signs[0]*h
			*b = keepB + signs[1]*h
			if i == j {
				*a = keepA + (signs[0]+signs[1])*h
			}
			d += signs[2] * must(t, values{p.loss}, p.at)[0].At(0) / (4 * h * h)
		}
		*a, *b = keepA, keepB
		return d
	}
	return (4*second(h) - second(2*h)) / 3
}

// checkHessian holds the matrix against differences and against its transpose, with
// errors relative to the largest element. Of a large one differences see every
// column, but not every row.
func (p *point) checkHessian(t *testing.T, h, tolerance float64) {
	t.Helper()
	columns := p.hessian(t)
	n := 1 + len(columns)/24
	largest, worst := 0.0, 0.0
	for _, c := range columns {
		for _, x := range c {
			largest = max(largest, math.Abs(x))
		}
	}
	for i := range columns {
		for j := range i + 1 {
			if e := math.Abs(columns[i][j] - columns[j][i]); e > 1e-13*largest {
				t.Errorf("element %d %d is %.17g, %.17g below the diagonal", i, j, columns[i][j], columns[j][i])
			}
			if j%n == 0 {
				worst = max(worst, math.Abs(columns[i][j]-p.differences(t, i, j, h)))
			}
		}
	}
	if !(worst <= tolerance*largest) {
		t.Errorf("off by %.2g where the largest element is %.2g", worst, largest)
	} else {
		t.Logf("%d parameters, off by %.2g, largest element %.2g", len(columns), worst, largest)
	}
}

// TestDenseHessian: the Hessian of small networks of every kind and of every
// operation alone, against differences of the loss, and its symmetry.
// Where there are kinks the step is short, and rounding costs a digit.
func TestDenseHessian(t *testing.T) {
	for name, n := range map[string]*network{
		"mlp":        mlp(&autodiff.Graph{}, 3, 2, 2, 2),
		"cnn":        cnn(&autodiff.Graph{}, 1, 2, autodiff.Softplus),
		"attention":  attention(&autodiff.Graph{}, 2, 2, 2),
		"normalized": normalized(&autodiff.Graph{}, 4, 2, 3),
	} {
		t.Run(name, func(t *testing.T) {
			newPoint(n.loss, n.parameters, n.inputs(3)).checkHessian(t, 1e-3, 1e-7)
		})
	}
	eachOperation(t, func(t *testing.T, o operation, s *scene) {
		p := newPoint(s.loss, s.x, s.data)
		if o.smooth {
			p.checkHessian(t, 1e-3, 1e-7)
		} else {
			p.checkHessian(t, 2e-4, 1e-6)
		}
	})
}
