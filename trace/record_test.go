package trace

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"leeway/rundir"
)

// hash stands for that of a resolved config.
var hash = strings.Repeat("0123456789abcdef", 4)

func createDir(t *testing.T) *rundir.Dir {
	t.Helper()
	dir, err := rundir.Create(t.TempDir(), "run", hash)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return dir
}

func record(t *testing.T, ctx context.Context, dir *rundir.Dir, stopAt int, warn func(string)) *Runner {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := New(batches(t))
	if err != nil {
		t.Fatal(err)
	}
	info := rundir.Info{Name: "run", Config: json.RawMessage(`{}`), Parameters: 4}
	if err := Record(ctx, r, dir, info, warn, func() {
		if stopAt > 0 && r.Step() >= stopAt {
			cancel()
		}
	}); err != nil {
		t.Fatal(err)
	}
	return r
}

func readSummary(t *testing.T, dir *rundir.Dir) (string, Summary) {
	t.Helper()
	info, err := dir.ReadInfo()
	if err != nil {
		t.Fatal(err)
	}
	var s Summary
	if err := json.Unmarshal(info.Summary, &s); err != nil {
		t.Fatal(err)
	}
	return info.Status, s
}

// The truth for a run that was stopped and gone on with, twice, in its directory
// is the undisturbed one: the same bytes of measurements, the same summary.
func TestRecordGoesOn(t *testing.T) {
	whole, broken := createDir(t), createDir(t)
	record(t, context.Background(), whole, 0, nil)
	for _, stopAt := range []int{17, 38, 0} {
		record(t, context.Background(), broken, stopAt, nil)
		status, summary := readSummary(t, broken)
		want := StatusInterrupted
		if stopAt == 0 {
			want = StatusDone
		}
		if status != want || summary.Status != want {
			t.Errorf("status %q and %q after stopping at %d, want %q", status, summary.Status, stopAt, want)
		}
	}
	var metrics [2]string
	var summaries [2]Summary
	for i, dir := range []*rundir.Dir{whole, broken} {
		text, err := os.ReadFile(filepath.Join(dir.Path(), rundir.MetricsFile))
		if err != nil {
			t.Fatal(err)
		}
		metrics[i] = string(text)
		_, summaries[i] = readSummary(t, dir)
	}
	if diff := cmp.Diff(metrics[0], metrics[1]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(summaries[0], summaries[1], ignoreTime, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// A damaged checkpoint is passed over, said, and the one before it used.
func TestRecordPassesOverDamage(t *testing.T) {
	dir := createDir(t)
	record(t, context.Background(), dir, 41, nil)
	files, err := filepath.Glob(filepath.Join(dir.Path(), rundir.CheckpointFolder, "*.safetensors"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%d checkpoints (%v), want 2", len(files), err)
	}
	if err := os.Truncate(files[1], 100); err != nil {
		t.Fatal(err)
	}
	var warnings []string
	record(t, context.Background(), dir, 0, func(w string) { warnings = append(warnings, w) })
	if len(warnings) != 1 || !strings.Contains(warnings[0], filepath.Base(files[1])) {
		t.Errorf("warnings %q, want one that names %s", warnings, files[1])
	}
	if status, _ := readSummary(t, dir); status != StatusDone {
		t.Errorf("status %q, want done", status)
	}
}

// What cannot be restored is refused by name.
func TestRestoreRefuses(t *testing.T) {
	_, kept := run(t, context.Background(), batches(t))
	good := *kept.states[0]
	for name, change := range map[string]func(*State){
		"unreadable": func(s *State) { s.Meta = "{" },
		"flow-1":     func(s *State) { s.Meta = `{"processes":{}}` },
		"discrete/m": func(s *State) { s.Tensors = s.Tensors[:1] },
	} {
		bad := good
		change(&bad)
		r, err := New(batches(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Restore(&bad, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	r, err := New(batches(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Restore(&good, [][]float64{{1}}); err == nil {
		t.Error("a row of one value was accepted")
	}
	if _, ok := good.Tensor("discrete/theta"); !ok {
		t.Error("no tensor discrete/theta")
	}
	if _, ok := good.Tensor("none"); ok {
		t.Error("a tensor of no name")
	}
}
