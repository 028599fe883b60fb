package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// Names in a run directory.
const (
	InfoFile         = "run.json"
	MetricsFile      = "metrics.csv"
	SpectrumFile     = "spectrum.csv"
	CheckpointFolder = "checkpoint"
	FiguresFolder    = "figures"
	ReportFile       = "report.html"
	LockFile         = "lock"
)

// Dir is a run directory. Its methods are not for concurrent use, except by
// different processes: those that write need the lock, those that read do not.
type Dir struct {
	path    string
	hash    string
	existed bool
	lock    *os.File
	disk    disk
}

// Path is the directory's path.
func (d *Dir) Path() string { return d.path }

// Hash is the full hash of the run's resolved config.
func (d *Dir) Hash() string { return d.hash }

// Existed reports whether the directory held this run already when Create or
// Open was called; then [Dir.ReadInfo] says how far it is.
func (d *Dir) Existed() bool { return d.existed }

// nameForm is what a run may be called: good on every file system and shell.
var nameForm = regexp.MustCompile(`^[\pL\pN_][\pL\pN_.+=-]{0,99}$`)

// hashForm is a SHA-256 as written in run.json.
var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Name is the name of the directory of a run, without its parent: the run's name
// and the first 6 digits of the hash, which must have 64.
func Name(name, hash string) string { return name + "-" + hash[:6] }

// Create makes the directory parent/NAME-HASH6 and its parents, and locks it.
// A directory that holds the run with this hash already is returned as it is,
// see [Dir.Existed]. One that holds another run, or anything else, gives an
// error and is left alone; so does one that another process writes to
// ([ErrLocked]). Write run.json before anything else: it is what tells the
// directory from a foreign one. Close the Dir to give the lock back.
func Create(parent, name, hash string) (*Dir, error) {
	if !nameForm.MatchString(name) {
		return nil, &Error{What: fmt.Sprintf("%q cannot be the name of a run", name),
			Try: "letters, digits, '_', '.', '+', '=' and '-', 100 at most, a letter, digit or '_' first"}
	}
	if !hashForm.MatchString(hash) {
		return nil, badHash(hash)
	}
	return CreateAt(filepath.Join(parent, Name(name, hash)), hash)
}

func badHash(hash string) error {
	return &Error{What: fmt.Sprintf("%q is not a hash of 64 hexadecimal digits", hash), Try: "the SHA-256 of the resolved config"}
}

// CreateAt is [Create] for a directory with a name of one's own.
func CreateAt(path, hash string) (*Dir, error) {
	if !hashForm.MatchString(hash) {
		return nil, badHash(hash)
	}
	d := &Dir{path: filepath.Clean(path), hash: hash, disk: osDisk}
	if err := d.make(); err != nil {
		return nil, err
	}
	// Before the lock, so as not to put a file into somebody's directory; after
	// it, since another process may have been quicker.
	if err := d.recognise(); err != nil {
		return nil, err
	}
	if err := d.Lock(); err != nil {
		return nil, err
	}
	if err := d.recognise(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// make makes the directory and what lies above it.
func (d *Dir) make() error {
	parent := filepath.Dir(d.path)
	err := os.MkdirAll(parent, 0o755)
	if err == nil {
		err = os.Mkdir(d.path, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		if stat, failure := os.Stat(d.path); failure == nil && stat.IsDir() {
			return nil
		}
	}
	if err == nil {
		err = syncDir(parent)
	}
	if err != nil {
		return failed("cannot make the run directory", d.path, err)
	}
	return nil
}

// recognise finds out whether the directory is new or holds this run, and
// returns an error if it holds anything else.
func (d *Dir) recognise() error {
	info, err := d.ReadInfo()
	switch {
	case err == nil && info.Hash == d.hash:
		d.existed = true
		return nil
	case err == nil:
		return &Error{What: "the run directory holds another run", Where: d.path,
			Err: fmt.Errorf("its config has the hash %s and not %s", info.Hash, d.hash),
			Try: "another name for this run, or move that directory away"}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return failed("cannot read the run directory", d.path, err)
	}
	foreign := slices.IndexFunc(entries, func(e fs.DirEntry) bool {
		return e.Name() != LockFile && e.Name() != InfoFile+tempSuffix
	})
	if foreign >= 0 {
		return &Error{What: "the directory is not a run's, since it has no " + InfoFile + ", and not empty", Where: d.path,
			Err: fmt.Errorf("it holds %s", entries[foreign].Name()),
			Try: "another name for this run, or move that directory away"}
	}
	return nil
}

// Open opens the directory of a run, for reading: call [Dir.Lock] to write. The
// error says what is wrong with its run.json, which tells run directories from
// others.
func Open(path string) (*Dir, error) {
	d := &Dir{path: filepath.Clean(path), disk: osDisk}
	info, err := d.ReadInfo()
	if err != nil {
		return nil, err
	}
	d.hash, d.existed = info.Hash, true
	return d, nil
}

// join is the path of a file in the directory.
func (d *Dir) join(parts ...string) string {
	return filepath.Join(append([]string{d.path}, parts...)...)
}

// writable makes sure that the lock is held.
func (d *Dir) writable() error {
	if d.lock == nil {
		return &Error{What: "a run directory must be locked to be written to", Where: d.path, Try: "report this, it is a mistake of the program"}
	}
	return nil
}
