package objective

import (
	"fmt"
	"math"
)

// rows is a data matrix cut into batches of consecutive rows, and the memory
// of which batches were last visited at which parameters.
type rows struct {
	name  string
	x     []float64 // n x d, row-major, shared by clones
	n, d  int
	edges []int // batch k holds the rows edges[k] to edges[k+1]

	at   []float64 // parameters of the last forward pass
	seen []bool    // batches whose forward pass at those parameters is kept
}

// newRows checks the data and cuts it: into the given number of batches, whose
// sizes differ by at most one, or into batches of the given size, the last of
// which may be smaller. Both zero: one batch.
func newRows(name string, x []float64, labels, d, batches, size int) (rows, error) {
	fail := func(format string, a ...any) (rows, error) {
		return rows{}, fmt.Errorf(name+": "+format, a...)
	}
	if d < 1 {
		return fail("%d features. Try: at least 1", d)
	}
	n := len(x) / d
	switch {
	case len(x) == 0:
		return fail("the data has no rows. Try: at least one row of %d features", d)
	case len(x)%d != 0:
		return fail("%d values do not fill rows of %d features. Try: a length that is a multiple of %d", len(x), d, d)
	case labels != n:
		return fail("%d labels for %d rows. Try: one label a row", labels, n)
	case batches < 0 || size < 0:
		return fail("%d batches of size %d. Try: positive numbers, or 0 for the full batch", batches, size)
	case batches > 0 && size > 0:
		return fail("both a number of batches (%d) and a batch size (%d) are given. Try: one of them", batches, size)
	case batches > n:
		return fail("%d batches of %d rows would leave some empty. Try: at most %d batches", batches, n, n)
	case size > n:
		return fail("batch size %d exceeds the %d rows. Try: a size of at most %d, or the full batch", size, n, n)
	}
	if i := nonFinite(x); i >= 0 {
		return fail("the data is %v at row %d, feature %d. Try: removing or imputing the value", x[i], i/d, i%d)
	}
	r := rows{name: name, x: x, n: n, d: d, edges: []int{0}}
	if size > 0 {
		batches = (n + size - 1) / size
	}
	batches = max(batches, 1)
	for k := 1; k <= batches; k++ {
		end := k * n / batches
		if size > 0 {
			end = min(k*size, n)
		}
		r.edges = append(r.edges, end)
	}
	return r, nil
}

// Batches is the number of batches the rows are cut into.
func (r *rows) Batches() int { return len(r.edges) - 1 }

// Weight is the share of the rows that batch k holds.
func (r *rows) Weight(k int) float64 {
	return float64(r.edges[k+1]-r.edges[k]) / float64(r.n)
}

// remember prepares the memory for parameters of length dim; a clone calls it
// for a memory of its own.
func (r *rows) remember(dim int) {
	r.at, r.seen = make([]float64, dim), make([]bool, r.Batches())
}

// visited tells whether the forward pass of batch k at theta is at hand, and
// marks it as being so. Parameters are compared bit by bit: the comparison
// costs one pass over theta, and NaN finds itself again.
func (r *rows) visited(theta []float64, k int) bool {
	for j, t := range theta {
		if math.Float64bits(t) != math.Float64bits(r.at[j]) {
			copy(r.at[j:], theta[j:])
			clear(r.seen)
			break
		}
	}
	before := r.seen[k]
	r.seen[k] = true
	return before
}

// checkRows checks rows handed in for measuring and returns their number.
func checkRows(name string, x []float64, y []int, d, classes int) (int, error) {
	if len(y) == 0 || len(x) != len(y)*d {
		return 0, fmt.Errorf("%s: %d values and %d labels do not make rows of %d features. Try: one label a row, at least one row", name, len(x), len(y), d)
	}
	return len(y), checkClasses(name, y, classes)
}

func checkClasses(name string, y []int, classes int) error {
	for i, c := range y {
		if c < 0 || c >= classes {
			return fmt.Errorf("%s: row %d has class %d. Try: classes 0 to %d", name, i, c, classes-1)
		}
	}
	return nil
}
