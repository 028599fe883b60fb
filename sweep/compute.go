package sweep

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"leeway/config"
	"leeway/external"
	"leeway/rundir"
	"leeway/trace"
)

// compute runs a cell in its run directory and fills in the result. A result
// without a status means that ctx ended first. An error is not the cell's fault:
// errTaken, or a failure of the disk.
func (w *worker) compute(ctx context.Context, c *Cell, h *held, r *Result) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var beats sync.WaitGroup
	beats.Go(func() { w.beatUntil(ctx, h, cancel) })
	err := w.protected(ctx, c, r)
	cancel(nil)
	beats.Wait()
	// What the heartbeat met is worse than what followed from it.
	if lost := context.Cause(ctx); errors.Is(lost, errTaken) || isOurs(lost) {
		return lost
	}
	return err
}

// beatUntil renews a claim until ctx ends, and ends it if the claim is lost.
func (w *worker) beatUntil(ctx context.Context, h *held, cancel context.CancelCauseFunc) {
	ticker := time.NewTicker(w.Beat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			err := h.beat()
			if err == nil && w.dir.stopped() {
				err = context.Canceled
			}
			if err != nil {
				cancel(err)
				return
			}
		}
	}
}

// protected computes a cell; its panics, which are mistakes of the program, are
// failures of the cell, with their place.
func (w *worker) protected(ctx context.Context, c *Cell, r *Result) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Status, r.Reason, err = Failed, fmt.Sprintf("a mistake of the program: %v, at %s", p, place(debug.Stack())), nil
		}
	}()
	err = w.run(ctx, c, r)
	switch {
	case err == nil || errors.Is(err, errTaken) || isOurs(err):
		return err
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return nil
	}
	r.Status, r.Reason = Failed, sentence(err)
	return nil
}

// place is the first line of our own code below the panic in a stack.
func place(stack []byte) string {
	_, below, _ := strings.Cut(string(stack), "panic(")
	for line := range strings.SplitSeq(below, "\n") {
		line = strings.TrimSpace(line)
		if i := strings.Index(line, ".go:"); i > 0 && !strings.Contains(line, "/runtime/") {
			parts := strings.Split(strings.Fields(line)[0], "/")
			return strings.Join(parts[max(0, len(parts)-2):], "/")
		}
	}
	return "an unknown place"
}

// sentence is an error with its hint.
func sentence(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		return err.Error() + ". Try: " + hinted.Hint()
	}
	return err.Error()
}

// isOurs tells failures that are not the cell's from its own: of the disk, and of a
// process that is to compute its objective and is not there.
func isOurs(err error) bool {
	var run *rundir.Error
	var sweep *Error
	var model *external.Fault
	return errors.As(err, &run) || errors.As(err, &sweep) || errors.As(err, &model) && model.Unreached
}

// run computes a cell from its checkpoint on.
func (w *worker) run(ctx context.Context, c *Cell, r *Result) error {
	resolved, err := config.FromJSON(c.Config)
	if err != nil {
		return err
	}
	if w.Threads > 0 && resolved.Objective.Network() {
		resolved.Objective.Threads = w.Threads
	}
	begun := &rundir.Info{} // of the cell, if it was begun before
	if dir, err := rundir.Open(w.dir.CellPath(c)); err == nil {
		if info, err := dir.ReadInfo(); err == nil && info.Hash == c.Hash {
			begun = info
		}
	}
	if err := resolved.Recall(begun.Exact); err != nil {
		return err
	}
	problem, err := resolved.Build()
	if err != nil {
		return err
	}
	defer problem.Close()
	if err := problem.SameModel(begun.Signs); err != nil {
		return fmt.Errorf("%w. Try: the model as it was, or a sweep under another name", err)
	}
	runner, err := trace.New(resolved.Setup(problem))
	if err != nil {
		return err
	}
	dir, err := rundir.CreateAt(w.dir.CellPath(c), c.Hash)
	if errors.Is(err, rundir.ErrLocked) {
		return errTaken // a worker that was taken for lost still computes it
	}
	if err != nil {
		return err
	}
	defer dir.Close()
	info := rundir.Info{
		Name: resolved.Name, Version: w.Version, Machine: rundir.ThisMachine(), Created: time.Now().UTC().Truncate(time.Second),
		Config: c.Config, Parameters: problem.Objective.Dim(), Problem: problem.Description, Citations: problem.Citations,
	}
	if e := problem.Estimate; e != nil {
		info.Exact = e.Record()
	}
	info.Signs = problem.SignsRecord()
	if err := trace.Record(ctx, runner, dir, info, nil, nil); err != nil {
		return err
	}
	summary := runner.Summary()
	if summary.Status == trace.StatusInterrupted {
		return nil
	}
	r.Status, r.Reason, r.Summary = summary.Status, summary.Diverged, &summary
	return nil
}
