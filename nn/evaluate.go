package nn

import (
	"fmt"

	"leeway/autodiff"
)

// Logits computes the network on examples x (row-major, of the training data's
// shape; for language models the tokens as numbers), in evaluation: batch norms
// take running statistics. The result has Len rows of the network's outputs, or
// as many for every token.
func (o *Objective) Logits(theta, x []float64) ([]float64, error) {
	if err := o.ask(0, theta); err != nil {
		return nil, err
	}
	each := autodiff.Shape(o.data.Shape).Size()
	if len(x) == 0 || len(x)%each != 0 {
		return nil, fmt.Errorf("nn: %d values do not make examples of shape %v. Try: a multiple of %d", len(x), o.data.Shape, each)
	}
	n := len(x) / each
	tokens, err := o.tokens(x)
	if err != nil {
		return nil, err
	}
	o.load(o.theta, theta)
	if err := o.runningStatistics(); err != nil {
		return nil, err
	}
	logits := make([]float64, 0, n*o.data.labelsEach()*o.outputs)
	all := o.examples(x, tokens, n)
	edges := o.settings.cut(0, n)
	for i := range len(edges) - 1 {
		r, err := o.evaluate(kindLogits, piece{rows: edges[i+1] - edges[i], x: rowsOf(all, edges[i], edges[i+1])})
		if err != nil {
			return nil, err
		}
		out := r.program.Output(0)
		for j := range out.Shape().Size() {
			logits = append(logits, out.At(j))
		}
	}
	return logits, nil
}

// evaluate runs a program in evaluation, of which the logits are the first output,
// on a piece at the parameters loaded, with the running statistics at hand.
func (o *Objective) evaluate(k kind, p piece) (*run, error) {
	r, err := o.ready(k, p.rows)
	if err != nil {
		return nil, err
	}
	for j, s := range r.net.norms {
		if err := r.bindAll([]*autodiff.Value{s.mean, s.variance}, o.running[2*j:2*j+2]); err != nil {
			return nil, fmt.Errorf("nn: %s: %w", s.name, err)
		}
	}
	if err := r.bindPiece(p); err != nil {
		return nil, err
	}
	return r, r.start()
}

// tokens are the numbers x as tokens, nil for networks that take numbers.
func (o *Objective) tokens(x []float64) ([]int32, error) {
	if o.data.Tokens == nil {
		return nil, nil
	}
	tokens := make([]int32, len(x))
	for i, v := range x {
		if tokens[i] = int32(v); float64(tokens[i]) != v {
			return nil, fmt.Errorf("nn: token %d is %v. Try: whole numbers", i, v)
		}
	}
	return tokens, checkTokens(tokens, o.data.Classes)
}

// runningStatistics computes the statistics of all batch norms at the parameters
// loaded: the average over all pieces of the training data of mean and unbiased variance.
func (o *Objective) runningStatistics() error {
	if len(o.norms) == 0 {
		return nil
	}
	if o.running == nil {
		for _, s := range o.norms {
			shape := s.mean.Shape()
			o.running = append(o.running, autodiff.NewArray(o.settings.DType, shape...), autodiff.NewArray(o.settings.DType, shape...))
		}
	}
	sums := make([][]float64, len(o.running))
	count := 0
	for _, pieces := range o.pieces {
		for _, p := range pieces {
			r, err := o.run(kindNorms, p)
			if err != nil {
				return err
			}
			count++
			for i := range sums {
				out, unbias := r.program.Output(i), 1.
				if sums[i] == nil {
					sums[i] = make([]float64, out.Shape().Size())
				}
				if i%2 == 1 {
					n := float64(r.net.norms[i/2].count)
					unbias = n / (n - 1)
				}
				for j := range sums[i] {
					sums[i][j] += unbias * out.At(j)
				}
			}
		}
	}
	for i, sum := range sums {
		for j, v := range sum {
			o.running[i].Set(j, v/float64(count))
		}
	}
	return nil
}

// Predict returns the class with the largest logit for every example x (for every
// token, in language models): see [Objective.Logits]. Of several largest it takes
// the first.
func (o *Objective) Predict(theta, x []float64) ([]int, error) {
	logits, err := o.Logits(theta, x)
	if err != nil {
		return nil, err
	}
	classes := make([]int, len(logits)/o.outputs)
	for i := range classes {
		row := logits[i*o.outputs : (i+1)*o.outputs]
		if len(row) == 1 {
			if row[0] > 0 {
				classes[i] = 1
			}
			continue
		}
		for c, z := range row {
			if z > row[classes[i]] {
				classes[i] = c
			}
		}
	}
	return classes, nil
}

// Accuracy is the share of the examples x (of the tokens, in language models)
// whose class in y has the largest logit. A tie and a NaN count as wrong.
func (o *Objective) Accuracy(theta, x []float64, y []int) (float64, error) {
	logits, err := o.Logits(theta, x)
	if err != nil {
		return 0, err
	}
	if len(y) != len(logits)/o.outputs {
		return 0, fmt.Errorf("nn: %d labels for %d predictions. Try: one label each", len(y), len(logits)/o.outputs)
	}
	right := 0
	for i, class := range y {
		if class < 0 || class >= o.data.Classes {
			return 0, fmt.Errorf("nn: label %d is %d. Try: classes 0 to %d", i, class, o.data.Classes-1)
		}
		if best(logits[i*o.outputs:(i+1)*o.outputs], class) {
			right++
		}
	}
	return float64(right) / float64(len(y)), nil
}

// best tells whether a class has the largest of the logits. The comparisons are
// such that NaN is never best.
func best[T float32 | float64](row []T, class int) bool {
	if len(row) == 1 {
		return class == 1 && row[0] > 0 || class == 0 && row[0] < 0
	}
	for c, z := range row {
		if c != class && !(row[class] > z) {
			return false
		}
	}
	return true
}
