package autodiff

import "math"

// LogSumExp is log(sum(exp(x))) over the last axis, which keeps length 1. The
// shift by the largest element is no part of the derivative.
func LogSumExp(x *Value) *Value {
	last, bad := lastAxis("log-sum-exp", x)
	if bad != nil {
		return bad
	}
	top := Stop(MaxKeep(x, last))
	return Add(top, Log(SumKeep(Exp(Sub(x, top)), last)))
}

// Softmax is exp(x)/sum(exp(x)) over the last axis.
func Softmax(x *Value) *Value {
	last, bad := lastAxis("softmax", x)
	if bad != nil {
		return bad
	}
	e := Exp(Sub(x, Stop(MaxKeep(x, last))))
	return Div(e, SumKeep(e, last))
}

// ReLU is max(x, 0).
func ReLU(x *Value) *Value { return MaxConstant(x, 0) }

// GELU is x Phi(x) with the normal distribution function, by erf: PyTorch's
// default form.
func GELU(x *Value) *Value {
	return Mul(x, Scale(Shift(Erf(Scale(x, math.Sqrt2/2)), 1), 0.5))
}

// Standardize subtracts the mean over the axes and divides by the root of the
// (biased) variance plus eps: what layer norm does over the last axis and batch
// norm over all others. It returns mean and variance too, their axes of length 1.
func Standardize(x *Value, eps float64, axes ...int) (y, mean, variance *Value) {
	mean = MeanKeep(x, axes...)
	centred := Sub(x, mean)
	variance = MeanKeep(Mul(centred, centred), axes...)
	return Mul(centred, Rsqrt(Shift(variance, eps))), mean, variance
}

// lastAxis is the last axis of x; bad is an invalid value where there is none.
func lastAxis(what string, x *Value) (axis int, bad *Value) {
	g, ok := together(what, x)
	if !ok {
		return 0, g.invalid()
	}
	if len(x.shape) == 0 {
		return 0, g.fail("%s: %v has no last axis", what, x.shape)
	}
	return len(x.shape) - 1, nil
}
