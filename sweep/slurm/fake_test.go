//go:build unix

package slurm

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"leeway/config"
	"leeway/sweep"
)

// fake is Slurm's commands without a Slurm: see testdata/fake-slurm.sh.
type fake struct {
	testing.TB
	dir string
}

func newFake(t testing.TB) *fake {
	t.Helper()
	script, err := filepath.Abs("testdata/fake-slurm.sh")
	if err != nil {
		t.Fatal(err)
	}
	f, bin := &fake{t, t.TempDir()}, t.TempDir()
	for _, name := range []string{"sbatch", "squeue", "scancel", "scontrol"} {
		if err := os.Symlink(script, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	type setter interface{ Setenv(key, value string) }
	t.(setter).Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.(setter).Setenv("FAKE_SLURM", f.dir)
	f.set("config", "Configuration data\nMaxArraySize            = 1001\nMaxJobCount = 20000\n")
	return f
}

func (f *fake) set(name, text string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o644); err != nil {
		f.Fatal(err)
	}
}

// get returns a file of the fake, "" if there is none.
func (f *fake) get(name string) string {
	text, _ := os.ReadFile(filepath.Join(f.dir, name))
	return string(text)
}

// calls are those of one command, without its name.
func (f *fake) calls(name string) []string {
	var list []string
	for line := range strings.Lines(f.get("calls")) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			list = append(list, strings.TrimSpace(rest))
		}
	}
	return list
}

// quick is an engine that waits for nothing long.
func quick(t testing.TB) Engine {
	return Engine{Patience: 10 * time.Millisecond, Pause: time.Millisecond, Warn: func(text string) { t.Log("warning: " + text) }}
}

// swept is a sweep of four cells that take milliseconds, and the job to compute it.
func swept(t testing.TB) (*sweep.Dir, Job) {
	t.Helper()
	plan, err := config.ParsePlan([]byte(`
name: tiny
objective: {problem: bilinear}
optimizer: {kind: adam, lr: 1e-2, beta1: 0.9, beta2: 0.99}
processes: [discrete]
steps: 5
measure: {every: 5, quantities: [loss]}
sweep: {axes: {optimizer.beta2: [0.9, 0.99]}, seeds: 2}
`), "tiny.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := sweep.Create(filepath.Join(t.TempDir(), "tiny"), plan, "test")
	if err != nil {
		t.Fatal(err)
	}
	return d, Job{Name: "tiny", Dir: d.Path(), Program: "/opt/leeway", Chdir: "/tmp", Cells: 4}
}
