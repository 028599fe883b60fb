package rundir

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
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

// replace writes a file such that path holds either what it held or all of
// data: it writes beside it, syncs, reads back, renames, and syncs the
// directory. On an error from the last step path may already hold data.
func (k disk) replace(path string, data []byte) error {
	temp := path + tempSuffix
	err := k.write(temp, data)
	if err == nil {
		err = holds(temp, data)
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
func (k disk) write(path string, data []byte) error {
	f, err := k.open(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
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

// holds checks that a file reads back as data.
func holds(path string, data []byte) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := f.Read(buffer)
		if n > len(data) || !bytes.Equal(buffer[:n], data[:n]) {
			return errDiffers
		}
		data = data[n:]
		switch {
		case err == io.EOF && len(data) == 0:
			return nil
		case err == io.EOF:
			return errDiffers
		case err != nil:
			return err
		}
	}
}
