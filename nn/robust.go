package nn

import (
	"fmt"
	"slices"

	"leeway/autodiff"
	"leeway/objective"
)

// PGD is an attack on examples by projected gradient ascent: steps along the sign of the
// gradient of the loss with respect to the values of an example, each of which moves by
// at most Radius. Radius 0 is no attack.
//
// Source: Madry et al., "Towards Deep Learning Models Resistant to Adversarial Attacks"
// (ICLR 2018); from the example itself, as in the released code of arXiv 2406.04981.
type PGD struct {
	Radius float64
	// Steps of the attack, by default 10, each of length Step, by default Radius/5.
	Steps int
	Step  float64
	// Low and High bound the values of attacked examples. Both zero: no bounds.
	Low, High float64
}

// resolve writes out the defaults and checks.
func (a *PGD) resolve() error {
	if a.Steps == 0 {
		a.Steps = 10
	}
	if a.Step == 0 {
		a.Step = a.Radius / 5
	}
	if !(a.Radius >= 0 && a.Radius <= 1e30 && a.Step >= 0 && a.Step <= 1e30) || a.Steps < 0 || a.Low > a.High || a.Low != a.Low || a.High != a.High {
		return fmt.Errorf("nn: an attack of radius %v in %d steps of %v, within %v and %v. Try: positive numbers, and a lower bound below the upper", a.Radius, a.Steps, a.Step, a.Low, a.High)
	}
	return nil
}

// Robust is a network whose examples are attacked anew, at the parameters that it is
// asked about, before the loss is taken: the mean loss of every batch under the attack
// as a function of theta. Gradient and products hold the attacked examples fixed, which
// is exact almost everywhere: a step along signs moves an example by the same amount
// wherever no sign changes, so that attacked examples are piecewise constant in theta.
// One value serves one goroutine at a time.
type Robust struct {
	o      *Objective // its pieces hold the attacked examples
	clean  [][]piece
	attack PGD
	slope  map[int]autodiff.Array // of the loss by an example's values, by the rows of a piece
	labels int

	at   []float64 // where the batches that are done were attacked
	done []bool
}

var (
	_ objective.TwiceDifferentiable = (*Robust)(nil)
	_ objective.Cloner              = (*Robust)(nil)
	_ objective.Weighted            = (*Robust)(nil)
	_ objective.Starter             = (*Robust)(nil)
)

// Against prepares training under an attack. A network of tokens, one with batch norms,
// whose examples depend on each other, and settings out of range are errors.
func (o *Objective) Against(attack PGD) (*Robust, error) {
	if err := o.admits(&attack); err != nil {
		return nil, err
	}
	return o.attacked(attack, o.pieces, len(o.data.Y)), nil
}

// admits writes out the defaults of an attack and says why the network cannot be attacked
// so.
func (o *Objective) admits(attack *PGD) error {
	switch {
	case o.data.Tokens != nil:
		return fmt.Errorf("nn: tokens cannot be moved by an attack. Try: a network on numbers")
	case len(o.norms) > 0:
		return fmt.Errorf("nn: batch norms let examples depend on each other, and an attack is on each alone. Try: a network without them, such as the CNN or an MLP")
	}
	return attack.resolve()
}

// attacked shares the network and the clean pieces.
func (o *Objective) attacked(attack PGD, clean [][]piece, labels int) *Robust {
	m := *o.model
	m.pieces = nil
	r := &Robust{clean: clean, attack: attack, slope: map[int]autodiff.Array{}, labels: labels, done: make([]bool, len(clean))}
	for _, pieces := range clean {
		var own []piece
		for _, p := range pieces {
			p.x = autodiff.NewArray(p.x.DType(), p.x.Shape()...)
			own = append(own, p)
			if _, ok := r.slope[p.rows]; !ok {
				r.slope[p.rows] = autodiff.NewArray(p.x.DType(), p.x.Shape()...)
			}
		}
		m.pieces = append(m.pieces, own)
	}
	r.o = &Objective{model: &m}
	r.o.allocate()
	return r
}

// On is the same network on other examples, all in one batch, to be judged under an
// attack. Data that does not fit, and what [Objective.Against] refuses, are errors.
func (o *Objective) On(data Data, attack PGD) (*Robust, error) {
	if err := o.admits(&attack); err != nil {
		return nil, err
	}
	e, err := o.Evaluation(data)
	if err != nil {
		return nil, err
	}
	return o.attacked(attack, [][]piece{e.pieces}, e.labels), nil
}

// Dim is the number of parameters.
func (r *Robust) Dim() int { return r.o.dim }

// Batches is the number of batches.
func (r *Robust) Batches() int { return len(r.clean) }

// Weight is the share of the examples that batch k holds.
func (r *Robust) Weight(k int) float64 {
	if len(r.clean) == 1 {
		return 1
	}
	return r.o.Weight(k)
}

// ask checks a question.
func (r *Robust) ask(k int, vectors ...[]float64) error {
	if k < 0 || k >= len(r.clean) {
		return fmt.Errorf("nn: batch %d does not exist, batches are 0 to %d. Try: a batch below %d", k, len(r.clean)-1, len(r.clean))
	}
	return r.o.ask(0, vectors...)
}

// assail attacks batch k at theta, which it loads, unless it did so there before.
func (r *Robust) assail(theta []float64, k int) error {
	r.o.load(r.o.theta, theta)
	if !slices.Equal(r.at, theta) {
		r.at = append(r.at[:0], theta...)
		clear(r.done)
	}
	if r.done[k] {
		return nil
	}
	for i := range r.clean[k] {
		if err := r.assault(k, i); err != nil {
			return err
		}
	}
	r.done[k] = true
	return nil
}

// Gradient attacks batch k at theta and writes the gradient of its mean loss, which it
// returns.
func (r *Robust) Gradient(dst, theta []float64, k int) (loss float64, err error) {
	if err := r.ask(k, dst, theta); err != nil {
		return 0, err
	}
	if err := r.assail(theta, k); err != nil {
		return 0, err
	}
	return r.o.accumulate(kindGradient, k, dst)
}

// HVP attacks batch k at theta and writes the Hessian of its mean loss at the attacked
// examples, times v.
func (r *Robust) HVP(dst, theta, v []float64, k int) error {
	if err := r.ask(k, dst, theta, v); err != nil {
		return err
	}
	if err := r.assail(theta, k); err != nil {
		return err
	}
	r.o.load(r.o.direction, v)
	_, err := r.o.accumulate(kindProduct, k, dst)
	return err
}

// Start returns the initial parameters of the network.
func (r *Robust) Start() []float64 { return r.o.Start() }

// StartOf returns those of another seed.
func (r *Robust) StartOf(seed uint64) []float64 { return r.o.StartOf(seed) }

// Rows is the number of examples.
func (r *Robust) Rows() int { return r.labels }

// Clone is the same for another goroutine.
func (r *Robust) Clone() objective.TwiceDifferentiable {
	return r.o.attacked(r.attack, r.clean, r.labels)
}

// Attacked attacks batch k at theta and returns its examples, one after the other.
func (r *Robust) Attacked(theta []float64, k int) ([]float64, error) {
	if err := r.ask(k, theta); err != nil {
		return nil, err
	}
	if err := r.assail(theta, k); err != nil {
		return nil, err
	}
	var all []float64
	for i := range r.clean[k] {
		x := r.o.pieces[k][i].x
		for j := range x.Shape().Size() {
			all = append(all, x.At(j))
		}
	}
	return all, nil
}

// Measure returns mean loss and accuracy of all examples under the attack at theta.
func (r *Robust) Measure(theta []float64) (loss, accuracy float64, err error) {
	if err := r.ask(0, theta); err != nil {
		return 0, 0, err
	}
	o, right := r.o, 0
	for k, pieces := range o.pieces {
		if err := r.assail(theta, k); err != nil {
			return 0, 0, err
		}
		for _, p := range pieces {
			run, err := o.evaluate(kindJudge, p)
			if err != nil {
				return 0, 0, err
			}
			loss += r.Weight(k) * p.weight * run.program.Output(1).At(0)
			if out := run.program.Output(0); o.settings.DType == autodiff.Float64 {
				right += rightOf(out.Float64s(), p.y.Float64s(), o.outputs)
			} else {
				right += rightOf(out.Float32s(), p.y.Float32s(), o.outputs)
			}
		}
	}
	return loss, float64(right) / float64(r.labels), nil
}

// assault attacks a piece at the parameters loaded.
func (r *Robust) assault(batch, i int) error {
	from, to := r.clean[batch][i], r.o.pieces[batch][i]
	slope := r.slope[to.rows]
	if to.x.DType() == autodiff.Float64 {
		return ascend(r, to, slope, from.x.Float64s(), to.x.Float64s(), slope.Float64s())
	}
	return ascend(r, to, slope, from.x.Float32s(), to.x.Float32s(), slope.Float32s())
}

// ascend is the attack on the values x of a piece, which are clean before.
func ascend[T float32 | float64](r *Robust, p piece, slope autodiff.Array, clean, x, g []T) error {
	copy(x, clean)
	a := r.attack
	if a.Radius == 0 {
		return nil
	}
	radius, step, low, high := T(a.Radius), T(a.Step), T(a.Low), T(a.High)
	bounded := a.Low != 0 || a.High != 0
	for range a.Steps {
		run, err := r.o.ready(kindExamples, p.rows)
		if err != nil {
			return err
		}
		if err := run.bindResults(0, []autodiff.Array{slope}); err != nil {
			return err
		}
		if err := run.bindPiece(p); err != nil {
			return err
		}
		if err := run.start(); err != nil {
			return err
		}
		for j, c := range clean {
			v := x[j]
			switch {
			case g[j] > 0:
				v += step
			case g[j] < 0:
				v -= step
			}
			v = min(max(v, c-radius), c+radius)
			if bounded {
				v = min(max(v, low), high)
			}
			x[j] = v
		}
	}
	return nil
}
