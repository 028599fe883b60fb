package rundir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"leeway/safetensors"
)

// SaveCheckpoint saves the state at a step; it needs the lock. The file is
// written beside its place, synced, read back, and only then renamed and the
// older ones removed, all but the one before it. Checkpoints of later steps are
// removed as well: they belong to a course that the run has left.
//
// Nothing is kept of tensors and metadata, nor are they copied: the file goes out
// in small pieces. The keys "checkpoint", "step" and "sha256" of
// the metadata are reserved. After an error the checkpoints that there were are
// there still.
func (d *Dir) SaveCheckpoint(step int, tensors map[string][]float64, meta map[string]string) error {
	if err := d.writable(); err != nil {
		return err
	}
	folder := d.join(CheckpointFolder)
	path := filepath.Join(folder, checkpointName(step))
	content, err := checkpointFile(step, tensors, meta)
	if err != nil {
		return &Error{What: "this cannot be written as a checkpoint", Where: path, Err: err,
			Try: "report this, it is a mistake of the program"}
	}
	err = d.disk.mkdir(folder)
	if err == nil {
		err = d.disk.syncDir(d.path)
	}
	if err == nil || errors.Is(err, fs.ErrExist) {
		err = d.disk.replace(path, func(w io.Writer) error { return safetensors.Encode(w, content) })
	}
	if err == nil {
		err = d.prune(step)
	}
	if err != nil {
		return failed("cannot write a checkpoint", path, err)
	}
	return nil
}

// prune removes all checkpoints but that of a step and the last one before it,
// and files that were never finished.
func (d *Dir) prune(step int) error {
	folder := d.join(CheckpointFolder)
	steps, err := d.checkpointSteps()
	if err != nil {
		return err
	}
	before := 0 // how many earlier ones are kept
	for _, s := range steps {
		if s < step && before == 0 {
			before++
		} else if s != step {
			if err := d.disk.remove(filepath.Join(folder, checkpointName(s))); err != nil {
				return err
			}
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), tempSuffix) {
			if err := d.disk.remove(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
