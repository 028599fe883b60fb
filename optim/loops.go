package optim

import "leeway/autodiff/cpu/vec"

// The loops of a step exist twice: as one loop over all that happens to a
// coordinate, and as several calls of vector functions, which are many times
// faster at roots and divisions where there is assembly for them, but cost a few
// nanoseconds each. Both round each operation once and so have the same bits; the
// conversions in the loops keep a compiler from joining a product and a sum.

// shortest is the least length for which vector functions pay.
const shortest = 32

var assembly = vec.Float64.Level() != vec.Portable

// short reports whether a range of coordinates is for the loop.
func short(x []float64) bool { return len(x) < shortest || !assembly }

// accumulate sets memory to decay memory + gain q, and dst, which may be q, to
// scale times that.
func accumulate(dst, memory, q []float64, decay, gain, scale float64) {
	if short(q) {
		for j, x := range q {
			x = float64(decay*memory[j]) + float64(gain*x)
			memory[j], dst[j] = x, scale*x
		}
		return
	}
	vec.Float64.MulScalar(dst, q, gain)
	vec.Float64.MulScalar(memory, memory, decay)
	vec.Float64.Add(memory, memory, dst)
	vec.Float64.MulScalar(dst, memory, scale)
}

// addDecay adds decay theta to a direction.
func addDecay(dst []float64, decay float64, theta []float64) {
	if decay == 0 {
		return
	}
	theta = theta[:len(dst)]
	for j := range dst {
		dst[j] += float64(decay * theta[j])
	}
}

// descend subtracts h f from theta. It needs room of that length, which may be
// f.
func descend(theta, room, f []float64, h float64) {
	if short(f) {
		theta = theta[:len(f)]
		for j, x := range f {
			theta[j] -= float64(h * x)
		}
		return
	}
	vec.Float64.MulScalar(room, f, h)
	vec.Float64.Sub(theta, theta, room)
}
