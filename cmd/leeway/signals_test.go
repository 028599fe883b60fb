//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"leeway/rundir"
)

// interruptMyself is Ctrl-C. It returns when the program has noticed, so that
// the test does not depend on how quick that is.
func interruptMyself(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	syscall.Kill(os.Getpid(), syscall.SIGINT)
	<-ctx.Done()
}

// interruptAndHang is Ctrl-C in a step that never ends.
func interruptAndHang(ctx context.Context) {
	interruptMyself(ctx)
	select {}
}

// hangUpMyself is a terminal that closes: one SIGHUP, and when the program has
// noticed, another.
func hangUpMyself(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	<-ctx.Done()
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
}

// killMyself is kill -9.
func killMyself(context.Context) {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// process is the program as a process of its own.
func process(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("leeway-process", args...)
	cmd.Dir = dir
	return cmd
}

// hard is a run with everything that has a state: batches in a shuffled order,
// all processes, more checkpoints than measurements at times.
var hard = []string{"run", "objective.problem=sines", "objective.dimension=3", "objective.batch={count: 4, order: shuffled}",
	"processes=[discrete, flow-1, flow-2, memoryless-1, memoryless-2]", "steps=1500", "measure.every=7", "checkpoint.every=20", "name=hard", "--no-report"}

// The truth is a run that nobody disturbed. A run that was killed (kill -9) at
// arbitrary moments, each time after some lines of progress that were drawn at
// random, and then resumed, must leave the same bits.
func TestKilledRunsEndInTheSameBits(t *testing.T) {
	calm, troubled := memoryDisk(t), memoryDisk(t)
	if out, err := process(t, calm, hard...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := onlyRun(t, calm)
	rng := rand.New(rand.NewPCG(7, 7))
	kills := 0
	for range 6 {
		cmd := process(t, troubled, hard...)
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stderr)
		for k := rng.IntN(3); k > 0 && lines.Scan(); k-- {
		}
		cmd.Process.Kill()
		for lines.Scan() {
		}
		if cmd.Wait() != nil {
			kills++
		}
	}
	t.Logf("%d of 6 processes were killed before their end", kills)
	if out, err := process(t, troubled, hard...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := sameState(want, onlyRun(t, troubled)); err != nil {
		t.Error(err)
	}
}

// onlyRun is the only run directory below a folder.
func onlyRun(t *testing.T, folder string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "runs", "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d run directories in %s (%v)", len(found), folder, err)
	}
	return found[0]
}

// Whoever presses Ctrl-C twice does not want to wait: the process dies of the
// second signal, even in a step that never ends.
func TestSecondInterruptEndsAtOnce(t *testing.T) {
	dir := memoryDisk(t)
	cmd := process(t, dir, hard...)
	cmd.Env = append(os.Environ(), "HANG_AT=70")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if strings.Contains(lines.Text(), "Ctrl-C again ends at once") {
			cmd.Process.Signal(os.Interrupt)
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGINT {
		t.Fatalf("ended with %v", err)
	}
	if out, err := process(t, dir, hard...).CombinedOutput(); err != nil {
		t.Errorf("the run cannot go on: %v\n%s", err, out)
	}
}

// A terminal that closes leaves a checkpoint, even if nobody reads what is written
// any more. The truth for the bits is a run that nobody disturbed.
func TestHangUpSavesACheckpoint(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("this process ignores SIGHUP, as under nohup, and so do its children")
	}
	calm, dir := memoryDisk(t), memoryDisk(t)
	if out, err := process(t, calm, hard...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	cmd := process(t, dir, append(hard, "--quiet")...) // what it says would end it before
	cmd.Env = append(os.Environ(), "HANGUP_AT=701")
	cmd.Stderr = writer
	cmd.Run()
	run := onlyRun(t, dir)
	opened, err := rundir.Open(run)
	if err != nil {
		t.Fatal(err)
	}
	c, err := opened.LoadCheckpoint()
	if err != nil || c.Step < 701 || c.Step == 1500 {
		t.Fatalf("hung up at step 701, the checkpoint is %+v (%v)", c, err)
	}
	if out, err := process(t, dir, hard...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := sameState(onlyRun(t, calm), run); err != nil {
		t.Error(err)
	}
	cmd = process(t, memoryDisk(t), hard...)
	cmd.Env = append(os.Environ(), "HANGUP_AT=70")
	if cmd.Run(); cmd.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("after a SIGHUP: %v", cmd.ProcessState)
	}
}

// Under nohup, which ignores SIGHUP, a run goes on to its end.
func TestNoHangUp(t *testing.T) {
	words := append([]string{"-c", `trap "" HUP; exec leeway-process "$@"`, "sh"}, hard...)
	cmd := exec.Command("sh", words...)
	cmd.Dir = memoryDisk(t)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		cmd.Process.Signal(syscall.SIGHUP)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("under nohup a SIGHUP ends it: %v", err)
	}
}

// `leeway data info digits | head -0`: a reader that goes away is no reason to
// complain.
func TestBrokenPipeIsQuiet(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	cmd := process(t, t.TempDir(), "data", "info", "digits")
	var complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = writer, &complaints
	if err := cmd.Run(); err == nil {
		t.Error("it did not notice")
	}
	if complaints.Len() > 0 {
		t.Errorf("it complains: %s", complaints.String())
	}
}

// A disk that is full must not pass for success.
func TestFullDiskIsReported(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for _, args := range [][]string{{"explain"}, {"explain", "--json"}, {"data", "list"}, {"version"}, {"check", "objective.problem=bilinear"}} {
		cmd := process(t, t.TempDir(), args...)
		var complaints bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &complaints
		err := cmd.Run()
		if cmd.ProcessState.ExitCode() != exitMisuse || !strings.Contains(complaints.String(), "cannot write the result") {
			t.Errorf("leeway %v: %v, %s", args, err, complaints.String())
		}
	}
}
