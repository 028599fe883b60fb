package slurm

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Cancel ends the workers of a sweep: those that wait at once, and those that run
// when they have saved their checkpoints, or at the end of Patience. It returns when
// none is left. Cells stay as they are.
func (e Engine) Cancel(ctx context.Context, h Handle) error {
	patience := e.Patience
	if patience <= 0 {
		patience = usualPatience
	}
	// First what would submit again.
	if err := e.scancel(ctx, h.Gather); err != nil {
		return err
	}
	var deadline time.Time // of those that were asked
	asked := map[string]bool{}
	for {
		tasks, err := queue(ctx, slices.Concat(h.Jobs, h.Gather))
		if err != nil || len(tasks) == 0 {
			return err
		}
		var waiting, running []string
		for _, t := range tasks {
			switch {
			case t.State == "PENDING":
				waiting = append(waiting, t.ID)
			case t.State == "RUNNING" && !asked[t.ID]:
				asked[t.ID] = true // a second signal would end it at once
				running = append(running, t.ID)
			}
		}
		if !deadline.IsZero() && time.Now().After(deadline) {
			waiting = nil
			for _, t := range tasks {
				waiting = append(waiting, t.ID)
			}
			running = nil
		}
		if err := e.scancel(ctx, waiting); err != nil {
			return err
		}
		if err := e.scancel(ctx, running, "--batch", "--signal=TERM"); err != nil {
			return err
		}
		if deadline.IsZero() {
			deadline = time.Now().Add(patience)
		}
		if err := e.wait(ctx, e.pause()); err != nil {
			return err
		}
	}
}

// scancel ends jobs or tasks; that some have ended before is no error.
func (e Engine) scancel(ctx context.Context, ids []string, options ...string) error {
	for part := range slices.Chunk(ids, 500) {
		_, err := call(ctx, "scancel", slices.Concat(options, part)...)
		if err != nil && !endedBefore(err) {
			return err
		}
	}
	return nil
}

// endedBefore reports whether scancel only says that there is nothing to end.
func endedBefore(err error) bool {
	text := err.Error()
	return strings.Contains(text, "Invalid job id") || strings.Contains(text, "already completing or completed")
}
