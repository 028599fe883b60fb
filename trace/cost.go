package trace

import (
	"math"
	"slices"
	"strings"

	"leeway/optim"
)

// Workload is what the cost of a run and of its measurements depends on. All costs
// are in gradients of the full training loss, and known before anything is
// computed, so that what they decide does not depend on the machine.
type Workload struct {
	Steps     int
	Batches   int
	Processes []string // besides the optimizer
	Optimizer optim.Optimizer
	// Rows and TestRows are the numbers of rows to train and to test on; 0 where
	// there are none.
	Rows, TestRows int
	// Network marks a network: its loss alone is cheaper than its gradient, and
	// its processes share the machine, while others have a thread each.
	Network bool
	// Margins marks a linear model of two classes, whose margins can be measured.
	Margins bool
	// RobustMargin marks one under an attack, whose robust margin can be.
	RobustMargin bool
	// Attacked is the cost of judging a model under its attack, in judgements without
	// one; 0 where there is no attack.
	Attacked float64
	// RobustLoss marks a loss that is under the attack.
	RobustLoss bool
	// Modified marks an optimizer whose steps have the bias term added.
	Modified   bool
	Integrator Integrator
	// MomentSubsteps is as in a Setup; 0 is what the fastest memory needs.
	MomentSubsteps int
	// Top is the number of eigenvalues of the quantities of sharpness.
	Top int
}

// Costs in gradients, rounded from measurements on networks (see leeway bench).
const (
	productCost   = 2.2 // a Hessian-vector product at a new point
	linearizeCost = 1.2 // what all products at one point have in common
	linearCost    = 1.5 // a product of a linearization
	forwardCost   = 0.45
)

// Products that a search takes which starts from the vectors of the last one, rounded
// up from measurements.
const (
	lanczosProducts = 12 // for one eigenvalue
	lanczosMore     = 6  // for each eigenvalue more
)

// workload is that of a setup.
func (s *Setup) workload() Workload {
	w := Workload{
		Steps: s.Steps, Batches: s.Objective.Batches(), Processes: s.Processes, Optimizer: s.Optimizer, Network: s.network() != nil,
		Margins: s.Margins != nil, RobustMargin: s.RobustMargin != nil, Modified: s.Bias != 0, Integrator: s.Integrator, MomentSubsteps: s.MomentSubsteps, Top: s.Top,
	}
	if s.Train != nil {
		w.Rows = s.Train.Rows
	}
	if s.Test != nil {
		w.TestRows = s.Test.Rows
	}
	if s.RobustTrain != nil {
		w.Attacked, w.RobustLoss = s.RobustTrain.cost(), s.RobustLoss
	}
	return w
}

// Step is the cost of one step of all processes.
func (w *Workload) Step() float64 {
	lead, sum, longest := 1/float64(max(w.Batches, 1)), 0.0, 0.0
	corrected := 1 + productCost*float64(w.products())
	if w.Modified {
		lead += corrected
	}
	for _, p := range w.Processes {
		field := 1.0
		if strings.HasSuffix(p, "-2") {
			field = corrected
		}
		switch {
		case p == Discrete:
			continue
		case strings.HasPrefix(p, "flow"):
			field *= w.evaluations()
		case strings.HasPrefix(p, "moments"):
			if strings.HasSuffix(p, "-2") {
				field = 1 + productCost
			}
			field *= 4 * float64(w.substeps())
		}
		sum, longest = sum+field, max(longest, field)
	}
	if w.Network {
		return lead + sum
	}
	return lead + longest
}

// products are those of the corrected field: at most two of every batch.
func (w *Workload) products() int {
	if w.Batches > 1 || !w.Optimizer.Rule.Steady() {
		return 2
	}
	return 1
}

// evaluations of a flow's field for one step.
func (w *Workload) evaluations() float64 {
	stages := map[string]int{"euler": 1, "heun": 2, "rk4": 4}[w.Integrator.Method]
	if stages == 0 {
		return 7 // Dormand-Prince, where every interval begins anew
	}
	return float64(stages * max(w.Integrator.Substeps, 1))
}

// substeps of the flows with moments, as bea.Moments has them.
func (w *Workload) substeps() int {
	if w.MomentSubsteps > 0 {
		return w.MomentSubsteps
	}
	fastest := 0.0
	for _, a := range w.Optimizer.Rule.Averages {
		if a.Decay > 0 && !a.Memoryless() {
			fastest = max(fastest, -math.Log(a.Decay))
		}
	}
	return max(2, int(math.Ceil(fastest/0.085)))
}

// followers is the number of processes besides the optimizer.
func (w *Workload) followers() float64 {
	n := len(w.Processes)
	if slices.Contains(w.Processes, Discrete) {
		n--
	}
	return float64(n)
}

// Cost is what one measurement of a quantity costs, of all processes that it is
// measured of, where the loss is measured at the same step. In full batch the
// optimizer's next step asks for loss and gradient anyway, so they cost nothing.
func (w *Workload) Cost(quantity string) float64 {
	processes, gradient, loss := 1+w.followers(), 1.0, 1.0
	if w.Network {
		loss = forwardCost
	}
	asked := processes // those whose gradient is not at hand
	if w.Batches <= 1 {
		asked--
	}
	evaluated := 0.0
	if w.Rows > 0 {
		evaluated = processes * forwardCost * float64(w.TestRows) / float64(w.Rows)
	}
	bias := productCost
	if w.Optimizer.Rule.WeightDecay != 0 {
		bias += productCost
	}
	if !w.Optimizer.Rule.Steady() || !w.Optimizer.Schedule.Constant() {
		bias += gradient + 2*productCost
	}
	if w.Batches > 1 {
		bias += gradient - loss
	}
	eigen := linearizeCost + linearCost*float64(lanczosProducts+lanczosMore*(max(w.Top, 1)-1))
	switch quantity {
	case "loss":
		return asked * loss
	case "accuracy":
		return evaluated
	case "test_loss":
		if w.RobustLoss {
			return evaluated * w.Attacked
		}
		return evaluated
	case robustAccuracy:
		return evaluated * w.Attacked
	case "train_accuracy":
		return processes * forwardCost
	case robustTrainAccuracy:
		return processes * forwardCost * w.Attacked
	case "one_norm", "perturbed_one_norm", "two_norm", "gradient_size", kktQuantity:
		return asked * (gradient - loss + forwardCost/10)
	case "noise_scale":
		return gradient - loss
	case "bias":
		return bias
	case "trust": // the reading of bias, and the drift of the step before
		drift := productCost * float64(w.products())
		if w.Batches > 1 {
			drift += gradient
		}
		return drift
	case "sharpness", "preconditioned_sharpness":
		return eigen
	case "hessian_trace":
		return linearizeCost + linearCost*3*traceProbes
	case "density":
		return linearizeCost + linearCost*densityProbes*densitySteps
	}
	return 0
}
