package gemm

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// call is a MatMul with all that describes it.
type call struct {
	m, n, k        int
	lda, ldb, ldc  int
	transA, transB bool
	accumulate     bool
	offset         int // of every operand in its memory, to spoil alignment
}

func (q call) sizes() (a, b, c int) {
	stored := func(rows, columns, stride int, trans bool) int {
		if trans {
			rows, columns = columns, rows
		}
		return max(0, (rows-1)*stride+columns)
	}
	return stored(q.m, q.k, q.lda, q.transA), stored(q.k, q.n, q.ldb, q.transB), stored(q.m, q.n, q.ldc, false)
}

func drawCall(t *rapid.T, largest int) call {
	size := func(name string) int {
		// Mostly sizes near the edges of tiles, some beyond a block of depth.
		return either(t, name, 0, rapid.SampledFrom([]int{40, largest}).Draw(t, "largest "+name))
	}
	q := call{m: size("m"), n: size("n"), k: size("k"),
		transA: rapid.Bool().Draw(t, "transA"), transB: rapid.Bool().Draw(t, "transB"),
		accumulate: rapid.Bool().Draw(t, "accumulate"), offset: rapid.IntRange(0, 3).Draw(t, "offset")}
	slack := func(name string) int { return rapid.SampledFrom([]int{0, 0, 1, 5}).Draw(t, name) }
	q.lda, q.ldb, q.ldc = max(1, q.k)+slack("slack a"), max(1, q.n)+slack("slack b"), max(1, q.n)+slack("slack c")
	if q.transA {
		q.lda = max(1, q.m) + slack("slack a")
	}
	if q.transB {
		q.ldb = max(1, q.k) + slack("slack b")
	}
	return q
}

// naive is the product by three loops in float64, with the sums of the terms'
// absolute values; elements between rows keep their values.
func naive[T Float](q call, c, a, b []T) (want, scale []float64) {
	want, scale = make([]float64, len(c)), make([]float64, len(c))
	for i, x := range c {
		want[i] = float64(x)
	}
	for i := range q.m {
		for j := range q.n {
			at := i*q.ldc + j
			if !q.accumulate {
				want[at] = 0
			}
			scale[at] = math.Abs(want[at])
			for l := range q.k {
				ia, ib := i*q.lda+l, l*q.ldb+j
				if q.transA {
					ia = l*q.lda + i
				}
				if q.transB {
					ib = j*q.ldb + l
				}
				x := float64(a[ia]) * float64(b[ib])
				want[at] += x
				scale[at] += math.Abs(x)
			}
		}
	}
	return want, scale
}

// truth is a call with its operands and its truth.
type truth[T Float] struct {
	call
	a, b, c     []T
	want, scale []float64
}

func newTruth[T Float](q call) truth[T] {
	na, nb, nc := q.sizes()
	x := truth[T]{call: q, a: normals[T](1, na+q.offset)[q.offset:], b: normals[T](2, nb+q.offset)[q.offset:], c: normals[T](3, nc+q.offset)[q.offset:]}
	x.want, x.scale = naive(q, x.c, x.a, x.b)
	return x
}

// check multiplies and compares; neither operand may change.
func (x truth[T]) check(pool Pool, ws *Workspace[T]) error {
	a, b, c := slices.Clone(x.a), slices.Clone(x.b), slices.Clone(x.c)
	MatMul(pool, ws, c, x.ldc, a, x.lda, x.transA, b, x.ldb, x.transB, x.m, x.n, x.k, x.accumulate)
	if err := compare(c, x.want, x.scale, x.k); err != nil {
		return err
	}
	if !slices.Equal(a, x.a) || !slices.Equal(b, x.b) {
		return errors.New("an operand changed")
	}
	return nil
}

// The truth is the definition: three loops in float64, whose own error is far
// below the bound for float32 and part of it for float64.
func TestMatMulAgainstThreeLoops(t *testing.T) {
	atLevels(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { matMulProperty[float32](t) })
		t.Run("float64", func(t *testing.T) { matMulProperty[float64](t) })
	})
}

func matMulProperty[T Float](t *testing.T) {
	var ws Workspace[T]
	rapid.Check(t, func(t *rapid.T) {
		q := drawCall(t, 150)
		if err := newTruth[T](q).check(nil, &ws); err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
	})
}

// Shapes that reach every way of cutting the work: blocks of depth, slices of
// depth, several blocks of columns and of rows, single rows and columns.
func TestMatMulShapes(t *testing.T) {
	for _, q := range []call{
		{m: 1, n: 1, k: 1}, {m: 1, n: 300, k: 700}, {m: 300, n: 1, k: 700}, {m: 3, n: 2, k: 9000}, {m: 200, n: 70, k: 1100},
		{m: 128, n: 10, k: 1500}, {m: 33, n: 17, k: 4200}, {m: 5, n: 2200, k: 1024}, {m: 2200, n: 5, k: 1024}, {m: 100, n: 100, k: 3},
	} {
		for i := range 4 {
			q.transA, q.transB, q.accumulate = i&1 != 0, i&2 != 0, i%3 == 0
			q.lda, q.ldb, q.ldc = q.k, q.n, q.n
			if q.transA {
				q.lda = q.m
			}
			if q.transB {
				q.ldb = q.k
			}
			single, double := newTruth[float32](q), newTruth[float64](q)
			for l := portable; l <= best(); l++ {
				active = l
				if err := single.check(nil, nil); err != nil {
					t.Errorf("%v float32 %+v: %v", l, q, err)
				}
				if err := double.check(goroutines(3), nil); err != nil {
					t.Errorf("%v float64 %+v: %v", l, q, err)
				}
			}
		}
	}
}
