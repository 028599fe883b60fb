//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"leeway/rundir"
)

// shortRun is a network's run that has everything that must survive: batches in a
// shuffled order, a flow with its solver, eigenvectors that are kept from
// measurement to measurement, a spectrum, and checkpoints every third step.
var shortRun = []string{"run", "objective.model={kind: mlp, hidden: [8], activation: gelu}",
	"objective.data={kind: digits, train: 90, test: 30}", "objective.batch={size: 30, order: shuffled}", "objective.dtype=float32",
	"processes=[discrete, flow-1]", "steps=60", "measure.preset=full", "measure.every=2", "checkpoint.every=3", "name=short",
	"--no-report", "--quiet"}

// sameRun is sameState, and the spectra as well.
func sameRun(first, second string) error {
	if err := sameState(first, second); err != nil {
		return err
	}
	a, err := os.ReadFile(filepath.Join(first, rundir.SpectrumFile))
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(second, rundir.SpectrumFile))
	if err == nil && !bytes.Equal(a, b) {
		err = fmt.Errorf("the spectra differ: %d and %d bytes", len(a), len(b))
	}
	return err
}

// memoryDisk is a temporary folder that survives a kill like a disk but syncs at
// once, where there is one.
func memoryDisk(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "leeway")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Truth: a run that nobody disturbed. Processes are killed (kill -9) at instants
// drawn by a seeded generator: over all the time that the undisturbed run took, a
// quarter of them over its first tenth, where the directory is made. Each time the
// run goes on, by `run` or by `resume`; when one is done, another is begun. All
// must end in the same bits: parameters, memories, solvers, measurements, spectra.
// The timer says where a kill falls; no result depends on it.
//
// Ordinarily 5 processes are killed, with LEEWAY_SLOW=1 it is 100, on a real disk.
func TestKilledAnytime(t *testing.T) {
	kills, folder := 5, memoryDisk
	if os.Getenv("LEEWAY_SLOW") != "" {
		kills, folder = 100, func(t *testing.T) string { return t.TempDir() }
	}
	calm := folder(t)
	began := time.Now()
	if out, err := process(t, calm, shortRun...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	want := onlyRun(t, calm)

	rng := rand.New(rand.NewPCG(9, 9))
	killed, runs, unfinished, resumed := 0, 0, 0, 0
	for killed < kills {
		dir := folder(t)
		for done := false; !done; {
			words := shortRun
			if found, _ := filepath.Glob(filepath.Join(dir, "runs", "*", rundir.InfoFile)); len(found) == 1 && rng.IntN(2) == 0 {
				words = []string{"resume", filepath.Dir(found[0]), "--no-report", "--quiet"}
				resumed++
			}
			span := whole
			if rng.IntN(4) == 0 {
				span /= 10
			}
			delay := time.Duration(rng.Int64N(int64(span)))
			dead, output, err := killedAfter(process(t, dir, words...), delay, killed < kills)
			switch {
			case dead:
				killed++
			case err != nil:
				t.Fatalf("after %d kills: leeway %v: %v\n%s", killed, words, err, output)
			default:
				done = true
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "runs", "*", "*", "*.tmp")); dead && len(left) > 0 {
				unfinished++
			}
		}
		runs++
		if err := sameRun(want, onlyRun(t, dir)); err != nil {
			t.Fatalf("run %d, after %d kills: %v", runs, killed, err)
		}
	}
	t.Logf("%d runs, %d kills, %d of them while a checkpoint was written; %d times by resume; undisturbed %v", runs, killed, unfinished, resumed, whole)

	// The negative half: another seed is noticed.
	other := folder(t)
	if out, err := process(t, other, append(shortRun[:len(shortRun):len(shortRun)], "seed=1")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if sameRun(want, onlyRun(t, other)) == nil {
		t.Error("runs of different seeds are taken for the same")
	}
}

// killedAfter runs a command that is killed after a delay, if it is to be; it
// reports whether the kill came before the end.
func killedAfter(cmd *exec.Cmd, delay time.Duration, kill bool) (dead bool, output string, err error) {
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Start(); err != nil {
		return false, "", err
	}
	if kill {
		timer := time.AfterFunc(delay, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	err = cmd.Wait()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL, text.String(), err
}
