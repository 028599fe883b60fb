package cpu

import (
	"math"

	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// execute calls the vector function of an instruction for the present block.
func (r *interpreter[T]) execute(t *registers[T], in *instruction) {
	f, dst := r.f, t.at[in.dst]
	switch in.form {
	case vectors:
		r.executeVectors(t, in)
	case onRight:
		executeOnRight(f, in.op, dst, t.at[in.operand[0]], t.number[in.operand[1]])
	case onLeft:
		executeOnLeft(f, in.op, dst, t.number[in.operand[0]], t.at[in.operand[1]])
	case expand:
		f.Expand(dst, t.at[in.operand[0]], r.row)
	case rowSum:
		f.RowSums(dst, t.at[in.operand[0]])
	case rowMax:
		f.RowMaxima(dst, t.at[in.operand[0]])
	case move:
		load(dst, r.data[in.operand[0]], r.slots[in.operand[0]].p, t.from)
	}
}

func (r *interpreter[T]) executeVectors(t *registers[T], in *instruction) {
	f, dst, a := r.f, t.at[in.dst], t.at[in.operand[0]]
	b := t.at[in.operand[1]]
	switch in.op {
	case autodiff.OpNeg:
		f.Neg(dst, a)
	case autodiff.OpExp:
		f.Exp(dst, a)
	case autodiff.OpLog:
		f.Log(dst, a)
	case autodiff.OpTanh:
		f.Tanh(dst, a)
	case autodiff.OpErf:
		f.Erf(dst, a)
	case autodiff.OpSqrt:
		f.Sqrt(dst, a)
	case autodiff.OpRsqrt:
		f.Rsqrt(dst, a)
	case autodiff.OpSigmoid:
		f.Sigmoid(dst, a)
	case autodiff.OpSoftplus:
		f.Softplus(dst, a)
	case autodiff.OpAbs:
		f.Abs(dst, a)
	case autodiff.OpSign:
		f.Sign(dst, a)
	case autodiff.OpPow:
		f.Pow(dst, a, T(in.number))
	case autodiff.OpMaxConstant:
		f.MaxScalar(dst, a, T(in.number))
	case autodiff.OpAdd:
		f.Add(dst, a, b)
	case autodiff.OpSub:
		f.Sub(dst, a, b)
	case autodiff.OpMul:
		f.Mul(dst, a, b)
	case autodiff.OpDiv:
		f.Div(dst, a, b)
	case autodiff.OpGreater:
		f.Greater(dst, a, b)
	case autodiff.OpEqual:
		f.Equal(dst, a, b)
	case autodiff.OpWhere:
		f.Where(dst, a, b, t.at[in.operand[2]])
	default:
		panic("cpu: no vector function for " + in.op.String())
	}
}

func executeOnRight[T vec.Float](f *vec.Functions[T], op autodiff.Op, dst, a []T, s T) {
	switch op {
	case autodiff.OpAdd:
		f.AddScalar(dst, a, s)
	case autodiff.OpSub:
		f.SubScalar(dst, a, s)
	case autodiff.OpMul:
		f.MulScalar(dst, a, s)
	case autodiff.OpDiv:
		f.DivScalar(dst, a, s)
	case autodiff.OpGreater:
		f.GreaterScalar(dst, a, s)
	case autodiff.OpEqual:
		f.EqualScalar(dst, a, s)
	default:
		panic("cpu: no vector function with a number for " + op.String())
	}
}

func executeOnLeft[T vec.Float](f *vec.Functions[T], op autodiff.Op, dst []T, s T, a []T) {
	switch op {
	case autodiff.OpSub:
		f.ScalarSub(dst, s, a)
	case autodiff.OpDiv:
		f.ScalarDiv(dst, s, a)
	case autodiff.OpGreater:
		f.ScalarGreater(dst, s, a)
	default: // the others commute
		executeOnRight(f, op, dst, a, s)
	}
}

// arity is the number of operands of an elementwise operation.
func arity(op autodiff.Op) int {
	switch {
	case op == autodiff.OpWhere:
		return 3
	case op >= autodiff.OpAdd && op <= autodiff.OpEqual:
		return 2
	}
	return 1
}

// accumulate adds a block that begins at from to the accumulators of its piece,
// the first of which belongs to the outer index first.
func (r *interpreter[T]) accumulate(s *partialSum, acc []T, first int, block []T, from int) {
	span := s.middle * s.inner
	for len(block) > 0 {
		outer := from / span
		n := min(len(block), (outer+1)*span-from)
		part := acc[(outer-first)*s.inner:][:s.inner]
		r.accumulateColumns(s, part, block[:n], from%s.inner)
		block, from = block[n:], from+n
	}
}

// accumulateColumns adds rows to sums of columns; x begins in the given column.
func (r *interpreter[T]) accumulateColumns(s *partialSum, sum, x []T, column int) {
	f, c := r.f, s.inner
	switch {
	case c == 1 && s.max:
		sum[0] = larger(sum[0], f.MaxOf(x))
		return
	case c == 1:
		sum[0] += f.Sum(x)
		return
	}
	add := f.Add
	if s.max {
		add = f.Max
	}
	if column > 0 {
		n := min(c-column, len(x))
		add(sum[column:column+n], sum[column:column+n], x[:n])
		x = x[n:]
	}
	whole := len(x) / c * c
	if s.max {
		for i := 0; i < whole; i += c {
			f.Max(sum, sum, x[i:i+c])
		}
	} else {
		f.AddRows(sum, x[:whole])
	}
	if x = x[whole:]; len(x) > 0 {
		add(sum[:len(x)], sum[:len(x)], x)
	}
}

// combine adds the accumulators of all pieces in their order.
func (r *interpreter[T]) combine(s *partialSum) {
	out := resolve[T](r.p, s.out)
	if s.max {
		r.f.Fill(out, lowest[T]())
	} else {
		clear(out)
	}
	for piece, first := range s.first {
		acc := r.partial[s.base+s.begin[piece] : s.base+s.begin[piece+1]]
		part := out[first*s.inner:][:len(acc)]
		switch {
		case s.max:
			r.f.Max(part, part, acc)
		default:
			r.f.Add(part, part, acc)
		}
	}
}

func lowest[T vec.Float]() T { return T(math.Inf(-1)) }

// larger is the larger number, NaN where there is one.
func larger[T vec.Float](a, b T) T {
	if a != a || a > b {
		return a
	}
	return b
}
