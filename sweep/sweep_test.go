package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"leeway/config"
	"leeway/trace"
)

// tiny is a plan of twelve cells that take milliseconds.
const tiny = `
name: tiny
objective: {problem: bilinear}
optimizer: {kind: adam, lr: 1e-2, beta1: 0.9, beta2: 0.99}
processes: [discrete]
steps: 30
measure: {every: 10, quantities: [loss]}
checkpoint: {every: 5}
sweep: {axes: {optimizer.beta2: [0.9, 0.95, 0.99], optimizer.lr: [1e-3, 1e-2]}, seeds: 2}
`

func planned(t testing.TB, overrides ...string) *config.Plan {
	t.Helper()
	plan, err := config.ParsePlan([]byte(tiny), "tiny.yaml", overrides)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func created(t testing.TB, overrides ...string) *Dir {
	t.Helper()
	d, err := Create(filepath.Join(t.TempDir(), "tiny"), planned(t, overrides...), "test")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// bits is all that a sweep found that does not depend on when and by whom: the
// summaries without their times, the measurements, and the table made of them.
func bits(t testing.TB, d *Dir) string {
	t.Helper()
	var b strings.Builder
	for i := range d.Cells {
		c := &d.Cells[i]
		r, err := d.Result(c)
		if err != nil || r == nil {
			t.Fatalf("cell %s: %v, %v", c, r, err)
		}
		if r.Status == trace.StatusDone {
			metrics, err := os.ReadFile(filepath.Join(d.CellPath(c), "metrics.csv"))
			if err != nil {
				t.Fatal(err)
			}
			final, err := json.Marshal(r.Summary.Final)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %s %s\n%s", c.ID, r.Status, final, metrics)
		} else {
			fmt.Fprintf(&b, "%s %s %s\n", c.ID, r.Status, r.Reason)
		}
	}
	return b.String() + tidy(t, d)
}

// tidy is the table of a sweep, its lines sorted.
func tidy(t testing.TB, d *Dir) string {
	t.Helper()
	c, err := d.Comparison()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := c.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines) <= len(d.Cells) {
		t.Fatalf("a table of %d lines for %d cells", len(lines), len(d.Cells))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// The truth is that cells do not influence each other: a pool finds what one worker
// finds, to the bit, and a second call finds nothing left to do.
func TestPool(t *testing.T) {
	one, two := created(t), created(t)
	if n, err := Work(context.Background(), one, Settings{}); n != 12 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	if n, err := Pool(context.Background(), two, PoolSettings{Workers: 3}); n != 12 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	if bits(t, one) != bits(t, two) {
		t.Error("a pool and a worker find different things")
	}
	if n, err := Pool(context.Background(), two, PoolSettings{}); n != 0 || err != nil {
		t.Errorf("again: %d cells, %v", n, err)
	}
	s, err := two.Status(0)
	if err != nil || s.Done != 12 || !s.Complete() || s.Running+s.Missing+s.Failed+s.Outside != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if left, _ := os.ReadDir(filepath.Join(two.path, ClaimsFolder)); len(left) != 0 {
		t.Errorf("%d claims are left", len(left))
	}
}

// Values and seeds that are added make cells in addition; what was computed stays.
// Another sweep is not let into the directory.
func TestGrow(t *testing.T) {
	d := created(t)
	if _, err := Work(context.Background(), d, Settings{}); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(d.resultPath(d.Cells[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	grown, err := Create(d.Path(), planned(t, "sweep.seeds=3"), "test")
	if err != nil || len(grown.Cells) != 18 {
		t.Fatalf("%v", err)
	}
	if n, err := Work(context.Background(), grown, Settings{}); n != 6 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	if after, err := os.Stat(d.resultPath(d.Cells[0].ID)); err != nil || after.ModTime() != before.ModTime() {
		t.Error("a result was computed again")
	}
	shrunk, err := Create(d.Path(), planned(t), "test")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := shrunk.Status(0); err != nil || s.Done != 12 || s.Outside != 6 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := Create(d.Path(), planned(t, "steps=7"), "test"); err == nil || !strings.Contains(err.Error(), "another sweep") {
		t.Errorf("another sweep: %v", err)
	}
	if opened, err := Open(d.Path()); err != nil || len(opened.Cells) != 12 {
		t.Errorf("%v", err)
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a sweep directory") {
		t.Errorf("%v", err)
	}
}

// Of many that try to claim a cell at once, one gets it; a claim whose owner is
// lost goes to one of the takers; the old owner notices.
func TestClaims(t *testing.T) {
	d := created(t)
	for i := range d.Cells {
		id := d.Cells[i].ID
		race := func(lease time.Duration) []*held {
			var mu sync.Mutex
			var winners []*held
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					h, err := d.take(id, newOwner(), lease)
					if err != nil && !errors.Is(err, errTaken) {
						t.Error(err)
					}
					if h != nil {
						mu.Lock()
						winners = append(winners, h)
						mu.Unlock()
					}
				})
			}
			group.Wait()
			return winners
		}
		first := race(time.Hour)
		if len(first) != 1 {
			t.Fatalf("%d have the cell", len(first))
		}
		if err := first[0].beat(); err != nil {
			t.Fatal(err)
		}
		if again := race(time.Hour); len(again) != 0 {
			t.Fatalf("%d take it from a living owner", len(again))
		}
		// Every claim is older than a negative lease: all owners count as lost, and
		// each next number goes to one taker.
		second := race(-time.Hour)
		for k, h := range second {
			for _, other := range second[k+1:] {
				if h.number == other.number {
					t.Fatalf("two have claim %d", h.number)
				}
			}
		}
		if err := first[0].beat(); !errors.Is(err, errTaken) {
			t.Errorf("the lost owner goes on: %v", err)
		}
		last := second[0]
		for _, h := range second {
			if h.number > last.number {
				last = h
			}
		}
		if last.Deaths != last.number-1 {
			t.Errorf("claim %d counts %d lost owners", last.number, last.Deaths)
		}
		if err := last.release(); err != nil {
			t.Fatal(err)
		}
		if third := race(time.Hour); len(third) != 1 || third[0].Deaths != last.Deaths {
			t.Errorf("released, taken by %d", len(third))
		}
	}
}

// A worker of this machine whose process is gone is not waited for; a claim that
// is damaged is nobody's.
func TestLostOwners(t *testing.T) {
	d := created(t)
	gone := newOwner()
	gone.PID = 1 << 30 // no system has so many
	for i, text := range []string{"", "{", "not JSON"} {
		id := d.Cells[i].ID
		if h, err := d.take(id, gone, time.Hour); h == nil || err != nil {
			t.Fatal(err)
		}
		if text != "" {
			if err := os.WriteFile(d.claimPath(id, 1), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if h, err := d.take(id, newOwner(), time.Hour); h == nil || err != nil || h.Deaths != 1 {
			t.Errorf("%q: %+v, %v", text, h, err)
		}
	}
	// On another machine its number means nothing.
	far := gone
	far.Machine = "elsewhere"
	if _, err := d.take(d.Cells[4].ID, far, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := d.take(d.Cells[4].ID, newOwner(), time.Hour); !errors.Is(err, errTaken) {
		t.Errorf("a living owner elsewhere: %v", err)
	}
	if s, err := d.Status(0); err != nil || s.Running != 4 || s.Missing != 8 {
		t.Errorf("%+v, %v", s, err)
	}
}

// Interrupts at arbitrary cells, followed by other workers, end in the bits of an
// undisturbed sweep.
func TestInterrupted(t *testing.T) {
	calm, troubled := created(t), created(t)
	if _, err := Work(context.Background(), calm, Settings{}); err != nil {
		t.Fatal(err)
	}
	for k := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		_, err := Work(ctx, troubled, Settings{Begin: func(*Cell) {
			if n++; n > k%3 {
				cancel()
			}
		}})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Work(context.Background(), troubled, Settings{}); err != nil {
		t.Fatal(err)
	}
	if bits(t, calm) != bits(t, troubled) {
		t.Error("an interrupted sweep ends in other bits")
	}
}

// A cell that cannot be computed is a result with its reason and does not stop the
// others; --retry computes it again. A cell that loses its workers is given up.
func TestFailures(t *testing.T) {
	folder := t.TempDir()
	rows := filepath.Join(folder, "rows.csv")
	if err := os.WriteFile(rows, []byte("1,2,0\n3,4,1\n5,7,0\n0,1,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	plan, err := config.ParsePlan([]byte(fmt.Sprintf("name: rows\nobjective: {data: {kind: csv, path: %q, train: 3, test: 1}}\nprocesses: [discrete]\nsteps: 5\nsweep: {axes: {optimizer.lr: [1e-3, 1e-2]}}\n", rows)), "rows.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Create(filepath.Join(folder, "sweep"), plan, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(rows, rows+".away"); err != nil {
		t.Fatal(err)
	}
	if n, err := Work(context.Background(), d, Settings{}); n != 2 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	s, err := d.Status(0)
	if err != nil || s.Failed != 2 || len(s.Failures) != 2 || !strings.Contains(s.Failures[0].Reason, "rows.csv") {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := os.Rename(rows+".away", rows); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Retry(); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := Work(context.Background(), d, Settings{}); n != 2 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	if s, err = d.Status(0); err != nil || s.Done != 2 {
		t.Errorf("%+v, %v", s, err)
	}

	lost := created(t)
	gone := newOwner()
	gone.PID = 1 << 30
	for range 3 {
		if _, err := lost.take(lost.Cells[0].ID, gone, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Work(context.Background(), lost, Settings{Deaths: 3}); err != nil {
		t.Fatal(err)
	}
	if s, err = lost.Status(0); err != nil || s.Failed != 1 || s.Done != 11 || !strings.Contains(s.Failures[0].Reason, "3 workers were lost") {
		t.Errorf("%+v, %v", s, err)
	}
}

// A panic is a failure of its cell, with the place in our code.
func TestPanickingCell(t *testing.T) {
	d := created(t)
	w := &worker{dir: d, Settings: Settings{}.resolved(), me: newOwner()}
	r := &Result{}
	c := d.Cells[0]
	c.Config = nil
	if err := w.protected(context.Background(), nil, r); err != nil || r.Status != Failed || !strings.Contains(r.Reason, "compute.go:") {
		t.Errorf("%+v, %v", r, err)
	}
	r = &Result{}
	if err := w.protected(context.Background(), &c, r); err != nil || r.Status != Failed {
		t.Errorf("a cell without a config: %+v, %v", r, err)
	}
}

// A directory that takes nothing ends the worker with an error that says so, and
// no cell is taken for failed.
func TestReadOnly(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	d := created(t)
	for _, folder := range []string{CellsFolder, ClaimsFolder, ResultsFolder} {
		path := filepath.Join(d.Path(), folder)
		if err := os.Chmod(path, 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := Work(context.Background(), d, Settings{})
		if e := (&Error{}); !errors.As(err, &e) && !isOurs(err) {
			t.Errorf("%s: %v", folder, err)
		}
		os.Chmod(path, 0o700)
		if s, err := d.Status(0); err != nil || s.Failed != 0 {
			t.Errorf("%+v, %v", s, err)
		}
	}
	if _, err := Work(context.Background(), d, Settings{}); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Status(0); err != nil || s.Done != 12 {
		t.Errorf("%+v, %v", s, err)
	}
}
