package nn

import (
	"cmp"
	"slices"

	"leeway/autodiff/cpu"
)

// Work is what one computation on a batch costs, counted on its plan: it does not
// depend on the machine.
type Work struct {
	// ProductFLOP are the operations of matrix products and convolutions, a
	// multiplication and an addition each counted as one.
	ProductFLOP float64
	// ElementwiseFLOP are those of all other arithmetic.
	ElementwiseFLOP float64
	// BytesMoved is the traffic of arrays between kernels.
	BytesMoved float64
	// PeakBytes is the memory of the programs, beside data and parameters. It
	// does not grow with the number of pieces.
	PeakBytes int
}

// Stats are the costs of what an objective computes, for batch 0.
type Stats struct {
	// Parameters is the length of theta.
	Parameters int
	// Pieces is the number of physical batches that batch 0 is worked off in.
	Pieces int
	// Gradient is loss and gradient; HVP is loss, gradient and one product.
	Gradient, HVP Work
	// Linearize is what a linearization costs once and LinearizedHVP what
	// every product does then.
	Linearize, LinearizedHVP Work
}

// Stats compiles the programs of batch 0 and counts.
func (o *Objective) Stats() (Stats, error) {
	s := Stats{Parameters: o.dim, Pieces: len(o.pieces[0])}
	for k, w := range map[kind]*Work{kindGradient: &s.Gradient, kindBoth: &s.HVP, kindBase: &s.Linearize, kindLinear: &s.LinearizedHVP} {
		seen := map[int]bool{}
		for _, p := range o.pieces[0] {
			plan, err := o.plan(k, p.rows)
			if err != nil {
				return Stats{}, err
			}
			c := plan.prototype.Stats()
			w.ProductFLOP += c.ProductFLOP
			w.ElementwiseFLOP += c.ElementwiseFLOP
			w.BytesMoved += c.BytesMoved
			if !seen[p.rows] { // pieces of one size share their program's memory
				w.PeakBytes += c.PeakBytes
			}
			seen[p.rows] = true
		}
	}
	return s, nil
}

// Profile is where the time of one program went.
type Profile struct {
	// Task is what the program computes: gradient, product, gradient and
	// product, linearize, linearized product, batch statistics, logits, logits and loss, or loss.
	Task string
	// Rows is the number of examples that it computes at once.
	Rows int
	// Times are those of its kernels.
	Times cpu.Profile
}

// taskNames are the tasks of profiles.
var taskNames = [...]string{
	kindGradient: "gradient", kindProduct: "product", kindBoth: "gradient and product",
	kindBase: "linearize", kindLinear: "linearized product", kindNorms: "batch statistics", kindLogits: "logits", kindJudge: "logits and loss", kindLoss: "loss",
}

// Profiles are the times of all programs that have run, if [Settings].Profile was
// set: by task, and then by rows.
func (o *Objective) Profiles() []Profile {
	var all []Profile
	for key, r := range o.runs {
		if times := r.program.Profile(); times.Runs > 0 {
			all = append(all, Profile{taskNames[key.kind], key.rows, times})
		}
	}
	slices.SortFunc(all, func(a, b Profile) int { return cmp.Or(cmp.Compare(a.Task, b.Task), a.Rows-b.Rows) })
	return all
}

// Profiles are the times of the linearization's programs; see [Objective.Profiles].
func (l *Linearized) Profiles() []Profile { return l.o.Profiles() }
