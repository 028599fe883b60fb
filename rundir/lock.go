package rundir

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Lock takes the directory for this process, so that no other writes to it; a
// directory that is locked already by this Dir stays so. The operating system
// drops the lock when the process ends, however it ends. On a file system
// without locks there is none, and Lock returns nil.
//
// The error has the cause [ErrLocked] where another process holds it.
func (d *Dir) Lock() error {
	if d.lock != nil {
		return nil
	}
	path := filepath.Join(d.path, LockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		err = lockFile(f)
	}
	switch {
	case errors.Is(err, ErrLocked):
		err = fmt.Errorf("%w by %s", ErrLocked, owner(f))
		f.Close()
		return &Error{What: "another process is writing to the run directory", Where: d.path, Err: err,
			Try: "wait until it is done, or stop it"}
	case err != nil:
		f.Close() // does nothing on nil
		return failed("cannot lock the run directory", d.path, err)
	}
	// Who holds the lock is for the message alone, so errors do not matter.
	host, _ := os.Hostname()
	f.Truncate(0)
	fmt.Fprintf(f, "process %d on %s", os.Getpid(), host)
	d.lock = f
	return nil
}

// Close gives the lock back. It is good for the Dir of [Open] too.
func (d *Dir) Close() error {
	if d.lock == nil {
		return nil
	}
	f := d.lock
	d.lock = nil
	f.Truncate(0)
	if err := f.Close(); err != nil {
		return failed("cannot unlock the run directory", d.path, err)
	}
	return nil
}

// owner is what the holder of a lock wrote into it.
func owner(f io.ReaderAt) string {
	text := make([]byte, 200)
	n, _ := f.ReadAt(text, 0)
	text = bytes.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text[:n])
	if len(text) == 0 {
		return "another process"
	}
	return string(text)
}
