package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"leeway/checkpoint"
	"leeway/config"
	"leeway/optim"
)

// readFrom is what explain --from prints as JSON.
func readFrom(t *testing.T, args ...string) *reading {
	t.Helper()
	var out bytes.Buffer
	if code := execute(append([]string{"explain", "--json", "--from"}, args...), &out, testWriter{t}); code != 0 {
		t.Fatalf("%q: exit code %d", args, code)
	}
	var r reading
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// The section that is printed is one that a config takes, and gives the optimizer that
// was read. Truth: package checkpoint, whose rules are held against PyTorch's steps.
func TestPrintedSectionIsTheOptimizer(t *testing.T) {
	paths, err := filepath.Glob("../../checkpoint/testdata/torch/*.json")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	read := 0
	for _, path := range append(paths, "../../checkpoint/testdata/pair", "../../checkpoint/testdata/trainer", "../../checkpoint/testdata/ended.json") {
		c, err := checkpoint.Open(path, "")
		if err != nil {
			continue
		}
		read++
		r := readFrom(t, path)
		if len(r.Groups) != len(c.Groups) {
			t.Fatalf("%s: %d groups, want %d", path, len(r.Groups), len(c.Groups))
		}
		for i, g := range c.Groups {
			file := filepath.Join(t.TempDir(), "c.yaml")
			section := wrap(r.Groups[i].Config, 86, "", "  ") // as it is shown
			if err := os.WriteFile(file, []byte("objective: {problem: bilinear}\n"+section+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := config.Load(file, nil)
			if err != nil {
				t.Errorf("%s: %v\n%s", path, err, section)
				continue
			}
			want := g.Rule
			if o, ok := want.(*optim.Custom); ok { // as a config keeps it
				o.Direction = strings.Join(strings.Fields(o.Direction), " ")
			}
			if got.Optimizer.Kind != g.Kind || got.Optimizer.LR != g.LR || got.Optimizer.Schedule != scheduleOf(c) || !reflect.DeepEqual(got.Optimizer.Rule, want) {
				t.Errorf("%s: %+v %+v\nwant %+v %+v", path, got.Optimizer, got.Optimizer.Rule, g, g.Rule)
			}
		}
	}
	if read < 12 {
		t.Errorf("only %d files were read", read)
	}
}

func scheduleOf(c *checkpoint.Checkpoint) optim.Schedule {
	if c.Schedule.Kind == "" {
		return optim.Schedule{Kind: "constant"}
	}
	return c.Schedule
}

// Flags stand for what a file says, and the rest stays.
func TestFlagsOverAFile(t *testing.T) {
	const pair = "../../checkpoint/testdata/pair"
	r := readFrom(t, pair, "--beta2", "0.9", "--eps", "1", "--noise", "0.5")
	for i, g := range r.Groups {
		e := &g.Explanation
		if e.Coefficient != 0 || e.Eps != 1 || e.EpsMode != "outside" || e.LR != 1e-3 || e.Noise == nil {
			t.Errorf("group %d: %+v", i, e)
		}
		// The second moments are at most 50, of gradients of at most 10.
		if g.States == nil || g.States.BelowEps != []float64{0.5, 1}[i] {
			t.Errorf("group %d: states %+v", i, g.States)
		}
	}
	if r := readFrom(t, "../../checkpoint/testdata/torch/adam-l2.json", "--optimizer", "adam"); r.Groups[0].Explanation.L2 != 0.1 || r.Groups[0].Explanation.Optimizer != "adam" {
		t.Errorf("%+v", r.Groups[0])
	}
	r = readFrom(t, "../../checkpoint/testdata/trainer/trainer_state.json", "--optimizer", "adamw", "--beta1", "0.5")
	if e := r.Groups[0].Explanation; e.A != 3 || e.LR != 3e-5 {
		t.Errorf("%+v", e)
	}
}
