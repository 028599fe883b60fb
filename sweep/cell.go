package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// String is what the cell sets, with its seed: "beta2=0.99 seed=3".
func (c *Cell) String() string {
	var parts []string
	for _, v := range c.Values {
		parts = append(parts, v.Path[strings.LastIndexByte(v.Path, '.')+1:]+"="+v.Text)
	}
	return strings.Join(append(parts, fmt.Sprintf("seed=%d", c.Seed)), " ")
}

// resultNames are the names of the cells that have a result.
func (d *Dir) resultNames() (map[string]bool, error) {
	folder := filepath.Join(d.path, ResultsFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, failed("cannot read the results", folder, err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".json"); ok && !strings.HasPrefix(id, ".") {
			names[id] = true
		}
	}
	return names, nil
}

// observed is now, or this machine's time where the directory may only be read.
func (d *Dir) observed() (time.Time, error) {
	now, err := d.now()
	if errors.Is(err, fs.ErrPermission) || err != nil && readOnly(err) {
		return time.Now(), nil
	}
	return now, err
}
