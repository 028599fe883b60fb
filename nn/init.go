package nn

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
)

// The initial distributions, by PyTorch's names.
const (
	KaimingUniform = "kaiming_uniform"
	KaimingNormal  = "kaiming_normal"
	XavierUniform  = "xavier_uniform"
	XavierNormal   = "xavier_normal"
	Normal         = "normal"
	TruncNormal    = "trunc_normal"
	Uniform        = "uniform"
	Zeros          = "zeros"
	Ones           = "ones"
)

// Inits are the names that [Init] knows.
func Inits() []string {
	return []string{KaimingUniform, KaimingNormal, XavierUniform, XavierNormal, Normal, TruncNormal, Uniform, Zeros, Ones}
}

// The two numbers that the Kaiming distributions may be scaled by.
const (
	FanIn  = "fan_in"
	FanOut = "fan_out"
)

// Init is an initial distribution as torch.nn.init has it. The zero value leaves
// every layer its default, which is PyTorch's: kaiming_uniform with a = sqrt(5)
// for the weights of linear layers and convolutions, uniform in
// +-1/sqrt(fan_in) for their biases, normal for embeddings, 1 and 0 for norms.
//
// Of a weight [outputs inputs ...], fan_in is the number of elements behind the
// first axis and fan_out the same with outputs in the place of inputs.
type Init struct {
	// Kind is one of the names above.
	Kind string
	// Mode of the Kaiming distributions: fan_in, the default, or fan_out.
	Mode string
	// Gain scales the Kaiming and Xavier distributions. Zero: sqrt(2) for
	// Kaiming (ReLU), 1 for Xavier.
	Gain float64
	// Mean and Std of normal and trunc_normal. Std zero: 1.
	Mean, Std float64
	// Low and High bound uniform and trunc_normal. Both zero: 0 and 1 for
	// uniform, -2 and 2 for trunc_normal (values, not deviations).
	Low, High float64
}

// layerInit is kaiming_uniform with a = sqrt(5): the gain of a leaky ReLU of that
// slope is sqrt(2/(1 + 5)), so the bound is 1/sqrt(fan_in).
var layerInit = Init{Kind: KaimingUniform, Gain: math.Sqrt(1. / 3)}

// uniform is the uniform distribution in +-bound.
func uniform(bound float64) Init { return Init{Kind: Uniform, Low: -bound, High: bound} }

// check says what is wrong with the settings.
func (i Init) check() error {
	known := i.Kind == ""
	for _, k := range Inits() {
		known = known || k == i.Kind
	}
	switch {
	case !known:
		return fmt.Errorf("nn: unknown init %q. Try: %s", i.Kind, strings.Join(Inits(), ", "))
	case i.Mode != "" && i.Mode != FanIn && i.Mode != FanOut:
		return fmt.Errorf("nn: unknown init mode %q. Try: %s or %s", i.Mode, FanIn, FanOut)
	case i.Gain < 0 || i.Std < 0 || i.Low > i.High:
		return fmt.Errorf("nn: init %s has gain %v, deviation %v and bounds %v to %v. Try: positive numbers, and a lower bound below the upper", i.Kind, i.Gain, i.Std, i.Low, i.High)
	}
	for _, x := range []float64{i.Gain, i.Mean, i.Std, i.Low, i.High} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("nn: init %s has the setting %v. Try: a finite number", i.Kind, x)
		}
	}
	return nil
}

// fill draws the elements of a parameter. Its stream comes from the seed and its
// name alone, so a parameter does not change when others come or go.
func (i Init) fill(dst []float64, name string, shape []int, seed uint64) {
	h := fnv.New64a()
	h.Write([]byte(name))
	rng := rand.New(rand.NewPCG(seed, h.Sum64()))
	draw := i.sampler(rng, shape)
	for j := range dst {
		dst[j] = draw()
	}
}

// sampler returns the distribution for a parameter of the given shape.
func (i Init) sampler(rng *rand.Rand, shape []int) func() float64 {
	in, out := fans(shape)
	symmetric := func(bound float64) func() float64 {
		return func() float64 { return bound * (2*rng.Float64() - 1) }
	}
	normal := func(mean, std float64) func() float64 {
		return func() float64 { return mean + std*rng.NormFloat64() }
	}
	gain, std, low, high := i.Gain, i.Std, i.Low, i.High
	fan := in
	if i.Mode == FanOut {
		fan = out
	}
	if std == 0 {
		std = 1
	}
	if gain == 0 {
		gain = 1
		if i.Kind == KaimingUniform || i.Kind == KaimingNormal {
			gain = math.Sqrt2
		}
	}
	switch i.Kind {
	case KaimingUniform:
		return symmetric(gain * math.Sqrt(3/fan))
	case KaimingNormal:
		return normal(0, gain/math.Sqrt(fan))
	case XavierUniform:
		return symmetric(gain * math.Sqrt(6/(in+out)))
	case XavierNormal:
		return normal(0, gain*math.Sqrt(2/(in+out)))
	case Normal:
		return normal(i.Mean, std)
	case TruncNormal:
		if low == 0 && high == 0 {
			low, high = -2, 2
		}
		return truncated(rng, i.Mean, std, low, high)
	case Uniform:
		if low == 0 && high == 0 {
			high = 1
		}
		return func() float64 { return low + (high-low)*rng.Float64() }
	case Ones:
		return func() float64 { return 1 }
	}
	return func() float64 { return 0 }
}

// truncated draws from the normal distribution within [low, high] by inverting
// the distribution function.
func truncated(rng *rand.Rand, mean, std, low, high float64) func() float64 {
	from := math.Erf((low - mean) / (std * math.Sqrt2))
	to := math.Erf((high - mean) / (std * math.Sqrt2))
	return func() float64 {
		x := mean + std*math.Sqrt2*math.Erfinv(from+(to-from)*rng.Float64())
		return min(max(x, low), high)
	}
}

// fans are fan_in and fan_out.
func fans(shape []int) (in, out float64) {
	in, out = 1, 1
	for axis, d := range shape {
		if axis != 0 || len(shape) == 1 {
			in *= float64(d)
		}
		if axis != 1 {
			out *= float64(d)
		}
	}
	return in, out
}

// checkFor says whether the distribution is defined for a parameter.
func (i Init) checkFor(p Parameter) error {
	switch i.Kind {
	case KaimingUniform, KaimingNormal, XavierUniform, XavierNormal:
		if len(p.Shape) < 2 {
			return fmt.Errorf("nn: init %s of %s, which has the shape %v and so no fan_in. Try: uniform, normal or zeros", i.Kind, p.Name, p.Shape)
		}
	}
	return nil
}
