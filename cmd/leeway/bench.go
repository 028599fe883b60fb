package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"leeway/config"
	"leeway/nn"
)

// benched is what bench prints with --json. Times are medians; a rate is null
// where the operations of the objective are not known.
type benched struct {
	Name       string `json:"name"`
	Problem    string `json:"problem"`
	Parameters int    `json:"parameters"`
	Threads    int    `json:"threads"`
	DType      string `json:"dtype"`
	// Reps is how often each was measured at least.
	Reps int `json:"reps"`

	GradientMS float64 `json:"gradient_ms"`
	// HVPMS is loss, gradient and one Hessian-vector product together.
	HVPMS float64 `json:"hvp_ms"`
	// ProductMS is a Hessian-vector product where everything that does not
	// depend on the direction is at hand, and LinearizeMS what that costs once.
	ProductMS   *float64 `json:"product_ms"`
	LinearizeMS *float64 `json:"linearize_ms"`
	// StepMS is the optimizer's step without the gradient.
	StepMS float64 `json:"step_ms"`

	GradientGFLOPS *float64 `json:"gradient_gflops"`
	HVPGFLOPS      *float64 `json:"hvp_gflops"`
	ProductGFLOPS  *float64 `json:"product_gflops"`
	// PeakBytes is the memory of the program of loss, gradient and product.
	PeakBytes *int `json:"peak_bytes"`

	// Roof is nil with --no-roof.
	Roof *roof `json:"roof,omitempty"`

	profiles []nn.Profile
}

func (a *app) benchCommand() *cobra.Command {
	var asJSON, profile, noRoof bool
	var reps int
	cmd := &cobra.Command{
		Use:   "bench " + configArgs,
		Short: "Measure how fast a config's objective is on this machine",
		Long: `Measures the gradient of the config's objective (of its first batch), the gradient
together with a Hessian-vector product, a product of a linearization, and a step
of the optimizer: medians in milliseconds, and rates where the number of
operations is known. Beside them stand the roofs of this machine: the rate of a
matrix product of 1024 x 1024 and the bandwidth of its memory.`,
		Example: "  leeway bench\n  leeway bench examples/bench-mlp.yaml objective.dtype=float64 --json\n  leeway bench gemm\n  leeway bench step --parameters 10000000",
		Args:    oneConfig,
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := load(args)
			if err != nil {
				return err
			}
			c.Profile = profile
			p, err := c.Build()
			if err != nil {
				return err
			}
			defer p.Close()
			r, err := bench(c, p, reps)
			if err != nil {
				return err
			}
			if !noRoof && p.Signs == nil {
				r.Roof = measureRoof(r.Threads)
			}
			if asJSON {
				return a.out.json(r)
			}
			a.out.benched(r)
			if profile {
				a.out.profiled(r.profiles)
			}
			return a.out.done()
		},
	}
	cmd.Flags().IntVar(&reps, "reps", 0, "how often each is measured; 0 is as often as fits into two seconds")
	cmd.Flags().BoolVar(&profile, "profile", false, "where the time of a network goes, kernel by kernel")
	cmd.Flags().BoolVar(&noRoof, "no-roof", false, "leave out the roofs of this machine")
	cmd.PersistentFlags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.AddCommand(a.gemmCommand(&asJSON), a.stepCommand(&asJSON))
	return cmd
}

// bench measures an objective at the start.
func bench(c *config.Config, p *config.Problem, reps int) (*benched, error) {
	if reps < 0 {
		return nil, misuse(fmt.Sprintf("--reps wants a whole number >= 0, got %d", reps), "--reps 21")
	}
	r := &benched{
		Name: c.Name, Problem: p.Description, Parameters: len(p.Start), DType: c.Objective.DType, Threads: threadsOf(c),
	}
	if p.Single() {
		r.DType = "float32"
	}
	if p.Signs != nil {
		r.Threads = 0 // another process's
	}
	t := newTimed(p, reps)
	if p.Network != nil && !c.Objective.Attacked() {
		t.both = p.Network.GradientHVP
	}
	r.Reps = mostReps
	for _, task := range []struct {
		ms  *float64
		run func() error
	}{
		{&r.GradientMS, t.gradient}, {&r.HVPMS, t.gradientAndProduct}, {&r.StepMS, t.step},
	} {
		ms, n, err := t.median(task.run)
		if err != nil {
			return nil, err
		}
		*task.ms, r.Reps = ms, min(r.Reps, n)
	}
	if p.Network != nil && !c.Objective.Attacked() {
		if err := r.network(p.Network, t); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// threadsOf is the number of threads of the objective's arithmetic.
func threadsOf(c *config.Config) int {
	n := runtime.GOMAXPROCS(0)
	switch {
	case c.Objective.Problem != "" || c.Objective.Model.Kind == "linear":
		return 1
	case c.Objective.Threads > 0:
		return min(n, c.Objective.Threads)
	}
	return n
}

// network adds what is known of a network only.
func (r *benched) network(net *nn.Objective, t *timed) error {
	var linearized *nn.Linearized
	linearize, _, err := t.median(func() (err error) {
		if linearized == nil {
			linearized, err = net.Linearize(t.theta(), 0)
			return err
		}
		return linearized.Move(t.theta(), 0)
	})
	if err != nil {
		return err
	}
	product, _, err := t.median(func() error { return linearized.HVP(t.product, t.direction) })
	if err != nil {
		return err
	}
	stats, err := net.Stats()
	if err != nil {
		return err
	}
	rate := func(w nn.Work, ms float64) *float64 {
		x := w.ProductFLOP / ms / 1e6
		return &x
	}
	r.LinearizeMS, r.ProductMS = &linearize, &product
	r.GradientGFLOPS, r.HVPGFLOPS, r.ProductGFLOPS = rate(stats.Gradient, r.GradientMS), rate(stats.HVP, r.HVPMS), rate(stats.LinearizedHVP, product)
	r.PeakBytes = &stats.HVP.PeakBytes
	r.profiles = append(net.Profiles(), linearized.Profiles()...)
	return nil
}
