package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"leeway/optim"
)

// stepped is what `bench step` prints with --json.
type stepped struct {
	Optimizer  string `json:"optimizer"`
	Parameters int    `json:"parameters"`
	Threads    int    `json:"threads"`
	Reps       int    `json:"reps"`
	// StepMS is the median time of a step, PerParameter the same in nanoseconds
	// divided by the number of parameters.
	StepMS       float64 `json:"step_ms"`
	PerParameter float64 `json:"ns_per_parameter"`
	// GBs is the rate at which parameters, gradient and memories are read and
	// written, in GB/s.
	GBs float64 `json:"gbs"`
}

func (a *app) stepCommand(asJSON *bool) *cobra.Command {
	var parameters, reps int
	var kind string
	cmd := &cobra.Command{
		Use:   "step",
		Short: "Measure an optimizer's step without any gradient",
		Long: `Measures a step of an optimizer with its usual hyperparameters on normal numbers:
the median in milliseconds, in nanoseconds a parameter, and as a rate of memory.`,
		Args: exactly(),
		RunE: func(*cobra.Command, []string) error {
			const most = 1 << 30
			if parameters < 1 || parameters > most {
				return misuse(fmt.Sprintf("--parameters wants a whole number from 1 to %d", most), "--parameters 10000000")
			}
			if reps < 0 {
				return misuse(fmt.Sprintf("--reps wants a whole number >= 0, got %d", reps), "--reps 21")
			}
			def, err := optim.Default(kind)
			if err != nil {
				return misuse(fmt.Sprintf("there is no optimizer %q", kind), "one of "+strings.Join(optim.Kinds(), ", "))
			}
			r, err := benchStep(def, kind, parameters, reps)
			if err != nil {
				return err
			}
			if *asJSON {
				return a.out.json(r)
			}
			a.out.printf("a step of %s on %s, %s\n", r.Optimizer, plural(r.Parameters, "parameter"), plural(r.Threads, "thread"))
			a.out.facts([2]string{"time", milliseconds(r.StepMS) + " ms, " + short(r.PerParameter, 3) + " ns a parameter"},
				[2]string{"memory", short(r.GBs, 3) + " GB/s"}, [2]string{"measured", "median of " + plural(r.Reps, "time")})
			return a.out.done()
		},
	}
	cmd.Flags().IntVar(&parameters, "parameters", 10_000_000, "the number of parameters")
	cmd.Flags().StringVar(&kind, "optimizer", "adam", "the kind of optimizer")
	cmd.Flags().IntVar(&reps, "reps", 0, "how often it is measured; 0 is as often as fits into two seconds")
	return cmd
}

// benchStep measures steps on normal parameters and gradients.
func benchStep(def optim.Definition, kind string, parameters, reps int) (*stepped, error) {
	opt, err := optim.New(def, 1e-4, optim.Schedule{})
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(0, 0))
	t := &timed{reps: reps, state: optim.NewState(opt, parameters), walker: make([]float64, parameters), grad: make([]float64, parameters)}
	for j := range t.grad {
		t.walker[j], t.grad[j] = rng.NormFloat64(), rng.NormFloat64()
	}
	r := &stepped{Optimizer: kind, Parameters: parameters, Threads: runtime.GOMAXPROCS(0)}
	if r.StepMS, r.Reps, err = t.median(t.step); err != nil {
		return nil, err
	}
	moved := 3 // the gradient is read, the parameters are read and written
	for i := range opt.Rule.Averages {
		if t.state.Memory(i) != nil {
			moved += 2
		}
	}
	r.PerParameter = 1e6 * r.StepMS / float64(parameters)
	r.GBs = 8 * float64(moved) / r.PerParameter
	return r, nil
}
