package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"leeway/sweep"
	"leeway/sweep/slurm"
)

// engine starts the workers of a sweep elsewhere. They compute; the engine knows
// where they are.
type engine interface {
	Submit(context.Context, slurm.Job) (slurm.Handle, error)
	Poll(context.Context, slurm.Handle) (slurm.Counts, error)
	Cancel(context.Context, slurm.Handle) error
}

var _ engine = slurm.Engine{}

// others says which workers are in the queue already.
func (s *sweepSubmit) others(ctx context.Context, e engine, d *sweep.Dir) {
	h, err := slurm.Find(d.Path())
	if err != nil || len(h.Jobs) == 0 || s.quiet {
		return
	}
	if counts, err := e.Poll(ctx, h); err == nil && counts.Total() > 0 {
		s.err.printf("  in the queue already: %d workers that run, %d that wait; these are added\n", counts.Running, counts.Total()-counts.Running)
	}
}

// print says what was submitted.
func (s *sweepSubmit) print(job slurm.Job, h slurm.Handle, status *sweep.Status) error {
	if s.json {
		return s.out.json(map[string]any{"dir": h.Dir, "round": h.Round, "jobs": append([]string{}, h.Jobs...), "gather": append([]string{}, h.Gather...),
			"cells": status.Cells, "missing": status.Missing + status.Running})
	}
	w := s.out
	w.head(job.Name)
	if len(h.Jobs) == 0 {
		w.facts([2]string{"cells", fmt.Sprintf("%d, all with a result; nothing is submitted", status.Cells)})
		return w.done()
	}
	facts := [][2]string{{"cells", fmt.Sprintf("%d, of which %d have no result", status.Cells, job.Cells)}, {"workers", "job " + strings.Join(h.Jobs, ", ")}}
	if len(h.Gather) > 0 {
		facts = append(facts, [2]string{"afterwards", "job " + strings.Join(h.Gather, ", ") + " submits again while cells are missing"})
	}
	w.facts(append(facts, [][2]string{{"logs", filepath.Join(status.Dir, slurm.Folder, fmt.Sprintf("%04d", h.Round))},
		{"status", "leeway sweep status " + quoted(status.Dir)}, {"cancel", "leeway sweep cancel " + quoted(status.Dir)}}...)...)
	return w.done()
}

// cancelSubmitted ends the workers that were submitted for a sweep, and returns
// whether there were any.
func (a *app) cancelSubmitted(e engine, d *sweep.Dir) (bool, error) {
	h, err := slurm.Find(d.Path())
	if err != nil || len(h.Jobs) == 0 {
		return false, err
	}
	ctx, stop := a.interruptible(true)
	defer stop()
	if counts, err := e.Poll(ctx, h); err == nil && counts.Running > 0 {
		a.err.printf("  waiting until %d workers have saved their checkpoints\n", counts.Running)
	}
	err = e.Cancel(ctx, h)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, context.Canceled):
		return true, &failure{exitInterrupted, "stopped before all workers had ended", "the same command again"}
	}
	what, _ := sentences(err)
	return true, misuse("Slurm could not be told: "+what+"; its workers end by themselves, at their next heartbeat or when they start",
		"the same command on a login node, which also takes back those that wait")
}
