package slurm

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"leeway/sweep"
)

// attempts is how often Follow asks a controller that does not answer.
const attempts = 10

// Follow goes on with a sweep when the workers of a round have ended: while cells
// are missing, it submits again with the settings of that round. It gives up when
// Tries submissions in a row finished no cell. lease is that of the workers (the
// usual if 0). It returns what it did, in a sentence.
//
// Followers that were started twice agree on one submission: the next round's.
func (e Engine) Follow(ctx context.Context, d *sweep.Dir, round int, lease time.Duration) (string, error) {
	before, err := Read(d.Path(), round)
	if err != nil {
		return "", err
	}
	status, err := e.settled(ctx, d, lease)
	if err != nil {
		return "", err
	}
	ended := status.Done + status.Failed
	idle := before.Idle + 1
	if ended > before.Ended {
		idle = 0
	}
	switch {
	case stopped(d):
		return "the sweep was cancelled: nothing is submitted", nil
	case status.Complete():
		return fmt.Sprintf("every cell has a result (%d of them failed): nothing is submitted", status.Failed), nil
	case status.Missing == 0:
		return "all cells without a result are being computed elsewhere: nothing is submitted", nil
	case before.Tries < 0:
		return fmt.Sprintf("%d cells are missing: leeway sweep submit %s submits again", status.Missing, d.Path()), nil
	case idle >= before.Tries:
		return "", &sweep.Error{What: fmt.Sprintf("%d cells are missing, and the last %d submissions finished none: nothing more is submitted", status.Missing, idle),
			Where: before.Dir, Try: "look at worker-*.log in " + folder(before.Dir, round) + "; perhaps a longer --time, more --mem or more --tries"}
	}
	job := Job{Name: before.Name, Dir: before.Dir, Program: before.Program, Chdir: before.Chdir, Cells: status.Missing, Ended: ended,
		Settings: before.Settings, round: round + 1, idle: idle}
	// Fewer are needed towards the end.
	job.Workers = min(job.Workers, status.Missing)
	h, err := e.submitPatiently(ctx, job)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Sprintf("submission %d has been made already", round+1), nil
	}
	if err != nil {
		return "", err
	}
	if stopped(d) { // in the meantime
		return "the sweep was cancelled", e.Cancel(ctx, h)
	}
	return fmt.Sprintf("%d cells are missing: submission %d has %d workers", status.Missing, h.Round, job.Workers), nil
}

// submitPatiently submits, again while the controller does not answer: nobody is
// there to do it.
func (e Engine) submitPatiently(ctx context.Context, job Job) (Handle, error) {
	for attempt := 1; ; attempt++ {
		h, err := e.Submit(ctx, job)
		if err == nil || !passing(err) || attempt == attempts {
			return h, err
		}
		if err := e.wait(ctx, 5*e.pause()); err != nil {
			return h, err
		}
	}
}

// settled waits until the claims of workers that were lost have run out, and
// returns how the sweep stands then.
func (e Engine) settled(ctx context.Context, d *sweep.Dir, lease time.Duration) (*sweep.Status, error) {
	longest := lease
	if longest <= 0 {
		longest = time.Minute
	}
	began := time.Now()
	for {
		status, err := d.Status(lease)
		if err != nil || status.Running == 0 || time.Since(began) > longest*3/2 {
			return status, err
		}
		if err := e.wait(ctx, e.pause()); err != nil {
			return nil, err
		}
	}
}

// stopped reports whether the sweep was cancelled.
func stopped(d *sweep.Dir) bool {
	_, err := os.Stat(filepath.Join(d.Path(), sweep.StopFile))
	return err == nil
}
