package config

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"leeway/data"
	"leeway/external"
	"leeway/margin"
	"leeway/nn"
	"leeway/objective"
	"leeway/optim"
	"leeway/trace"
)

// Problem is what a config describes, ready to run.
type Problem struct {
	// Objective is minimised; with a model it holds the training rows.
	Objective objective.TwiceDifferentiable
	// Network is the objective if that is a network, or what the attack of it is on, else
	// nil.
	Network *nn.Objective
	// Smooth reports whether the objective has no kinks.
	Smooth bool
	// Train holds those rows as the model sees them: shuffled, split and
	// scaled. It is nil without a model and where Text takes its place.
	Train *data.Set
	// Text holds the sequences that a language model is trained on, else nil.
	Text *data.Sequences
	// Shape of a row of a network: [features], [height, width, channels] or
	// [length].
	Shape []int
	// OnTrain and OnTest judge the model on the rows that it is trained on and
	// on the test rows; nil without a model, and without test rows.
	OnTrain, OnTest *trace.Evaluation
	// Margins holds the largest margins of the training rows where they are measured,
	// else nil.
	Margins *margin.Meter
	// RobustMargin is the same for the robust margin under an attack.
	RobustMargin *margin.Robust
	// RobustTrain and RobustTest judge the model under its attack; nil without one.
	RobustTrain, RobustTest *trace.Evaluation
	// Order in which the optimizer visits the objective's batches.
	Order *objective.Order
	// Start of all processes, of length Objective.Dim().
	Start     []float64
	Optimizer optim.Optimizer
	// Estimate is what the learning rate is computed from where the config asks for
	// an exact step, else nil.
	Estimate *Estimate
	// Description is one line for people.
	Description string
	// Citations are BibTeX entries of the data.
	Citations []string
	// Plane says what a figure of the parameters should show; nil unless there
	// are two of them.
	Plane *Plane

	// Signs tell the model of another process from others; nil for objectives that are
	// computed here.
	Signs *external.Signs

	process *external.Objective         // that computes the objective, else nil
	starts  func(seed uint64) []float64 // of a network
	notes   []string                    // for the description
	single  bool                        // it computes in float32
}

// Close ends the process that computes the objective, if there is one.
func (p *Problem) Close() error {
	if p.process == nil {
		return nil
	}
	return p.process.Close()
}

// Build makes the values of a run. It reads the data; what does not fit them
// is an [*Error], as everything that [Config.Check] finds.
func (c *Config) Build() (*Problem, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	o := &c.Objective
	opt, err := optim.New(c.Optimizer.Rule, c.Optimizer.known(), c.Optimizer.Schedule)
	if err != nil {
		return nil, err // Check has been through this
	}
	p := &Problem{Optimizer: opt, Smooth: o.Model.smooth(), single: o.DType == "float32"}
	what, on := o.Problem+" problem", ""
	switch {
	case o.External.Is():
		what, err = c.buildExternal(p)
	case o.Problem != "":
		p.Objective, err = newProblem(o)
		p.Plane = newPlane(o)
	default:
		what, on, err = c.buildModel(p)
	}
	if err != nil {
		return nil, err
	}
	if p.Order, err = objective.NewOrder(o.Batch.Order, p.Objective.Batches(), c.Seed); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if p.Start, err = c.startOf(p, c.Seed); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if p.process != nil {
		if p.Signs, err = p.process.Examine(p.Start); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	if err := c.rate(p); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	parts := []string{what, grouped(p.Objective.Dim()) + " parameters"}
	if on != "" {
		parts = append(parts, "on "+on)
	}
	if o.Network() {
		parts = append(parts, o.Loss, o.DType)
	}
	parts = append(parts, p.notes...)
	if c.Integrator.Method == automatic && !p.Smooth && c.flows() {
		parts = append(parts, "flows in fixed steps, for the loss has kinks")
	}
	parts = append(parts, c.batchWords(p.Objective.Batches()), "from "+c.startWords())
	p.Description = strings.Join(parts, ", ")
	return p, nil
}

// newProblem makes a problem of the catalogue.
func newProblem(o *Objective) (objective.TwiceDifferentiable, error) {
	switch o.Problem {
	case "bilinear":
		return objective.Bilinear{}, nil
	case "cubic":
		return objective.CubicNet{}, nil
	case "rosenbrock":
		return objective.NewRosenbrock(o.Dimension)
	case "quadratic":
		return objective.NewDiagonal(objective.LogSpectrum(make([]float64, o.Dimension), 1, o.Condition), nil)
	}
	return objective.NewSines(o.Dimension, max(o.Batch.Count, 1), o.Seed)
}

// customaryStart is where a problem is usually started, or nil.
func customaryStart(name string, dimension int) []float64 {
	switch name {
	case "bilinear", "cubic", "rosenbrock":
	default:
		return nil
	}
	p, err := newProblem(&Objective{Problem: name, Dimension: dimension})
	if err != nil {
		return nil // a dimension out of range, which the caller has refused
	}
	s, ok := p.(objective.Starter)
	if !ok {
		return nil
	}
	return s.Start()
}

// startOf is a fresh copy of the starting point, drawn with a seed if it is random.
func (c *Config) startOf(p *Problem, seed uint64) ([]float64, error) {
	theta := make([]float64, p.Objective.Dim())
	switch s := c.Objective.Start; s.Kind {
	case "init":
		return p.starts(seed), nil
	case ownStart:
		return p.process.Start()
	case "normal":
		rng := rand.New(rand.NewPCG(seed, 0x7374617274)) // stream "start"
		for j := range theta {
			theta[j] = c.Objective.StartScale * rng.NormFloat64()
		}
	case "":
		copy(theta, s.Point)
	}
	return theta, nil
}

func (c *Config) batchWords(batches int) string {
	if c.Objective.Batch.Full() {
		return "full batch"
	}
	plural := "es"
	if batches == 1 {
		plural = ""
	}
	return fmt.Sprintf("%s %s batch%s", grouped(batches), c.Objective.Batch.Order, plural)
}

// grouped writes a number with a comma every three digits.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (c *Config) startWords() string {
	s := c.Objective.Start
	switch {
	case s.Kind == "zeros":
		return "zero"
	case s.Kind == "init":
		return c.Objective.initWords()
	case s.Kind == ownStart:
		return "its own start"
	case s.Kind == "normal":
		return fmt.Sprintf("a normal point of scale %v", c.Objective.StartScale)
	case len(s.Point) > 3:
		return "a given point"
	}
	var parts []string
	for _, x := range s.Point {
		parts = append(parts, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// initWords are the start that a network draws.
func (o *Objective) initWords() string {
	own := Initializations()[0]
	switch {
	case o.Init == own && o.InitBias == own:
		return "PyTorch's initialisation"
	case o.InitBias == own:
		return o.Init + " weights"
	}
	return o.Init + " weights, " + o.InitBias + " for biases"
}
