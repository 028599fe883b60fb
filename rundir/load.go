package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// checkpointForm is the form of a checkpoint's file name.
var checkpointForm = regexp.MustCompile(`^step-(\d{9,18})\.safetensors$`)

// checkpointName is the name of a step's file.
func checkpointName(step int) string { return fmt.Sprintf("step-%09d.safetensors", step) }

// checkpointSteps lists the steps that have a file, the last first.
func (d *Dir) checkpointSteps() ([]int, error) {
	folder := d.join(CheckpointFolder)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failed("cannot read the checkpoints", folder, err)
	}
	var steps []int
	for _, e := range entries {
		if match := checkpointForm.FindStringSubmatch(e.Name()); match != nil {
			step, _ := strconv.Atoi(match[1]) // 18 digits fit
			if e.Name() == checkpointName(step) {
				steps = append(steps, step)
			}
		}
	}
	slices.Sort(steps)
	slices.Reverse(steps)
	return steps, nil
}

// LoadCheckpoint returns the last good checkpoint. Every byte of a file is
// covered by its checksum; those later ones that are damaged are named in
// Skipped. Reading needs no lock.
//
// The error has the cause [ErrNoCheckpoint] where there is none yet; where there
// are some but none is good, it has the cause of the last.
func (d *Dir) LoadCheckpoint() (*Checkpoint, error) {
	folder := d.join(CheckpointFolder)
	steps, err := d.checkpointSteps()
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		return nil, &Error{What: "nothing to go on from", Where: folder, Err: ErrNoCheckpoint,
			Try: "run it from the start"}
	}
	var skipped []error
	for _, step := range steps {
		path := filepath.Join(folder, checkpointName(step))
		c, err := loadCheckpoint(path, step)
		if err == nil {
			c.Skipped = skipped
			return c, nil
		}
		skipped = append(skipped, &Error{What: "a checkpoint is damaged", Where: path, Err: err,
			Try: "look at the disk; an earlier checkpoint is used where there is one"})
	}
	return nil, &Error{What: "no checkpoint can be used", Where: folder,
		Err: fmt.Errorf("of %d none is good, the last: %w", len(skipped), skipped[0]),
		Try: "restore one from a copy, or move the run directory away and run from the start"}
}

// loadCheckpoint reads one file, which must be of a step.
func loadCheckpoint(path string, step int) (*Checkpoint, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, err
	}
	c, err := readCheckpoint(f, stat.Size())
	if err == nil && c.Step != step {
		return nil, fmt.Errorf("it is of step %d", c.Step)
	}
	return c, err
}
