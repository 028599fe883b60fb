//go:build unix

package slurm

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"leeway/sweep"
)

// submitted is a sweep with a first submission of two workers.
func submitted(t *testing.T, tries int) (*fake, *sweep.Dir, Job) {
	t.Helper()
	f := newFake(t)
	d, job := swept(t)
	job.Settings = Settings{Workers: 2, Tries: tries, Mem: "1G"}
	if _, err := quick(t).Submit(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	return f, d, job
}

func follow(t *testing.T, d *sweep.Dir, round int) (string, error) {
	t.Helper()
	return quick(t).Follow(context.Background(), d, round, time.Hour)
}

// says checks what a follower did.
func says(t *testing.T, d *sweep.Dir, round int, want string) {
	t.Helper()
	if got, err := follow(t, d, round); err != nil || !strings.Contains(got, want) {
		t.Errorf("after submission %d: %q, %v; want %q", round, got, err, want)
	}
}

// compute computes so many cells.
func compute(t *testing.T, d *sweep.Dir, cells int) {
	t.Helper()
	if n, err := sweep.Work(context.Background(), d, sweep.Settings{Limit: cells}); err != nil || n != cells {
		t.Fatalf("%d cells, %v", n, err)
	}
}

// Submissions follow each other while cells are missing. Three in a row that finish
// nothing are the last, and one that finishes a cell begins the count anew.
func TestFollow(t *testing.T) {
	_, d, _ := submitted(t, 3)
	says(t, d, 1, "4 cells are missing: submission 2 has 2 workers")
	says(t, d, 2, "submission 3 has 2 workers")
	compute(t, d, 1)
	says(t, d, 3, "3 cells are missing: submission 4")
	says(t, d, 4, "submission 5")
	compute(t, d, 2)
	says(t, d, 5, "1 cells are missing: submission 6 has 1 workers")
	says(t, d, 6, "submission 7")
	says(t, d, 7, "submission 8")
	_, err := follow(t, d, 8)
	fails(t, err, "the last 3 submissions finished none", "worker-*.log in "+folder(d.Path(), 8))
	compute(t, d, 1)
	says(t, d, 8, "every cell has a result (0 of them failed)")
	if s, err := Read(d.Path(), 8); err != nil || s.Mem != "1G" || s.Idle != 2 || s.Ended != 3 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestFollowNot(t *testing.T) {
	_, d, _ := submitted(t, -1)
	says(t, d, 1, "4 cells are missing: leeway sweep submit "+d.Path())

	_, d, _ = submitted(t, 0)
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
	says(t, d, 1, "the sweep was cancelled: nothing is submitted")
	if err := d.Continue(); err != nil {
		t.Fatal(err)
	}
	_, err := follow(t, d, 7)
	fails(t, err, "there is no submission 7", "")

	// Others compute all that is left: their claims are young.
	compute(t, d, 3)
	for i := range d.Cells {
		if r, err := d.Result(&d.Cells[i]); err == nil && r == nil {
			path := filepath.Join(d.Path(), sweep.ClaimsFolder, d.Cells[i].ID+".1")
			if err := os.WriteFile(path, []byte(`{"owner": {"machine": "elsewhere"}}`), 0o644); err != nil {
				t.Fatal(err)
			}
			future := time.Now().Add(time.Hour)
			if err := os.Chtimes(path, future, future); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, err := quick(t).Follow(context.Background(), d, 1, time.Millisecond); err != nil || !strings.Contains(got, "computed elsewhere") {
		t.Errorf("%q, %v", got, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := quick(t).Follow(ctx, d, 1, time.Hour); err != context.Canceled {
		t.Errorf("%v", err)
	}
}

// Followers that run twice, as after a loss of the controller, agree on one
// submission.
func TestFollowTwice(t *testing.T) {
	f, d, _ := submitted(t, 0)
	var group sync.WaitGroup
	answers := make([]string, 4)
	for i := range answers {
		group.Go(func() { answers[i], _ = quick(t).Follow(context.Background(), d, 1, time.Hour) })
	}
	group.Wait()
	made, said := 0, 0
	for _, answer := range answers {
		if strings.Contains(answer, "submission 2 has 2 workers") {
			made++
		}
		if strings.Contains(answer, "submission 2 has been made already") {
			said++
		}
	}
	if calls := f.calls("sbatch"); made != 1 || said != 3 || len(calls) != 4 {
		t.Errorf("%q, sbatch %q", answers, calls)
	}
}

// A sweep that is cancelled while a follower submits takes the new jobs with it.
func TestFollowCancelled(t *testing.T) {
	f, d, _ := submitted(t, 0)
	f.set("hook", "touch '"+filepath.Join(d.Path(), sweep.StopFile)+"'\n")
	f.set("queue", "103_0|103|PENDING|None|\n")
	says(t, d, 1, "the sweep was cancelled")
	if f.get("queue") != "" {
		t.Errorf("in the queue: %s", f.get("queue"))
	}
}

// A controller that does not answer is asked again; what it refuses is not.
func TestFollowPatiently(t *testing.T) {
	f, d, _ := submitted(t, 0)
	f.set("refuse-3", "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n")
	f.set("refuse-4", "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n")
	says(t, d, 1, "submission 2 has 2 workers")
	if calls := f.calls("sbatch"); len(calls) != 6 {
		t.Errorf("sbatch %q", calls)
	}
	f.set("refuse-7", "sbatch: error: Batch job submission failed: Invalid partition name specified\n")
	_, err := follow(t, d, 2)
	fails(t, err, "Invalid partition", "--partition")
	f.set("refuse", "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n")
	_, err = follow(t, d, 2)
	fails(t, err, "Unable to contact", "in a few minutes")
	if calls := f.calls("sbatch"); len(calls) != 7+attempts {
		t.Errorf("%d calls of sbatch", len(calls))
	}
}
