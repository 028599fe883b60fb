package vec

import "testing"

// Wrong lengths are programmer errors and panic before anything is written.
func TestPanics(t *testing.T) {
	f := Float64
	x := func(n int) []float64 { return make([]float64, n) }
	cases := map[string]func(){
		"Add":               func() { f.Add(x(3), x(2), x(3)) },
		"Add b":             func() { f.Add(x(3), x(3), x(4)) },
		"AddScalar":         func() { f.AddScalar(x(3), x(4), 1) },
		"Where":             func() { f.Where(x(3), x(3), x(3), x(2)) },
		"Exp":               func() { f.Exp(x(3), nil) },
		"Pow":               func() { f.Pow(x(3), x(2), 2) },
		"Dot":               func() { f.Dot(x(3), x(2)) },
		"AddRows":           func() { f.AddRows(x(3), x(4)) },
		"AddRows to none":   func() { f.AddRows(nil, x(4)) },
		"RowSums":           func() { f.RowSums(x(3), x(4)) },
		"Tile":              func() { f.Tile(x(4), x(3)) },
		"Expand":            func() { f.Expand(x(4), x(3), 2) },
		"Expand negative":   func() { f.Expand(x(4), x(4), -1) },
		"Transpose src":     func() { f.Transpose(x(6), 2, x(5), 3, 2, 3) },
		"Transpose dst":     func() { f.Transpose(x(5), 2, x(6), 3, 2, 3) },
		"Transpose leading": func() { f.Transpose(x(60), 1, x(60), 3, 2, 3) },
		"Copy":              func() { f.Copy(x(1), x(2)) },
		"ToFloat32":         func() { ToFloat32(make([]float32, 1), x(2)) },
		"ToFloat64":         func() { ToFloat64(x(1), make([]float32, 2)) },
		"PoolMax dst":       func() { f.PoolMax(x(3), make([]int32, 2), x(4), []int{0}, 1, 1) },
		"PoolMax end":       func() { f.PoolMax(x(2), make([]int32, 2), x(4), []int{3}, 1, 1) },
		"PoolMax tap":       func() { f.PoolMax(x(2), make([]int32, 2), x(4), []int{-1}, 1, 1) },
		"PoolMax no taps":   func() { f.PoolMax(x(2), make([]int32, 2), x(4), nil, 1, 1) },
		"PoolGather":        func() { f.PoolGather(x(2), make([]int32, 2), x(4), []int{0}, 0, 1) },
		"PoolScatter":       func() { f.PoolScatter(x(4), []int{0}, make([]int32, 2), x(3), 1, 1) },
	}
	for name, call := range cases {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func TestNoAllocation(t *testing.T) { bothTypes(t, noAllocation[float32], noAllocation[float64]) }

func noAllocation[T Float](t *testing.T, f *Functions[T]) {
	dst, x := make([]T, 100), [][]T{randoms[T](100, 1, 2), randoms[T](100, 1, 2), randoms[T](100, 1, 2)}
	calls := map[string]func(){
		"Add": func() { f.Add(dst, x[0], x[1]) }, "Tanh": func() { f.Tanh(dst, x[0]) }, "Pow": func() { f.Pow(dst, x[0], 1.3) },
		"Sum": func() { f.Sum(x[0]) }, "AddRows": func() { f.AddRows(dst[:10], x[0]) }, "Where": func() { f.Where(dst, x[0], x[1], x[2]) },
		"Tile": func() { f.Tile(dst, x[0][:10]) }, "MaxScalar": func() { f.MaxScalar(dst, x[0], 0) },
		"Transpose": func() { f.Transpose(dst, 10, x[0], 10, 10, 10) },
	}
	for name, call := range calls {
		if n := testing.AllocsPerRun(10, call); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
