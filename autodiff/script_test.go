package autodiff_test

import (
	"math"
	"slices"

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
	switch s.byte() % operationsOfScripts {
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
	case 25:
		return values{g.Literal(autodiff.Array{}), nil}
	case 26:
		return s.pooled()
	}
	return values{s.moved()}
}

// operationsOfScripts is the number of lines that step knows, of which moved has the
// last ones.
const operationsOfScripts = 32

// pooled moves between an image and positions in its windows that fit each other.
func (s *script) pooled() values {
	var image, position *autodiff.Value
	for _, v := range s.values {
		switch {
		case v == nil || s.byte()%2 == 1 && image != nil && position != nil:
		case v.Shape().Equal(autodiff.Shape{1, 4, 4, 2}) && v.DType() == autodiff.Float64:
			image = v
		case v.Shape().Equal(autodiff.Shape{1, 2, 2, 2}) && v.DType() == autodiff.Int32:
			position = v
		}
	}
	w := autodiff.Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}
	y := autodiff.PoolGather(image, position, w)
	return values{autodiff.ArgMaxPool(image, w), y, autodiff.PoolScatter(y, position, 4, 4, w)}
}

// moved is a movement that fits its operand, whatever the bytes are: of arguments at
// random few do.
func (s *script) moved() *autodiff.Value {
	v := s.value()
	if s.byte()%2 == 0 {
		v = s.values[len(s.values)-1] // chains of movements
	}
	if v == nil || v.Op() == autodiff.OpInvalid {
		return v
	}
	shape := slices.Clone(v.Shape())
	start := make([]int, len(shape))
	switch kind := s.byte() % 5; kind {
	case 0:
		perm := make([]int, len(shape))
		for i := range perm {
			perm[i] = i
			j := s.byte() % (i + 1)
			perm[i], perm[j] = perm[j], i
		}
		return autodiff.Transpose(v, perm...)
	case 1: // axes joined, cut in two, or with an axis of length 1 beside
		var other []int
		for i, d := range shape {
			switch b := s.byte() % 4; {
			case b == 0 && i > 0:
				other[len(other)-1] *= d
			case b == 1 && d%2 == 0 && len(other)+len(shape)-i < 8:
				other = append(other, 2, d/2)
			case b == 2 && len(other)+len(shape)-i < 8:
				other = append(other, d, 1)
			default:
				other = append(other, d)
			}
		}
		return autodiff.Reshape(v, other...)
	case 2:
		for i, d := range shape {
			if d == 1 {
				shape[i] += s.byte() % 3
			}
		}
		return autodiff.Broadcast(v, shape...)
	case 3:
		for i, d := range shape {
			start[i] = s.byte() % d
			shape[i] -= start[i] + s.byte()%(d-start[i])
		}
		return autodiff.Slice(v, start, shape)
	}
	for i := range shape {
		start[i] = s.byte() % 2
		shape[i] += start[i] + s.byte()%2
	}
	return autodiff.Pad(v, start, shape)
}
