package vec

import (
	"math"
	"math/rand/v2"
	"testing"
)

// bothTypes runs a test at every level that this CPU has.
func bothTypes(t *testing.T, single func(*testing.T, *Functions[float32]), double func(*testing.T, *Functions[float64])) {
	for _, f := range available[float32]() {
		t.Run("float32/"+f.Level().String(), func(t *testing.T) { single(t, f) })
	}
	for _, f := range available[float64]() {
		t.Run("float64/"+f.Level().String(), func(t *testing.T) { double(t, f) })
	}
}

// specials are numbers that go wrong easily.
func specials[T Float]() []T {
	large, least := math.MaxFloat64, math.SmallestNonzeroFloat64
	if _, single := any(T(0)).(float32); single {
		large, least = math.MaxFloat32, math.SmallestNonzeroFloat32
	}
	x := []T{0, 1, 2, 0.5, 3, 1e-3, 1e3, T(large), T(least), T(least) * 1000, T(math.Inf(1)), T(math.NaN())}
	for _, v := range x {
		x = append(x, -v)
	}
	return x
}

// Every operation at every combination of special operands against its
// definition in Go, and at random ones of every length from 0 to 200.
func TestElementwise(t *testing.T) { bothTypes(t, elementwise[float32], elementwise[float64]) }

func elementwise[T Float](t *testing.T, f *Functions[T]) {
	r := rand.New(rand.NewPCG(3, 4))
	special := specials[T]()
	for _, o := range operations[T]() {
		if o.truth == nil {
			continue
		}
		var x [3][]T
		for _, a := range special {
			for _, b := range special {
				x[0], x[1], x[2] = append(x[0], a), append(x[1], b), append(x[2], special[r.IntN(len(special))])
			}
		}
		for _, s := range special {
			check(t, f, o, x[:o.operands], len(x[0]), s)
		}
		for n := range 201 {
			for i := range x {
				x[i] = make([]T, n)
				for j := range x[i] {
					x[i][j] = T(r.NormFloat64())
				}
			}
			check(t, f, o, x[:o.operands], n, T(r.NormFloat64()))
		}
	}
}

func check[T Float](t *testing.T, f *Functions[T], o operation[T], x [][]T, n int, s T) {
	t.Helper()
	dst := make([]T, n)
	o.run(f, dst, x, s)
	for i, got := range dst {
		var at [3]T
		for j := range x {
			at[j] = x[j][i]
		}
		want := o.truth(at[:], s)
		if identical(got, want) {
			continue
		}
		// The portable level's a b + c in float32 is rounded twice.
		if _, single := any(s).(float32); single && o.name == "MulAdd" && f.Level() == Portable && math.Abs(float64(got-want)) <= 1e-7*math.Abs(float64(want)) {
			continue
		}
		t.Fatalf("%s(%v, s = %v) = %v, want %v", o.name, at[:len(x)], s, got, want)
	}
}

// AXPY reads dst, so it is not in the table. The truth is exact arithmetic.
func TestAXPY(t *testing.T) { bothTypes(t, axpy[float32], axpy[float64]) }

func axpy[T Float](t *testing.T, f *Functions[T]) {
	o := operation[T]{name: "MulAdd", operands: 3,
		run: func(f *Functions[T], dst []T, x [][]T, s T) {
			copy(dst, x[0])
			f.AXPY(dst, s, x[1])
		},
		truth: func(x []T, s T) T { return once(s, x[1], x[0]) },
	}
	for n := range 100 {
		check(t, f, o, [][]T{randoms[T](n, -1, 1), randoms[T](n, -3, 2)}, n, 0.7)
	}
}

// An element's result does not depend on where slices are cut, and dst may be an
// operand.
func TestPosition(t *testing.T) { bothTypes(t, position[float32], position[float64]) }

func position[T Float](t *testing.T, f *Functions[T]) {
	const n = 300
	r := rand.New(rand.NewPCG(5, 6))
	x := [][]T{append(randoms[T](n-24, -9, 9), specials[T]()...), randoms[T](n, -2, 2), randoms[T](n, -3, 3)}
	for _, o := range operations[T]() {
		whole := make([]T, n)
		o.run(f, whole, x, 1.5)
		for range 60 {
			start := r.IntN(n)
			length := r.IntN(n - start + 1)
			parts := make([][]T, len(x))
			for i := range x {
				parts[i] = append([]T(nil), x[i][start:start+length]...)
			}
			dst := make([]T, length)
			if alias := r.IntN(4); alias < o.operands {
				dst = parts[alias]
			}
			o.run(f, dst, parts, 1.5)
			for i, got := range dst {
				if want := whole[start+i]; !identical(got, want) {
					t.Fatalf("%s of element %d is %v in a slice of %d, %v in %d", o.name, start+i, got, length, want, n)
				}
			}
		}
	}
}

// AVX2 and AVX-512 use the same formulas, so that they agree to the last bit.
func TestLevelsAgree(t *testing.T) {
	levelsAgree[float32](t)
	levelsAgree[float64](t)
}

func levelsAgree[T Float](t *testing.T) {
	levels := available[T]()
	if len(levels) < 3 {
		t.Skip("this CPU or build does not have both levels")
	}
	x := [][]T{append(randoms[T](4000, -20, 20), specials[T]()...), nil, nil}
	x[1], x[2] = randoms[T](len(x[0]), -2, 2), randoms[T](len(x[0]), -3, 3)
	for _, o := range operations[T]() {
		a, b := make([]T, len(x[0])), make([]T, len(x[0]))
		o.run(levels[1], a, x, 1.5)
		o.run(levels[2], b, x, 1.5)
		for i := range a {
			if !identical(a[i], b[i]) {
				t.Errorf("%s(%v): %v and %v", o.name, x[0][i], a[i], b[i])
				break
			}
		}
	}
}
