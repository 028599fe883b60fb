//go:build linux

package slurm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"leeway/sweep"
)

// completions is Slurm's own record: the states in which tasks ended.
func (c *cluster) completions() map[string]int {
	text, err := os.ReadFile(filepath.Join(c.files, "log", "jobcomp.txt"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.Fatal(err)
	}
	states := map[string]int{}
	for _, found := range regexp.MustCompile(`Name=leeway-slurm JobState=(\w+)`).FindAllStringSubmatch(string(text), -1) {
		states[found[1]]++
	}
	return states
}

// said counts what workers and followers wrote to their logs.
func (c *cluster) said(pattern string) int {
	form := regexp.MustCompile(pattern)
	n := 0
	paths, _ := filepath.Glob(filepath.Join(c.dir(), Folder, "*", "*.log"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			c.Fatal(err)
		}
		n += len(form.FindAll(text, -1))
	}
	return n
}

// complete checks the sweep against the one computed here.
func (c *cluster) complete() {
	c.Helper()
	s := c.status()
	if !s.Complete() || s.Failed > 0 || s.Done != s.Cells || s.Outside > 0 || s.Running > 0 {
		c.Fatalf("%+v", s)
	}
	if entries, err := os.ReadDir(filepath.Join(c.dir(), sweep.ResultsFolder)); err != nil || len(entries) != s.Cells {
		c.Errorf("%d files of results for %d cells, %v", len(entries), s.Cells, err)
	}
	want, got := found(c, filepath.Join(c.root, "here", "slurm")), found(c, c.dir())
	for id, bits := range want {
		if got[id] != bits {
			c.Errorf("cell %s differs from the one computed without Slurm:\n%.300s\n%.300s", id, got[id], bits)
		}
	}
	c.say("%d cells, the same bits as without Slurm; tasks ended %v", s.Cells, c.completions())
}

// found is what each cell of a sweep came to: its last values and all measurements,
// without times.
func found(t testing.TB, path string) map[string]string {
	t.Helper()
	d, err := sweep.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for i := range d.Cells {
		cell := &d.Cells[i]
		r, err := d.Result(cell)
		if err != nil || r == nil || r.Summary == nil {
			t.Fatalf("cell %s: %+v, %v", cell, r, err)
		}
		final, err := json.Marshal(r.Summary.Final)
		if err != nil {
			t.Fatal(err)
		}
		metrics, err := os.ReadFile(filepath.Join(d.CellPath(cell), "metrics.csv"))
		if err != nil {
			t.Fatal(err)
		}
		all[cell.ID] = fmt.Sprintf("%s %s\n%s", r.Status, final, metrics)
	}
	return all
}
