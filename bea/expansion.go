package bea

import (
	"errors"
	"fmt"

	"leeway/objective"
	"leeway/optim"
)

// Order tells which batch the optimizer visits at step n = 0, 1, ...
type Order interface {
	At(step int) int
}

// cyclic visits batches 0 ... B-1 over and over.
type cyclic int

func (b cyclic) At(step int) int { return step % int(b) }

// Settings of an [Expansion]. The zero value is cyclic order and exact
// coefficients.
type Settings struct {
	// Order in which batches are visited; nil is cyclic.
	Order Order
	// Asymptotic replaces the coefficients of step n by their limits n ->
	// infinity (arXiv 2309.00079, the boxed full-batch result). Full batch and
	// constant learning rate only.
	Asymptotic bool
}

// Expansion evaluates the terms of the backward error expansion of one
// optimizer on one objective: the direction F_n(theta) and the correction at
// one theta, with all past iterates replaced by it. It owns all the memory it
// works in, so that an evaluation allocates nothing but the tables over steps,
// which grow with the run; one goroutine at a time may use it.
type Expansion struct {
	opt   optim.Optimizer
	rule  *optim.Rule
	obj   objective.TwiceDifferentiable
	order Order
	dim   int

	asymptotic bool
	// same[i] is the first average with the weights of average i, so that
	// averages with equal weights share their Hessian-vector products.
	same []int

	step step // what depends on the step alone

	gradient [][]float64   // of batch b, with coupled decay
	input    [][][]float64 // q_i(g_b)
	value    [][]float64   // accumulator i at the step
	partial  [][]float64   // dphi/ds_i
	dtheta   []float64     // dphi/dtheta
	f        []float64     // F_n
	path     [][][]float64 // weighted displacements of average i, batch b
	product  []float64     // a Hessian-vector product
	factor   []float64     // q_i'(g_b)
	work     window        // workspace of the recursion over past steps
	cycle    periodic      // the shortcut for batches visited in turn
}

// ErrAsymptotic is returned where limits of coefficients do not exist.
var ErrAsymptotic = errors.New("bea: asymptotic coefficients need full batch and a constant learning rate")

// ErrWhole is returned for rules whose steps are no elementwise maps of averages.
var ErrWhole = errors.New("bea: steepest descent in a norm has no map or flow here: a component of its step depends on all of the gradient")

// NewExpansion prepares the expansion of opt on obj. It fails if the rule is
// not valid or if asymptotic coefficients do not exist. settings may be nil.
func NewExpansion(opt optim.Optimizer, obj objective.TwiceDifferentiable, settings *Settings) (*Expansion, error) {
	if settings == nil {
		settings = &Settings{}
	}
	if err := opt.Rule.Validate(); err != nil {
		return nil, err
	}
	if opt.Rule.Direction != nil {
		return nil, ErrWhole
	}
	batches, dim := obj.Batches(), obj.Dim()
	if settings.Asymptotic && (batches > 1 || !opt.Schedule.Constant()) {
		return nil, ErrAsymptotic
	}
	order := settings.Order
	if order == nil {
		order = cyclic(batches)
	}
	r := len(opt.Rule.Averages)
	e := &Expansion{
		opt: opt, rule: opt.Rule, obj: obj, order: order, dim: dim,
		asymptotic: settings.Asymptotic,
		same:       make([]int, r),
		step:       newStep(r, batches),
		gradient:   vectors(batches, dim),
		input:      make([][][]float64, r),
		value:      vectors(r, dim),
		partial:    vectors(r, dim),
		dtheta:     make([]float64, dim),
		f:          make([]float64, dim),
		path:       make([][][]float64, r),
		product:    make([]float64, dim),
		factor:     make([]float64, dim),
		work:       newWindow(r, dim),
		cycle:      periodic{n: -1},
	}
	if p, ok := order.(Period); ok && batches > 1 {
		e.cycle.period = p.Period()
	}
	for i, a := range e.rule.Averages {
		e.input[i] = e.gradient
		if a.Of != optim.Identity {
			e.input[i] = vectors(batches, dim)
		}
		e.same[i] = i
		for k := range i {
			if sameWeights(a, e.rule.Averages[k]) {
				e.same[i] = k
				break
			}
		}
		if e.same[i] == i {
			e.path[i] = vectors(batches, dim)
		}
	}
	return e, nil
}

// Dim is the number of parameters.
func (e *Expansion) Dim() int { return e.dim }

// Direction writes F_n(theta), the direction of step n if every past iterate
// were theta, to dst. It costs one gradient for each batch visited so far.
func (e *Expansion) Direction(dst []float64, n int, theta []float64) error {
	if err := e.direction(n, theta); err != nil {
		return err
	}
	copy(dst, e.f)
	return nil
}

// direction evaluates gradients, accumulators and F_n at theta.
func (e *Expansion) direction(n int, theta []float64) error {
	e.step.prepare(e, n)
	for b, seen := range e.step.seen {
		if !seen {
			continue
		}
		if err := e.batch(b, theta); err != nil {
			return fmt.Errorf("bea: gradient of batch %d at step %d: %w", b, n, err)
		}
	}
	// With one theta for all steps, s_i is a sum over batches of q_i(g_b).
	for i := range e.rule.Averages {
		s := e.value[i]
		clear(s)
		for b, w := range e.step.weight[i] {
			if w != 0 {
				addScaled(s, w, e.input[i][b])
			}
		}
	}
	e.rule.Readout.Direction(e.f, e.value, theta, e.step.total)
	return nil
}

// batch evaluates the gradient of batch b, coupled decay included, and its
// functions that the averages take.
func (e *Expansion) batch(b int, theta []float64) error {
	g := e.gradient[b]
	if _, err := e.obj.Gradient(g, theta, b); err != nil {
		return err
	}
	if e.rule.L2 != 0 {
		addScaled(g, e.rule.L2, theta)
	}
	for i, a := range e.rule.Averages {
		if a.Of != optim.Identity {
			a.Of.Apply(e.input[i][b], g)
		}
	}
	return nil
}
