package vec

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func lengths() []int {
	all := []int{block - 1, block, block + 1, 2*block + 17, 5*block + 3, 100000}
	for n := range 300 {
		all = append(all, n)
	}
	return all
}

// On small integers every order of sums is exact, so that the truth is integer
// arithmetic; on random numbers it is the sum in 400 bits.
func TestReductions(t *testing.T) { bothTypes(t, reductions[float32], reductions[float64]) }

func reductions[T Float](t *testing.T, f *Functions[T]) {
	r := rand.New(rand.NewPCG(8, 9))
	for _, n := range lengths() {
		a, b := make([]T, n), make([]T, n)
		var sum, dot, squares int
		for i := range a {
			x, y := r.IntN(9)-4, r.IntN(9)-4
			a[i], b[i] = T(x), T(y)
			sum, dot, squares = sum+x, dot+x*y, squares+x*x
		}
		if got := f.Sum(a); got != T(sum) {
			t.Fatalf("Sum of %d = %v, want %d", n, got, sum)
		}
		if got := f.Dot(a, b); got != T(dot) {
			t.Fatalf("Dot of %d = %v, want %d", n, got, dot)
		}
		if got := f.SumSquares(a); got != T(squares) {
			t.Fatalf("SumSquares of %d = %v, want %d", n, got, squares)
		}
	}
	a, b := randoms[T](70001, -1, 1), randoms[T](70003, -1, 1)[:70001]
	exact, size := newFloat(), 0.0
	for i := range a {
		exact = bigAdd(exact, bigMul(number(float64(a[i])), number(float64(b[i]))))
		size += math.Abs(float64(a[i]) * float64(b[i]))
	}
	e, _ := bigSub(exact, number(float64(f.Dot(a, b)))).Float64()
	epsilon, _ := unit[T](number(1)).Float64()
	// Blocks of 4096 in at least 4 running sums, then pairs.
	if bound := 1100 * epsilon * size; math.Abs(e) > bound {
		t.Errorf("Dot errs by %g, above %g", e, bound)
	} else {
		t.Logf("Dot of 70001 terms errs by %.3g of the sum of their sizes, in units of rounding", math.Abs(e)/size/epsilon)
	}
}

// A sum's bits depend on values and length, not on where the slice lies.
func TestSumPosition(t *testing.T) { bothTypes(t, sumPosition[float32], sumPosition[float64]) }

func sumPosition[T Float](t *testing.T, f *Functions[T]) {
	for _, n := range []int{7, 100, 1000, 10000} {
		a := randoms[T](n, -1, 1)
		for offset := range 20 {
			b := append(make([]T, offset), a...)[offset:]
			if f.Sum(a) != f.Sum(b) || f.Dot(a, a) != f.Dot(b, b) || f.SumSquares(a) != f.SumSquares(b) {
				t.Fatalf("a sum of %d depends on its place", n)
			}
		}
	}
}

func TestMaxOf(t *testing.T) { bothTypes(t, maxOf[float32], maxOf[float64]) }

func maxOf[T Float](t *testing.T, f *Functions[T]) {
	r := rand.New(rand.NewPCG(10, 11))
	if got := f.MaxOf(nil); !math.IsInf(float64(got), -1) {
		t.Errorf("MaxOf of nothing = %v", got)
	}
	for n := 1; n < 300; n++ {
		a := randoms[T](n, -2, -1)
		want := r.IntN(n)
		a[want] = -0.5
		if got := f.MaxOf(a); got != -0.5 {
			t.Fatalf("MaxOf of %d = %v with -0.5 at %d", n, got, want)
		}
		a[r.IntN(n)] = T(math.NaN())
		if got := f.MaxOf(a); got == got {
			t.Fatalf("MaxOf of %d with NaN = %v", n, got)
		}
	}
}

// The truth is a plain loop, exact on small integers. In random numbers a
// column's bits are those of the column alone.
func TestAddRows(t *testing.T) { bothTypes(t, addRows[float32], addRows[float64]) }

func addRows[T Float](t *testing.T, f *Functions[T]) {
	r := rand.New(rand.NewPCG(12, 13))
	for _, c := range []int{1, 2, 3, 7, 8, 10, 16, 31, 32, 33, 63, 64, 65, 100, 128, 200} {
		for rows := range 12 {
			dst, src, want := make([]T, c), make([]T, rows*c), make([]T, c)
			for j := range dst {
				dst[j] = T(r.IntN(100))
				want[j] = dst[j]
			}
			for i := range src {
				src[i] = T(r.IntN(100))
				want[i%c] += src[i]
			}
			f.AddRows(dst, src)
			for j := range dst {
				if dst[j] != want[j] {
					t.Fatalf("%d rows of %d: column %d is %v, want %v", rows, c, j, dst[j], want[j])
				}
			}
		}
		const rows = 57
		src, dst := randoms[T](rows*c, -1, 1), make([]T, c)
		f.AddRows(dst, src)
		for j := range dst {
			column, alone := make([]T, rows), []T{0}
			for i := range column {
				column[i] = src[i*c+j]
			}
			f.AddRows(alone, column)
			if alone[0] != dst[j] {
				t.Fatalf("column %d of %d: %v, alone %v", j, c, dst[j], alone[0])
			}
		}
	}
}

func TestRowReductions(t *testing.T) { bothTypes(t, rowReductions[float32], rowReductions[float64]) }

func rowReductions[T Float](t *testing.T, f *Functions[T]) {
	for _, c := range []int{1, 3, 10, 33, 200} {
		src, sums, maxima := randoms[T](7*c, -1, 1), make([]T, 7), make([]T, 7)
		f.RowSums(sums, src)
		f.RowMaxima(maxima, src)
		for i := range sums {
			row, exact, largest := src[i*c:(i+1)*c], new(big.Float), math.Inf(-1)
			for _, x := range row {
				exact.Add(exact, big.NewFloat(float64(x)))
				largest = max(largest, float64(x))
			}
			want, _ := exact.Float64()
			if math.Abs(float64(sums[i])-want) > 1e-5 || float64(maxima[i]) != largest {
				t.Errorf("row %d of %d: sum %v, want %v; maximum %v, want %v", i, c, sums[i], want, maxima[i], largest)
			}
		}
	}
}
