package optim

import (
	"fmt"
	"math"
)

// Average is an accumulator: a memory of a function q of the gradients, and the
// value that the readout sees of it.
//
// With q_n = q(g_n) and a memory that starts at zero, step n = 0, 1, ... does
//
//	m_n = Decay m_{n-1} + Gain q_n
//	s_n = New m_n + Old m_{n-1} + Direct q_n,  divided by its weights if Corrected.
//
// So s_n is a weighted sum of q_n, q_{n-1}, ... with weight
//
//	w_0 = New Gain + Direct                     for the present gradient,
//	w_k = (New Decay + Old) Gain Decay^(k-1)    for the one k steps ago.
//
// [EMA], [Sum] and [Present] build the usual ones; Nesterov's look-ahead (New
// and Direct) and Lion's look-back (Old and Direct) are further settings.
type Average struct {
	// Name of the memory in checkpoints and messages, for instance "m".
	Name string
	// Of is the averaged function q.
	Of Function
	// Decay is d, 0 <= d < 1; Gain is the weight with which q enters the memory.
	Decay, Gain float64
	// New, Old and Direct weigh the updated memory, the memory before the
	// update and the present q in the value s.
	New, Old, Direct float64
	// Corrected divides s by the sum of its weights so far (bias correction).
	Corrected bool
}

// EMA is the exponential average m <- d m + (1-d) q, s = m.
func EMA(name string, of Function, d float64, corrected bool) Average {
	return Average{Name: name, Of: of, Decay: d, Gain: 1 - d, New: 1, Corrected: corrected}
}

// Sum is the decaying sum m <- d m + q, s = m (Polyak's form of momentum).
func Sum(name string, of Function, d float64) Average {
	return Average{Name: name, Of: of, Decay: d, Gain: 1, New: 1}
}

// Present has no memory: s = q(g).
func Present(name string, of Function) Average {
	return Average{Name: name, Of: of, Direct: 1}
}

// Memoryless reports whether s depends on the present gradient alone.
func (a Average) Memoryless() bool { return a.pastWeight() == 0 }

// presentWeight is w_0, the weight of the present gradient before correction.
func (a Average) presentWeight() float64 { return a.New*a.Gain + a.Direct }

// pastWeight is w_1, the weight of the previous gradient before correction.
func (a Average) pastWeight() float64 { return (a.New*a.Decay + a.Old) * a.Gain }

// Weight is the weight, before correction, of the gradient of lag steps ago.
func (a Average) Weight(lag int) float64 {
	switch {
	case lag == 0:
		return a.presentWeight()
	case a.pastWeight() == 0:
		return 0
	case lag == 1:
		return a.pastWeight()
	}
	return a.pastWeight() * math.Pow(a.Decay, float64(lag-1))
}

// TotalWeight is the sum W_n of the weights at step n = 0, 1, ..., by which a
// corrected average is divided: 1 - d^(n+1) for an EMA. A negative n asks for
// the limit n -> infinity.
func (a Average) TotalWeight(n int) float64 {
	return a.presentWeight() + a.pastWeight()*geometric(a.Decay, n)
}

// MeanLag is the mean age, in steps, of what an average remembers at step n,
// tau = sum_k k w_k / W_n: d/(1-d) - (n+1) d^(n+1)/(1-d^(n+1)) for an EMA
// (arXiv 2309.00079, full batch). A negative n asks for the limit n -> infinity.
func (a Average) MeanLag(n int) float64 {
	past := a.pastWeight()
	if past == 0 || n == 0 {
		return 0
	}
	d := a.Decay
	// sum_{k=1}^n k d^(k-1) = (G_n - n d^n)/(1-d), G_n = (1-d^n)/(1-d).
	sum := geometric(d, n)
	if n > 0 {
		sum -= float64(n) * math.Pow(d, float64(n))
	}
	return past * sum / (1 - d) / a.TotalWeight(n)
}

// Memory is the number of steps after which the weights have fallen below
// rounding (2^-54 of the present one): 0 without memory.
func (a Average) Memory() int {
	if a.Memoryless() {
		return 0
	}
	if a.Decay == 0 {
		return 1
	}
	return 1 + int(math.Ceil(-54*math.Ln2/math.Log(a.Decay)))
}

// Update does one step of the accumulator on a range of coordinates: it brings
// the memory from m_(n-1) to m_n with q = q(g_n), and writes scale times the
// uncorrected value s_n to dst, which may be q. A memoryless average leaves
// memory alone.
func (a Average) Update(dst, memory, q []float64, scale float64) {
	dst = dst[:len(q)]
	if a.Memoryless() {
		scale *= a.presentWeight()
		for j, x := range q {
			dst[j] = scale * x
		}
		return
	}
	memory = memory[:len(q)]
	if a.New == 1 && a.Old == 0 && a.Direct == 0 {
		accumulate(dst, memory, q, a.Decay, a.Gain, scale)
		return
	}
	// Locals, since fields would be loaded again for every coordinate.
	decay, gain, look, back, direct := a.Decay, a.Gain, a.New, a.Old, a.Direct
	for j, x := range q {
		old := memory[j]
		now := float64(decay*old) + float64(gain*x)
		memory[j] = now
		dst[j] = scale * (float64(look*now) + float64(back*old) + float64(direct*x))
	}
}

// geometric is 1 + d + ... + d^(n-1), or its limit for negative n.
func geometric(d float64, n int) float64 { return geometricLog(d, math.Log(d), n) }

// geometricLog is geometric for a known logarithm of d, which takes half of the
// time.
func geometricLog(d, log float64, n int) float64 {
	switch {
	case n == 0:
		return 0
	case n < 0:
		return 1 / (1 - d)
	case d == 0:
		return 1
	}
	return -math.Expm1(float64(n)*log) / (1 - d)
}

func (a Average) validate() error {
	present, limit := a.presentWeight(), a.TotalWeight(-1)
	switch {
	case a.Of == nil:
		return fmt.Errorf("optim: average %q has no function of the gradient to average", a.Name)
	case !(a.Decay >= 0 && a.Decay < 1):
		return fmt.Errorf("optim: average %q: decay %v is outside [0, 1)", a.Name, a.Decay)
	case math.IsNaN(limit) || math.IsInf(limit, 0):
		return fmt.Errorf("optim: average %q: the weights sum to %v, want a finite number", a.Name, limit)
	case !(present > 0):
		return fmt.Errorf("optim: average %q: the present gradient has weight %v, want > 0", a.Name, present)
	case a.Corrected && !(limit > 0):
		return fmt.Errorf("optim: average %q: the weights sum to %v, want > 0 to be corrected by", a.Name, limit)
	}
	return nil
}
