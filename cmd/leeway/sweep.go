package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/config"
	"leeway/sweep"
)

func (a *app) sweepCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Grids and random designs with seeds, on one machine or many",
		Long: `A sweep is a config with a section sweep: axes to vary, seeds, filters. Its
directory sweeps/NAME is all there is: results, claims, checkpoints. Every command
works from it, on any machine that sees it, and running a sweep again does what is
missing.`,
		Example: `  leeway sweep run examples/sweep-digits.yaml
  leeway sweep status sweeps/sweep-digits
  leeway sweep report sweeps/sweep-digits`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.sweepRunCommand(), a.sweepSubmitCommand(), a.sweepStatusCommand(), a.sweepWatchCommand(), a.sweepCancelCommand(), a.sweepReportCommand())
	return cmd
}

// sweepRun is one call of sweep run.
type sweepRun struct {
	*app
	json, quiet, dry bool
	workers, limit   int
	until            time.Duration
	folder, retry    string
}

func (a *app) sweepRunCommand() *cobra.Command {
	s := &sweepRun{app: a}
	cmd := &cobra.Command{
		Use:   "run PLAN [key=value ...]",
		Short: "Compute what is missing of a sweep",
		Long: `Expands a plan to cells and computes those that have no result yet, several at a
time. Add values or seeds to the plan and run it again: what is there stays. A cell
that fails is a result with its reason and does not stop the others; the command then
exits with 1. Ctrl-C saves checkpoints and exits with 3; the same command goes on.`,
		Example: `  leeway sweep run examples/sweep-digits.yaml --dry-run
  leeway sweep run examples/sweep-digits.yaml sweep.seeds=10
  leeway sweep run examples/sweep-digits.yaml --retry failed`,
		Args: onePlan,
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd, args) },
	}
	f := cmd.Flags()
	f.BoolVar(&s.json, "json", false, "print the status as one JSON object")
	f.BoolVarP(&s.quiet, "quiet", "q", false, "no progress on standard error")
	f.BoolVar(&s.dry, "dry-run", false, "list the cells and what they would cost, and compute nothing")
	f.IntVar(&s.workers, "workers", 0, "cells at a time; 0 is one a core, which share the threads")
	f.IntVar(&s.limit, "limit", 0, "stop after so many cells; 0 is no limit")
	f.DurationVar(&s.until, "until", 0, "save checkpoints and stop, with exit code 3, after so long: 55m, 7h30m")
	f.StringVar(&s.folder, "out", "sweeps", "the folder for sweep directories")
	f.StringVar(&s.retry, "retry", "", "failed: compute the cells that failed again")
	return cmd
}

// onePlan checks the arguments of a command that takes a plan.
func onePlan(cmd *cobra.Command, args []string) error {
	if err := oneConfig(cmd, args); err != nil {
		return err
	}
	for _, arg := range args {
		if !isOverride(arg) {
			return nil
		}
	}
	return misuse(nameOf(cmd)+": PLAN is missing", "the path of a YAML file with a section sweep")
}

// planOf reads the plan that the arguments name, with their overrides.
func planOf(args []string) (*config.Plan, error) {
	path, overrides := "", []string(nil)
	for _, arg := range args {
		if isOverride(arg) {
			overrides = append(overrides, arg)
		} else {
			path = arg
		}
	}
	return config.LoadPlan(path, overrides)
}

func (s *sweepRun) run(cmd *cobra.Command, args []string) error {
	switch {
	case s.workers < 0 || s.limit < 0:
		return misuse("--workers and --limit are numbers from 0 on", "--workers 2")
	case s.until < 0:
		return misuse(fmt.Sprintf("--until: %s lies in the past", s.until), "a positive time such as 55m")
	case s.retry != "" && s.retry != sweep.Failed:
		return misuse(fmt.Sprintf("--retry: %q are no cells to compute again", s.retry), "--retry failed")
	}
	began := time.Now()
	plan, err := planOf(args)
	if err != nil {
		return err
	}
	path := filepath.Join(s.folder, plan.Name)
	if s.dry {
		return s.list(plan, path)
	}
	d, err := sweep.Create(path, plan, version())
	if err != nil {
		return err
	}
	if err := d.Continue(); err != nil {
		return err
	}
	if s.retry != "" {
		if _, err := d.Retry(); err != nil {
			return err
		}
	}
	ctx, stop := s.interruptible(s.quiet)
	defer stop()
	if s.until > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.until-time.Since(began), errTimeUp)
		defer cancel()
	}
	status, err := d.Status(0)
	if err != nil {
		return err
	}
	s.header(plan, d, status)
	watch := newSweepProgress(s.err, s.quiet, status)
	_, err = sweep.Pool(ctx, d, sweep.PoolSettings{Workers: s.workers, Settings: sweep.Settings{
		Wait: s.limit == 0, Limit: s.limit, Version: version(), End: watch.end,
	}})
	watch.finish()
	if err != nil {
		return err
	}
	if status, err = d.Status(0); err != nil {
		return err
	}
	if err := s.print(d, status); err != nil {
		return err
	}
	if ctx.Err() != nil || !status.Complete() && s.limit == 0 {
		how := "interrupted"
		if errors.Is(context.Cause(ctx), errTimeUp) {
			how = fmt.Sprintf("stopped at the end of its time (%s)", s.until)
		}
		return &failure{exitInterrupted, fmt.Sprintf("%s: %d of %d cells have a result, checkpoints of the others are saved", how, status.Done+status.Failed, status.Cells),
			"the same command again: it does what is missing"}
	}
	if status.Failed > 0 {
		return &failure{exitFailed, fmt.Sprintf("%d of %d cells failed", status.Failed, status.Cells), "the same command with --retry failed, when what they lacked is there"}
	}
	return nil
}

// header says what is computed.
func (s *sweepRun) header(plan *config.Plan, d *sweep.Dir, status *sweep.Status) {
	if s.quiet {
		return
	}
	w := s.err
	w.printf("%s\n", w.paint(bold, plan.Name))
	facts := [][2]string{{"varies", strings.Join(plan.Axes, ", ")}, {"seeds", fmt.Sprint(len(plan.Seeds))}, {"directory", d.Path()},
		{"cells", fmt.Sprintf("%d, of which %d have a result", status.Cells, status.Done+status.Failed)}}
	if plan.Filtered > 0 {
		facts = append(facts, [2]string{"left out", fmt.Sprintf("%d settings, by where", plan.Filtered)})
	}
	w.facts(facts...)
}

// list prints the cells of a plan and how they stand.
func (s *sweepRun) list(plan *config.Plan, path string) error {
	done := map[string]string{}
	if d, err := sweep.Open(path); err == nil {
		for i := range d.Cells {
			if r, err := d.Result(&d.Cells[i]); err == nil && r != nil {
				done[d.Cells[i].Hash] = r.Status
			}
		}
	}
	type cell struct {
		ID     string         `json:"id"`
		Values []config.Value `json:"values"`
		Seed   uint64         `json:"seed"`
		Steps  int            `json:"steps"`
		Status string         `json:"status"`
	}
	var cells []cell
	missing := 0
	for i := range plan.Cells {
		c := &plan.Cells[i]
		status := done[c.ID()]
		if status == "" {
			status = "missing"
			missing++
		}
		cells = append(cells, cell{c.ID()[:16], c.Values, c.Seed, c.Config.Steps, status})
	}
	if s.json {
		return s.out.json(map[string]any{"dir": path, "cells": cells, "missing": missing, "filtered": plan.Filtered})
	}
	for _, c := range cells {
		var parts []string
		for _, v := range c.Values {
			parts = append(parts, v.Path+"="+v.Text)
		}
		s.out.printf("%s  %-8s %s seed=%d\n", c.ID, c.Status, strings.Join(parts, " "), c.Seed)
	}
	s.out.printf("%d cells, %d without a result; nothing was computed\n", len(cells), missing)
	return s.out.done()
}

// print writes how the sweep stands.
func (a *sweepRun) print(d *sweep.Dir, status *sweep.Status) error {
	if a.json {
		return a.out.json(status)
	}
	return a.sweepStatus(status)
}
