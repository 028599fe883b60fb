package config

import "leeway/trace"

// automatic is the method that follows from the loss.
const automatic = "auto"

// kinkSubsteps of a step are taken by Runge-Kutta along flows of a loss with kinks.
const kinkSubsteps = 4

// IntegratorFor is how flows are integrated of a loss that is smooth, or not. By itself
// that is Dormand and Prince's method where it is. At kinks the field jumps: an adaptive
// method takes thousands of steps over each jump, and networks cross many in every step
// of the optimizer; there the classical method takes steps of its own length.
func (c *Config) IntegratorFor(smooth bool) trace.Integrator {
	in := trace.Integrator{Method: c.Integrator.Method, Tolerance: c.Integrator.Tolerance, Substeps: c.Integrator.Substeps}
	if in.Method != automatic {
		return in
	}
	if in.Method = "dopri5"; !smooth {
		in.Method, in.Substeps = "rk4", max(in.Substeps, kinkSubsteps)
	}
	return in
}

// flows reports whether a flow is among the processes.
func (c *Config) flows() bool {
	for _, p := range c.Processes {
		if p == "flow-1" || p == "flow-2" {
			return true
		}
	}
	return false
}
