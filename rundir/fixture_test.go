package rundir

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// A run whose files follow from formulas, so that whatever survives a failure
// can be held against what it must be.

const testHash = "3f9c2a0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

var testColumns = []string{"step", "t", "discrete/loss", "flow-2/distance"}

// rowAt fills dst with the row of a step: irrational, NaN and Inf among them.
func rowAt(dst []float64, step int) []float64 {
	dst = append(dst[:0], 1e-3*float64(step), math.Sqrt(float64(step)), -math.Cbrt(float64(step)))
	if step%5 == 0 {
		dst[1], dst[2] = math.NaN(), math.Inf(step%2*2-1)
	}
	return dst
}

func tensorsAt(step int) map[string][]float64 {
	theta := make([]float64, 50)
	for i := range theta {
		theta[i] = math.Sin(float64(step + i))
	}
	return map[string][]float64{"discrete/theta": theta, "discrete/m": {float64(step), math.Inf(1)}, "empty": {}}
}

func metaAt(step int) map[string]string {
	return map[string]string{"state": fmt.Sprintf(`{"cursor":%d,"sha256":"x"}`, step)}
}

func testInfo(status string) Info {
	return Info{Name: "toy", Status: status, Problem: strings.Repeat(status, 20), Config: []byte(`{"steps":400}`)}
}

// newRun is a directory with a run.json, locked until the test ends.
func newRun(t testing.TB) *Dir {
	t.Helper()
	d, err := Create(t.TempDir(), "toy", testHash)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	d.disk = (&faulty{}).asDisk() // the operating system's without syncing
	defer func() { d.disk = osDisk }()
	if err := d.WriteInfo(testInfo("running")); err != nil {
		t.Fatal(err)
	}
	return d
}

// checkTable makes sure that the table is a prefix of the run's rows (all steps
// from 1 on) of at least n rows.
func checkTable(d *Dir, n int) error {
	table, err := ReadMetrics(d.join(MetricsFile))
	if err != nil {
		return err
	}
	if !slices.Equal(table.Columns, testColumns) || table.Rows < n {
		return fmt.Errorf("columns %v, %d rows instead of at least %d", table.Columns, table.Rows, n)
	}
	for i := range table.Rows {
		want := rowAt(nil, i+1)
		for j, name := range testColumns[1:] {
			got := table.Column(name)[i]
			if math.Float64bits(got) != math.Float64bits(want[j]) && !(math.IsNaN(got) && math.IsNaN(want[j])) {
				return fmt.Errorf("row %d, %s is %v instead of %v", i, name, got, want[j])
			}
		}
		if table.Column("step")[i] != float64(i+1) {
			return fmt.Errorf("row %d is of step %v", i, table.Column("step")[i])
		}
	}
	return nil
}

// checkCheckpoint makes sure that a good checkpoint of step at least n is there
// and holds what it must.
func checkCheckpoint(d *Dir, n int) (*Checkpoint, error) {
	c, err := d.LoadCheckpoint()
	if err != nil {
		return nil, err
	}
	if c.Step < n {
		return c, fmt.Errorf("step %d instead of at least %d (%v)", c.Step, n, c.Skipped)
	}
	want := tensorsAt(c.Step)
	if len(c.Tensors) != len(want) || len(c.Meta) != 1 || c.Meta["state"] != metaAt(c.Step)["state"] {
		return c, fmt.Errorf("step %d has tensors %v and metadata %v", c.Step, c.Tensors, c.Meta)
	}
	for name, x := range want {
		if !slices.Equal(x, c.Tensors[name]) {
			return c, fmt.Errorf("step %d, %s is %v instead of %v", c.Step, name, c.Tensors[name], x)
		}
	}
	return c, nil
}
