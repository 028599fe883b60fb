package rundir

import (
	"io/fs"
	"os"
)

// A faulty disk counts its operations and fails at one of them.
type faulty struct {
	count int
	at    int   // the operation that fails, from 1 on
	err   error // with this
	// dead: everything after it fails too, as if the process had ended, so
	// nothing is cleaned up.
	dead bool
	// full: everything after it that needs room fails too.
	full bool
	// naive: renaming copies, so that it can stop half way.
	naive bool
}

func (k *faulty) fails(needsRoom bool) bool {
	k.count++
	return k.count == k.at || k.count > k.at && k.at > 0 && (k.dead || k.full && needsRoom)
}

type faultyFile struct {
	file
	disk *faulty
}

// Write that fails writes half.
func (f faultyFile) Write(p []byte) (int, error) {
	if f.disk.fails(true) {
		n := 0
		if f.disk.count == f.disk.at {
			n, _ = f.file.Write(p[:len(p)/2])
		}
		return n, &fs.PathError{Op: "write", Path: "x", Err: f.disk.err}
	}
	return f.file.Write(p)
}

func (f faultyFile) Sync() error {
	if f.disk.fails(false) {
		return f.disk.err
	}
	return nil // the tests are about order, not about the real disk
}

func (f faultyFile) Close() error {
	err := f.file.Close()
	if f.disk.fails(false) {
		return f.disk.err
	}
	return err
}

func (k *faulty) asDisk() disk {
	do := func(needsRoom bool, f func() error) error {
		if k.fails(needsRoom) {
			return k.err
		}
		return f()
	}
	return disk{
		open: func(path string, flag int) (file, error) {
			if k.fails(true) {
				return nil, k.err
			}
			f, err := osDisk.open(path, flag)
			return faultyFile{f, k}, err
		},
		truncate: func(path string, size int64) error {
			return do(false, func() error { return osDisk.truncate(path, size) })
		},
		rename: func(from, to string) error {
			if k.naive {
				data, _ := os.ReadFile(from)
				if k.fails(false) {
					os.WriteFile(to, data[:len(data)/2], 0o644)
					return k.err
				}
				return os.WriteFile(to, data, 0o644)
			}
			return do(false, func() error { return osDisk.rename(from, to) })
		},
		remove:  func(path string) error { return do(false, func() error { return osDisk.remove(path) }) },
		mkdir:   func(path string) error { return do(true, func() error { return osDisk.mkdir(path) }) },
		syncDir: func(string) error { return do(false, func() error { return nil }) },
	}
}
