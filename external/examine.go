package external

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// Signs are a few numbers by which one model is told from another: those of its start
// and of its first and last batch there. They are compared with a tolerance, so that the
// same model on another machine has the same signs.
type Signs struct {
	Dim      int     `json:"dim"`
	Batches  int     `json:"batches"`
	DType    DType   `json:"dtype"`
	Start    float64 `json:"start"`    // two-norm of the point they were taken at
	Loss     float64 `json:"loss"`     // of the first batch
	Gradient float64 `json:"gradient"` // its two-norm
	LastLoss float64 `json:"last_loss"`
}

// tolerances of numbers that two computations of the same should agree in.
func (d DType) tolerance() float64 {
	if d == Float32 {
		return 1e-3
	}
	return 1e-6
}

// Differs says in what two models differ, or "".
func (s *Signs) Differs(other *Signs) string {
	near := func(a, b float64) bool {
		return a == b || math.Abs(a-b) <= s.DType.tolerance()*math.Max(math.Abs(a), math.Abs(b))
	}
	switch {
	case s.Dim != other.Dim:
		return fmt.Sprintf("%d parameters and not %d", other.Dim, s.Dim)
	case s.Batches != other.Batches:
		return fmt.Sprintf("%d batches and not %d", other.Batches, s.Batches)
	case s.DType != other.DType:
		return fmt.Sprintf("numbers of type %s and not %s", other.DType, s.DType)
	case !near(s.Start, other.Start):
		return "another start"
	case !near(s.LastLoss, other.LastLoss):
		return fmt.Sprintf("the loss %.6g of the last batch at the start and not %.6g", other.LastLoss, s.LastLoss)
	case !near(s.Loss, other.Loss):
		return fmt.Sprintf("the loss %.6g at the start and not %.6g", other.Loss, s.Loss)
	case !near(s.Gradient, other.Gradient):
		return "another gradient at the start"
	}
	return ""
}

// Examine asks the process a few questions at theta before a run relies on it: that the
// loss is a number, that the same question has the same answer, and that products, where
// they are the process's own, are derivatives of its gradients. It takes two gradients,
// of the last batch another, and for products eight more. Errors are of type [*Fault].
func (o *Objective) Examine(theta []float64) (*Signs, error) {
	fault := func(doing, what, try string) error {
		return &Fault{Peer: o.conn.peer, Doing: doing, What: what, Try: try}
	}
	n := o.Dim()
	first, second := make([]float64, n), make([]float64, n)
	loss, err := o.Gradient(first, theta, 0)
	if err != nil {
		return nil, err
	}
	size := floats.Norm(first, 2)
	if !finite(loss) || !finite(size) {
		return nil, fault("the gradient of batch 0 at the start", fmt.Sprintf("the loss is %v, the norm of the gradient %v", loss, size), "a start where both are finite numbers")
	}
	again, err := o.Gradient(second, theta, 0)
	if err != nil {
		return nil, err
	}
	const try = "a loss without dropout, noise or batches drawn anew (in PyTorch, model.eval() and a generator with a seed inside the loss)"
	if far := floats.Distance(first, second, 2); !(math.Abs(loss-again) <= o.agreement()*math.Abs(loss)) || !(far <= o.agreement()*size) {
		return nil, fault("the gradient of batch 0, asked for twice", fmt.Sprintf("the answers differ: losses %.9g and %.9g, gradients by %.2g of their size", loss, again, far/math.Max(size, math.SmallestNonzeroFloat64)), try)
	}
	s := &Signs{Dim: n, Batches: o.Batches(), DType: o.description.DType, Start: floats.Norm(theta, 2), Loss: loss, Gradient: size, LastLoss: loss}
	if last := o.Batches() - 1; last > 0 {
		if s.LastLoss, err = o.Gradient(second, theta, last); err != nil {
			return nil, err
		}
		if !finite(s.LastLoss) {
			return nil, fault(fmt.Sprintf("the gradient of batch %d at the start", last), fmt.Sprintf("the loss is %v", s.LastLoss), "a start where it is a finite number")
		}
	}
	if o.differences {
		return s, nil
	}
	return s, o.examineProduct(first, second, theta)
}

// agreement is how far two answers to one question may differ: sums in another order do.
func (o *Objective) agreement() float64 { return o.description.DType.tolerance() }

// Products are refused where differences at a step and at a quarter of it agree with each
// other better than a percent of their size, and miss the process's product by more than
// a third of it. At kinks, and where a loss changes within the steps, they do not agree,
// and nothing is said.
const (
	agreeing = 0.01
	missing  = 0.3
)

// examineProduct holds a product of the process against differences of its gradients.
func (o *Objective) examineProduct(v, product, theta []float64) error {
	rng := rand.New(rand.NewPCG(1, 0x6578616d)) // stream "exam"
	for j := range v {
		v[j] = rng.NormFloat64()
	}
	if err := o.HVP(product, theta, v, 0); err != nil {
		return err
	}
	wide, near := make([]float64, o.Dim()), make([]float64, o.Dim())
	if err := o.difference(wide, theta, v, 0, 1); err != nil {
		return err
	}
	if err := o.difference(near, theta, v, 0, 0.25); err != nil {
		return err
	}
	size := math.Max(floats.Norm(near, 2), floats.Norm(product, 2))
	if far := floats.Distance(near, product, 2); far > missing*size && floats.Distance(wide, near, 2) < agreeing*size {
		return &Fault{
			Peer: o.conn.peer, Doing: "a Hessian-vector product of batch 0 at the start",
			What: fmt.Sprintf("it is not the derivative of the process's own gradients: differences of them say otherwise by %.0f %%", 100*far/size),
			Try:  "objective.products=differences, which takes them, or a loss all of whose parts can be differentiated twice",
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
