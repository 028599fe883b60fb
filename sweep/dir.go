package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"leeway/config"
)

// Names in a sweep directory.
const (
	PlanFile      = "sweep.json"
	CellsFolder   = "cells"
	ClaimsFolder  = "claims"
	ResultsFolder = "results"
	StopFile      = "stop"
)

// format is the number of the format of sweep.json.
const format = 1

// Sweep is what sweep.json holds.
type Sweep struct {
	Format int    `json:"format"`
	Name   string `json:"name"`
	// Plan is the text of the plan, Overrides what was given with it.
	Plan      string   `json:"plan"`
	Overrides []string `json:"overrides,omitempty"`
	// Axes are the paths that vary, in the plan's order.
	Axes  []string `json:"axes"`
	Seeds []uint64 `json:"seeds"`
	Cells []Cell   `json:"cells"`
	// Version of the program that planned it.
	Version string `json:"version"`
}

// Cell is one run of a sweep.
type Cell struct {
	// ID is the beginning of Hash, long enough for a name.
	ID     string         `json:"id"`
	Hash   string         `json:"hash"`
	Values []config.Value `json:"values"`
	Seed   uint64         `json:"seed"`
	// Config is the resolved config.
	Config json.RawMessage `json:"config"`
}

// idLength is the number of digits of a cell's name: 64 bits, so that no two
// cells of any sweep share one.
const idLength = 16

// Dir is a sweep directory. Its methods may be called by several goroutines and
// processes at once.
type Dir struct {
	path string
	Sweep
}

// Path is the directory's path.
func (d *Dir) Path() string { return d.path }

// Create makes the directory of a plan, or brings the one that is there to the
// plan: cells in both are kept with their results, new ones are added, those that
// the plan does not have any more stay on disk and do not count. A directory
// whose cells have nothing in common with the plan's is left alone, with an
// error.
func Create(path string, plan *config.Plan, version string) (*Dir, error) {
	d := &Dir{path: filepath.Clean(path), Sweep: Sweep{
		Format: format, Name: plan.Name, Plan: plan.Text, Overrides: plan.Overrides, Axes: plan.Axes, Seeds: plan.Seeds, Version: version,
	}}
	for i := range plan.Cells {
		c := &plan.Cells[i]
		hash := c.ID()
		d.Cells = append(d.Cells, Cell{ID: hash[:idLength], Hash: hash, Values: c.Values, Seed: c.Seed, Config: c.Config.JSON()})
	}
	before, err := Open(path)
	switch {
	case err == nil:
		if !before.shares(d) {
			return nil, &Error{What: "the directory holds another sweep: no cell of the plan is among its cells", Where: path,
				Try: "another name for this one (name=...), another --out, or move that directory away"}
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	for _, folder := range []string{CellsFolder, ClaimsFolder, ResultsFolder} {
		if err := os.MkdirAll(filepath.Join(path, folder), 0o755); err != nil {
			return nil, failed("cannot make the sweep directory", path, err)
		}
	}
	text, err := json.MarshalIndent(d.Sweep, "", " ")
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	if err := replace(filepath.Join(path, PlanFile), append(text, '\n')); err != nil {
		return nil, failed("cannot write "+PlanFile, path, err)
	}
	return d, nil
}

// shares reports whether two plans have a cell in common.
func (d *Dir) shares(other *Dir) bool {
	mine := map[string]bool{}
	for _, c := range d.Cells {
		mine[c.Hash] = true
	}
	for _, c := range other.Cells {
		if mine[c.Hash] {
			return true
		}
	}
	return len(d.Cells) == 0
}

// Open opens a sweep directory. Where there is none, the error has the cause
// [fs.ErrNotExist].
func Open(path string) (*Dir, error) {
	file := filepath.Join(path, PlanFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{What: "not a sweep directory", Where: path, Err: noFile{PlanFile},
			Try: "the path of a directory that `leeway sweep run` made, sweeps/NAME"}
	}
	if err != nil {
		return nil, failed("cannot read "+PlanFile, file, err)
	}
	d := &Dir{path: filepath.Clean(path)}
	if err := json.Unmarshal(text, &d.Sweep); err != nil {
		return nil, &Error{What: PlanFile + " is damaged", Where: file, Err: err, Try: "leeway sweep run with the plan: it writes the file again and keeps the results"}
	}
	if d.Format != format {
		return nil, &Error{What: PlanFile + " is of another version", Where: file, Err: fmt.Errorf("it has format %d, this version of the program reads %d", d.Format, format),
			Try: "the version of the program that wrote it: " + d.Version}
	}
	for _, c := range d.Cells {
		if len(c.Hash) != 64 || c.ID != c.Hash[:idLength] {
			return nil, &Error{What: PlanFile + " is damaged", Where: file, Err: fmt.Errorf("a cell is called %q", c.ID), Try: "leeway sweep run with the plan: it writes the file again and keeps the results"}
		}
	}
	return d, nil
}

// Stop asks all workers of the sweep, wherever they are, to save what they have and
// end; they notice at their next heartbeat. [Dir.Continue] takes it back.
func (d *Dir) Stop() error {
	path := filepath.Join(d.path, StopFile)
	if err := replace(path, []byte("leeway sweep cancel was called; leeway sweep run removes this file\n")); err != nil {
		return failed("cannot stop the sweep", path, err)
	}
	return nil
}

// Continue takes [Dir.Stop] back.
func (d *Dir) Continue() error {
	path := filepath.Join(d.path, StopFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("cannot go on with the sweep", path, err)
	}
	return nil
}

// stopped reports whether the workers shall end.
func (d *Dir) stopped() bool {
	_, err := os.Stat(filepath.Join(d.path, StopFile))
	return err == nil
}

// noFile says which file does not exist.
type noFile struct{ name string }

func (e noFile) Error() string        { return "there is no " + e.name + " in it" }
func (e noFile) Is(target error) bool { return target == fs.ErrNotExist }

// CellPath is the run directory of a cell.
func (d *Dir) CellPath(c *Cell) string { return filepath.Join(d.path, CellsFolder, c.ID) }
