package autodiff_test

import (
	"math"
	"testing"

	"leeway/autodiff"
)

// script draws operations and operands, sound or not, from bytes.
type script struct {
	bytes  []byte
	graphs [2]*autodiff.Graph
	values values // also nil, invalid ones and ones of the other graph
}

func (s *script) byte() int {
	if len(s.bytes) == 0 {
		return 0
	}
	b := s.bytes[0]
	s.bytes = s.bytes[1:]
	return int(b)
}

// int is mostly small, sometimes negative or huge.
func (s *script) int() int {
	switch b := s.byte(); {
	case b < 240:
		return b % 6
	case b < 248:
		return -(b % 4)
	default:
		return []int{math.MaxInt, math.MinInt, 1 << 31, 1 << 43, 1 << 62, math.MaxInt - 1, 1 << 30, 9}[b-248]
	}
}

func (s *script) ints() []int {
	n := s.byte() % 11
	list := make([]int, n)
	for i := range list {
		list[i] = s.int()
	}
	return list
}

func (s *script) window() autodiff.Window {
	var w autodiff.Window
	for _, field := range []*int{&w.KernelH, &w.KernelW, &w.StrideH, &w.StrideW, &w.PadTop, &w.PadBottom, &w.PadLeft, &w.PadRight} {
		if s.byte()%2 == 0 {
			*field = s.int()
		}
	}
	return w
}

// value is mostly a sound one of the first graph.
func (s *script) value() *autodiff.Value { return s.values[s.byte()%len(s.values)] }

func (s *script) list() values {
	list := make(values, s.byte()%4)
	for i := range list {
		list[i] = s.value()
	}
	return list
}

func (s *script) number() float64 {
	return []float64{0, 1, -1, 2, 0.5, -0.5, math.Inf(1), math.NaN(), 1e300, 1e-300, 3}[s.byte()%11]
}

var unaries = []func(*autodiff.Value) *autodiff.Value{
	autodiff.Neg, autodiff.Exp, autodiff.Log, autodiff.Tanh, autodiff.Erf, autodiff.Sqrt, autodiff.Rsqrt, autodiff.Sigmoid,
	autodiff.Softplus, autodiff.Abs, autodiff.Sign, autodiff.ReLU, autodiff.GELU, autodiff.LogSumExp, autodiff.Softmax, autodiff.Stop,
}

var binaries = []func(a, b *autodiff.Value) *autodiff.Value{
	autodiff.Add, autodiff.Sub, autodiff.Mul, autodiff.Div, autodiff.Greater, autodiff.Equal, autodiff.MatMul, autodiff.Gather,
}

// step runs one line of the script.
func (s *script) step() values {
	g := s.graphs[0]
	switch s.byte() % 26 {
	case 0:
		return values{unaries[s.byte()%len(unaries)](s.value())}
	case 1, 2, 3:
		return values{binaries[s.byte()%len(binaries)](s.value(), s.value())}
	case 4:
		return values{autodiff.Pow(s.value(), s.number()), autodiff.MaxConstant(s.value(), s.number())}
	case 5:
		return values{autodiff.Scale(s.value(), s.number()), autodiff.Shift(s.value(), s.number())}
	case 6:
		return values{autodiff.Where(s.value(), s.value(), s.value())}
	case 7:
		return values{autodiff.Broadcast(s.value(), s.ints()...)}
	case 8:
		return values{autodiff.SumKeep(s.value(), s.ints()...), autodiff.Sum(s.value(), s.ints()...)}
	case 9:
		return values{autodiff.MaxKeep(s.value(), s.ints()...), autodiff.Mean(s.value(), s.ints()...)}
	case 10:
		return values{autodiff.Reshape(s.value(), s.ints()...)}
	case 11:
		return values{autodiff.Transpose(s.value(), s.ints()...)}
	case 12:
		return values{autodiff.Slice(s.value(), s.ints(), s.ints())}
	case 13:
		return values{autodiff.Pad(s.value(), s.ints(), s.ints())}
	case 14:
		return values{autodiff.Concat(s.int(), s.list()...)}
	case 15:
		return values{autodiff.ScatterAdd(s.value(), s.value(), s.int())}
	case 16:
		return values{autodiff.MaxPool(s.value(), s.window()), autodiff.ArgMaxPool(s.value(), s.window())}
	case 17:
		return values{autodiff.PoolGather(s.value(), s.value(), s.window())}
	case 18:
		return values{autodiff.PoolScatter(s.value(), s.value(), s.int(), s.int(), s.window())}
	case 19:
		return values{autodiff.Conv(s.value(), s.value(), s.window())}
	case 20:
		return values{autodiff.ConvInputGrad(s.value(), s.value(), s.int(), s.int(), s.window())}
	case 21:
		return values{autodiff.ConvWeightGrad(s.value(), s.value(), s.int(), s.int(), s.window())}
	case 22:
		y, m, v := autodiff.Standardize(s.value(), s.number(), s.ints()...)
		return values{y, m, v}
	case 23:
		return values{g.Constant(s.number(), autodiff.DType(s.byte()%4), s.ints()...)}
	case 24:
		return values{g.Input(string(rune('a'+s.byte()%3)), autodiff.DType(s.byte()%4), s.ints()...)}
	}
	return values{g.Literal(autodiff.Array{}), nil}
}

// sound checks that a valid value is what values promise.
func sound(t *testing.T, v *autodiff.Value) {
	t.Helper()
	if v == nil || v.Op() == autodiff.OpInvalid {
		return
	}
	size := 1
	for _, d := range v.Shape() {
		if size *= d; d < 1 || size > 1<<43 {
			t.Fatalf("%v has the shape %v", v, v.Shape())
		}
	}
	for _, o := range v.Operands() {
		if o.Op() == autodiff.OpInvalid || o.Graph() != v.Graph() || o.ID() >= v.ID() {
			t.Fatalf("%v has the operand %v", v, o)
		}
	}
}

// FuzzGraph: whatever is built of whatever, nothing panics; a value is invalid
// only if its graph tells why, and every valid value has a sound shape, also the
// derivatives of whatever was built.
func FuzzGraph(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3, 0, 4, 5, 19, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8})
	for op := range byte(26) {
		for start := range byte(12) {
			b := []byte{op}
			for i := range byte(60) {
				b = append(b, start+i*i*7, op+i, 255-i*start)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 400 {
			return // long scripts say no more and take long
		}
		s := &script{bytes: b, graphs: [2]*autodiff.Graph{{}, {}}}
		g := s.graphs[0]
		start := shapes{{}, {3}, {2, 3}, {3, 2}, {1, 3}, {2, 1, 3}, {1, 4, 4, 2}, {2, 2, 2, 3}, {1, 3, 3, 3}}
		for i, shape := range start {
			s.values = append(s.values, g.Input("x"+string(rune('0'+i)), autodiff.Float64, shape...))
		}
		inputs := s.values
		s.values = append(s.values,
			g.Input("i", autodiff.Int32, 3), g.Input("j", autodiff.Int32), g.Input("p", autodiff.Int32, 1, 2, 2, 2),
			g.Constant(0, autodiff.Float64, 2, 3), g.Constant(2, autodiff.Float64), g.Input("f", autodiff.Float32, 2, 3))
		other := s.graphs[1].Input("y", autodiff.Float64, 2, 3)
		for len(s.bytes) > 0 {
			for _, v := range s.step() {
				if v != nil && v.Op() == autodiff.OpInvalid && v.Graph().Err() == nil {
					t.Fatal("an invalid value and no error")
				}
				sound(t, v)
				switch s.byte() % 16 { // rarely something unsound is left to use
				case 0:
					s.values = append(s.values, v, other)
				default:
					if v != nil && v.Op() != autodiff.OpInvalid {
						s.values = append(s.values, v)
					}
				}
			}
		}
		last := s.values[len(s.values)-1]
		autodiff.Order(s.values)
		autodiff.Frontier(s.values, inputs)
		loss := last
		if last != nil && last.Op() != autodiff.OpInvalid && last.Shape().Size() > 1 && last.DType().IsFloat() {
			loss = autodiff.Sum(last)
		}
		gradient, product := autodiff.HVP(loss, inputs, inputs)
		lists := []values{
			gradient, product, autodiff.Tangent(s.values, inputs, inputs),
			autodiff.Pullback(s.values, s.values, inputs), autodiff.Tangent(s.values, s.values, s.values),
		}
		for _, list := range lists {
			for _, v := range list {
				sound(t, v)
			}
		}
	})
}
