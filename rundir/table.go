package rundir

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// maxStep is the largest step in a table, so that float64 holds all of them.
const maxStep uint64 = 1 << 53

// Table is what metrics.csv holds, by columns.
type Table struct {
	// Columns are the names in the order of the file; the first is "step".
	Columns []string
	// Rows is the number of rows.
	Rows int
	// Torn reports that the file ended in an unfinished line, which is left out:
	// the run is writing just now, or died while it did.
	Torn bool

	columns [][]float64
}

// Column returns the values of a column by rows, nil if there is no such
// column. It is not a copy.
func (t *Table) Column(name string) []float64 {
	if i := slices.Index(t.Columns, name); i >= 0 {
		return t.columns[i]
	}
	return nil
}

// ReadMetrics reads a metrics.csv. It is strict: steps rise, every line has a
// field for every column: a number or nothing, which is [Missing]. NaN, Inf and
// -Inf are numbers. The error names line and column. Only an unfinished last line
// is forgiven, see [Table.Torn].
func ReadMetrics(path string) (*Table, error) { return readTable(path, false) }

// ReadSpectrum reads a spectrum.csv as [ReadMetrics] does a metrics.csv; it may
// have any number of rows of one step.
func ReadSpectrum(path string) (*Table, error) { return readTable(path, true) }

func readTable(path string, repeats bool) (*Table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, failed("cannot read the metrics", path, err)
	}
	t, _, err := parseTable(string(text), math.MaxInt, repeats)
	if err != nil {
		return nil, damaged(path, err)
	}
	return t, nil
}

// damaged is the error for a table that parseTable refuses.
func damaged(path string, err error) error {
	return &Error{What: "the metrics are damaged", Where: path, Err: err,
		Try: "delete the file from that line on and resume the run, or restore it from a copy"}
}

// parseTable reads rows up to the first with a step above last, without a look
// at what follows. It returns the number of bytes of header and rows read. Steps
// rise; where repeats is set they may stay.
func parseTable(text string, last int, repeats bool) (*Table, int, error) {
	header, rest, whole := strings.Cut(text, "\n")
	if !whole {
		return nil, 0, errors.New("line 1: it has no end")
	}
	t := &Table{Columns: strings.Split(header, ",")}
	if err := checkColumns(t.Columns); err != nil {
		return nil, 0, fmt.Errorf("line 1: %w", err)
	}
	t.columns = make([][]float64, len(t.Columns))
	end, before := len(header)+1, -1
	for line := 2; rest != ""; line++ {
		row, after, whole := strings.Cut(rest, "\n")
		if !whole {
			t.Torn = true
			break
		}
		field, others, _ := strings.Cut(row, ",")
		step, err := strconv.ParseUint(field, 10, strconv.IntSize-1)
		if err != nil || step > maxStep {
			return nil, 0, fmt.Errorf("line %d, column step: %q is not a step", line, field)
		}
		if int(step) > last {
			break
		}
		if int(step) < before || int(step) == before && !repeats {
			return nil, 0, fmt.Errorf("line %d, column step: %d comes after %d", line, step, before)
		}
		if n := strings.Count(row, ",") + 1; n != len(t.Columns) {
			return nil, 0, fmt.Errorf("line %d: it has %d fields, not %d", line, n, len(t.Columns))
		}
		t.columns[0] = append(t.columns[0], float64(step))
		for i, name := range t.Columns[1:] {
			field, others, _ = strings.Cut(others, ",")
			x, err := parseNumber(field)
			if err != nil {
				return nil, 0, fmt.Errorf("line %d, column %s: %q is not a number", line, name, field)
			}
			t.columns[i+1] = append(t.columns[i+1], x)
		}
		t.Rows, before = t.Rows+1, int(step)
		end += len(row) + 1
		rest = after
	}
	return t, end, nil
}

// checkColumns makes sure that a header can be written and read without
// quotation marks, and that names mean one column each.
func checkColumns(columns []string) error {
	if len(columns) == 0 || columns[0] != "step" {
		return fmt.Errorf("the first column is not step but %q", strings.Join(columns[:min(1, len(columns))], ""))
	}
	seen := map[string]bool{}
	for _, name := range columns {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == ',' || r == '"' || r == 0x7f }) {
			return fmt.Errorf("%q cannot be the name of a column", name)
		}
		if seen[name] {
			return fmt.Errorf("column %q is there twice", name)
		}
		seen[name] = true
	}
	return nil
}
