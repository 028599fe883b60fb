package rundir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// goOn is what a run does between two checkpoints; it stops at the first error.
func goOn(d *Dir, from, to int) error {
	m, err := d.OpenMetrics(testColumns, from)
	if err != nil {
		return err
	}
	var row []float64
	for step := from + 1; step <= to && err == nil; step++ {
		row = rowAt(row, step)
		err = m.Append(step, row)
	}
	if closing := m.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = d.SaveCheckpoint(to, tensorsAt(to), metaAt(to))
	}
	if err == nil {
		err = d.WriteInfo(testInfo("done"))
	}
	return err
}

var errDied = errors.New("died")

// survivesFaults lets a run of 12 rows and a checkpoint at 10 go on from there,
// with a failure at every operation in turn, and checks what is left each time.
// It returns the number of operations and the first violation.
func survivesFaults(t *testing.T, fault faulty) (int, error) {
	for at := 1; ; at++ {
		d := newRun(t)
		sound := (&faulty{}).asDisk()
		d.disk = sound
		for _, to := range []int{5, 10} {
			if err := goOn(d, to-5, to); err != nil {
				t.Fatal(err)
			}
		}
		m, err := d.OpenMetrics(testColumns, 10)
		if err != nil {
			t.Fatal(err)
		}
		for step := 11; step <= 12; step++ {
			m.Append(step, rowAt(nil, step))
		}
		m.Close()

		k := fault
		k.at = at
		d.disk = k.asDisk()
		err = goOn(d, 10, 15)
		if k.count < at {
			return at - 1, err // all operations had their turn, the last run has no failure
		}
		d.disk = sound
		var report *Error
		switch {
		case err == nil:
			return at, fmt.Errorf("operation %d failed and nobody said so", at)
		case !errors.As(err, &report) || !errors.Is(err, k.err) || report.Hint() == "" || !strings.HasPrefix(report.Where, d.path):
			return at, fmt.Errorf("operation %d: %v is not a clear error", at, err)
		case strings.Contains(report.Error(), "\n") || strings.Contains(report.Error(), report.Hint()):
			return at, fmt.Errorf("operation %d: %q is not one sentence", at, err)
		}
		info, err := d.ReadInfo()
		if err != nil {
			return at, fmt.Errorf("operation %d: %w", at, err)
		}
		if want := testInfo(info.Status); info.Problem != want.Problem {
			return at, fmt.Errorf("operation %d: run.json is a mixture", at)
		}
		if err := checkTable(d, 10); err != nil {
			return at, fmt.Errorf("operation %d: %w", at, err)
		}
		c, err := checkCheckpoint(d, 10)
		if err == nil && len(c.Skipped) > 0 {
			err = c.Skipped[0]
		}
		if err == nil { // and the run can go on
			err = goOn(d, c.Step, 20)
		}
		if err == nil {
			err = checkTable(d, 20)
		}
		if err == nil {
			_, err = checkCheckpoint(d, 20)
		}
		if err != nil {
			return at, fmt.Errorf("operation %d: %w", at, err)
		}
		leftovers, _ := filepath.Glob(d.join("*", "*"+tempSuffix))
		files, _ := os.ReadDir(d.join(CheckpointFolder))
		if len(leftovers) > 0 || len(files) != 2 {
			return at, fmt.Errorf("operation %d leaves %v", at, files)
		}
	}
}

// Whatever operation is the last one before death, or fails, no good row and no
// good checkpoint is lost, and the error is one clear sentence. The truth is the
// formulas above, which know nothing of files.
func TestFaults(t *testing.T) {
	for name, fault := range map[string]faulty{
		"dies":           {err: errDied, dead: true},
		"one failure":    {err: syscall.EIO},
		"disk runs full": {err: syscall.ENOSPC, full: true},
		"not permitted":  {err: syscall.EACCES, full: true},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := survivesFaults(t, fault)
			if err != nil {
				t.Error(err)
			}
			if n < 20 {
				t.Errorf("only %d operations were tried", n)
			}
		})
	}
}

// The test above can fail: with a file that is overwritten in place, as a
// renaming that stops half way amounts to, it finds the damage.
func TestFaultsAreNoticed(t *testing.T) {
	n, err := survivesFaults(t, faulty{err: errDied, dead: true, naive: true})
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("files that were written in place survived %d failures (%v)", n, err)
	}
}
