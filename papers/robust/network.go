package robust

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"leeway/autodiff/cpu/gemm"
)

// network is f(x) = sum_k a_k max(<w_k, x>, 0), one hidden layer without biases, on
// images of two classes, trained against attacks bounded in every pixel.
type network struct {
	d, width int
	w, a     []float32 // [width d] and [width]
}

// newNetwork has weights uniform within 0.01 over the root of the inputs, as released.
func newNetwork(d, width int, seed uint64) *network {
	n := &network{d, width, make([]float32, width*d), make([]float32, width)}
	random := rand.New(rand.NewPCG(seed, 0x6e6574)) // stream "net"
	fill := func(v []float32, inputs int) {
		for i := range v {
			v[i] = float32((2*random.Float64() - 1) * 0.01 / math.Sqrt(float64(inputs)))
		}
	}
	fill(n.w, d)
	fill(n.a, width)
	return n
}

// images are pixels in [0, 1] with classes -1 and +1.
type images struct {
	x []float32 // [rows d]
	y []float32
}

// room is what passes over so many images need.
type room struct {
	z, h, gw []float32 // [rows width] twice, [width d]
	x, g     []float32 // [rows d] twice
	f, ga    []float32
	ws       gemm.Workspace[float32]
}

func (n *network) room(rows int) *room {
	return &room{z: make([]float32, rows*n.width), h: make([]float32, rows*n.width), gw: make([]float32, len(n.w)),
		x: make([]float32, rows*n.d), g: make([]float32, rows*n.d), f: make([]float32, rows), ga: make([]float32, n.width)}
}

// forward fills z = x w^T and f.
func (n *network) forward(r *room, x []float32) {
	rows := len(r.f)
	gemm.MatMul(nil, &r.ws, r.z, n.width, x, n.d, false, n.w, n.d, true, rows, n.width, n.d, false)
	for i := range rows {
		sum := float32(0)
		for k, z := range r.z[i*n.width : (i+1)*n.width] {
			if z > 0 {
				sum += n.a[k] * z
			}
		}
		r.f[i] = sum
	}
}

// attack fills r.x with the images moved by at most eps in every pixel, within [0, 1]:
// ten steps of eps/5 along the sign of the loss's gradient, projected.
func (n *network) attack(r *room, set *images, eps float32) {
	copy(r.x, set.x)
	if eps == 0 {
		return
	}
	rows := len(set.y)
	for range 10 {
		n.forward(r, r.x)
		for i, z := range r.z {
			if r.h[i] = 0; z > 0 {
				r.h[i] = n.a[i%n.width]
			}
		}
		gemm.MatMul(nil, &r.ws, r.g, n.d, r.h, n.width, false, n.w, n.d, false, rows, n.d, n.width, false)
		for i, g := range r.g {
			step := float32(0)
			switch s := -set.y[i/n.d] * g; {
			case s > 0:
				step = eps / 5
			case s < 0:
				step = -eps / 5
			}
			x := set.x[i]
			r.x[i] = min(max(r.x[i]+step, x-eps, 0), x+eps, 1)
		}
	}
}

// train takes steps of gradient or sign descent on sum_i exp(-y_i f) at attacked
// images; it returns the last loss. It allocates nothing in a step.
func (n *network) train(ctx context.Context, set *images, method Method, rate, eps float64, epochs int) (float64, error) {
	r, loss := n.room(len(set.y)), 0.0
	for epoch := range epochs {
		if ctx.Err() != nil {
			return loss, ctx.Err()
		}
		n.attack(r, set, float32(eps))
		n.forward(r, r.x)
		loss = 0
		clear(r.ga)
		for i, y := range set.y {
			e := math.Exp(-float64(y * r.f[i]))
			loss += e
			slope := float32(-float64(y) * e)
			for k, z := range r.z[i*n.width : (i+1)*n.width] {
				h := float32(0)
				if z > 0 {
					h = slope * n.a[k]
					r.ga[k] += slope * z
				}
				r.h[i*n.width+k] = h
			}
		}
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return loss, fmt.Errorf("robust: the network’s loss is %v at epoch %d. Try: a smaller rate than %g", loss, epoch, rate)
		}
		gemm.MatMul(nil, &r.ws, r.gw, n.d, r.h, n.width, true, r.x, n.d, false, n.width, n.d, len(set.y), false)
		descend(n.w, r.gw, method, float32(rate))
		descend(n.a, r.ga, method, float32(rate))
	}
	return loss, nil
}

func descend(theta, g []float32, method Method, rate float32) {
	if method != SignGD {
		for j, v := range g {
			theta[j] -= rate * v
		}
		return
	}
	for j, v := range g {
		switch {
		case v > 0:
			theta[j] -= rate
		case v < 0:
			theta[j] += rate
		}
	}
}

// accuracy is that under the attack.
func (n *network) accuracy(set *images, eps float64) float64 {
	r := n.room(len(set.y))
	n.attack(r, set, float32(eps))
	n.forward(r, r.x)
	right := 0
	for i, y := range set.y {
		if y*r.f[i] > 0 {
			right++
		}
	}
	return float64(right) / float64(len(set.y))
}
