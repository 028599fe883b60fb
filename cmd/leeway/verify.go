package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"leeway/config"
	"leeway/trace"
)

// verifyDefaults give the built-in config all flows and maps, and start where
// errors shrink as promised already: the time is many times the memory.
var verifyDefaults = []string{
	"verify.lr=3.125e-5", "verify.steps=400", "verify.halvings=2",
	"processes=[discrete, flow-1, flow-2, memoryless-1, memoryless-2, moments-2]",
}

// verification is what verify prints with --json.
type verification struct {
	Name      string `json:"name"`
	Problem   string `json:"problem"`
	Optimizer string `json:"optimizer"`
	// ProductError is the relative error of Hessian-vector products that are
	// differences of gradients.
	ProductError float64 `json:"product_error,omitempty"`
	*trace.Verification
}

func (a *app) verifyCommand() *cobra.Command {
	var asJSON, quiet bool
	var halvings int
	cmd := &cobra.Command{
		Use:   "verify " + configArgs,
		Short: "Fit the order of accuracy of each process",
		Long: fmt.Sprintf(`Runs the processes of a config with the learning rates h, h/2, h/4, ... over the
same time, fits the order in h with which each approaches the optimizer, and
compares it with the order that theory promises. A fitted order more than %.2g
below the promised one fails, with exit code 1.

It starts from verify.lr and verify.steps where the config has them, else from
the learning rate and steps of a run. Without a config it verifies the built-in
one.`, trace.Shortfall),
		Example: "  leeway verify --halvings 4\n  leeway verify examples/toy.yaml optimizer.beta2=0.9 --json",
		Args:    oneConfig,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("halvings") {
				args = append(args, fmt.Sprintf("verify.halvings=%d", halvings))
			}
			c, err := load(args, verifyDefaults...)
			if err != nil {
				return err
			}
			return a.verify(c, asJSON, quiet)
		},
	}
	cmd.Flags().IntVar(&halvings, "halvings", 0, "how often the learning rate is halved, in place of the config's verify.halvings")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress on standard error")
	cmd.Flags().Lookup("halvings").DefValue = "4" // for messages
	return cmd
}

func (a *app) verify(c *config.Config, asJSON, quiet bool) error {
	p, err := c.Build()
	if err != nil {
		return err
	}
	defer p.Close()
	products, err := p.ProductError()
	if err != nil {
		return err
	}
	if len(c.Processes) < 2 {
		return misuse("processes: there is nothing to verify besides the optimizer", "processes=[discrete, flow-1, flow-2]")
	}
	setup := c.VerifySetup(p)
	optimizer := c.Optimizer // as it is verified
	optimizer.LR = setup.Optimizer.LR
	estimate := p.Estimate
	if c.Verify.LR > 0 {
		estimate = nil
	}
	if !asJSON {
		h := setup.Optimizer.LR
		a.out.printf("%s\n", a.out.paint(bold, c.Name))
		a.out.facts([2]string{"problem", p.Description}, [2]string{"optimizer", optimizerLine(&optimizer, estimate)}, [2]string{"exact step", estimateWords(estimate)},
			[2]string{"time", fmt.Sprintf("%s (%d steps of %s)", short(float64(setup.Steps)*h, 6), setup.Steps, short(h, -1))})
	}
	ctx, stop := a.interruptible(quiet)
	defer stop()
	row := 0
	v, err := trace.Verify(ctx, setup, c.Verify.Halvings, func(h float64, steps int) {
		row++
		if !quiet {
			a.err.printf("  learning rate %d of %d: h = %s, %d steps\n", row, c.Verify.Halvings+1, short(h, 6), steps)
		}
		afterProgress(ctx, steps)
	})
	var diverged *trace.DivergedError
	if errors.As(err, &diverged) {
		return &failure{exitFailed, err.Error(), diverged.Hint()}
	}
	if err != nil {
		return err
	}
	if asJSON {
		err = a.out.json(verification{c.Name, p.Description, optimizerLine(&optimizer, estimate), products, v})
	} else {
		a.out.verification(v)
		if products > 0 {
			a.out.prose(fmt.Sprintf("Hessian-vector products are differences of gradients, with a relative error of about %s at the start: corrections are no more accurate than that, and errors below it are those of the products.", short(products, 2)))
		}
		err = a.out.done()
	}
	if err != nil || v.Passed {
		return err
	}
	return missed(v)
}

// missed is the failure that says which promises were not kept.
func missed(v *trace.Verification) error {
	var which []string
	var undefined, seen, masked int
	for _, name := range trace.ProcessNames() {
		switch v.Verdicts[name] {
		case trace.OrderUndefined:
			undefined++
		case trace.OrderMissed:
			seen++
			if hidden(v, name) {
				masked++
			}
		default:
			continue
		}
		which = append(which, name+" ("+v.Reasons[name]+")")
	}
	try := "a smaller learning rate, or more steps: the order shows where errors are small and the time is many memories long"
	switch {
	case undefined > 0:
		try = "a smaller learning rate or fewer steps, beta2 closer to beta1, or a larger eps"
	case masked == seen:
		try = "moments.substeps=20 or integrator.tolerance=1e-13: the integrator's own error hides the order"
	}
	return &failure{exitFailed, "the promised order is not reached by " + strings.Join(which, ", "), try}
}

// hidden reports whether the integrator's error is a large part of a process's
// distance, so that its order cannot show.
func hidden(v *trace.Verification, name string) bool {
	for _, r := range v.Rows {
		if e := float64(r.Error[name]); e > 0 && float64(r.IntegrationError[name]) > 0.1*e {
			return true
		}
	}
	return false
}

// verification writes errors and orders as a table.
func (s *screen) verification(v *trace.Verification) {
	var names []string
	for _, name := range trace.ProcessNames() {
		if _, ok := v.Verdicts[name]; ok {
			names = append(names, name)
		}
	}
	t := table{titles: append([]string{"h", "steps"}, names...), left: map[int]bool{}}
	line := func(first, second string, entry func(name string) cell) {
		row := plain(first, second)
		for _, name := range names {
			row = append(row, entry(name))
		}
		t.add(row...)
	}
	for _, r := range v.Rows {
		line(short(r.H, 6), fmt.Sprint(r.Steps), func(name string) cell { return cell{text: short(float64(r.Error[name]), 3)} })
	}
	line("order", "fitted", func(name string) cell {
		order, ok := v.Order[name]
		if !ok {
			order = math.NaN()
		}
		return cell{short(order, 3), bold}
	})
	line("", "promised", func(name string) cell {
		if v.Promised[name] == 0 {
			return cell{text: "none"}
		}
		return cell{text: fmt.Sprint(v.Promised[name])}
	})
	line("", "verdict", func(name string) cell {
		colour := map[string]string{trace.OrderMissed: red, trace.OrderUndefined: red, trace.OrderUnpromised: yellow}[v.Verdicts[name]]
		if colour == "" {
			colour = green
		}
		return cell{v.Verdicts[name], colour}
	})
	s.printf("\n")
	t.write(s)
	s.printf("\n")
	s.prose("Errors are the largest coordinate difference to the optimizer's iterates over the path.")
	for _, name := range names {
		if reason := v.Reasons[name]; reason != "" && v.Verdicts[name] == trace.OrderUnpromised {
			s.prose(name + ": " + reason)
		}
	}
}
