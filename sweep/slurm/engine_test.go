//go:build unix

package slurm

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What sbatch is called with, what is written down, and what can be asked for
// later, from the directory alone.
func TestSubmit(t *testing.T) {
	f := newFake(t)
	f.set("config", "MaxArraySize = 3\n")
	_, job := swept(t)
	t.Setenv("SLURM_MEM_PER_CPU", "1000")
	job.Settings = Settings{Workers: 7, Throttle: 4, Mem: "2G"}
	h, err := quick(t).Submit(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Handle{Dir: job.Dir, Round: 1, Jobs: []string{"101", "102", "103"}, Gather: []string{"104"}}); cmp.Diff(want, h) != "" {
		t.Error(cmp.Diff(want, h))
	}
	path := filepath.Join(job.Dir, "slurm", "0001")
	if d := cmp.Diff([]string{"--parsable --array=0-1%1 " + path + "/worker.sh", "--parsable --array=0-1%1 " + path + "/worker.sh", "--parsable --array=0-2%2 " + path + "/worker.sh",
		"--parsable --dependency=afterany:101:102:103 " + path + "/gather.sh"}, f.calls("sbatch")); d != "" {
		t.Error(d)
	}
	if strings.Contains(f.get("environment"), "SLURM_MEM_PER_CPU") {
		t.Error("sbatch saw the environment of a job")
	}
	s, err := Read(job.Dir, 1)
	if err != nil || s.Workers != 7 || s.Mem != "2G" || s.Time.String() != "01:00:00" || s.Gather != "104" {
		t.Errorf("%+v, %v", s, err)
	}

	f.set("queue", "101_0|101|RUNNING|None|n1\n101_1|101|PENDING|Resources|\n104|104|PENDING|Dependency|\n")
	found, err := Find(job.Dir)
	if err != nil || cmp.Diff(h, found) != "" {
		t.Errorf("%+v, %v", found, err)
	}
	if c, err := quick(t).Poll(context.Background(), found); err != nil || c.Running != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if calls := f.calls("squeue"); len(calls) != 1 || !strings.HasSuffix(calls[0], "--format=%i|%F|%T|%r|%N --jobs=101,102,103") {
		t.Errorf("%q", calls)
	}
	f.set("refuse-squeue", "slurm_load_jobs error: Invalid job id specified\n")
	if c, err := quick(t).Poll(context.Background(), found); err != nil || c.Total() != 0 {
		t.Errorf("jobs that ended: %+v, %v", c, err)
	}
	f.set("refuse-squeue", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n")
	_, err = quick(t).Poll(context.Background(), found)
	fails(t, err, "squeue refuses: slurm_load_jobs error: Unable to contact", "in a few minutes")
	os.Remove(filepath.Join(f.dir, "refuse-squeue"))
	f.set("queue", "gibberish\n")
	_, err = quick(t).Poll(context.Background(), found)
	fails(t, err, "squeue is not understood", "squeue --me")

	// A second submission has the next number; nothing was asked of scontrol's limit.
	os.Remove(filepath.Join(f.dir, "config"))
	if h, err = quick(t).Submit(context.Background(), job); err != nil || h.Round != 2 || len(h.Jobs) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	if found, err := Find(job.Dir); err != nil || found.Round != 2 || len(found.Jobs) != 4 || len(found.Gather) != 2 {
		t.Errorf("%+v, %v", found, err)
	}
}

// What Slurm refuses is said in its words with a hint, and leaves no submission.
// Truth: what sbatch of Slurm 22.05 wrote.
func TestRefused(t *testing.T) {
	f := newFake(t)
	_, job := swept(t)
	for said, try := range map[string]string{
		"sbatch: error: Batch job submission failed: Invalid partition name specified":                           "--partition NAME",
		"sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified": "--partition NAME",
		"sbatch: error: Batch job submission failed: Requested node configuration is not available":              "fewer --cpus",
		"sbatch: error: Batch job submission failed: Invalid job array specification":                            "fewer --workers",
		"sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)":       "in a few minutes",
		"sbatch: error: QOSMaxSubmitJobPerUserLimit":                                                             "fewer --workers",
		"sbatch: error: Requested time limit is invalid (missing or exceeds some limit)":                         "shorter --time",
		"sbatch: fatal: Could not establish a configuration source":                                              "login node",
		"sbatch: error: the moon is full":                                                                        "those who run the cluster",
		"":                                                                                                       "those who run the cluster",
	} {
		f.set("refuse", said)
		_, err := quick(t).Submit(context.Background(), job)
		what := said[strings.LastIndex(said, ": ")+1:]
		if said == "" {
			what = "exit status 1"
		}
		fails(t, err, strings.TrimSpace(what), try)
	}
	if list, err := rounds(job.Dir); err != nil || len(list) != 0 {
		t.Errorf("submissions %v are left, %v", list, err)
	}
	os.Remove(filepath.Join(f.dir, "refuse"))
	f.set("answer", "thank you\n")
	_, err := quick(t).Submit(context.Background(), job)
	fails(t, err, "sbatch is not understood", "squeue --me")
}

// Limits of a site may refuse some arrays, or the job after them: what was taken
// computes.
func TestTakenInPart(t *testing.T) {
	f := newFake(t)
	f.set("config", "MaxArraySize = 2\n")
	f.set("refuse-2", "sbatch: error: QOSMaxSubmitJobPerUserLimit\n")
	_, job := swept(t)
	job.Workers = 6
	var warnings []string
	e := quick(t)
	e.Warn = func(text string) { warnings = append(warnings, text) }
	h, err := e.Submit(context.Background(), job)
	if err != nil || !slices.Equal(h.Jobs, []string{"101"}) || len(h.Gather) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "took 1 arrays of workers and refuses the others") || len(f.calls("sbatch")) != 3 {
		t.Errorf("%q, %q", warnings, f.calls("sbatch"))
	}
	warnings = nil
	job.Workers = 1
	f.set("refuse-5", "sbatch: error: QOSMaxSubmitJobPerUserLimit\n")
	h, err = e.Submit(context.Background(), job)
	if err != nil || len(h.Jobs) != 1 || h.Gather != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "leeway sweep submit "+job.Dir) {
		t.Errorf("%+v, %v, %q", h, err, warnings)
	}
	e.Warn = nil
	f.set("refuse-7", "sbatch: error: QOSMaxSubmitJobPerUserLimit\n")
	if _, err := e.Submit(context.Background(), job); err != nil {
		t.Error(err)
	}
}

// A job that could not be written down is taken back: nobody would find it.
func TestNotWrittenDown(t *testing.T) {
	for n, want := range map[string]string{"1": "101", "2": "101 102"} {
		f := newFake(t)
		_, job := swept(t)
		f.set("hook", `[ "$n" = `+n+` ] && rm -r "`+filepath.Join(job.Dir, "slurm", "0001")+`"`)
		_, err := quick(t).Submit(context.Background(), job)
		fails(t, err, "cannot write for Slurm", "look at the disk")
		if calls := f.calls("scancel"); len(calls) != 1 || calls[0] != want {
			t.Errorf("call %s: scancel %q", n, calls)
		}
	}
}

func TestNoSlurm(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, job := swept(t)
	_, err := quick(t).Submit(context.Background(), job)
	fails(t, err, "there is no sbatch on this machine", "leeway sweep run")
	err = quick(t).Cancel(context.Background(), Handle{Jobs: []string{"1"}})
	fails(t, err, "there is no squeue on this machine", "login node")
	if _, err := os.Stat(filepath.Join(job.Dir, "slurm")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}

func TestReadDamaged(t *testing.T) {
	_, job := swept(t)
	_, err := Read(job.Dir, 1)
	fails(t, err, "there is no submission 1", "leeway sweep submit")
	for text, what := range map[string]string{"{": "is damaged", `{"jobs": ["--all"]}`: `a job is called "--all"`, `{"jobs": ["1"], "time": "soon"}`: "is damaged"} {
		path, err := reserve(job.Dir, 1)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			t.Fatal(err)
		}
		if h, err := Find(job.Dir); err != nil && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%+v, %v", h, err)
		}
		if err := os.WriteFile(filepath.Join(path, submissionFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err = Find(job.Dir)
		fails(t, err, what, "leeway sweep submit")
	}
}

// Nodes run a copy, which is made once and stays when the program is built anew.
func TestKeep(t *testing.T) {
	dir, program := t.TempDir(), filepath.Join(t.TempDir(), "program")
	write := func(text string) {
		if err := os.WriteFile(program, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	first, err := Keep(dir, program)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(first)
	if err != nil || before.Mode().Perm()&0o111 == 0 {
		t.Fatalf("%v, %v", before, err)
	}
	again, err := Keep(dir, program)
	after, _ := os.Stat(again)
	if err != nil || again != first || !os.SameFile(before, after) {
		t.Errorf("%s, %v", again, err)
	}
	write("second")
	second, err := Keep(dir, program)
	if text, _ := os.ReadFile(first); err != nil || second == first || string(text) != "first" {
		t.Errorf("%s, %s, %v", second, text, err)
	}
	_, err = Keep(dir, filepath.Join(dir, "nothing"))
	fails(t, err, "cannot read the program", "go build")
	write("third")
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Keep(filepath.Join(dir, "file"), program)
	fails(t, err, "cannot write for Slurm", "look at the disk")
	_, job := swept(t)
	job.Dir = filepath.Join(dir, "file")
	newFake(t)
	_, err = quick(t).Submit(context.Background(), job)
	fails(t, err, "cannot read the submissions", "permission")
}
