package autodiff

// apply is the operation of v on other operands: of the same shapes, or, for
// elementwise operations, of any common shape.
func apply(v *Value, operands ...*Value) *Value {
	a, x := v.attr, operands[0]
	switch v.op {
	case OpWhere:
		return Where(x, operands[1], operands[2])
	case OpBroadcast:
		return Broadcast(x, v.shape...)
	case OpSum, OpMax:
		return reduce(v.op, x, a.Axes)
	case OpReshape:
		return Reshape(x, v.shape...)
	case OpTranspose:
		return Transpose(x, a.Axes...)
	case OpSlice:
		return Slice(x, a.Start, v.shape)
	case OpPad:
		return Pad(x, a.Start, v.shape)
	case OpConcat:
		return Concat(a.Axes[0], operands...)
	case OpStop:
		return Stop(x)
	case OpGather:
		return Gather(x, operands[1])
	case OpScatterAdd:
		return ScatterAdd(x, operands[1], v.shape[0])
	case OpArgMaxPool:
		return ArgMaxPool(x, a.Window)
	case OpPoolGather:
		return PoolGather(x, operands[1], a.Window)
	case OpPoolScatter:
		return PoolScatter(x, operands[1], v.shape[1], v.shape[2], a.Window)
	case OpMatMul:
		return matMul(x, operands[1], a.TransA, a.TransB)
	case OpConv:
		return Conv(x, operands[1], a.Window)
	case OpConvInputGrad:
		return ConvInputGrad(x, operands[1], v.shape[1], v.shape[2], a.Window)
	case OpConvWeightGrad:
		return ConvWeightGrad(x, operands[1], v.shape[0], v.shape[1], a.Window)
	}
	if len(operands) == 1 {
		return unary(v.op, x, a.Number)
	}
	return binary(v.op, x, operands[1])
}

// linear is the number of leading operands in each of which, the others held
// fixed, the operation is linear; elementwise operations and Concat, which is
// linear in all operands together, are left to others.
func (o Op) linear() int {
	switch o {
	case OpBroadcast, OpSum, OpReshape, OpTranspose, OpSlice, OpPad, OpGather, OpScatterAdd, OpPoolGather, OpPoolScatter:
		return 1
	case OpMatMul, OpConv, OpConvInputGrad, OpConvWeightGrad:
		return 2
	}
	return 0
}

// with is the operation of v with its operand i replaced.
func with(v *Value, i int, x *Value) *Value {
	operands := append([]*Value{}, v.operands...)
	operands[i] = x
	return apply(v, operands...)
}
