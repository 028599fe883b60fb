package robust

import (
	"math"
	"math/rand/v2"
	"testing"
)

func drawn(rows, d int) *images {
	random := rand.New(rand.NewPCG(1, 2))
	set := &images{make([]float32, rows*d), make([]float32, rows)}
	for i := range set.x {
		set.x[i] = random.Float32()
	}
	for i := range set.y {
		set.y[i] = float32(2*(i%2) - 1)
		set.x[i*d] = float32(i%2)*0.8 + 0.1 // what tells them apart
	}
	return set
}

// Truth: central differences of the loss, in float64, written out on the definition.
func TestNetworkStep(t *testing.T) {
	const d, width, rate = 5, 4, 1e-3
	set, n := drawn(6, d), newNetwork(5, 4, 1)
	for i := range n.w {
		n.w[i] *= 100
	}
	for i := range n.a {
		n.a[i] *= 100
	}
	loss := func(w, a []float64) float64 {
		sum := 0.0
		for i, y := range set.y {
			f := 0.0
			for k := range width {
				z := 0.0
				for j := range d {
					z += w[k*d+j] * float64(set.x[i*d+j])
				}
				f += a[k] * math.Max(z, 0)
			}
			sum += math.Exp(-float64(y) * f)
		}
		return sum
	}
	wide := func(v []float32) []float64 {
		out := make([]float64, len(v))
		for i, x := range v {
			out[i] = float64(x)
		}
		return out
	}
	w, a := wide(n.w), wide(n.a)
	if _, err := n.train(t.Context(), set, GD, rate, 0, 1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at  []float64
		got []float32
	}{{w, n.w}, {a, n.a}} {
		for i := range c.at {
			const e = 1e-5
			old := c.at[i]
			c.at[i] = old + e
			up := loss(w, a)
			c.at[i] = old - e
			down := loss(w, a)
			c.at[i] = old
			if want := old - rate*(up-down)/(2*e); math.Abs(float64(c.got[i])-want) > 1e-6 {
				t.Errorf("parameter %d is %v after a step, want %v", i, c.got[i], want)
			}
		}
	}
}

// An attack stays within its radius and the range of pixels, and lowers what it attacks.
func TestAttack(t *testing.T) {
	set, n := drawn(40, 12), newNetwork(12, 8, 3)
	if _, err := n.train(t.Context(), set, SignGD, 1e-2, 0, 50); err != nil {
		t.Fatal(err)
	}
	const eps = 0.15
	r := n.room(40)
	n.attack(r, set, eps)
	moved := false
	for i, x := range r.x {
		if x < 0 || x > 1 || math.Abs(float64(x-set.x[i])) > eps+1e-6 {
			t.Fatalf("pixel %d moved from %v to %v", i, set.x[i], x)
		}
		moved = moved || x != set.x[i]
	}
	if clean, attacked := n.accuracy(set, 0), n.accuracy(set, eps); !moved || clean < 0.9 || attacked > clean {
		t.Errorf("accuracy %v, attacked %v", clean, attacked)
	}
}
