package slurm

import (
	"context"
	"time"
)

// Usual times of waiting.
const (
	usualPatience = 2 * time.Minute
	usualPause    = 2 * time.Second
)

func (e Engine) pause() time.Duration {
	if e.Pause > 0 {
		return e.Pause
	}
	return usualPause
}

// wait waits.
func (e Engine) wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
