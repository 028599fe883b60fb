package compare

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Band is what an interval around a mean says.
type Band string

const (
	// Confidence is Student's 95 % interval of the mean.
	Confidence Band = "95%"
	// Deviation is one standard deviation to each side: the scatter of single runs.
	Deviation Band = "sd"
	// Range is from the smallest value to the largest.
	Range Band = "range"
)

// Bands are all bands.
func Bands() []Band { return []Band{Confidence, Deviation, Range} }

// Group is the cells that share a value on the axis and on the axis of lines.
type Group struct {
	// X and Line are the values as text; Line is empty where there is one line.
	X, Line string
	// N of the Cells have a value; Mean is of those, Low to High the band. A single
	// value has no confidence interval and no deviation: NaN.
	N, Cells        int
	Mean, Low, High float64
	Deviation       float64
}

// Groups averages a quantity at a place over all cells with the same value at the
// path x, and at the path lines if that is not empty. They come in the order of the
// lines' values, then of x's. What else varies is averaged over as seeds are.
func (s *Sweep) Groups(quantity string, at At, x, lines string, band Band) []Group {
	ax, al := NewAxis(x, s.Cells), Axis{Values: []string{""}}
	if lines != "" {
		al = NewAxis(lines, s.Cells)
	}
	var groups []Group
	for _, line := range al.Values {
		for _, value := range ax.Values {
			var values []float64
			cells := 0
			for i := range s.Cells {
				c := &s.Cells[i]
				if c.Values[x] != value || lines != "" && c.Values[lines] != line {
					continue
				}
				if _, ok := c.Values[x]; !ok {
					continue
				}
				cells++
				if v, ok := at.Value(c, quantity); ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
					values = append(values, v)
				}
			}
			if cells > 0 {
				groups = append(groups, group(value, line, cells, values, band))
			}
		}
	}
	return groups
}

// group makes the averages of values.
func group(x, line string, cells int, values []float64, band Band) Group {
	g := Group{X: x, Line: line, N: len(values), Cells: cells, Mean: math.NaN(), Low: math.NaN(), High: math.NaN(), Deviation: math.NaN()}
	if g.N == 0 {
		return g
	}
	g.Mean = stat.Mean(values, nil)
	if g.N > 1 {
		g.Deviation = stat.StdDev(values, nil)
	}
	switch band {
	case Range:
		g.Low, g.High = slices.Min(values), slices.Max(values)
	case Deviation:
		g.Low, g.High = g.Mean-g.Deviation, g.Mean+g.Deviation
	default:
		half := StudentHalf(g.Deviation, g.N)
		g.Low, g.High = g.Mean-half, g.Mean+half
	}
	return g
}

// StudentHalf is half the width of Student's 95 % interval of a mean of n values of
// a standard deviation, NaN for fewer than two.
func StudentHalf(deviation float64, n int) float64 {
	if n < 2 {
		return math.NaN()
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
	return t * deviation / math.Sqrt(float64(n))
}

// Correlation is Spearman's rank correlation with an approximate 95 % interval.
type Correlation struct {
	R, Low, High float64
	N            int
}

// String is the correlation for people.
func (c Correlation) String() string {
	if math.IsNaN(c.R) {
		return fmt.Sprintf("none (%d cells)", c.N)
	}
	return fmt.Sprintf("%.2f [%.2f, %.2f], %d cells", c.R, c.Low, c.High, c.N)
}

// Spearman correlates the ranks of x and y; ties share their mean rank. The interval
// is Fisher's, with the standard error sqrt((1 + r^2/2)/(n - 3)) of arctanh r that
// D. G. Bonett and T. A. Wright (Psychometrika 65, 2000) found to hold for ranks. It
// is NaN for fewer than four points, and for values that do not vary. A perfect
// correlation has no interval but itself.
func Spearman(x, y []float64) Correlation {
	c := Correlation{R: math.NaN(), Low: math.NaN(), High: math.NaN(), N: len(x)}
	if len(x) < 2 {
		return c
	}
	c.R = stat.Correlation(ranks(x), ranks(y), nil)
	if math.IsNaN(c.R) || c.N < 4 {
		return c
	}
	c.R = math.Max(-1, math.Min(1, c.R))
	if math.Abs(c.R) > 1-1e-12 {
		c.Low, c.High = c.R, c.R
		return c
	}
	z, half := math.Atanh(c.R), 1.959963984540054*math.Sqrt((1+c.R*c.R/2)/float64(c.N-3))
	c.Low, c.High = math.Tanh(z-half), math.Tanh(z+half)
	return c
}

// ranks are the ranks of values from 1 on, ties at their mean.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case values[i] < values[j]:
			return -1
		case values[i] > values[j]:
			return 1
		}
		return 0
	})
	r := make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			r[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return r
}

// Correlate correlates a numeric axis with a quantity at a place, over all cells
// that have it.
func (s *Sweep) Correlate(quantity string, at At, path string) Correlation {
	var x, y []float64
	for i := range s.Cells {
		v, ok := at.Value(&s.Cells[i], quantity)
		u := number(s.Cells[i].Values[path])
		if ok && !math.IsNaN(v) && !math.IsNaN(u) {
			x, y = append(x, u), append(y, v)
		}
	}
	return Spearman(x, y)
}
