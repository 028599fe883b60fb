package optim

import "fmt"

// Readout is the elementwise map phi from accumulators and parameters to the
// direction F of a step theta <- theta - h F.
//
// Arguments are parallel slices over a range of coordinates: s[i] holds
// accumulator i there. total[i] is the sum of the weights of accumulator i so
// far, for readouts whose constants depend on it (see [Ageing]); the number of the
// step and its learning rate may follow (see [Rule.SetTotals]).
type Readout interface {
	// Direction writes F = phi(s, theta) to dst.
	Direction(dst []float64, s [][]float64, theta, total []float64)
	// Partials writes dphi/ds_i to ds[i] and dphi/dtheta to dtheta.
	Partials(ds [][]float64, dtheta []float64, s [][]float64, theta, total []float64)
}

// Ageing marks a readout that depends on the total weights themselves and not
// only through corrected averages, so that it changes from step to step.
type Ageing interface {
	Ages()
}

// Preconditioned is implemented by a readout of the form F = P s_0 + decay:
// the first accumulator times a positive factor.
type Preconditioned interface {
	// Scale writes the factor P to dst.
	Scale(dst []float64, s [][]float64, total []float64)
}

// Rule is the definition of an optimizer: accumulators and a readout.
type Rule struct {
	// Name as in a config: "adam".
	Name string
	// Formula is the direction as its author wrote it, of a [Custom] rule.
	Formula string
	// Averages are the accumulators, in the order in which the readout sees
	// them; the first is the one of the gradient itself.
	Averages []Average
	// Readout maps them to the direction.
	Readout Readout
	// L2 adds L2*theta to every gradient before anything else (coupled decay).
	L2 float64
	// Eps is the stability constant, and EpsMode where it stands (if any).
	Eps     float64
	EpsMode EpsMode
	// WeightDecay is the decoupled decay that the readout adds, kept here for
	// formulas and messages.
	WeightDecay float64
	// Nonsmooth marks readouts without derivatives (sign): no order of
	// accuracy is promised where a gradient changes sign.
	Nonsmooth bool
	// Direction, if not nil, takes the place of the gradient of the regularised loss. It
	// is no elementwise map, so that maps, flows and coefficients do not know it.
	Direction *Direction
}

// Validate reports the first thing wrong with the definition, or nil.
func (r *Rule) Validate() error {
	if r.Readout == nil || len(r.Averages) == 0 {
		return fmt.Errorf("optim: rule %q needs a readout and at least one average", r.Name)
	}
	for _, a := range r.Averages {
		if err := a.validate(); err != nil {
			return err
		}
	}
	return nil
}

// Linear reports whether the direction is linear in the gradients, as for gradient
// descent with and without momentum; the other rules normalise it.
func (r *Rule) Linear() bool {
	if r.Direction != nil {
		return false
	}
	switch readout := r.Readout.(type) {
	case linear:
		return true
	case *preconditioned:
		return readout.linear
	}
	return false
}

// SecondMoment reports whether the rule divides its first average by a function of
// its second, an exponential average of the squared gradient: F = s_0 / D(s_1) +
// decay theta.
func (r *Rule) SecondMoment() bool {
	if _, ok := r.Readout.(Preconditioned); !ok || len(r.Averages) != 2 {
		return false
	}
	if f, ok := r.Readout.(*preconditioned); ok && (f.own || f.clocked) {
		return false
	}
	v := r.Averages[1]
	return v.Of == Square && !v.Memoryless() && v.New == 1 && v.Old == 0 && v.Direct == 0
}

// Clocked reports whether the direction depends on the number of the step or on
// its learning rate otherwise than through the averages.
func (r *Rule) Clocked() bool {
	c, ok := r.Readout.(interface{ Clocked() bool })
	return ok && c.Clocked()
}

// AddedDecay is the decoupled decay that stands beside the formula of a [Custom]
// rule and not in it: its key weight_decay. It is 0 for other rules.
func (r *Rule) AddedDecay() float64 {
	switch f := r.Readout.(type) {
	case *formula:
		return f.decay
	case *preconditioned:
		return f.decay
	}
	return 0
}

// NewTotals is room for what a readout is told of a step.
func (r *Rule) NewTotals() []float64 { return make([]float64, len(r.Averages)+2) }

// SetTotals writes what readouts are told of step n (of the limit n -> infinity
// for negative n) with the learning rate h to dst, which is from [Rule.NewTotals]:
// the sums of the weights of the averages, n and h.
func (r *Rule) SetTotals(dst []float64, n int, h float64) {
	for i, a := range r.Averages {
		dst[i] = a.TotalWeight(n)
	}
	setClock(dst, n, h)
}

// late stands for the number of a step that is infinitely late; its reciprocal is
// as good as 0, and n/(n+1) is 1.
const late = 1 << 53

// setClock writes n and h behind the totals.
func setClock(total []float64, n int, h float64) {
	if n < 0 {
		n = late
	}
	total[len(total)-2], total[len(total)-1] = float64(n), h
}

// clock is n and h as they stand behind the totals of r averages; where they are
// missing it is late, and steps are small.
func clock(total []float64, r int) [2]float64 {
	if len(total) < r+2 {
		return [2]float64{late, 0}
	}
	return [2]float64{total[r], total[r+1]}
}

// Memory is the number of past steps that still matter to rounding accuracy.
func (r *Rule) Memory() int {
	memory := 0
	for _, a := range r.Averages {
		memory = max(memory, a.Memory())
	}
	return memory
}

// MeanLag is the largest mean lag tau of the averages at step n (negative n:
// in the limit), the length of the optimizer's memory in steps.
func (r *Rule) MeanLag(n int) float64 {
	lag := 0.0
	for _, a := range r.Averages {
		lag = max(lag, a.MeanLag(n))
	}
	return lag
}

// Steady reports whether in full batch the direction at fixed theta is the same
// at all steps: every accumulator is divided by its weights or has no memory, and
// the readout is not [Ageing].
func (r *Rule) Steady() bool {
	if _, ages := r.Readout.(Ageing); ages || r.Clocked() {
		return false
	}
	for _, a := range r.Averages {
		if !a.Corrected && !a.Memoryless() {
			return false
		}
	}
	return true
}
