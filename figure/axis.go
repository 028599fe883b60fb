package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// axis turns data into drawing coordinates: the value itself, or its decimal
// logarithm. Working in logarithms from the start leaves every later step
// linear, where nothing can overflow.
type axis struct {
	log      bool
	min, max float64 // of the drawing coordinate
	seen     bool    // whether min and max hold anything
}

// drawable bounds the linear values that are drawn; beyond it the arithmetic of
// a range overflows.
const drawable = 1e150

// at returns the drawing coordinate of v, NaN where v cannot be drawn.
func (a *axis) at(v float64) float64 {
	switch {
	case a.log && v > 1e-300 && !math.IsInf(v, 0): // logarithms of subnormal numbers are not to be trusted
		return math.Log10(v)
	case !a.log && math.Abs(v) < drawable:
		return v
	}
	return math.NaN()
}

// include widens the range to hold the drawing coordinate u.
func (a *axis) include(u float64) {
	if !finite(u) {
		return
	}
	if !a.seen {
		a.min, a.max, a.seen = u, u, true
		return
	}
	a.min, a.max = math.Min(a.min, u), math.Max(a.max, u)
}

// settle makes the range drawable: never empty, never narrower than what
// double precision resolves, with the given fraction of it as margin on both
// sides. A linear axis that nearly reaches 0 is drawn from 0.
func (a *axis) settle(margin float64) {
	if !a.log && margin > 0 && a.min > 0 && a.min < 0.35*a.max {
		a.min = 0
	}
	size := math.Max(math.Abs(a.min), math.Abs(a.max))
	if span := a.max - a.min; span <= 1e-9*size || span < 1e-200 {
		switch {
		case a.log:
			a.min, a.max = a.min-0.2, a.max+0.2
		case size < 1e-190:
			a.min, a.max = a.min-1, a.max+1
		default:
			a.min, a.max = a.min-0.05*size, a.max+0.05*size
		}
		return
	}
	pad := margin * (a.max - a.min)
	if a.log || a.min != 0 {
		a.min -= pad
	}
	if a.log || a.max != 0 {
		a.max += pad
	}
}

// ticks returns the labelled ticks of a settled axis in drawing coordinates.
func (a *axis) ticks(about int) []plot.Tick {
	if !a.log {
		return linearTicks(a.min, a.max, about, func(v float64) float64 { return v })
	}
	var ticks []plot.Tick
	if a.max-a.min < 3 {
		// Few powers of ten: 1, 2 and 5 times them, and below a decade round
		// values evenly spaced.
		for k := math.Floor(a.min); k <= a.max; k++ {
			for _, m := range []float64{1, 2, 5} {
				v := m * math.Pow(10, k)
				if u := math.Log10(v); a.min <= u && u <= a.max {
					ticks = append(ticks, plot.Tick{Value: u, Label: valueLabel(v, math.Pow(10, k))})
				}
			}
		}
		if len(ticks) > 2 {
			return ticks
		}
		even := linearTicks(math.Pow(10, a.min), math.Pow(10, a.max), about, math.Log10)
		if len(even) > 1 {
			return even
		}
		ticks = nil
	}
	stride := max(1, math.Ceil((a.max-a.min)/float64(about)))
	for k := math.Ceil(a.min/stride) * stride; k <= a.max; k += stride {
		ticks = append(ticks, plot.Tick{Value: k, Label: powerLabel(int(k))})
	}
	return ticks
}

// linearTicks returns about as many ticks as asked for, at multiples of 1, 2 or
// 5 times a power of ten, moved to drawing coordinates by to.
func linearTicks(lo, hi float64, about int, to func(float64) float64) []plot.Tick {
	step := niceStep((hi - lo) / float64(about))
	if !(step > 0) || math.IsInf(step, 0) {
		return nil
	}
	var ticks []plot.Tick
	first := math.Ceil(lo/step - 1e-9)
	for i := range 4 * about {
		n := first + float64(i)
		v := n * step
		if v > hi+1e-9*step {
			break
		}
		if u := to(v); finite(u) {
			ticks = append(ticks, plot.Tick{Value: u, Label: valueLabel(v, step)})
		}
	}
	return ticks
}

// niceStep rounds x up to 1, 2 or 5 times a power of ten.
func niceStep(x float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if x <= m*base*(1+1e-9) {
			return m * base
		}
	}
	return 10 * base
}

// valueLabel writes v with the digits that a step of the given size needs.
func valueLabel(v, step float64) string {
	if v == 0 {
		return "0"
	}
	digits := -int(math.Floor(math.Log10(step) + 1e-9))
	if digits <= 5 && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', max(digits, 0), 64)
	}
	lead := int(math.Floor(math.Log10(math.Abs(v))))
	text := strconv.FormatFloat(v, 'e', min(max(lead+digits, 0), 12), 64)
	return shortExponent(text)
}

// powerLabel writes 10^k.
func powerLabel(k int) string {
	if -4 < k && k < 5 {
		return strconv.FormatFloat(math.Pow10(k), 'f', max(-k, 0), 64)
	}
	return "1e" + strconv.Itoa(k)
}

// shortExponent turns 1.50e-07 into 1.5e-7.
func shortExponent(text string) string {
	mantissa, exponent, ok := strings.Cut(text, "e")
	if k, err := strconv.Atoi(exponent); ok && err == nil {
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimSuffix(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e" + strconv.Itoa(k)
	}
	return text
}
