package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"leeway/optim"
)

// Check returns the first thing wrong with the config as an [*Error], or nil.
// It matters to a program that changed fields; parsed configs have passed it.
func (c *Config) Check() error {
	r := &reader{file: c.file, root: c.tree}
	if err := r.choice(c.Processes, "processes", Processes()); err != nil {
		return err
	}
	if err := r.check(c); err != nil {
		return err
	}
	return r.checkMeasured(c)
}

// checkMeasured holds what is measured, and what stops a run by that, against
// everything else.
func (r *reader) checkMeasured(c *Config) error {
	return first(r.checkMeasure(c), r.checkStop(c))
}

// check holds the values against their ranges and against each other.
func (r *reader) check(c *Config) error {
	for _, f := range []func(*Config) error{r.checkRun, r.checkOptimizer, r.checkObjective, r.checkTogether} {
		if err := f(c); err != nil {
			return err
		}
	}
	return nil
}

// whole checks a whole number against its range.
func (r *reader) whole(path string, x, least, most int) error {
	if x >= least && x <= most {
		return nil
	}
	return r.at(path, fmt.Sprintf("want a whole number from %d to %d, got %d", least, most, x), strconv.Itoa(min(max(x, least), most)))
}

// number checks a number against what is wanted of it.
func (r *reader) number(path string, x float64, holds bool, want, try string) error {
	if holds && !math.IsInf(x, 0) { // NaN holds nothing
		return nil
	}
	return r.at(path, fmt.Sprintf("want %s, got %v", want, x), try)
}

// name checks that a text is one of the names.
func (r *reader) name(path, what, given string, names []string) error {
	if slices.Contains(names, given) {
		return nil
	}
	return r.at(path, fmt.Sprintf("unknown %s %q", what, clip(given)), suggest(given, names))
}

// first is the first error that is one.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func nameLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._-", c) >= 0
}

// checkRun checks what says how to run, not what.
func (r *reader) checkRun(c *Config) error {
	bad := c.Name == "" || len(c.Name) > 100 || strings.IndexByte(".-", c.Name[0]) >= 0
	for i := range len(c.Name) {
		bad = bad || !nameLetter(c.Name[i])
	}
	if bad {
		return r.at("name", fmt.Sprintf("want up to 100 letters, digits, dots, hyphens and underscores, got %q", clip(c.Name)), plainName(c.Name, "run"))
	}
	if c.Out == "" || strings.IndexByte(c.Out, 0) >= 0 {
		return r.at("out", fmt.Sprintf("want the path of a folder, got %q", clip(c.Out)), "runs")
	}
	t := c.Integrator.Tolerance
	return first(
		r.whole("steps", c.Steps, 1, 1_000_000_000),
		r.whole("checkpoint.every", c.Checkpoint.Every, 1, 1_000_000_000),
		r.name("integrator.method", "method", c.Integrator.Method, Methods()),
		r.number("integrator.tolerance", t, t >= 1e-14 && t <= 0.1, "a number from 1e-14 to 0.1", "1e-9"),
		r.whole("integrator.substeps", c.Integrator.Substeps, 1, 1_000_000),
		r.whole("moments.substeps", c.Moments.Substeps, 0, 1_000_000),
		r.name("coefficients", "value", c.Coefficients, []string{FiniteN, Asymptotic}),
		r.name("runaway", "value", c.Runaway, []string{RunawayStop, RunawayIgnore}),
		r.whole("verify.halvings", c.Verify.Halvings, 2, 12),
		r.number("verify.lr", c.Verify.LR, c.Verify.LR >= 0 && !math.IsInf(c.Verify.LR, 0), "a finite number >= 0", "1e-4"),
		r.whole("verify.steps", c.Verify.Steps, 0, 1_000_000_000),
	)
}

func (r *reader) checkOptimizer(c *Config) error {
	o := &c.Optimizer
	if o.Rule == nil {
		return r.at("optimizer", "no hyperparameters", "those of optim.Default")
	}
	_, err := optim.New(o.Rule, o.known(), o.Schedule)
	if err == nil {
		return r.checkExact(c)
	}
	var formula *optim.FormulaError
	if errors.As(err, &formula) {
		return r.formula(formula)
	}
	var e *optim.RangeError
	if !errors.As(err, &e) {
		return r.at("optimizer", strings.TrimPrefix(err.Error(), "optim: "), "one of "+strings.Join(optim.Kinds(), ", "))
	}
	path := "optimizer." + e.Name
	if e.Kind == "schedule" {
		path = "optimizer.schedule." + e.Name
	}
	return r.at(path, fmt.Sprintf("want %s, got %v", e.Want, e.Value), "a number in this range")
}

// checkTogether checks what concerns several sections.
func (r *reader) checkTogether(c *Config) error {
	if !slices.Contains(c.Processes, "discrete") {
		return r.at("processes", "discrete is missing", "discrete first")
	}
	if o := &c.Optimizer; o.Kind == steepest {
		const what = "steepest descent in a norm has no flow or map here, since a component of its step depends on all of the gradient"
		if len(c.Processes) > 1 {
			return r.at("processes", what, "processes: [discrete], or optimizer: {kind: gd} or {kind: sign-gd}")
		}
		if c.Modify.Bias != 0 {
			return r.at("modify.bias", what, "no modify.bias")
		}
	}
	if c.Coefficients == Asymptotic {
		const try = "coefficients: finite-n"
		if n := c.Objective.batches(); n > 1 {
			return r.at("coefficients", fmt.Sprintf("asymptotic ones are for the full batch, here are %d batches", n), try)
		}
		if !c.Optimizer.Schedule.Constant() {
			return r.at("coefficients", "asymptotic ones are for a constant learning rate", try)
		}
	}
	return nil
}
