package sweep

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Error is a failure that a user can do something about.
type Error struct {
	What  string // what could not be done
	Where string // the file or directory
	Try   string // what to do about it
	Err   error  // the cause, nil if What says it all
}

// Error returns "what: where: cause".
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

// Hint returns what to do about it.
func (e *Error) Hint() string { return e.Try }

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
	e := &Error{What: what, Where: where, Err: err, Try: "look at the disk, then run the same command again: it does what is missing"}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Try = "free some space, then run the same command again: it does what is missing"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Try = "another directory (--out), or permission to write to this one"
	}
	return e
}

// token is a name that nobody else has.
func token() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// temporary writes a file beside path under a name of its own and syncs it.
func temporary(path string, text []byte) (string, error) {
	temp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+token())
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		os.Remove(temp)
		return "", err
	}
	return temp, nil
}

// replace writes a file such that path holds either what it held or all of text.
func replace(path string, text []byte) error {
	temp, err := temporary(path, text)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	return syncDir(filepath.Dir(path))
}

// create writes a file that does not exist yet, all of it or nothing: of several
// that try at once, one succeeds, and the others get [fs.ErrExist]. It links a
// finished file to the name, which is exclusive on network file systems too.
func create(path string, text []byte) error {
	temp, err := temporary(path, text)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// readOnly reports whether an error is of a disk that takes nothing: what is to be
// read can be read.
func readOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
