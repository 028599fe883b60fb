package objective_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/objective"
)

// hessian collects the products with the unit vectors.
func hessian(t *testing.T, obj objective.TwiceDifferentiable, theta []float64, k int) *mat.Dense {
	n := obj.Dim()
	h, unit, col := mat.NewDense(n, n, nil), make([]float64, n), make([]float64, n)
	for j := range n {
		clear(unit)
		unit[j] = 1
		if err := obj.HVP(col, theta, unit, k); err != nil {
			t.Fatal(err)
		}
		h.SetCol(j, col)
	}
	return h
}

func same(t *testing.T, name string, got *mat.Dense, want mat.Matrix) {
	t.Helper()
	if !mat.EqualApprox(got, want, 1e-12*(1+mat.Norm(want, 2))) {
		t.Errorf("%s: Hessian\n%v\nwant\n%v", name, mat.Formatted(got), mat.Formatted(want))
	}
}

// The truth is the Hessian differentiated by hand and written out entry by
// entry; no code is shared with HVP, which never forms it.
func TestHessiansOfClosedForms(t *testing.T) {
	a, b := 0.7, -0.4
	same(t, "bilinear", hessian(t, objective.Bilinear{}, []float64{a, b}, 0),
		mat.NewDense(2, 2, []float64{4 * b * b, 8*a*b - 3, 8*a*b - 3, 4 * a * a}))

	// E = (8 b a^3 - 3/2)^2, so E_aa = 2 (24 b a^2)^2 + 2 (8 b a^3 - 3/2) 48 b a, and so on.
	f := 8*b*a*a*a - 1.5
	cross := 2*24*b*a*a*8*a*a*a + 2*f*24*a*a
	same(t, "cubic net", hessian(t, objective.CubicNet{}, []float64{a, b}, 0),
		mat.NewDense(2, 2, []float64{2*math.Pow(24*b*a*a, 2) + 2*f*48*b*a, cross, cross, 2 * math.Pow(8*a*a*a, 2)}))

	// Published for the standard start (-1.2, 1): f = 24.2, gradient
	// (-215.6, -88), Hessian ((1330, 480), (480, 200)).
	r := must(objective.NewRosenbrock(2))
	g := make([]float64, 2)
	if loss := must(r.Gradient(g, r.Start(), 0)); math.Abs(loss-24.2) > 1e-13 || math.Abs(g[0]+215.6) > 1e-12 || math.Abs(g[1]+88) > 1e-12 {
		t.Errorf("rosenbrock: loss %v, gradient %v", loss, g)
	}
	same(t, "rosenbrock", hessian(t, r, r.Start(), 0), mat.NewDense(2, 2, []float64{1330, 480, 480, 200}))
	// At the minimum of three: 802 from the first link, 802 + 200 in the middle.
	r3 := must(objective.NewRosenbrock(3))
	top, loss := r3.Minimum()
	same(t, "rosenbrock 3", hessian(t, r3, top, 0), mat.NewDense(3, 3, []float64{802, -400, 0, -400, 1002, -400, 0, -400, 200}))
	if got := must(r3.Gradient(make([]float64, 3), top, 0)); got != loss {
		t.Errorf("rosenbrock: loss %v at the minimum", got)
	}

	rng := rand.New(rand.NewPCG(4, 4))
	s := symmetric(rng, 5)
	same(t, "quadratic", hessian(t, must(objective.NewQuadratic(s, nil)), normal(rng, 5), 0), s)
}

// The truth is the Gauss-Newton sum of outer products, row by row, with the
// derivatives of the losses in another form (cosh for the logistic).
func TestHessianOfLinear(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	const n, d, radius = 17, 3, 0.4
	x, y := table(rng, n, d, 2)
	theta := normal(rng, d+1)
	norm2 := math.Sqrt(theta[0]*theta[0] + theta[1]*theta[1] + theta[2]*theta[2])
	big := 0
	for j := range d {
		if math.Abs(theta[j]) > math.Abs(theta[big]) {
			big = j
		}
	}
	sign := func(v float64) float64 { return math.Copysign(1, v) }
	cost := map[string]func() (norm float64, s [d]float64){
		objective.LInf: func() (float64, [d]float64) {
			return math.Abs(theta[0]) + math.Abs(theta[1]) + math.Abs(theta[2]), [d]float64{sign(theta[0]), sign(theta[1]), sign(theta[2])}
		},
		objective.L2: func() (float64, [d]float64) {
			return norm2, [d]float64{theta[0] / norm2, theta[1] / norm2, theta[2] / norm2}
		},
		objective.L1: func() (norm float64, s [d]float64) {
			s[big] = sign(theta[big])
			return math.Abs(theta[big]), s
		},
	}
	for _, loss := range []string{objective.Logistic, objective.Exponential, objective.LeastSquares} {
		for _, attack := range []string{objective.LInf, objective.L2, objective.L1} {
			r := radius
			if loss == objective.LeastSquares {
				r = 0
			}
			obj := must(objective.NewLinear(x, y, d, objective.LinearSettings{Loss: loss, Intercept: true, Attack: attack, Radius: r}))
			norm, s := cost[attack]()
			want := mat.NewDense(d+1, d+1, nil)
			for i := range n {
				sgn := float64(2*y[i] - 1)
				f := theta[d]
				a := [d + 1]float64{d: sgn}
				for j := range d {
					f += theta[j] * x[i*d+j]
					a[j] = sgn*x[i*d+j] - r*s[j]
				}
				m := sgn*f - r*norm
				first, bend := 0.0, 1.0
				switch loss {
				case objective.Logistic:
					first, bend = -1/(1+math.Exp(m)), 1/(4*math.Pow(math.Cosh(m/2), 2))
				case objective.Exponential:
					first, bend = -math.Exp(-m), math.Exp(-m)
				}
				for p := range d + 1 {
					for q := range d + 1 {
						h := bend * a[p] * a[q]
						if attack == objective.L2 && p < d && q < d {
							identity := 0.0
							if p == q {
								identity = 1
							}
							h -= first * r * (identity - s[p]*s[q]) / norm2
						}
						want.Set(p, q, want.At(p, q)+h/n)
					}
				}
			}
			same(t, loss+" "+attack, hessian(t, obj, theta, 0), want)
		}
	}
}

// The truth is the loss as a formula, log of the sum of exponentials without
// any care, and its Hessian entry by entry.
func TestSoftmaxAgainstTheFormula(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	const n, d, classes = 37, 2, 3
	x, y := table(rng, n, d, classes)
	obj := must(objective.NewSoftmax(x, y, d, classes, objective.SoftmaxSettings{Intercept: true}))
	dim := classes * (d + 1)
	theta := normal(rng, dim)
	want, loss, gradient := mat.NewDense(dim, dim, nil), 0.0, make([]float64, dim)
	for i := range n {
		var p [classes]float64
		total := 0.0
		for c := range p {
			p[c] = math.Exp(theta[2*c]*x[2*i] + theta[2*c+1]*x[2*i+1] + theta[2*classes+c])
			total += p[c]
		}
		loss -= math.Log(p[y[i]]/total) / n
		// Parameter j belongs to class c and multiplies the input in.
		part := func(j int) (c int, in float64) {
			if j >= d*classes {
				return j - d*classes, 1
			}
			return j / d, x[2*i+j%d]
		}
		for j := range dim {
			c, in := part(j)
			gradient[j] += p[c] / total * in / n
			if c == y[i] {
				gradient[j] -= in / n
			}
			for l := range dim {
				e, other := part(l)
				h := -p[c] * p[e] / (total * total)
				if c == e {
					h += p[c] / total
				}
				want.Set(j, l, want.At(j, l)+h*in*other/n)
			}
		}
	}
	g := make([]float64, dim)
	if got := must(obj.Gradient(g, theta, 0)); math.Abs(got-loss) > 1e-14 {
		t.Errorf("loss %v, want %v", got, loss)
	}
	for j, v := range g {
		if math.Abs(v-gradient[j]) > 1e-14 {
			t.Errorf("gradient %d: %v, want %v", j, v, gradient[j])
		}
	}
	same(t, "softmax", hessian(t, obj, theta, 0), want)
}
