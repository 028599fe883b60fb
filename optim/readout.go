package optim

import (
	"fmt"
	"math"

	"leeway/autodiff/cpu/vec"
)

// EpsMode says where Adam's eps stands; the choice decides which coordinates
// are in which regime, and libraries differ.
type EpsMode int

const (
	// Inside is m / sqrt(v + eps), the convention of arXiv 2309.00079.
	Inside EpsMode = iota
	// Outside is m / (sqrt(v) + eps) after bias correction, as in PyTorch.
	Outside
	// OutsideUncorrected adds eps to the root of the uncorrected v, as in
	// TensorFlow: m sqrt(1-beta2^(n+1)) / (sqrt(v) + eps) with v uncorrected.
	OutsideUncorrected
)

var epsModes = []string{"inside", "outside", "outside_uncorrected"}

// String is the mode's name in a config.
func (m EpsMode) String() string {
	if int(m) < 0 || int(m) >= len(epsModes) {
		return fmt.Sprintf("EpsMode(%d)", int(m))
	}
	return epsModes[m]
}

// MarshalText writes the mode's name; a value that is no mode is an error.
func (m EpsMode) MarshalText() ([]byte, error) {
	text := []byte(m.String())
	var read EpsMode
	return text, read.UnmarshalText(text)
}

// UnmarshalText reads a mode's name.
func (m *EpsMode) UnmarshalText(text []byte) error {
	for i, name := range epsModes {
		if name == string(text) {
			*m = EpsMode(i)
			return nil
		}
	}
	return fmt.Errorf("eps_mode %q is not one of %q", text, epsModes)
}

// linear is F = s_0 + decay theta.
type linear struct{ decay float64 }

func (r linear) Direction(dst []float64, s [][]float64, theta, _ []float64) {
	copy(dst, s[0])
	addDecay(dst, r.decay, theta)
}

func (r linear) Partials(ds [][]float64, dtheta []float64, _ [][]float64, _, _ []float64) {
	fill(ds[0], 1)
	fill(dtheta, r.decay)
}

func (r linear) Scale(dst []float64, _ [][]float64, _ []float64) { fill(dst, 1) }

// adaptive is F = s_0 / D + decay theta with D = sqrt(s_1 + eps) (inside) or
// sqrt(s_1) + eps. Where D = 0, with eps = 0 and no gradient ever, F and its
// derivatives are 0.
type adaptive struct {
	eps, decay float64
	inside     bool
}

// denominator is D for the second accumulator v.
func (r adaptive) denominator(v float64) float64 {
	if r.inside {
		return math.Sqrt(v + r.eps)
	}
	return math.Sqrt(v) + r.eps
}

func (r adaptive) Direction(dst []float64, s [][]float64, theta, _ []float64) {
	m := s[0]
	v, dst, theta := s[1][:len(m)], dst[:len(m)], theta[:len(m)]
	if r.eps > 0 && !short(m) { // D > 0
		if r.inside {
			vec.Float64.AddScalar(dst, v, r.eps)
			vec.Float64.Sqrt(dst, dst)
		} else {
			vec.Float64.Sqrt(dst, v)
			vec.Float64.AddScalar(dst, dst, r.eps)
		}
		vec.Float64.Div(dst, m, dst)
		addDecay(dst, r.decay, theta)
		return
	}
	for j, m := range m {
		f := 0.0
		if d := r.denominator(v[j]); d != 0 {
			f = m / d
		}
		dst[j] = f
	}
	addDecay(dst, r.decay, theta)
}

// dD/ds_1 = 1/(2 sqrt(s_1 + eps)) inside, 1/(2 sqrt(s_1)) outside, so that
// dphi/ds_1 = -s_0 / (2 root D^2) with that root. Where s_1 = 0 outside, all
// remembered gradients are 0 and so is whatever multiplies the derivative.
func (r adaptive) Partials(ds [][]float64, dtheta []float64, s [][]float64, _, _ []float64) {
	v := s[1]
	for j, m := range s[0] {
		d := r.denominator(v[j])
		root := d
		if !r.inside {
			root = math.Sqrt(v[j])
		}
		if d == 0 {
			ds[0][j], ds[1][j] = 0, 0
			continue
		}
		ds[0][j] = 1 / d
		if root == 0 {
			ds[1][j] = 0
		} else {
			ds[1][j] = -(m / d) / (2 * root * d)
		}
	}
	fill(dtheta, r.decay)
}

func (r adaptive) Scale(dst []float64, s [][]float64, _ []float64) {
	for j, v := range s[1] {
		if d := r.denominator(v); d > 0 {
			dst[j] = 1 / d
		} else {
			dst[j] = 0
		}
	}
}

// uncorrectedEps is adaptive with eps beside the root of the uncorrected second
// average: beside the root of the corrected one that is eps/sqrt(W_1), which
// falls as the average ages.
type uncorrectedEps struct{ eps, decay float64 }

// at is the readout at given total weights.
func (r uncorrectedEps) at(total []float64) adaptive {
	return adaptive{eps: r.eps / math.Sqrt(total[1]), decay: r.decay}
}

func (r uncorrectedEps) Direction(dst []float64, s [][]float64, theta, total []float64) {
	r.at(total).Direction(dst, s, theta, total)
}

func (r uncorrectedEps) Partials(ds [][]float64, dtheta []float64, s [][]float64, theta, total []float64) {
	r.at(total).Partials(ds, dtheta, s, theta, total)
}

func (r uncorrectedEps) Scale(dst []float64, s [][]float64, total []float64) {
	r.at(total).Scale(dst, s, total)
}

// Ages implements [Ageing]: eps/sqrt(W_1) shrinks as the weights fill up.
func (uncorrectedEps) Ages() {}

// signum is F = sign(s_0) + decay theta, with sign(0) = 0. Its derivative is 0
// wherever it exists.
type signum struct{ decay float64 }

func (r signum) Direction(dst []float64, s [][]float64, theta, _ []float64) {
	if m := s[0]; short(m) {
		for j, m := range m {
			dst[j] = sign(m)
		}
	} else {
		vec.Float64.Sign(dst, m)
	}
	addDecay(dst, r.decay, theta)
}

func (r signum) Partials(ds [][]float64, dtheta []float64, _ [][]float64, _, _ []float64) {
	fill(ds[0], 0)
	fill(dtheta, r.decay)
}

func (r signum) Scale(dst []float64, s [][]float64, _ []float64) {
	for j, m := range s[0] {
		dst[j] = 0
		if m != 0 {
			dst[j] = 1 / math.Abs(m)
		}
	}
}

// smoothSign is F = s_0 / sqrt(s_0^2 + eps) + decay theta, the gradient of the
// perturbed one-norm K(u) = sum_j sqrt(u_j^2 + eps).
type smoothSign struct{ eps, decay float64 }

func (r smoothSign) Direction(dst []float64, s [][]float64, theta, _ []float64) {
	u := s[0]
	if short(u) {
		for j, u := range u {
			dst[j] = u / math.Sqrt(float64(u*u)+r.eps)
		}
	} else {
		vec.Float64.Square(dst, u)
		vec.Float64.AddScalar(dst, dst, r.eps)
		vec.Float64.Sqrt(dst, dst)
		vec.Float64.Div(dst, u, dst)
	}
	addDecay(dst, r.decay, theta)
}

func (r smoothSign) Partials(ds [][]float64, dtheta []float64, s [][]float64, _, _ []float64) {
	for j, u := range s[0] {
		q := u*u + r.eps
		ds[0][j] = r.eps / (q * math.Sqrt(q))
	}
	fill(dtheta, r.decay)
}

func (r smoothSign) Scale(dst []float64, s [][]float64, _ []float64) {
	for j, u := range s[0] {
		dst[j] = 1 / math.Sqrt(u*u+r.eps)
	}
}

func fill(dst []float64, x float64) {
	for j := range dst {
		dst[j] = x
	}
}

func sign(x float64) float64 {
	if x == 0 || x != x {
		return x // 0, or NaN, which must not be hidden
	}
	return math.Copysign(1, x) // without a branch on the sign
}
