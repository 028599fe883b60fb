package rundir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// isClear makes sure that err is an Error with a hint and holds all parts.
func isClear(t *testing.T, err error, parts ...string) {
	t.Helper()
	var report *Error
	if !errors.As(err, &report) {
		t.Errorf("%v is not an Error", err)
		return
	}
	if report.Hint() == "" || strings.Contains(report.Error(), report.Hint()) {
		t.Errorf("%q has the hint %q", report, report.Hint())
	}
	for _, part := range parts {
		if !strings.Contains(report.Error(), part) {
			t.Errorf("%q does not say %q", report, part)
		}
	}
}

func TestCreate(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "some", "runs")
	d, err := Create(parent, "digits-mlp", testHash)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(parent, "digits-mlp-3f9c2a"); d.Path() != want || d.Existed() || d.Hash() != testHash {
		t.Errorf("%s, existed %v, hash %s, want a new %s", d.Path(), d.Existed(), d.Hash(), want)
	}
	// It died before it wrote anything.
	if err := os.WriteFile(d.join(InfoFile+tempSuffix), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if d, err = Create(parent, "digits-mlp", testHash); err != nil || d.Existed() {
		t.Fatal(d, err)
	}
	if err := d.WriteInfo(testInfo("running")); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	// The same run finds it again.
	if d, err = Create(parent, "digits-mlp", testHash); err != nil || !d.Existed() {
		t.Fatal(d, err)
	}
	d.Close()
	// Another run with the same six digits does not get it.
	other := testHash[:63] + "0"
	_, err = Create(parent, "digits-mlp", other)
	isClear(t, err, "another run", d.Path(), testHash, other)
	if d, err := Open(d.Path()); err != nil || d.Hash() != testHash || !d.Existed() {
		t.Error(d, err)
	}
}

func TestCreateLeavesOthersAlone(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, Name("toy", testHash))
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Create(parent, "toy", testHash)
	isClear(t, err, "not a run's", "thesis.tex", path)
	if entries, _ := os.ReadDir(path); len(entries) != 1 {
		t.Errorf("it holds %v now", entries)
	}
	_, err = Open(path)
	isClear(t, err, "not a run directory", path, "no run.json")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("not a fs.ErrNotExist")
	}

	// A damaged run.json is not taken for a new directory.
	if err := os.WriteFile(filepath.Join(path, InfoFile), []byte("{\n \"format\": 1,\n \"na"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Create(parent, "toy", testHash)
	isClear(t, err, "run.json is damaged", "run.json:3:4", "unexpected end of JSON")

	// A file in its place.
	_, err = Create(filepath.Join(path, "thesis.tex"), "toy", testHash)
	isClear(t, err, "cannot make the run directory", "not a directory")
	if err := os.WriteFile(filepath.Join(parent, Name("file", testHash)), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Create(parent, "file", testHash)
	isClear(t, err, "cannot make the run directory", "file exists")
}

func TestCreateRefusesNames(t *testing.T) {
	parent := t.TempDir()
	for _, name := range []string{"", ".", "..", "../x", "a/b", `a\b`, "a b", "-x", ".x", "a\n", strings.Repeat("a", 101)} {
		_, err := Create(parent, name, testHash)
		isClear(t, err, "cannot be the name of a run")
	}
	for _, hash := range []string{"", "3f9c2a", strings.ToUpper(testHash), testHash + "0", "../../" + testHash[6:]} {
		_, err := Create(parent, "toy", hash)
		isClear(t, err, "not a hash")
	}
	if entries, _ := os.ReadDir(parent); len(entries) > 0 {
		t.Errorf("it holds %v", entries)
	}
	if d, err := Create(parent, "Überlauf_2.β=0.9", testHash); err != nil {
		t.Error(err)
	} else {
		d.Close()
	}
}

func TestUnwritable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere; see TestFaults for the rest")
	}
	parent := t.TempDir()
	if err := os.Chmod(parent, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := Create(parent, "toy", testHash)
	isClear(t, err, "cannot make the run directory", "permission denied")
}

func TestLock(t *testing.T) {
	d := newRun(t)
	_, err := Create(filepath.Dir(d.Path()), "toy", testHash)
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("a second writer gets %v", err)
	}
	isClear(t, err, d.Path(), "process "+pid())
	reader, err := Open(d.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Lock(); !errors.Is(err, ErrLocked) {
		t.Errorf("a reader may lock: %v", err)
	}
	// Without the lock nothing is written.
	before, _ := os.ReadDir(d.Path())
	_, err = reader.OpenMetrics(testColumns, 0)
	isClear(t, err, "must be locked")
	isClear(t, reader.WriteInfo(testInfo("done")), "must be locked")
	isClear(t, reader.SaveCheckpoint(1, nil, nil), "must be locked")
	if after, _ := os.ReadDir(d.Path()); len(after) != len(before) {
		t.Errorf("it holds %v now", after)
	}
	if err := d.Lock(); err != nil {
		t.Errorf("locking twice: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if err := reader.Lock(); err != nil {
		t.Errorf("the lock was not given back: %v", err)
	}
	reader.Close()

	gone := &Dir{path: filepath.Join(d.Path(), "gone"), disk: osDisk}
	isClear(t, gone.Lock(), "cannot lock", "no such file")
	if got := owner(strings.NewReader("")); got != "another process" {
		t.Errorf("a lock without a name is held by %q", got)
	}
	if got := owner(strings.NewReader("process 7\x1b[2J\n")); got != "process 7[2J" {
		t.Errorf("the owner is %q", got)
	}
}

// Of many that create the same directory at once, one gets it.
func TestCreateRace(t *testing.T) {
	parent := t.TempDir()
	dirs := make([]*Dir, 16)
	var group sync.WaitGroup
	for i := range dirs {
		group.Go(func() {
			d, err := Create(parent, "toy", testHash)
			if err != nil && !errors.Is(err, ErrLocked) {
				t.Error(err)
			}
			dirs[i] = d
		})
	}
	group.Wait()
	got := 0
	for _, d := range dirs {
		if d != nil {
			got++
			d.Close()
		}
	}
	if got != 1 {
		t.Errorf("%d of %d hold the lock", got, len(dirs))
	}
}

func TestError(t *testing.T) {
	cause := errors.New("cause")
	for want, err := range map[string]*Error{
		"what":               {What: "what"},
		"what: where":        {What: "what", Where: "where", Try: "x"},
		"what: where: cause": {What: "what", Where: "where", Err: cause},
		"what: cause":        {What: "what", Err: cause},
	} {
		if err.Error() != want || (err.Err != nil) != errors.Is(err, cause) {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	link := failed("what", "/a", &os.LinkError{Op: "rename", Old: "/a", New: "/b", Err: syscall.EROFS})
	if link.Error() != "what: /a: "+syscall.EROFS.Error() {
		t.Errorf("the path is there twice: %v", link)
	}
	isClear(t, link)
}
