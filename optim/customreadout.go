package optim

import (
	"leeway/expression"
)

// formula is the readout of a custom rule. Its programs take the averages, in
// the order of the rule, then theta, and the scalars n and h.
type formula struct {
	direction *expression.Program // F without the key weight_decay
	partials  *expression.Program // its derivatives by the averages, then by theta
	decay     float64             // weight_decay
	clocked   bool
}

// views are the arguments of a program, without allocation.
type views [MaxAccumulators + 2][]float64

// arguments are the averages, then theta.
func (v *views) arguments(s [][]float64, theta []float64) [][]float64 {
	n := copy(v[:], s)
	v[n] = theta
	return v[:n+1]
}

func (f *formula) Direction(dst []float64, s [][]float64, theta, total []float64) {
	var in, out views
	out[0] = dst
	scalars := clock(total, len(s))
	f.direction.Evaluate(out[:1], in.arguments(s, theta), scalars[:])
	for j, x := range dst {
		if x != x && still(s, j) {
			dst[j] = 0
		}
	}
	addDecay(dst, f.decay, theta)
}

// still reports whether there was never a gradient in coordinate j.
func still(s [][]float64, j int) bool {
	for _, v := range s {
		if v[j] != 0 {
			return false
		}
	}
	return true
}

func (f *formula) Partials(ds [][]float64, dtheta []float64, s [][]float64, theta, total []float64) {
	var in, out views
	scalars := clock(total, len(s))
	results := out.arguments(ds, dtheta)
	f.partials.Evaluate(results, in.arguments(s, theta), scalars[:])
	for _, d := range results {
		finiteOrZero(d)
	}
	if f.decay != 0 {
		for j := range dtheta {
			dtheta[j] += f.decay
		}
	}
}

// Clocked tells [Rule.Clocked] whether n or h stands in the formula.
func (f *formula) Clocked() bool { return f.clocked }

// finiteOrZero makes 0 of what is infinite or NaN.
func finiteOrZero(x []float64) {
	for j, v := range x {
		if v-v != 0 {
			x[j] = 0
		}
	}
}

// preconditioned is a formula of the form P s_0 + decay theta.
type preconditioned struct {
	*formula
	scale *expression.Program // P
	// linear says that P is 1, and own that P depends on s_0.
	linear, own bool
}

func newPreconditioned(base *formula, rest *expression.Expression, averages []Average) *preconditioned {
	p, number := rest.Number()
	return &preconditioned{
		formula: base, scale: expression.Compile(rest),
		linear: number && p == 1, own: rest.Uses(averages[0].Name),
	}
}

// Scale implements [Preconditioned].
func (f *preconditioned) Scale(dst []float64, s [][]float64, total []float64) {
	var in, out views
	out[0] = dst
	scalars := clock(total, len(s))
	f.scale.Evaluate(out[:1], in.arguments(s, nil), scalars[:])
	finiteOrZero(dst)
}

// elementwise is a function of the gradient that is given by an expression.
type elementwise struct {
	text              string
	value, derivative *expression.Program
}

// newElementwise is the function of an expression in g: [Identity] and [Square]
// where it is one of them.
func newElementwise(e *expression.Expression) (Function, error) {
	for text, known := range map[string]Function{"g": Identity, "g^2": Square} {
		same, err := expression.Parse(text, expression.Scope{Variables: []string{nameGradient}})
		if err == nil && e.Equal(same) {
			return known, nil
		}
	}
	d, err := e.Derivative(nameGradient)
	if err != nil {
		return nil, err
	}
	return &elementwise{text: e.String(), value: expression.Compile(e), derivative: expression.Compile(d)}, nil
}

func (f *elementwise) Apply(dst, g []float64) { one(f.value, dst, g) }

func (f *elementwise) Derivative(dst, g []float64) {
	one(f.derivative, dst, g)
	finiteOrZero(dst)
}

// String is the function as written.
func (f *elementwise) String() string { return f.text }

// one evaluates a program of one variable.
func one(p *expression.Program, dst, g []float64) {
	var in, out [1][]float64
	in[0], out[0] = g, dst
	p.Evaluate(out[:], in[:], nil)
}
