package autodiff

import "fmt"

// Window says how a convolution or pool moves over an image. Zero strides mean
// 1. KernelH and KernelW are used by pools alone: a convolution's kernel has its
// size from its weights. Pools take no padding; a convolution's padding is zeros.
type Window struct {
	KernelH, KernelW                     int
	StrideH, StrideW                     int
	PadTop, PadBottom, PadLeft, PadRight int
}

// maxWindow bounds kernels, strides and paddings, so that no sum of them
// overflows.
const maxWindow = 1 << 30

func (w Window) withDefaults() Window {
	if w.StrideH == 0 {
		w.StrideH = 1
	}
	if w.StrideW == 0 {
		w.StrideW = 1
	}
	return w
}

// valid reports whether strides are positive and nothing is negative or huge.
func (w Window) valid() bool {
	return min(w.StrideH, w.StrideW) >= 1 &&
		min(w.KernelH, w.KernelW, w.PadTop, w.PadBottom, w.PadLeft, w.PadRight) >= 0 &&
		max(w.KernelH, w.KernelW, w.StrideH, w.StrideW, w.PadTop, w.PadBottom, w.PadLeft, w.PadRight) <= maxWindow
}

// output is the size of the result on an image, 0 where the window is not valid,
// a side is too long, or the kernel does not fit.
func (w Window) output(height, width, kernelH, kernelW int) (oh, ow int) {
	const limit = maxWindow << 4
	if !w.valid() || min(height, width, kernelH, kernelW) < 1 || max(height, width, kernelH, kernelW) > limit {
		return 0, 0
	}
	h, v := height+w.PadTop+w.PadBottom-kernelH, width+w.PadLeft+w.PadRight-kernelW
	if h < 0 || v < 0 {
		return 0, 0
	}
	return h/w.StrideH + 1, v/w.StrideW + 1
}

// String writes a window as errors do: "kernel 2x2 stride 2x2 padding 0 0 0 0",
// without the kernel where it comes from the weights.
func (w Window) String() string {
	s := fmt.Sprintf("stride %dx%d padding %d %d %d %d", w.StrideH, w.StrideW, w.PadTop, w.PadBottom, w.PadLeft, w.PadRight)
	if w.KernelH != 0 || w.KernelW != 0 {
		s = fmt.Sprintf("kernel %dx%d ", w.KernelH, w.KernelW) + s
	}
	return s
}
