package nn

import (
	"fmt"
	"slices"

	"leeway/autodiff"
)

// Evaluation is a network on a set of examples, to be judged on them as often as
// wanted. It has memory of its own, so it may work beside its objective; one
// goroutine at a time may use it.
type Evaluation struct {
	o      *Objective
	pieces []piece
	labels int // in all
}

// Evaluation prepares examples of the training data's kind. Data that does not
// fit the network is an error.
func (o *Objective) Evaluation(on Data) (*Evaluation, error) {
	on.Classes = o.data.Classes
	if err := on.check(); err != nil {
		return nil, err
	}
	if !slices.Equal(on.Shape, o.data.Shape) || (on.Tokens == nil) != (o.data.Tokens == nil) {
		return nil, fmt.Errorf("nn: examples of shape %v for a network on examples of shape %v. Try: data of the same kind as the training data", on.Shape, o.data.Shape)
	}
	n := on.Len()
	pieces := o.cut(o.examples(on.X, on.Tokens, n), o.labels(on.Y), 0, n)
	return &Evaluation{o: o.clone(), pieces: pieces, labels: len(on.Y)}, nil
}

// OnTraining is the evaluation on the training data, of which it makes no copy.
func (o *Objective) OnTraining() *Evaluation {
	return &Evaluation{o: o.clone(), pieces: o.Full().pieces[0], labels: len(o.data.Y)}
}

// Rows is the number of examples.
func (e *Evaluation) Rows() int { return e.labels / e.o.data.labelsEach() }

// Measure returns the mean loss and the accuracy at theta, both in evaluation (see
// [Objective.Logits] and [Objective.Accuracy]). Without batch norms the loss on the
// training data is that of the full batch, up to rounding.
func (e *Evaluation) Measure(theta []float64) (loss, accuracy float64, err error) {
	o := e.o
	if err := o.ask(0, theta); err != nil {
		return 0, 0, err
	}
	o.load(o.theta, theta)
	if err := o.runningStatistics(); err != nil {
		return 0, 0, err
	}
	right := 0
	for _, p := range e.pieces {
		r, err := o.evaluate(kindJudge, p)
		if err != nil {
			return 0, 0, err
		}
		loss += p.weight * r.program.Output(1).At(0)
		if out := r.program.Output(0); o.settings.DType == autodiff.Float64 {
			right += rightOf(out.Float64s(), p.y.Float64s(), o.outputs)
		} else {
			right += rightOf(out.Float32s(), p.y.Float32s(), o.outputs)
		}
	}
	return loss, float64(right) / float64(e.labels), nil
}

// rightOf counts the labels whose logit is the largest.
func rightOf[T float32 | float64](logits, labels []T, outputs int) int {
	right := 0
	for i, class := range labels {
		if best(logits[i*outputs:(i+1)*outputs], int(class)) {
			right++
		}
	}
	return right
}

// Full is the network with one batch that holds all examples: what it computes are
// the weighted means over the batches of o, so that a linearization is that of the
// full loss. A batch norm still takes its statistics over the physical batches of
// o. It shares data and programs with o, but no memory that is written to.
func (o *Objective) Full() *Objective {
	m := *o.model
	m.settings.Batches, m.settings.BatchSize = 0, 0
	m.edges = []int{0, o.data.Len()}
	var all []piece
	for k, pieces := range o.pieces {
		for _, p := range pieces {
			p.weight *= o.Weight(k)
			all = append(all, p)
		}
	}
	m.pieces = [][]piece{all}
	full := &Objective{model: &m}
	full.allocate()
	return full
}
