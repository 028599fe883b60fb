package trace

import (
	"math"
	"slices"

	"leeway/bea"
	"leeway/curvature"
)

// place is where a process stands when it is measured, and what has been found
// there for one quantity and serves another.
type place struct {
	step  int
	theta []float64
	lead  *leader // the optimizer, nil for the others
	wants question
	// stopped marks a process that has no place any more: all is NaN.
	stopped bool

	asked    question // of which gradient and loss are the answer
	loss     float64
	judged   []judged
	reading  *bea.Reading
	operator curvature.Operator // the Hessian of the full training loss
}

// question is what a quantity asks of the training loss.
type question int

const (
	nothing question = iota
	itsLoss
	itsGradient
)

// asks is what a quantity asks of the training loss at its own place.
func (q *quantity) asks() question {
	switch q.name {
	case "loss":
		return itsLoss
	case "one_norm", "perturbed_one_norm", "two_norm", "gradient_size", kktQuantity, "bias", "trust", "noise_scale":
		return itsGradient
	}
	return nothing
}

// judged is the outcome of an evaluation.
type judged struct {
	by             *Evaluation
	loss, accuracy float64
}

// ask has loss and gradient at the place, or the loss alone where nothing that is
// due wants the gradient and it is cheaper so. Full batch goes by the gradient
// always: the optimizer has asked for it.
func (in *instruments) ask(at *place, q question) (err error) {
	if at.asked >= q {
		return nil
	}
	batches := in.base.Batches()
	if at.wants < itsGradient && in.cheap != nil && (batches > 1 || at.lead == nil) {
		at.loss, at.asked = 0, itsLoss
		for k := range batches {
			loss, err := in.cheap.Loss(at.theta, k)
			if err != nil {
				return err
			}
			at.loss += in.base.Weight(k) * loss
		}
		in.gradients += forwardCost
		return nil
	}
	if at.lead != nil {
		at.loss, err = in.full.Gradient(in.gradient, at.theta, 0)
	} else {
		at.loss, err = in.whole.Gradient(in.gradient, at.theta, 0)
	}
	at.asked = itsGradient
	return err
}

func (in *instruments) loss(at *place) (float64, error) {
	err := in.ask(at, itsLoss)
	return at.loss, err
}

// norms measures the size of the gradient.
func (in *instruments) norms(dst []float64, quantity string, at *place) error {
	if err := in.ask(at, itsGradient); err != nil {
		return err
	}
	g := in.gradient
	switch quantity {
	case "one_norm":
		dst[0] = bea.OneNorm(g)
	case "two_norm":
		dst[0] = bea.TwoNorm(g)
	case "perturbed_one_norm":
		dst[0] = bea.PerturbedOneNorm(g, in.setup.Optimizer.Rule.Eps)
	case kktQuantity:
		k := ballOf(in.setup.Optimizer.Rule, at.theta, g)
		dst[0], dst[1] = k.Size, k.Ratio
	default: // mean and standard deviation of |g_j|
		mean, spread := bea.OneNorm(g)/float64(len(g)), 0.0
		for _, x := range g {
			d := math.Abs(x) - mean
			spread += d * d
		}
		dst[0], dst[1] = mean, math.Sqrt(spread/float64(len(g)))
	}
	return nil
}

// robustAccuracy and robustTrainAccuracy are the names of accuracies under an attack.
const (
	robustAccuracy      = "robust_accuracy"
	robustTrainAccuracy = "robust_train_accuracy"
)

// evaluation is what judges a quantity.
func (s *Setup) evaluation(quantity string) *Evaluation {
	switch {
	case quantity == "train_accuracy":
		return s.Train
	case quantity == robustTrainAccuracy:
		return s.RobustTrain
	case quantity == robustAccuracy || quantity == "test_loss" && s.RobustLoss:
		return s.RobustTest
	}
	return s.Test
}

// judge measures the model on rows to test or to train on.
func (in *instruments) judge(dst []float64, quantity string, at *place) error {
	rows := in.setup.evaluation(quantity)
	i := slices.IndexFunc(at.judged, func(j judged) bool { return j.by == rows })
	if i < 0 {
		loss, accuracy, err := rows.Measure(at.theta)
		if err != nil {
			return err
		}
		i, at.judged = len(at.judged), append(at.judged, judged{rows, loss, accuracy})
		if trained := in.rows(); trained > 0 {
			in.gradients += forwardCost * rows.cost() * float64(rows.Rows) / float64(trained)
		}
	}
	dst[0] = at.judged[i].accuracy
	if quantity == "test_loss" {
		dst[0] = at.judged[i].loss
	}
	return nil
}

// cost is that of Measure, in forward passes.
func (e *Evaluation) cost() float64 { return max(e.Cost, 1) }

// read measures bias and trust. The drift is that of the step just taken, from
// where it was taken.
func (in *instruments) read(dst []float64, quantity string, at *place) error {
	if at.reading == nil {
		r, err := in.meter.Measure(at.theta, at.step)
		if err != nil {
			return err
		}
		at.reading = &r
	}
	r := at.reading
	if quantity == "bias" {
		copy(dst, []float64{r.Penalized, r.AntiPenalized, r.BiasRatio, r.NormRate, r.BiasCosine})
		return nil
	}
	copy(dst, []float64{r.TrustMax, r.TrustP99, r.TrustShare})
	if in.drift == nil {
		return nil // the two columns of the drift stay missing
	}
	d := bea.DriftReading{Cosine: math.NaN(), Ratio: math.NaN()}
	if at.lead.last != nil {
		var err error
		if d, err = in.drift.Measure(at.lead.last, at.lead.before, at.step-1); err != nil {
			return err
		}
	}
	copy(dst[3:], []float64{d.Cosine, d.Ratio})
	return nil
}
