package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Settings of a worker; the zero value is the usual.
type Settings struct {
	// Threads of a cell's network; 0 is one a core.
	Threads int
	// Lease is the age at which a heartbeat counts as lost (1 minute if 0), Beat
	// the time between two (a sixth of the lease).
	Lease, Beat time.Duration
	// Wait makes a worker stay while others compute the last cells, to take over
	// what they lose; it looks every Poll (a second if 0).
	Wait bool
	Poll time.Duration
	// Limit is the number of cells after which the worker ends, 0 for none.
	Limit int
	// Deaths is the number of workers that a cell may take with it before it
	// counts as failed; 0 is 20.
	Deaths int
	// Version of the program, for run.json.
	Version string
	// Begin and End, if not nil, are told of every cell that this worker computes;
	// End of one that was interrupted gets no result.
	Begin func(*Cell)
	End   func(*Cell, *Result)

	// complete is closed by a pool when one of its workers finds nothing left, so
	// that the others do not wait for their next look.
	complete chan struct{}
}

// Usual times of workers.
const (
	usualLease  = time.Minute
	usualPoll   = time.Second
	usualDeaths = 20
)

func orUsual(lease time.Duration) time.Duration {
	if lease <= 0 {
		return usualLease
	}
	return lease
}

func (s Settings) resolved() Settings {
	s.Lease = orUsual(s.Lease)
	if s.Beat <= 0 {
		s.Beat = s.Lease / 6
	}
	if s.Poll <= 0 {
		s.Poll = usualPoll
	}
	if s.Deaths <= 0 {
		s.Deaths = usualDeaths
	}
	return s
}

// Work computes cells until none is left that it could claim, or until ctx ends or
// [Dir.Stop] is called:
// then it saves a checkpoint, leaves its cell to others and returns nil. It returns
// how many cells it finished, and an error if it cannot go on: a full disk, say.
func Work(ctx context.Context, d *Dir, settings Settings) (int, error) {
	w := &worker{dir: d, Settings: settings.resolved(), me: newOwner()}
	pending := make([]*Cell, len(d.Cells))
	for i := range d.Cells {
		pending[i] = &d.Cells[i]
	}
	finished := 0
	for {
		var later []*Cell
		before := finished
		for _, c := range pending {
			if ctx.Err() != nil || d.stopped() || w.Limit > 0 && finished >= w.Limit {
				return finished, nil
			}
			switch outcome, err := w.cell(ctx, c); {
			case errors.Is(err, errTaken):
				later = append(later, c)
			case err != nil:
				return finished, err
			case outcome == computed:
				finished++
			case outcome == stopped:
				later = append(later, c)
			}
		}
		if pending = later; len(pending) == 0 {
			return finished, nil
		}
		if finished > before {
			continue // others have gone on in the meantime
		}
		if !w.Wait {
			return finished, nil
		}
		timer := time.NewTimer(w.Poll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return finished, nil
		case <-timer.C:
		case <-w.complete:
			timer.Stop()
			w.complete = nil
		}
	}
}

// worker is one of those that compute a sweep.
type worker struct {
	Settings
	dir *Dir
	me  Owner
}

// outcome of a worker's look at a cell.
type outcome int

const (
	passed   outcome = iota // it has a result already
	computed                // this worker finished it
	stopped                 // it was interrupted and left to others
)

// cell computes a cell if nobody has or does: the error is errTaken if somebody
// does.
func (w *worker) cell(ctx context.Context, c *Cell) (outcome, error) {
	if done, err := w.dir.finished(c.ID); done || err != nil {
		return passed, err
	}
	h, err := w.dir.take(c.ID, w.me, w.Lease)
	if err != nil {
		return passed, err
	}
	// Another may have finished it between the two.
	if done, err := w.dir.finished(c.ID); done || err != nil {
		w.dir.clear(c.ID)
		return passed, err
	}
	if w.Begin != nil {
		w.Begin(c)
	}
	began := time.Now()
	r := &Result{ID: c.ID, Values: c.Values, Seed: c.Seed, Owner: w.me}
	if h.Deaths >= w.Deaths {
		r.Status, r.Reason = Failed, fmt.Sprintf("%d workers were lost while they computed it", h.Deaths)
	} else {
		err = w.compute(ctx, c, h, r)
	}
	end := func(r *Result) {
		if w.End != nil {
			w.End(c, r)
		}
	}
	switch {
	case errors.Is(err, errTaken): // it has another owner now, and is none of ours
		end(nil)
		return stopped, nil
	case err != nil:
		h.release() // if that fails too, the claim ends with its lease
		end(nil)
		return stopped, err
	case r.Status == "":
		end(nil)
		return stopped, ignoreTaken(h.release())
	}
	r.Seconds, r.When = time.Since(began).Seconds(), time.Now().UTC().Truncate(time.Second)
	if err := w.dir.publish(r); err != nil {
		h.release()
		end(nil)
		return stopped, err
	}
	w.dir.clear(c.ID)
	end(r)
	return computed, nil
}

func ignoreTaken(err error) error {
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}
