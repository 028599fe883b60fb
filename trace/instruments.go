package trace

import (
	"fmt"
	"math"

	"leeway/bea"
	"leeway/objective"
	"leeway/rundir"
)

// Evaluation judges a model on a set of rows.
type Evaluation struct {
	Rows int
	// Measure returns mean loss and accuracy at theta. It is called by one
	// goroutine at a time.
	Measure func(theta []float64) (loss, accuracy float64, err error)
	// Cost of Measure, in forward passes over its rows; 0 is 1.
	Cost float64
}

// instruments measure the quantities of a run.
type instruments struct {
	account
	setup *Setup
	plan  []planned
	// full is the full loss, which remembers where the optimizer stood; whole is
	// the same for everybody else.
	full     *memo
	whole    *objective.FullBatch
	cheap    lossOnly // nil where the loss alone is not cheaper
	gradient []float64
	meter    *bea.Meter // nil unless bias or trust is measured
	drift    *bea.Drift // nil unless trust is, and where the memory does not suffice
	curves   *curvatures
}

// planned is a quantity with its schedule.
type planned struct {
	*quantity
	schedule schedule
	columns  int
}

// lossOnly is implemented by objectives whose loss is cheaper than their gradient.
type lossOnly interface {
	Loss(theta []float64, k int) (float64, error)
}

// driftValues bounds the memory of the realised and predicted drift: gradients and
// more of every batch.
const driftValues = 1 << 28

func newInstruments(s *Setup, base *objective.Counter, full *memo) (*instruments, error) {
	in := &instruments{
		account: newAccount(base, s.Measures), setup: s,
		full: full, whole: objective.NewFullBatch(base), gradient: make([]float64, len(s.Start)),
	}
	in.cheap, _ = base.TwiceDifferentiable.(lossOnly)
	wanted := map[string]bool{}
	for _, m := range s.Measures {
		q := known(m.Quantity)
		in.plan = append(in.plan, planned{q, m.When.schedule(s.Steps), len(q.columns(s))})
		wanted[m.Quantity] = true
	}
	var err error
	if wanted["bias"] || wanted["trust"] {
		if in.meter, err = bea.NewMeter(s.Optimizer, full); err != nil {
			return nil, err
		}
	}
	if each := 1 + len(s.Optimizer.Rule.Averages); wanted["trust"] && 2*each*base.Batches()*base.Dim() <= driftValues {
		settings := &bea.Settings{}
		if s.Order != nil {
			settings.Order = s.Order.Clone()
		}
		var obj objective.TwiceDifferentiable = base
		if base.Batches() == 1 {
			obj = full
		}
		if in.drift, err = bea.NewDrift(s.Optimizer, obj, settings); err != nil {
			return nil, err
		}
	}
	in.curves = newCurvatures(s, in)
	return in, nil
}

// due reports whether a quantity is measured at step n.
func (in *instruments) due(n int) bool {
	for _, p := range in.plan {
		if p.schedule.due(n) {
			return true
		}
	}
	return false
}

// after is the next step at which a quantity is due.
func (in *instruments) after(n int) int {
	next := math.MaxInt
	for _, p := range in.plan {
		next = min(next, p.schedule.after(n))
	}
	return next
}

// needsGradient reports whether what is measured at step n needs loss or gradient.
func (in *instruments) needsGradient(n int, all bool) bool {
	for _, p := range in.plan {
		if (all || p.schedule.due(n)) && p.asks() != nothing {
			return true
		}
	}
	return false
}

// process appends the quantities of one process that are due, and missing values
// for the others.
func (in *instruments) process(row []float64, at *place, all bool) ([]float64, error) {
	for _, p := range in.plan {
		if (all || p.schedule.due(at.step)) && (!p.leads || at.lead != nil) {
			at.wants = max(at.wants, p.asks())
		}
	}
	for _, p := range in.plan {
		if p.leads && at.lead == nil {
			continue
		}
		start := len(row)
		for range p.columns {
			row = append(row, rundir.Missing())
		}
		if !all && !p.schedule.due(at.step) {
			continue
		}
		if at.stopped {
			for i := start; i < len(row); i++ {
				row[i] = math.NaN()
			}
			continue
		}
		if at.lead != nil {
			in.spent[p.name].Count++
		}
		if err := in.charge(p.name, func() error { return in.measure(row[start:], p.name, at) }); err != nil {
			return row, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return row, nil
}

// measure writes the columns of one quantity to dst.
func (in *instruments) measure(dst []float64, quantity string, at *place) (err error) {
	switch quantity {
	case "loss":
		dst[0], err = in.loss(at)
	case "accuracy", "test_loss", "train_accuracy", robustAccuracy, robustTrainAccuracy:
		err = in.judge(dst, quantity, at)
	case "parameter_norm":
		dst[0], dst[1] = largest(at.theta), bea.TwoNorm(at.theta)
	case "bias", "trust":
		err = in.read(dst, quantity, at)
	case marginQuantity:
		in.margins(dst, at.theta)
	case robustQuantity:
		dst[0], dst[1] = in.setup.RobustMargin.Read(at.theta)
	case "noise_scale":
		dst[0], err = in.full.noiseScale(in.gradient, at.theta, in.rows())
	case "sharpness", "preconditioned_sharpness", "hessian_trace", "density":
		err = in.curves.measure(dst, quantity, at)
	default:
		err = in.norms(dst, quantity, at)
	}
	return err
}

// rows is the number of training rows, 0 where there are none.
func (in *instruments) rows() int {
	if in.setup.Train == nil {
		return 0
	}
	return in.setup.Train.Rows
}
