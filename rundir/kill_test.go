package rundir

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func pid() string { return strconv.Itoa(os.Getpid()) }

// childVariable tells the test binary to be the process that is killed, working
// in the directory of that value.
const childVariable = "LEEWAY_RUNDIR_CHILD"

func TestMain(m *testing.M) {
	if parent := os.Getenv(childVariable); parent != "" {
		if err := child(parent); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child goes on with the run in parent: a row each step, a checkpoint every
// third, run.json after it, and a line on standard output after each.
func child(parent string) error {
	d, err := Create(parent, "toy", testHash)
	if err != nil {
		return err
	}
	if !d.Existed() {
		if err := d.WriteInfo(testInfo("running")); err != nil {
			return err
		}
	}
	start := 0
	c, err := d.LoadCheckpoint()
	switch {
	case err == nil && len(c.Skipped) > 0:
		return c.Skipped[0]
	case err == nil:
		start = c.Step
	case !errors.Is(err, ErrNoCheckpoint):
		return err
	}
	m, err := d.OpenMetrics(testColumns, start)
	if err != nil {
		return err
	}
	fmt.Println("start", start)
	var row []float64
	for step := start + 1; step < start+10_000; step++ {
		row = rowAt(row, step)
		if err := m.Append(step, row); err != nil {
			return err
		}
		fmt.Println("row", step)
		if step%3 == 0 {
			if err := errors.Join(m.Sync(), d.SaveCheckpoint(step, tensorsAt(step), metaAt(step))); err != nil {
				return err
			}
			fmt.Println("checkpoint", step)
			if err := d.WriteInfo(testInfo([]string{"running", "interrupted"}[step%2])); err != nil {
				return err
			}
			fmt.Println("info", step)
		}
	}
	return nil
}

// A process is killed 60 times, each time after some lines of its progress and a
// little more, and goes on each time. What it said was done must be there, right
// to the bit; the truth is the formulas of rowAt and tensorsAt, worked out in
// this process and not in the one that wrote. No time is waited for.
func TestKill(t *testing.T) {
	parent, err := os.MkdirTemp("/dev/shm", "rundir") // survives a kill like a disk, syncs at once
	if err != nil {
		parent = t.TempDir()
	}
	defer os.RemoveAll(parent)
	r := rand.New(rand.NewPCG(1, 2))
	reached, torn := 0, 0
	for kill := range 60 {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), childVariable+"="+parent)
		command.Stderr = os.Stderr
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		said := map[string]int{} // the last step it named, by what it did
		lines := bufio.NewScanner(out)
		for n := r.IntN(16); n >= 0 && lines.Scan(); n-- {
			what, step, _ := strings.Cut(lines.Text(), " ")
			if what == "error" {
				t.Fatalf("kill %d: %s", kill, step)
			}
			said[what], _ = strconv.Atoi(step)
		}
		if kill == 30 { // while it is at work nobody else may write
			_, err := Create(parent, "toy", testHash)
			if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process "+strconv.Itoa(command.Process.Pid)) {
				t.Errorf("beside process %d: %v", command.Process.Pid, err)
			}
		}
		for spin := r.IntN(1 << 23); spin > 0; spin-- { // somewhere within what comes next
		}
		if err := command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it did before the kill reached it
			what, step, _ := strings.Cut(lines.Text(), " ")
			said[what], _ = strconv.Atoi(step)
		}
		command.Wait() // it was killed: the error is known

		d, err := Open(filepath.Join(parent, Name("toy", testHash)))
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if info, err := d.ReadInfo(); err != nil || info.Problem != testInfo(info.Status).Problem {
			t.Fatalf("kill %d: %+v, %v", kill, info, err)
		}
		if err := checkTable(d, max(said["row"], said["start"])); err != nil {
			t.Fatalf("kill %d, after %v: %v", kill, said, err)
		}
		if want := max(said["checkpoint"], said["start"]); want > 0 {
			c, err := checkCheckpoint(d, want)
			if err != nil || len(c.Skipped) > 0 {
				t.Fatalf("kill %d, after %v: %v", kill, said, err)
			}
			reached = c.Step
		}
		if left, _ := filepath.Glob(d.join(CheckpointFolder, "*"+tempSuffix)); len(left) > 0 {
			torn++
		}
	}
	if reached < 30 {
		t.Errorf("60 processes came as far as step %d", reached)
	}
	t.Logf("reached step %d; %d of 60 kills fell between the opening and the renaming of a checkpoint", reached, torn)
}
