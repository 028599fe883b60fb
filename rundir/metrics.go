package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Metrics appends rows to metrics.csv or spectrum.csv. A row is on its way to the
// disk when Append returns; nothing is kept in memory. It is not for concurrent
// use.
type Metrics struct {
	path    string
	disk    disk
	file    file
	columns int
	repeats bool  // a step may have several rows
	last    int   // step of the last row, -1 for none
	size    int64 // bytes of the header and all whole rows
	line    []byte
	broken  error // why nothing more can be written
}

// OpenMetrics opens metrics.csv for appending; it needs the lock. The columns
// are the whole header, the first of them "step".
//
// In a file that exists, the header must be the same, and rows after upToStep
// and an unfinished last line are dropped (by one truncation, which leaves the
// rows before whatever happens): with the step of a checkpoint a run goes on
// from there, with -1 it begins again. What is dropped need not be intact.
func (d *Dir) OpenMetrics(columns []string, upToStep int) (*Metrics, error) {
	return d.openTable(MetricsFile, columns, upToStep, false)
}

// OpenSpectrum opens spectrum.csv as [Dir.OpenMetrics] does metrics.csv. Its
// columns are step, eigenvalue and density; a step has a row for every point at
// which its density is given.
func (d *Dir) OpenSpectrum(upToStep int) (*Metrics, error) {
	return d.openTable(SpectrumFile, []string{"step", "eigenvalue", "density"}, upToStep, true)
}

func (d *Dir) openTable(name string, columns []string, upToStep int, repeats bool) (*Metrics, error) {
	if err := d.writable(); err != nil {
		return nil, err
	}
	path := d.join(name)
	if err := checkColumns(columns); err != nil {
		return nil, &Error{What: "these columns cannot be written", Where: path, Err: err,
			Try: "report this, it is a mistake of the program"}
	}
	m := &Metrics{path: path, disk: d.disk, columns: len(columns), repeats: repeats, last: -1}
	header := strings.Join(columns, ",") + "\n"
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		// By renaming, so that no table is ever without its header.
		if err := d.disk.replace(path, fixed([]byte(header))); err != nil {
			return nil, failed("cannot write the metrics", path, err)
		}
		text, err = []byte(header), nil
	}
	if err != nil {
		return nil, failed("cannot read the metrics", path, err)
	}
	t, size, err := parseTable(string(text), upToStep, repeats)
	if err != nil {
		return nil, damaged(path, err)
	}
	if got := strings.Join(t.Columns, ",") + "\n"; got != header {
		return nil, &Error{What: "the metrics have other columns", Where: path,
			Err: fmt.Errorf("line 1: %s", firstDifference(t.Columns, columns)),
			Try: "the version of the program that began this run, or run it again under another name"}
	}
	m.size = int64(size)
	if t.Rows > 0 {
		m.last = int(t.columns[0][t.Rows-1])
	}
	if m.file, err = d.disk.open(path, os.O_WRONLY|os.O_APPEND); err != nil {
		return nil, failed("cannot write the metrics", path, err)
	}
	if size < len(text) {
		err = d.disk.truncate(path, m.size)
		if err == nil {
			err = m.file.Sync()
		}
		if err != nil {
			m.file.Close()
			return nil, failed("cannot drop the rows after the checkpoint", path, err)
		}
	}
	return m, nil
}

// firstDifference says where two headers part.
func firstDifference(got, want []string) string {
	for i, name := range want {
		if i >= len(got) {
			return fmt.Sprintf("column %s is missing", name)
		}
		if got[i] != name {
			return fmt.Sprintf("column %d is %s and not %s", i+1, got[i], name)
		}
	}
	return fmt.Sprintf("column %s is one too many", got[len(want)])
}

// Last is the step of the last row, -1 for a table without rows.
func (m *Metrics) Last() int { return m.last }

// Append writes a row in one write: the step, which must be larger than
// [Metrics.Last], and a value for every other column. It does not allocate. When
// the write fails (a full disk), what there is of the row is taken back, and
// Append may be tried again.
func (m *Metrics) Append(step int, values []float64) error { return m.AppendAll(step, values) }

// AppendAll is Append of several rows of one step in one write, for a
// spectrum.csv; the step must not have any yet.
func (m *Metrics) AppendAll(step int, rows ...[]float64) error {
	if m.broken != nil {
		return m.broken
	}
	m.line = m.line[:0]
	for _, values := range rows {
		if len(values) != m.columns-1 || step <= m.last || uint64(step) > maxStep || len(rows) > 1 && !m.repeats {
			return &Error{What: "not a row for the metrics", Where: m.path,
				Err: fmt.Errorf("step %d after step %d, with %d values for %d columns", step, m.last, len(values), m.columns-1),
				Try: "report this, it is a mistake of the program"}
		}
		m.line = strconv.AppendInt(m.line, int64(step), 10)
		for _, x := range values {
			m.line = append(m.line, ',')
			m.line = appendNumber(m.line, x)
		}
		m.line = append(m.line, '\n')
	}
	n, err := m.file.Write(m.line)
	if err == nil {
		m.last = step
		m.size += int64(n)
		return nil
	}
	err = failed(fmt.Sprintf("cannot write the metrics of step %d", step), m.path, err)
	if n > 0 && m.disk.truncate(m.path, m.size) != nil {
		m.broken = err // a row after half a row would damage the table
	}
	return err
}

// Sync makes all rows durable. Call it before saving a checkpoint, so that the
// table reaches at least as far.
func (m *Metrics) Sync() error {
	if err := m.file.Sync(); err != nil {
		return failed("cannot write the metrics", m.path, err)
	}
	return nil
}

// Close makes all rows durable and closes the file.
func (m *Metrics) Close() error {
	err := m.Sync()
	if closing := m.file.Close(); closing != nil && err == nil {
		err = failed("cannot close the metrics", m.path, closing)
	}
	return err
}
