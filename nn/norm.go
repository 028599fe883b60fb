package nn

import "leeway/autodiff"

// normEps is added to variances, as PyTorch's norms have it by default.
const normEps = 1e-5

// LayerNorm standardises the last axis and scales and shifts it, with parameters
// name.weight (1) and name.bias (0).
func (b *Builder) LayerNorm(name string, x *autodiff.Value) *autodiff.Value {
	return b.lateNorm(name, b.Dim(x, -1))(x)
}

// lateNorm makes the parameters of a layer norm now and applies it later, where
// the state dict has another order than the computation.
func (b *Builder) lateNorm(name string, features int) func(x *autodiff.Value) *autodiff.Value {
	scaleAndShift := b.affine(name, features)
	return func(x *autodiff.Value) *autodiff.Value {
		if !b.fits("layer norm", name, x, 0) {
			return b.invalid()
		}
		y, _, _ := autodiff.Standardize(x, normEps, len(x.Shape())-1)
		return scaleAndShift(y)
	}
}

// BatchNorm standardises every channel of images [N H W C] (or every feature of
// rows [N C]) over all other axes and scales and shifts it, with parameters
// name.weight (1) and name.bias (0). In evaluation it takes running statistics
// instead of those of the batch; see the package's comment.
func (b *Builder) BatchNorm(name string, x *autodiff.Value) *autodiff.Value {
	if !b.fits("batch norm", name, x, 0) {
		return b.invalid()
	}
	var axes []int
	channels, shape := b.Dim(x, -1), make([]int, len(x.Shape()))
	for i := range shape {
		shape[i] = 1
		if i < len(shape)-1 {
			axes = append(axes, i)
		}
	}
	shape[len(shape)-1] = channels
	s := normalisation{name: name, count: x.Shape().Size() / channels}
	var y *autodiff.Value
	if b.evaluate {
		s.mean = b.graph.Input(name+".running_mean", b.dtype, shape...)
		s.variance = b.graph.Input(name+".running_var", b.dtype, shape...)
		y = autodiff.Mul(autodiff.Sub(x, s.mean), autodiff.Rsqrt(autodiff.Shift(s.variance, normEps)))
	} else {
		if s.count < 2 {
			return b.Fail("batch norm %q sees a single value a channel, where an example is worked on alone. Try: another batch size or physical batch, so that no example is left over", name)
		}
		y, s.mean, s.variance = autodiff.Standardize(x, normEps, axes...)
	}
	b.norms = append(b.norms, s)
	return b.affine(name, channels)(y)
}

// affine makes the parameters that scale and shift the last axis.
func (b *Builder) affine(name string, n int) func(x *autodiff.Value) *autodiff.Value {
	if b.failure() != nil {
		return func(*autodiff.Value) *autodiff.Value { return b.invalid() }
	}
	weight := b.Parameter(name+".weight", Init{Kind: Ones}, n)
	bias := b.Parameter(name+".bias", Init{Kind: Zeros}, n)
	return func(x *autodiff.Value) *autodiff.Value { return autodiff.Add(autodiff.Mul(x, weight), bias) }
}
