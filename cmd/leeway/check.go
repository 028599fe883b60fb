package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/spf13/cobra"
	"gonum.org/v1/gonum/floats"

	"leeway/bea"
	"leeway/config"
	"leeway/margin"
	"leeway/objective"
)

// checked is what check prints with --json.
type checked struct {
	// Loss is the full loss at the start.
	Loss float64 `json:"loss"`
	// GradientError and HVPError are relative, in the two-norm, the largest
	// over all batches.
	GradientError float64 `json:"gradient_error"`
	HVPError      float64 `json:"hvp_error"`
	GradientBound float64 `json:"gradient_bound"`
	HVPBound      float64 `json:"hvp_bound"`
	// Compared says along what, Batches in how many of the objective's batches.
	Compared string `json:"compared"`
	Batches  int    `json:"batches"`
	Passed   bool   `json:"passed"`
	// Undecided holds the derivatives on which the differences cannot decide.
	Undecided  []string `json:"undecided,omitempty"`
	Parameters int      `json:"parameters"`
	// Withstood is the largest radius of the attack under which a linear model
	// separates the training rows, where that is known.
	Withstood *float64 `json:"largest_radius,omitempty"`
	NPZ       string   `json:"npz,omitempty"`

	gradient []float64 // of the full loss
}

// derivativeBound is the largest error that passes. A difference of losses does
// not see below the rounding of the loss, so that the bound of the gradient
// rises where the gradient is small against the loss.
const (
	derivativeBound = 1e-6
	differenceNoise = 1e-11
)

// The stream that directions are drawn from.
const checkStream = 0x636865636b // "check"

func (a *app) checkCommand() *cobra.Command {
	var asJSON bool
	var npz string
	cmd := &cobra.Command{
		Use:   "check " + configArgs,
		Short: "Hold the derivatives of a config's objective against central differences",
		Long: `Compares the gradient and a Hessian-vector product of each batch, at the start of
the config, with central differences of loss and gradient. An error above the
bound fails, with exit code 1.

A network is compared along a few random directions and coordinates, in its first
batch and its last; one in float32 with the differences of its twin in float64.
Where its loss has kinks (relu, max pooling) the differences may be too coarse to
decide, which is said and does not fail.

--npz writes what another framework needs to compare with, for the full loss and
computed in float64: param/NAME, grad/NAME, direction/NAME and hvp/NAME for each parameter of
a network in PyTorch's names and shapes, the loss, the training rows x (images
as N C H W, text as whole numbers), their classes y, and in pieces how many rows
are worked on at once, over which batch norm takes its statistics. For a linear model or a
problem NAME is theta: the weights row by row (one row an output), then the
intercepts.

Under an attack it also says up to which radius a linear model without intercept can
separate the training rows. Beyond it training is possible, but no loss near zero is.`,
		Example: "  leeway check\n  leeway check examples/digits-cnn.yaml --npz check.npz",
		Args:    oneConfig,
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := load(args)
			if err != nil {
				return err
			}
			p, err := c.Build()
			if err != nil {
				return err
			}
			defer p.Close()
			direction := make([]float64, len(p.Start))
			rng := rand.New(rand.NewPCG(c.Seed, checkStream))
			for j := range direction {
				direction[j] = rng.NormFloat64()
			}
			var result *checked
			if c.Objective.Network() || p.Signs != nil {
				result, err = checkProbed(c, p)
			} else {
				result, err = check(c, p, direction)
			}
			if err != nil {
				return err
			}
			if radius, known := c.Withstood(p); known {
				result.Withstood = &radius
			}
			if npz != "" {
				result.NPZ = npz
				if err := writeComparison(npz, c, p, direction); err != nil {
					return err
				}
			}
			return a.checked(result, c, p, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&npz, "npz", "", "a file to write the values to, for NumPy")
	return cmd
}

// check compares the derivatives of all batches at the start, or beside it where an
// attack on a linear model has a kink there, as at zero: differences know nothing of
// subgradients.
func check(c *config.Config, p *config.Problem, direction []float64) (*checked, error) {
	where := p.Start
	if c.Objective.Kinked(where) {
		where = make([]float64, len(p.Start))
		floats.AddScaledTo(where, p.Start, 0.1, direction)
	}
	r := &checked{Batches: p.Objective.Batches(), Parameters: len(p.Start), Compared: "every coordinate", gradient: make([]float64, len(p.Start)), HVPBound: derivativeBound}
	var err error
	if r.Loss, err = objective.Full(r.gradient, p.Objective, p.Start); err != nil {
		return nil, err
	}
	r.GradientBound = max(derivativeBound, differenceNoise*math.Sqrt(float64(len(p.Start)))*math.Abs(r.Loss)/bea.TwoNorm(r.gradient))
	if math.IsNaN(r.GradientBound) || math.IsInf(r.GradientBound, 0) {
		r.GradientBound = derivativeBound
	}
	for k := range r.Batches {
		report, err := objective.Check(p.Objective, where, direction, k)
		if err != nil {
			return nil, err
		}
		r.GradientError = max(r.GradientError, report.GradientError)
		r.HVPError = max(r.HVPError, report.HVPError)
		if report.Directions < r.Parameters {
			r.Compared = fmt.Sprintf("%d random directions", report.Directions)
		}
	}
	if &where[0] != &p.Start[0] {
		r.Compared += ", beside the start, which is a kink of the attacked loss"
	}
	// Also false for NaN.
	r.Passed = r.GradientError <= r.GradientBound && r.HVPError <= r.HVPBound
	return r, r.finite()
}

// attackWords hold the attack's radius against the largest under which the rows can be
// separated, or are nothing.
func (r *checked) attackWords(c *config.Config) string {
	if r.Withstood == nil {
		return ""
	}
	a, largest := c.Objective.Attack, *r.Withstood
	switch {
	case largest == 0:
		return "no linear model separates the training rows, attacked or not: the loss cannot come near zero. Try: fewer rows, or more features"
	case a.Radius >= largest:
		return fmt.Sprintf("no linear model separates the training rows under the radius %s, the largest is %s: the loss cannot come near zero. Try: %s", short(a.Radius, 6), short(largest, 6), (&margin.TooStrong{Radius: a.Radius, Largest: largest}).Hint())
	}
	return fmt.Sprintf("radius %s of at most %s, under which a linear model still separates the training rows", short(a.Radius, 6), short(largest, 6))
}

// finite is an error unless there was something to compare.
func (r *checked) finite() error {
	for _, x := range []float64{r.Loss, r.GradientError, r.HVPError} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return &failure{exitFailed, fmt.Sprintf("the derivatives at the start are not finite, the loss is %v", r.Loss), "another start, or smaller data"}
		}
	}
	return nil
}

// checked prints the comparison.
func (a *app) checked(r *checked, c *config.Config, p *config.Problem, asJSON bool) error {
	var err error
	if asJSON {
		err = a.out.json(r)
	} else {
		a.out.printf("%s\n", a.out.paint(bold, c.Name))
		a.out.facts([2]string{"problem", p.Description}, [2]string{"loss", short(r.Loss, 10) + " at the start"}, [2]string{"compared", r.words(p.Objective.Batches())}, [2]string{"attack", r.attackWords(c)})
		t := table{titles: []string{"derivative", "relative error", "bound", "verdict"}, left: map[int]bool{3: true}}
		for _, row := range []struct {
			name         string
			error, bound float64
		}{{"gradient", r.GradientError, r.GradientBound}, {"Hessian-vector product", r.HVPError, r.HVPBound}} {
			verdict := cell{"agrees", green}
			switch {
			case slices.Contains(r.Undecided, row.name):
				verdict = cell{"undecided", yellow}
			case !(row.error <= row.bound):
				verdict = cell{"differs", red}
			}
			t.add(append(plain(row.name, short(row.error, 2), short(row.bound, 2)), verdict)...)
		}
		a.out.printf("\n")
		t.write(a.out)
		if len(r.Undecided) > 0 {
			a.out.printf("\n")
			a.out.prose("Undecided: the differences at neighbouring steps differ too much among themselves, so that they say nothing, as happens where the steps meet kinks of the loss. " + undecided(p))
		}
		if r.NPZ != "" {
			a.out.printf("\n  written to %s\n", r.NPZ)
		}
		err = a.out.done()
	}
	if err != nil || r.Passed {
		return err
	}
	return &failure{exitFailed, fmt.Sprintf("the derivatives of %s differ from central differences: gradient by %.2g, Hessian-vector product by %.2g", c.Name, r.GradientError, r.HVPError),
		blame(p)}
}

// undecided is what can decide where differences cannot.
func undecided(p *config.Problem) string {
	if p.Signs != nil {
		return "In float64 they can: with PyTorch, model.double() and its data."
	}
	return "--npz and another framework can decide."
}

// blame is what to do about derivatives that differ.
func blame(p *config.Problem) string {
	if p.Signs != nil {
		return "the process's gradients and products: its products should be derivatives of its gradients, and these of its losses; objective.products=differences does without its products"
	}
	return "another start: a kink of the loss nearby spoils the differences; if it stays, please report it"
}
