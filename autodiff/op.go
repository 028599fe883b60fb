package autodiff

// Op names what a value is computed by. The set is small and closed: the
// derivative of every operation is made of operations of the set.
type Op uint8

// The operations. Shapes are written as [rows columns].
const (
	OpInvalid Op = iota // an operation whose operands did not fit

	// Leaves.
	OpInput    // given from outside at every run
	OpConstant // one number, filled into the whole shape
	OpLiteral  // an array known when the graph is built

	// Elementwise, one operand.
	OpNeg
	OpExp
	OpLog
	OpTanh
	OpErf
	OpSqrt
	OpRsqrt
	OpSigmoid
	OpSoftplus // log(1 + e^x)
	OpAbs
	OpSign        // -1, 0 or 1
	OpPow         // x^c with a constant c
	OpMaxConstant // max(x, c) with a constant c

	// Elementwise, operands of one shape.
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpGreater // 1 where a > b, else 0
	OpEqual   // 1 where a = b, else 0
	OpWhere   // b where a is not 0, else c

	// Shape.
	OpBroadcast // stretches axes of length 1; the rank stays
	OpSum       // sums over axes, which keep length 1
	OpMax       // largest over axes, which keep length 1
	OpReshape
	OpTranspose
	OpSlice
	OpPad    // zeros around
	OpConcat // along one axis
	OpStop   // the operand, with derivative zero

	// By index.
	OpGather      // rows of a table by index
	OpScatterAdd  // adds rows into a table by index: the adjoint of gather
	OpArgMaxPool  // position of the first maximum in every window
	OpPoolGather  // the elements at such positions
	OpPoolScatter // adds elements at such positions: the adjoint of pool gather

	// Bilinear.
	OpMatMul         // [... m k] x [... k n], either side transposed
	OpConv           // x [N H W C], w [KH KW C O] to [N H' W' O]
	OpConvInputGrad  // the adjoint of conv in x
	OpConvWeightGrad // the adjoint of conv in w
)

var opNames = [...]string{
	OpInvalid: "invalid", OpInput: "input", OpConstant: "constant", OpLiteral: "literal",
	OpNeg: "neg", OpExp: "exp", OpLog: "log", OpTanh: "tanh", OpErf: "erf", OpSqrt: "sqrt", OpRsqrt: "rsqrt",
	OpSigmoid: "sigmoid", OpSoftplus: "softplus", OpAbs: "abs", OpSign: "sign", OpPow: "pow", OpMaxConstant: "max with a constant",
	OpAdd: "add", OpSub: "sub", OpMul: "mul", OpDiv: "div", OpGreater: "greater", OpEqual: "equal", OpWhere: "where",
	OpBroadcast: "broadcast", OpSum: "sum", OpMax: "max", OpReshape: "reshape", OpTranspose: "transpose",
	OpSlice: "slice", OpPad: "pad", OpConcat: "concat", OpStop: "stop",
	OpGather: "gather", OpScatterAdd: "scatter-add", OpArgMaxPool: "arg-max pool", OpPoolGather: "pool gather", OpPoolScatter: "pool scatter",
	OpMatMul: "matmul", OpConv: "conv", OpConvInputGrad: "conv input gradient", OpConvWeightGrad: "conv weight gradient",
}

// String returns the name that errors use.
func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return "unknown"
}

// Elementwise reports whether the operation computes every element from the
// elements at the same place of operands of the same shape.
func (o Op) Elementwise() bool { return o >= OpNeg && o <= OpWhere }

// Cheap reports whether the operation is an elementwise one that takes about as
// long as loading its operands: a sign, a sum, a product, a comparison or a choice,
// but no quotient, root or other function.
func (o Op) Cheap() bool {
	switch o {
	case OpNeg, OpAbs, OpSign, OpMaxConstant, OpAdd, OpSub, OpMul, OpGreater, OpEqual, OpWhere:
		return true
	}
	return false
}

// Attributes are what an operation needs beside its operands; each operation
// uses the fields that its comment names.
type Attributes struct {
	Number         float64 // OpConstant: the value; OpPow: exponent; OpMaxConstant: c
	Axes           []int   // OpSum, OpMax: the axes; OpTranspose: the permutation; OpConcat: the one axis
	Start          []int   // OpSlice: first element of every axis; OpPad: zeros before every axis
	TransA, TransB bool    // OpMatMul: the operand's last two axes are swapped
	Window         Window  // convolutions and pools
	Literal        *Array  // OpLiteral
	Name           string  // OpInput
}
