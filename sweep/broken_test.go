package sweep

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hinted checks that an error says what is wrong, and what to do.
func hinted(t *testing.T, err error, what, try string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(err.Error(), what) || !strings.Contains(e.Hint(), try) {
		t.Errorf("%v: want %q with a hint at %q", err, what, try)
	}
}

// Truth: the files that a sweep directory must have, each broken by hand.
func TestBrokenDirectories(t *testing.T) {
	if _, err := Open(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	} else {
		hinted(t, err, "not a sweep directory", "sweep run")
	}
	d := created(t)
	file := filepath.Join(d.Path(), PlanFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, what, try string }{
		{"half a plan", string(text[:len(text)/2]), "damaged", "sweep run"},
		{"another format", strings.Replace(string(text), `"format": 1`, `"format": 7`, 1), "format 7", "version"},
		{"a cell with another name", strings.Replace(string(text), d.Cells[0].ID, "0123456789abcdef", 1), "damaged", "sweep run"},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Open(d.Path())
		t.Log(c.name)
		hinted(t, err, c.what, c.try)
	}
	// The plan mends it.
	if _, err := Create(d.Path(), planned(t), "test"); err == nil {
		t.Error("a plan that cannot be read was overwritten without a word")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = Open(d.Path())
	hinted(t, err, "cannot read", "")
}

func TestUnreadableResults(t *testing.T) {
	d := created(t)
	c := &d.Cells[0]
	if err := os.WriteFile(d.resultPath(c.ID), []byte(`{"id": `), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := d.Result(c)
	hinted(t, err, "damaged", "removing the file")
	for name, read := range map[string]func() error{
		"status":     func() error { _, err := d.Status(0); return err },
		"comparison": func() error { _, err := d.Comparison(); return err },
		"retry":      func() error { _, err := d.Retry(); return err },
	} {
		if err := read(); err == nil {
			t.Errorf("%s of a damaged result is no error", name)
		}
	}
	if err := os.Remove(d.resultPath(c.ID)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(d.resultPath(c.ID), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = d.Result(c)
	hinted(t, err, "cannot read a result", "")
	for _, folder := range []string{ResultsFolder, ClaimsFolder} {
		d := created(t)
		if err := os.RemoveAll(filepath.Join(d.Path(), folder)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Status(0); err == nil {
			t.Errorf("the status without the folder %s is no error", folder)
		}
		if _, err := Work(context.Background(), d, Settings{}); err == nil {
			t.Errorf("work without the folder %s is no error", folder)
		}
	}
}

func TestPlaceOfASweep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Create(filepath.Join(file, "tiny"), planned(t), "test")
	hinted(t, err, "", "")
	d := created(t)
	_, err = Create(d.Path(), planned(t, "steps=7"), "test")
	hinted(t, err, "holds another sweep", "another name")
}

// What the system refuses comes with a hint that fits.
func TestHints(t *testing.T) {
	for err, try := range map[error]string{
		&fs.PathError{Op: "write", Path: "p", Err: syscall.ENOSPC}: "free some space",
		&fs.PathError{Op: "open", Path: "p", Err: syscall.EROFS}:   "another directory",
		&os.LinkError{Op: "link", Err: syscall.EACCES}:             "another directory",
		errors.New("an odd failure"):                               "look at the disk",
	} {
		hinted(t, failed("cannot do it", "here", err), "cannot do it: here: ", try)
		if !errors.Is(failed("w", "", err), errors.Unwrap(failed("w", "", err))) {
			t.Error("the cause is lost")
		}
	}
	if got := sentence(&Error{What: "this", Try: "that"}); got != "this. Try: that" {
		t.Error(got)
	}
	if got := sentence(errors.New("this")); got != "this" {
		t.Error(got)
	}
	missing := filepath.Join(t.TempDir(), "none", "file")
	if replace(missing, nil) == nil || create(missing, nil) == nil {
		t.Error("files were written into a folder that does not exist")
	}
	folder := t.TempDir()
	if replace(folder, nil) == nil {
		t.Error("a folder was replaced by a file")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(folder), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A result that is there stays, whoever comes second.
func TestSecondResult(t *testing.T) {
	d := created(t)
	c := &d.Cells[0]
	for _, status := range []string{"done", Failed} {
		if err := d.publish(&Result{ID: c.ID, Status: status}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := d.Result(c)
	if err != nil || r.Status != "done" {
		t.Errorf("%+v, %v", r, err)
	}
}

// A damaged claim belongs to nobody.
func TestDamagedClaim(t *testing.T) {
	d := created(t)
	id := d.Cells[0].ID
	if err := os.WriteFile(d.claimPath(id, 1), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Status(0); err != nil || s.Running != 0 || s.Interrupted != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if h, err := d.take(id, newOwner(), time.Minute); err != nil || h.number != 2 {
		t.Errorf("%+v, %v", h, err)
	}
}

// long is a sweep with a cell that does not end by itself within a test.
func long(t *testing.T) *Dir {
	return created(t, "steps=100000000", "measure.every=1000000", "checkpoint.every=100000000")
}

// A sweep that is stopped ends at the next heartbeat, with nothing failed; then it
// goes on.
func TestStop(t *testing.T) {
	d := long(t)
	n, err := Work(context.Background(), d, Settings{Beat: time.Millisecond, Begin: func(*Cell) {
		if err := d.Stop(); err != nil {
			t.Error(err)
		}
	}})
	if n != 0 || err != nil {
		t.Fatalf("%d cells, %v", n, err)
	}
	s, err := d.Status(0)
	if err != nil || s.Failed != 0 || s.Running != 0 || s.Interrupted != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	began := 0
	if _, err := Work(context.Background(), d, Settings{Begin: func(*Cell) { began++ }}); err != nil || began != 0 {
		t.Errorf("a stopped sweep began %d cells, %v", began, err)
	}
	if err := d.Continue(); err != nil || d.Continue() != nil || d.stopped() {
		t.Errorf("the sweep does not go on: %v", err)
	}
	c, err := d.Comparison()
	if err != nil || len(c.Cells) != len(d.Cells) || c.Cells[0].Status != "missing" || c.Cells[0].Table != nil {
		t.Errorf("the unfinished cell is compared: %+v, %v", c, err)
	}
}

// A worker whose claim was taken over ends the cell without a result: it is the
// other's now.
func TestTakenOver(t *testing.T) {
	d := long(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := 0
	n, err := Work(ctx, d, Settings{Beat: time.Millisecond,
		Begin: func(c *Cell) {
			if err := create(d.claimPath(c.ID, 2), []byte(`{}`)); err != nil {
				t.Error(err)
			}
		},
		End: func(_ *Cell, r *Result) {
			if r != nil {
				t.Errorf("a result of a cell that another has: %+v", r)
			}
			ended++
			cancel()
		}})
	if n != 0 || err != nil || ended != 1 {
		t.Errorf("%d cells, %d ended, %v", n, ended, err)
	}
	if results, _ := filepath.Glob(filepath.Join(d.Path(), ResultsFolder, "*")); len(results) > 0 {
		t.Errorf("results: %v", results)
	}
}

// A worker that loses the disk under its heartbeat ends with the disk's error, and
// the cell does not count as failed.
func TestLostClaims(t *testing.T) {
	d := long(t)
	_, err := Pool(context.Background(), d, PoolSettings{Workers: 2, Settings: Settings{Beat: time.Millisecond, Begin: func(*Cell) {
		os.RemoveAll(filepath.Join(d.Path(), ClaimsFolder))
	}}})
	hinted(t, err, d.Path(), "")
	if results, _ := filepath.Glob(filepath.Join(d.Path(), ResultsFolder, "*")); len(results) > 0 {
		t.Errorf("results: %v", results)
	}
}

func TestUnknownPlace(t *testing.T) {
	if got := place([]byte("panic(1)\nnothing here")); got != "an unknown place" {
		t.Error(got)
	}
}
