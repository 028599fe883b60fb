package vec

// kernels is what a level has to provide for one element type. Lengths are
// checked before a kernel is called; every kernel accepts length 0.
type kernels[T Float] struct {
	add, sub, mul, div, max, greater, greaterEqual, equal binaryKernel[T]

	addScalar, mulScalar, divScalar, maxScalar        scalarKernel[T]
	greaterScalar, greaterEqualScalar, equalScalar    scalarKernel[T]
	scalarSub, scalarDiv, lessScalar, lessEqualScalar scalarKernel[T]
	axpy                                              scalarKernel[T]
	where, mulAdd                                     ternaryKernel[T]
	neg, abs, sign, sqrt, rsqrt, reciprocal, square   unaryKernel[T]
	cube, inverseSquare, powThreeHalves               unaryKernel[T]
	powMinusThreeHalves, powMinusFiveHalves           unaryKernel[T]
	exp, log, log1p, tanh, erf, sigmoid, softplus     unaryKernel[T]
	fill                                              func(dst []T, s T)
	sum, sumSquares, maxOf                            func(a []T) T
	dot                                               func(a, b []T) T
	addRows                                           func(dst, src []T, rows int)
	expand                                            func(dst, src []T, c int)
	tiles                                             []tileKernel[T] // for transposes, the largest first; none in Go
	poolMax                                           func(dst []T, index []int32, src []T, taps []int, c, step int)
	poolGather                                        func(dst []T, index []int32, src []T, taps []int, c, step int)
	poolScatter                                       func(dst []T, taps []int, index []int32, src []T, c, step int)
}

type (
	unaryKernel[T Float]   func(dst, a []T)
	scalarKernel[T Float]  func(dst, a []T, s T)
	binaryKernel[T Float]  func(dst, a, b []T)
	ternaryKernel[T Float] func(dst, a, b, c []T)
)

// tileKernel transposes arrays whose sides are multiples of side.
type tileKernel[T Float] struct {
	side int
	run  func(dst []T, ldd int, src []T, lds, rows, cols int)
}

// portable is the level of plain Go.
func portable[T Float]() kernels[T] {
	return kernels[T]{
		add: goAdd[T], sub: goSub[T], mul: goMul[T], div: goDiv[T], max: goMax[T],
		greater: goGreater[T], greaterEqual: goGreaterEqual[T], equal: goEqual[T],
		addScalar: goAddScalar[T], mulScalar: goMulScalar[T], divScalar: goDivScalar[T], maxScalar: goMaxScalar[T],
		greaterScalar: goGreaterScalar[T], greaterEqualScalar: goGreaterEqualScalar[T], equalScalar: goEqualScalar[T],
		scalarSub: goScalarSub[T], scalarDiv: goScalarDiv[T], lessScalar: goLessScalar[T], lessEqualScalar: goLessEqualScalar[T],
		axpy: goAXPY[T], where: goWhere[T], mulAdd: goMulAdd[T],
		neg: goNeg[T], abs: goAbs[T], sign: goSign[T], sqrt: goSqrt[T], rsqrt: goRsqrt[T],
		reciprocal: goReciprocal[T], square: goSquare[T], cube: goCube[T], inverseSquare: goInverseSquare[T],
		powThreeHalves: goPowThreeHalves[T], powMinusThreeHalves: goPowMinusThreeHalves[T], powMinusFiveHalves: goPowMinusFiveHalves[T],
		exp: goExp[T], log: goLog[T], log1p: goLog1p[T], tanh: goTanh[T], erf: goErf[T], sigmoid: goSigmoid[T], softplus: goSoftplus[T],
		fill: goFill[T], sum: goSum[T], sumSquares: goSumSquares[T], maxOf: goMaxOf[T], dot: goDot[T],
		addRows: goAddRows[T], expand: goExpand[T],
		poolMax: goPoolMax[T], poolGather: goPoolGather[T], poolScatter: goPoolScatter[T],
	}
}
