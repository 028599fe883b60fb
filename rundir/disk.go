package rundir

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// file is what this package asks of a file that it writes.
type file interface {
	io.WriteCloser
	Sync() error
}

// disk is what this package does to a file system where it changes it. Tests
// put one in its place that runs full or loses its power.
type disk struct {
	open     func(path string, flag int) (file, error)
	truncate func(path string, size int64) error
	rename   func(from, to string) error
	remove   func(path string) error
	mkdir    func(path string) error
	syncDir  func(path string) error
}

// osDisk is the operating system's.
var osDisk = disk{
	open: func(path string, flag int) (file, error) {
		f, err := os.OpenFile(path, flag, 0o644)
		if err != nil {
			return nil, err
		}
		return f, nil
	},
	truncate: os.Truncate,
	rename:   os.Rename,
	remove:   os.Remove,
	mkdir:    func(path string) error { return os.Mkdir(path, 0o755) },
	syncDir:  syncDir,
}

// syncDir makes the names in a directory durable. Windows has no such call: its
// file systems keep a journal of names.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// tempSuffix marks files that were not finished.
const tempSuffix = ".tmp"

// content writes what a file is to hold, the same at every call.
type content func(w io.Writer) error

// fixed is the content that is in memory.
func fixed(data []byte) content {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// replace writes a file such that path holds either what it held or all of the
// content: it writes beside it, syncs, reads back, renames, and syncs the
// directory. On an error from the last step path may already hold the content.
func (k disk) replace(path string, c content) error {
	temp := path + tempSuffix
	err := k.write(temp, c)
	if err == nil {
		err = holds(temp, c)
	}
	if err == nil {
		err = k.rename(temp, path)
	}
	if err != nil {
		k.remove(temp) // of no use; its error would hide the first
		return err
	}
	return k.syncDir(filepath.Dir(path))
}

// write makes a file durable under its name.
func (k disk) write(path string, c content) error {
	f, err := k.open(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	err = c(f)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// errDiffers is what holds returns for a file that reads back differently.
var errDiffers = errors.New("it reads back differently from what was written")

// holds checks that a file reads back as its content.
func holds(path string, c content) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	reader := &comparer{from: f}
	if err := c(reader); err != nil {
		return err
	}
	if n, err := f.Read(make([]byte, 1)); n > 0 {
		return errDiffers
	} else if err != io.EOF {
		return err
	}
	return nil
}

// comparer is a writer that compares what it is given with what it reads.
type comparer struct {
	from   io.Reader
	buffer []byte
}

func (c *comparer) Write(p []byte) (int, error) {
	c.buffer = slices.Grow(c.buffer[:0], len(p))[:len(p)]
	_, err := io.ReadFull(c.from, c.buffer)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF || err == nil && !bytes.Equal(c.buffer, p):
		return 0, errDiffers
	case err != nil:
		return 0, err
	}
	return len(p), nil
}
