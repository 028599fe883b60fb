package trace

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"leeway/objective"
	"leeway/rundir"
)

// fragile fails for good at a question; its clones, of which several goroutines ask,
// count together.
type fragile struct {
	objective.TwiceDifferentiable
	asked *atomic.Int64
	at    int64
}

var errFragile = errors.New("the process ended")

func (f fragile) ask() error {
	if f.asked.Add(1) >= f.at {
		return errFragile
	}
	return nil
}

func (f fragile) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := f.ask(); err != nil {
		return 0, err
	}
	return f.TwiceDifferentiable.Gradient(dst, theta, k)
}

func (f fragile) HVP(dst, theta, v []float64, k int) error {
	if err := f.ask(); err != nil {
		return err
	}
	return f.TwiceDifferentiable.HVP(dst, theta, v, k)
}

func (f fragile) Clone() objective.TwiceDifferentiable {
	clone, err := objective.Clone(f.TwiceDifferentiable)
	if err != nil {
		panic(err) // of a problem in closed form
	}
	return fragile{clone, f.asked, f.at}
}

// Truth: the run that nothing happened to. Wherever its objective fails, in a step of the
// optimizer, of a follower or in a measurement, what was kept is at most ten steps before,
// and with another objective the run goes on from it to the same bytes.
func TestFragile(t *testing.T) {
	setup := func(at int64) (Setup, *atomic.Int64) {
		s, asked := batches(t), &atomic.Int64{}
		s.Objective = fragile{s.Objective, asked, at}
		s.Fragile, s.CheckpointEvery = true, 0
		s.Measures = append(Each(When{Every: 7}, "loss", "bias"), Measure{"density", When{Every: 20}})
		s.Processes = []string{"flow-2", "moments-1"}
		return s, asked
	}
	record := func(s Setup, dir *rundir.Dir) (*Runner, error) {
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		return r, Record(t.Context(), r, dir, rundir.Info{Name: "run", Config: json.RawMessage(`{}`), Parameters: 4}, nil, nil)
	}
	files := func(dir *rundir.Dir) (all [2]string) {
		for i, name := range []string{rundir.MetricsFile, rundir.SpectrumFile} {
			text, err := os.ReadFile(filepath.Join(dir.Path(), name))
			if err != nil {
				t.Fatal(err)
			}
			all[i] = string(text)
		}
		return all
	}
	whole := createDir(t)
	s, asked := setup(1 << 60)
	if _, err := record(s, whole); err != nil {
		t.Fatal(err)
	}
	total, want := asked.Load(), files(whole)
	if total < 500 {
		t.Fatalf("%d questions", total)
	}
	for at := int64(1); at < total; at += 1 + total/60 {
		dir := createDir(t)
		s, _ := setup(at)
		r, err := record(s, dir)
		if !errors.Is(err, errFragile) {
			t.Fatalf("question %d: error %v", at, err)
		}
		if far := r.Step() - r.Saved(); far > keepEvery+1 {
			t.Errorf("question %d: failed at step %d, kept at %d", at, r.Step(), r.Saved())
		}
		s, _ = setup(1 << 60)
		if _, err := record(s, dir); err != nil {
			t.Fatalf("question %d, gone on with: %v", at, err)
		}
		if got := files(dir); got != want {
			t.Fatalf("question %d: other bytes than those of the whole run", at)
		}
	}
}

// full is a disk on which no checkpoint fits.
type full struct{ tape }

func (*full) Checkpoint(*State) error { return os.ErrInvalid }

// A checkpoint that was not saved is not said to be, and both errors are told.
func TestFragileOnAFullDisk(t *testing.T) {
	s := batches(t)
	s.Objective = fragile{s.Objective, &atomic.Int64{}, 300}
	s.Fragile, s.CheckpointEvery = true, 0
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Run(t.Context(), &full{}, nil); !errors.Is(err, errFragile) || !errors.Is(err, os.ErrInvalid) || r.Saved() != 0 || r.Step() < 2 {
		t.Errorf("saved %d of %d steps, error %v", r.Saved(), r.Step(), err)
	}
}

// What is kept is copied every ten steps and not at every measurement.
func TestKeptSeldom(t *testing.T) {
	s := batches(t)
	s.Fragile, s.Measures = true, Each(When{Every: 1}, "loss")
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	var kept []int
	if err := r.Run(t.Context(), nil, func() {
		if r.kept != nil && (len(kept) == 0 || kept[len(kept)-1] != r.kept.Step) {
			kept = append(kept, r.kept.Step)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if want := []int{1, 11, 21, 31, 41, 51}; !slices.Equal(kept, want) {
		t.Errorf("kept at %v, want %v", kept, want)
	}
}
