package trace

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"leeway/objective"
)

// Sink receives what a run produces, in order.
type Sink interface {
	// Row takes the measurements after step steps, in the order of the
	// runner's columns without step and time.
	Row(step int, values []float64) error
	// Spectrum takes the density of the Hessian's eigenvalues after step steps:
	// points of eigenvalue and density. It comes before the row of that step.
	Spectrum(step int, points [][]float64) error
	// Checkpoint takes the state of the run; it must not keep it.
	Checkpoint(state *State) error
}

// Runner is a run at work. One goroutine may use it.
type Runner struct {
	setup     Setup
	lead      *leader
	followers []*follower
	measure   *instruments
	digest    digest
	workers   int
	row       []float64
	measured  int    // the step last measured, -1 before the first
	watch     *watch // the leader's
	status    string
	diverged  string
	saved     time.Time // when a checkpoint was last handed out
	savedAt   int       // its step
	kept      *State    // of a fragile objective: a copy from some steps before
	pace      float64   // seconds that a step of all processes took last
	seconds   float64
	began     time.Time
}

// New prepares a run.
func New(setup Setup) (*Runner, error) {
	s, err := setup.resolve()
	if err != nil {
		return nil, err
	}
	r := &Runner{setup: s, status: StatusRunning, measured: -1, workers: runtime.GOMAXPROCS(0)}
	clone := func() objective.TwiceDifferentiable {
		obj, err := objective.Clone(s.Objective)
		if err != nil {
			r.workers = 1 // one objective for all: they take turns
			return s.Objective
		}
		return obj
	}
	base := objective.Counting(clone())
	full := newMemo(base)
	var own objective.TwiceDifferentiable = base
	if base.Batches() == 1 {
		own = full
	}
	if r.lead, err = newLeader(&r.setup, own); err != nil {
		return nil, err
	}
	r.watch = r.lead.watch
	for _, name := range s.Processes {
		f, err := newFollower(name, &r.setup, clone())
		if err != nil {
			return nil, fmt.Errorf("trace: process %s: %w", name, err)
		}
		r.followers = append(r.followers, f)
	}
	if r.measure, err = newInstruments(&r.setup, base, full); err != nil {
		return nil, err
	}
	r.digest = newDigest(r.Columns())
	return r, nil
}

// Columns are the names of the columns of a row after step and t, as
// process/quantity.
func (r *Runner) Columns() []string {
	names := r.setup.columns(Discrete)
	for _, f := range r.followers {
		names = append(names, r.setup.columns(f.name)...)
	}
	return names
}

// Step is the number of steps taken so far.
func (r *Runner) Step() int { return r.lead.state.Steps() }

// Steps is the number of steps planned.
func (r *Runner) Steps() int { return r.setup.Steps }

// Loss is the loss of the optimizer's last batch, for a display of progress.
func (r *Runner) Loss() float64 { return r.lead.loss }

// Theta is the optimizer's present iterate, not to be modified.
func (r *Runner) Theta() []float64 { return r.lead.theta }

// Run goes on to the last step, or until ctx is done or a quantity diverges,
// and hands rows and checkpoints to sink, which may be nil. progress, if not
// nil, is called now and then. Stopping early and diverging are statuses in the
// summary; an error means that a question could not be answered or an answer
// not be stored.
func (r *Runner) Run(ctx context.Context, sink Sink, progress func()) error {
	if sink == nil {
		sink = discard{}
	}
	r.began = time.Now()
	r.saved = r.began
	defer func() { r.seconds, r.began = r.elapsed(), time.Time{} }()
	r.status = StatusRunning
	if err := r.run(ctx, sink, progress); err != nil {
		return r.rescue(sink, err)
	}
	return nil
}

// run is [Runner.Run] but for what an error leaves behind.
func (r *Runner) run(ctx context.Context, sink Sink, progress func()) error {
	for {
		if err := r.settle(sink); err != nil {
			return err
		}
		r.keep()
		if progress != nil {
			progress()
		}
		switch {
		case r.Step() >= r.setup.Steps, r.watch.reason != "":
			r.status = StatusDone
		case ctx.Err() != nil:
			r.status = StatusInterrupted
		default:
			from, began := r.Step(), time.Now()
			cause, err := r.advance(r.chunk())
			if err != nil {
				return err
			}
			if taken := r.Step() - from; taken > 0 {
				r.pace = time.Since(began).Seconds() / float64(taken)
			}
			if cause == nil {
				if err := r.save(sink); err != nil {
					return err
				}
				continue
			}
			r.status = StatusDiverged
			r.diverged = fmt.Sprintf("step %d: %s", cause.step, cause.quantity)
			if err := r.measureDue(sink); err != nil { // the last state that can be measured
				return err
			}
		}
		return r.checkpoint(sink, r.State())
	}
}

// checkpoint hands a state out, and remembers its step once it is safe.
func (r *Runner) checkpoint(sink Sink, s *State) error {
	if err := sink.Checkpoint(s); err != nil {
		return err
	}
	r.saved, r.savedAt = time.Now(), s.Step
	return nil
}

// Saved is the step of the last checkpoint that was handed out, 0 if none was.
func (r *Runner) Saved() int { return r.savedAt }

// patience is about how many seconds pass between looks at whether the run is to stop.
const patience = 1.0

// keepEvery is the largest number of steps of a fragile objective that its failure costs.
const keepEvery = 10

// keep copies the present state, between steps and after its rows, if the objective is
// fragile.
func (r *Runner) keep() {
	if !r.setup.Fragile || r.Step() == 0 || r.kept != nil && r.Step()-r.kept.Step < keepEvery {
		return
	}
	s := r.State()
	for i := range s.Tensors {
		t := &s.Tensors[i]
		var own []float64
		if r.kept != nil && i < len(r.kept.Tensors) {
			own = r.kept.Tensors[i].Data[:0]
		}
		t.Data = append(own, t.Data...)
	}
	r.kept = s
}

// rescue saves what was kept before an error, which it returns.
func (r *Runner) rescue(sink Sink, err error) error {
	if r.kept != nil && r.kept.Step > r.savedAt {
		if lost := r.checkpoint(sink, r.kept); lost != nil {
			return fmt.Errorf("%w; and the checkpoint could not be saved: %w", err, lost)
		}
	}
	return err
}

// settle measures what is due at the present step. It looks first whether the
// loss makes it due, so that a checkpoint always stands after that.
func (r *Runner) settle(sink Sink) error {
	if _, err := r.lead.watched(); err != nil {
		return err
	}
	return r.measureDue(sink)
}

// save hands out a checkpoint if it is time for one. Rows of this step come
// first: a checkpoint stands after them.
func (r *Runner) save(sink Sink) error {
	every, after := r.setup.CheckpointEvery, r.setup.CheckpointAfter
	due := every > 0 && r.Step()%every == 0 || after > 0 && time.Since(r.saved) > after
	if !due || r.Step() >= r.setup.Steps {
		return nil
	}
	if err := r.settle(sink); err != nil {
		return err
	}
	return r.checkpoint(sink, r.State())
}

// elapsed is the computing time so far.
func (r *Runner) elapsed() float64 {
	if r.began.IsZero() {
		return r.seconds
	}
	return r.seconds + time.Since(r.began).Seconds()
}

// chunk is the number of steps until something is due.
func (r *Runner) chunk() int {
	n := r.Step()
	if n == 0 {
		return 1 // the moments flows take over the state after this step
	}
	count := min(r.setup.Steps, r.measure.after(n)) - n
	if every := r.setup.CheckpointEvery; every > 0 {
		count = min(count, every-n%every)
	}
	if r.pace > 0 { // so that an interrupt need not wait long
		count = min(count, max(1, int(patience/r.pace)))
	}
	if r.setup.Fragile && r.kept != nil {
		count = min(count, r.kept.Step+keepEvery-n)
	}
	return count
}

// advance takes up to count steps with all processes.
func (r *Runner) advance(count int) (*divergence, error) {
	first := r.Step() == 0
	cause, err := r.lead.advance(count)
	if err != nil {
		return nil, err
	}
	if first && r.lead.done > 0 {
		for _, f := range r.followers {
			if m, ok := f.mover.(*momentsMover); ok {
				if err := m.begin(r.lead.theta, r.lead.state); err != nil {
					return nil, err
				}
			}
		}
	}
	return cause, r.follow()
}

// follow lets all followers do what the leader has done. Each has its own
// objective, so the order in which they run does not matter. A panic of one
// becomes a panic of the caller, who can recover from it.
func (r *Runner) follow() error {
	errs := make([]error, len(r.followers))
	panics := make([]any, len(r.followers))
	var group sync.WaitGroup
	slots := make(chan struct{}, r.workers)
	for i, f := range r.followers {
		if !f.alive() {
			continue
		}
		slots <- struct{}{}
		group.Add(1)
		go func() {
			defer group.Done()
			defer func() {
				if p := recover(); p != nil {
					panics[i] = fmt.Sprintf("process %s: %v\n%s", f.name, p, debug.Stack())
				}
				<-slots
			}()
			errs[i] = f.advance(r.lead)
		}()
	}
	group.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("trace: process %s: %w", r.followers[i].name, err)
		}
	}
	return nil
}

// discard is the sink of a run that nobody stores.
type discard struct{}

func (discard) Row(int, []float64) error        { return nil }
func (discard) Spectrum(int, [][]float64) error { return nil }
func (discard) Checkpoint(*State) error         { return nil }
