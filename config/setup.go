package config

import (
	"time"

	"leeway/trace"
)

// Setup is what the config asks of package trace, for the problem that
// [Config.Build] made of it.
func (c *Config) Setup(p *Problem) trace.Setup {
	return trace.Setup{
		Objective: p.Objective, Train: p.OnTrain, Test: p.OnTest,
		RobustTrain: p.RobustTrain, RobustTest: p.RobustTest, RobustLoss: c.Objective.Attacked(),
		Margins: p.Margins, RobustMargin: p.RobustMargin,
		Order: p.Order, Start: p.Start, Optimizer: p.Optimizer,
		Processes: c.Processes, Steps: c.Steps, Fragile: p.process != nil,
		Measures: c.Measure.Plan, Top: c.Measure.Top, Below: c.Measure.Below, CheckpointEvery: c.Checkpoint.Every,
		Stop: trace.Stop{Loss: c.Stop.Loss, Accuracy: c.Stop.Accuracy, Gradient: c.Stop.Gradient}, Bias: c.Modify.Bias,
		CheckpointAfter: time.Duration(c.Checkpoint.Minutes * float64(time.Minute)),
		Integrator:      c.IntegratorFor(p.Smooth),
		MomentSubsteps:  c.Moments.Substeps,
		Asymptotic:      c.Coefficients == Asymptotic,
		IgnoreRunaway:   c.Runaway == RunawayIgnore,
	}
}

// VerifySetup is the setup of the verification of orders: that of the run with the
// learning rate and the steps that the section verify names.
func (c *Config) VerifySetup(p *Problem) trace.Setup {
	setup := c.Setup(p)
	if c.Verify.LR > 0 {
		setup.Optimizer = setup.Optimizer.WithLR(c.Verify.LR)
	}
	if c.Verify.Steps > 0 {
		setup.Steps = c.Verify.Steps
	}
	return setup
}
