package rundir

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The kernel's own word for a full disk, through /dev/full.
func TestDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	d := newRun(t)
	if err := d.SaveCheckpoint(1, tensorsAt(1), metaAt(1)); err != nil {
		t.Fatal(err)
	}
	for _, temp := range []string{d.join(InfoFile), d.join(CheckpointFolder, checkpointName(2))} {
		if err := os.Symlink("/dev/full", temp+tempSuffix); err != nil {
			t.Fatal(err)
		}
	}
	for what, err := range map[string]error{
		"run.json":   d.WriteInfo(testInfo("done")),
		"checkpoint": d.SaveCheckpoint(2, tensorsAt(2), metaAt(2)),
	} {
		var report *Error
		if !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &report) || !strings.Contains(report.Try, "free some space") {
			t.Errorf("%s on a full disk: %v", what, err)
		}
	}
	if info, err := d.ReadInfo(); err != nil || info.Status != "running" {
		t.Errorf("run.json is %+v, %v", info, err)
	}
	if c, err := checkCheckpoint(d, 1); err != nil || c.Step != 1 {
		t.Error(c, err)
	}
}

// After a row that could not be written, the next one follows the last good one;
// where the half row cannot be taken back, none follows.
func TestAppendAfterFailure(t *testing.T) {
	for _, dead := range []bool{false, true} {
		d := newRun(t)
		k := &faulty{err: syscall.ENOSPC, dead: dead}
		d.disk = k.asDisk()
		m, err := d.OpenMetrics(testColumns, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Append(1, rowAt(nil, 1)); err != nil {
			t.Fatal(err)
		}
		k.at = k.count + 1
		if err := m.Append(2, rowAt(nil, 2)); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "step 2") {
			t.Errorf("a full disk gives %v", err)
		}
		k.at = 0 // there is room again
		err = m.Append(2, rowAt(nil, 2))
		if dead != errors.Is(err, syscall.ENOSPC) {
			t.Errorf("the row after the half row: %v", err)
		}
		if err := checkTable(d, 1); err != nil {
			t.Error(err)
		}
		if text, _ := os.ReadFile(d.join(MetricsFile)); !dead && !bytes.HasSuffix(text, []byte("\n")) {
			t.Errorf("the table ends in a half row: %q", text)
		}
		m.Close()
	}
}

// What is on the disk is compared with what was meant to be there.
func TestHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	text := bytes.Repeat([]byte("0123456789abcdef"), 10_000)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := holds(path, fixed(text)); err != nil {
		t.Error(err)
	}
	for name, other := range map[string][]byte{
		"shorter": text[:len(text)-1], "longer": append(bytes.Clone(text), 'x'), "empty": nil,
		"different": append(bytes.Clone(text[:len(text)-1]), 'x'),
	} {
		if err := holds(path, fixed(other)); !errors.Is(err, errDiffers) {
			t.Errorf("%s content: %v", name, err)
		}
	}
	if err := holds(path+"y", fixed(nil)); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := holds(filepath.Dir(path), fixed(text)); err == nil {
		t.Error("a directory is a file")
	}
}
