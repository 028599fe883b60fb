package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"

	"leeway/curvature"
	"leeway/objective"
	"leeway/optim"
)

// Estimate is an exact step and what it was computed from: Factor sqrt(2 Loss /
// (Lipschitz Steps)).
type Estimate struct {
	Step   float64 `json:"step"`
	Factor float64 `json:"factor"`
	// Loss is that of all training rows at the start.
	Loss float64 `json:"loss"`
	// Lipschitz is the largest eigenvalue found, in modulus, at Points starts, by
	// Products products with the Hessian of a batch.
	Lipschitz float64 `json:"lipschitz"`
	Steps     int     `json:"steps"`
	Points    int     `json:"points"`
	Products  int     `json:"products"`
}

// String is one line for people.
func (e *Estimate) String() string {
	starts := fmt.Sprintf("the largest at %d starts", e.Points)
	if e.Points == 1 {
		starts = "at the start"
	}
	times := ""
	if e.Factor != 1 {
		times = fmt.Sprintf("%.4g ", e.Factor)
	}
	return fmt.Sprintf("%ssqrt(2 L / (K T)) with the loss L = %.4g at the start, the Lipschitz constant K = %.4g (%s), T = %d steps", times, e.Loss, e.Lipschitz, starts, e.Steps)
}

// Recall gives the config the estimate that a run of it has recorded, so that
// [Config.Build] makes no other, on whatever machine the run goes on. Text that is not
// the record of such an estimate is an error; none at all is none.
func (c *Config) Recall(record json.RawMessage) error {
	if c.Optimizer.Exact == nil || len(record) == 0 {
		return nil
	}
	var e Estimate
	err := json.Unmarshal(record, &e)
	if err == nil {
		var step float64
		if step, err = optim.ExactStep(e.Loss, e.Lipschitz, c.Steps); err == nil && c.Optimizer.Exact.Factor*step != e.Step {
			err = fmt.Errorf("it says %v for the step %v", e.Step, c.Optimizer.Exact.Factor*step)
		}
	}
	if err != nil {
		return &Error{What: "the recorded estimate of the exact step is damaged: " + err.Error(), Try: "restoring run.json, or computing the run anew: leeway run --again"}
	}
	c.recalled = &e
	return nil
}

// Recalled is what [Config.Recall] was given, nil if nothing.
func (c *Config) Recalled() *Estimate { return c.recalled }

// Record is what [Config.Recall] reads.
func (e *Estimate) Record() json.RawMessage {
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // a struct of finite numbers
	}
	return text
}

// rate finds the learning rate where it is an exact step.
func (c *Config) rate(p *Problem) error {
	if c.Optimizer.Exact == nil {
		return nil
	}
	e := c.recalled
	if e == nil {
		var err error
		if e, err = c.estimate(p); err != nil {
			return err
		}
	}
	p.Estimate, p.Optimizer.LR = e, e.Step
	return nil
}

// estimateTolerance is how near to an eigenvalue the estimate is, relatively.
const estimateTolerance = 1e-2

// estimate computes the exact step.
func (c *Config) estimate(p *Problem) (*Estimate, error) {
	const path = "optimizer.lr"
	const number = "a number such as 1e-3 for lr"
	e := &Estimate{Steps: c.Steps, Points: c.Optimizer.Exact.Points, Factor: c.Optimizer.Exact.Factor}
	if kind := c.Objective.Start.Kind; kind != "init" && kind != "normal" {
		e.Points = 1 // the others are the same point
	}
	var err error
	if e.Loss, err = objective.Full(make([]float64, len(p.Start)), p.Objective, p.Start); err != nil {
		return nil, err
	}
	seeds := rand.New(rand.NewPCG(c.Seed, 0x65786163)) // stream "exac"
	at := func(k int) (curvature.Objective, []float64, error) {
		if k == 0 {
			return p.Objective, p.Start, nil
		}
		start, err := c.startOf(p, seeds.Uint64())
		return p.Objective, start, err
	}
	e.Lipschitz, e.Products, err = curvature.Lipschitz(e.Points, at, &curvature.PowerSettings{Tolerance: estimateTolerance, MaxProducts: c.Optimizer.Exact.Products})
	var slow *curvature.ConvergenceError
	if errors.As(err, &slow) {
		return nil, c.reader().at(path, fmt.Sprintf("the exact step needs the Lipschitz constant of the gradient, whose estimate has not converged: near %.4g after %d products, the error is up to %.2g and should be %.2g", slow.Value, slow.Products, slow.Residual, slow.Limit),
			fmt.Sprintf("optimizer.lr={kind: exact, products: %d}, another start, or %s", max(10*slow.Products, 1000), number))
	}
	if err != nil {
		return nil, c.wrong(path, err, number)
	}
	if e.Step, err = optim.ExactStep(e.Loss, e.Lipschitz, c.Steps); err != nil {
		return nil, c.reader().at(path, fmt.Sprintf("there is no exact step for the loss %.4g at the start and the Lipschitz constant %.4g", e.Loss, e.Lipschitz), "another start, or "+number)
	}
	e.Step *= e.Factor
	return e, nil
}
