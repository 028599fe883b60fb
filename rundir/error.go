package rundir

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Error is a failure that a user can do something about.
type Error struct {
	What  string // what could not be done, "cannot write a checkpoint"
	Where string // the file or directory, with line and column where there is one
	Try   string // what to do about it
	Err   error  // the cause, nil if What says it all
}

// Error returns "what: where: cause", without the hint.
func (e *Error) Error() string {
	text := e.What
	if e.Where != "" {
		text += ": " + e.Where
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint returns what to do about it, for printing after "Try: ".
func (e *Error) Hint() string { return e.Try }

// Causes to ask for with errors.Is.
var (
	// ErrLocked is the cause when another process writes to the directory.
	ErrLocked = errors.New("locked")
	// ErrNoCheckpoint is the cause when there is no checkpoint at all, which is
	// so until the first one is saved.
	ErrNoCheckpoint = errors.New("no checkpoint has been saved yet")
)

// failed is an error of the file system, with a hint that fits its cause.
func failed(what, where string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch { // the path is in Where already
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	e := &Error{What: what, Where: where, Err: err, Try: "look at the disk, then run the same command again: it goes on from the last checkpoint"}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Try = "free some space, then run the same command again: it goes on from the last checkpoint"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Try = "another directory, or permission to write to this one"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		e.Try = "another directory: a file stands where a directory should be"
	case errors.Is(err, fs.ErrNotExist):
		e.Try = "check the path; `leeway run` makes a run directory"
	}
	return e
}
