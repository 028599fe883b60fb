package rundir

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The truth is a table written by hand from the contract of metrics.csv.
const goldenTable = "step,t,discrete/loss,flow-2/distance\n" +
	"0,0,2.302585092994046,NaN\n" +
	"10,0.01,1e-07,Inf\n" +
	"20,0.02,5e-324,-Inf\n"

func TestMetricsGolden(t *testing.T) {
	d := newRun(t)
	m, err := d.OpenMetrics(testColumns, -1)
	if err != nil {
		t.Fatal(err)
	}
	if m.Last() != -1 {
		t.Errorf("a new table ends at step %d", m.Last())
	}
	for step, row := range [][]float64{{0, math.Log(10), math.NaN()}, {0.01, 1e-7, math.Inf(1)}, {0.02, 5e-324, math.Inf(-1)}} {
		if err := m.Append(10*step, row); err != nil {
			t.Fatal(err)
		}
	}
	// Rows are there as soon as they are written.
	if text, _ := os.ReadFile(d.join(MetricsFile)); string(text) != goldenTable || m.Last() != 20 {
		t.Errorf("got\n%swant\n%s", text, goldenTable)
	}
	if err := errors.Join(m.Sync(), m.Close()); err != nil {
		t.Error(err)
	}
	isClear(t, m.Append(30, []float64{1, 2, 3}), "step 30", "already closed")
	isClear(t, m.Sync(), "already closed")
	isClear(t, m.Close(), "already closed")

	table, err := ReadMetrics(d.join(MetricsFile))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.Columns, testColumns) || table.Rows != 3 || table.Torn {
		t.Errorf("got %+v", table)
	}
	if got := table.Column("step"); !slices.Equal(got, []float64{0, 10, 20}) {
		t.Errorf("steps are %v", got)
	}
	if got := table.Column("discrete/loss"); !slices.Equal(got, []float64{math.Log(10), 1e-7, 5e-324}) {
		t.Errorf("losses are %v", got)
	}
	if got := table.Column("flow-2/distance"); !math.IsNaN(got[0]) || !math.IsInf(got[1], 1) || !math.IsInf(got[2], -1) {
		t.Errorf("distances are %v", got)
	}
	if table.Column("loss") != nil {
		t.Error("there is a column that is not there")
	}
}

func TestOpenMetricsDropsRows(t *testing.T) {
	header := "step,t,discrete/loss,flow-2/distance\n"
	for _, c := range []struct {
		name, text string
		last       int
		want       string
	}{
		{"all good", goldenTable, 20, goldenTable},
		{"later ones", goldenTable, 19, goldenTable[:strings.Index(goldenTable, "20,")]},
		{"all", goldenTable, -1, header},
		{"none there", header, 10, header},
		{"torn line", goldenTable + "30,0.0", 100, goldenTable},
		{"torn line that could be a row", goldenTable + "30,0.03,1,2", 100, goldenTable},
		{"damaged ones after it", goldenTable + "30,x,y\n\x00\x00\n", 20, goldenTable},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newRun(t)
			if err := os.WriteFile(d.join(MetricsFile), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			m, err := d.OpenMetrics(testColumns, c.last)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			if text, _ := os.ReadFile(d.join(MetricsFile)); string(text) != c.want {
				t.Errorf("got\n%swant\n%s", text, c.want)
			}
			if err := m.Append(m.Last()+1, []float64{1, 2, 3}); err != nil {
				t.Error(err)
			}
			if table, err := ReadMetrics(d.join(MetricsFile)); err != nil || table.Rows != strings.Count(c.want, "\n") {
				t.Error(table, err)
			}
		})
	}
}

func TestOpenMetricsRefuses(t *testing.T) {
	d := newRun(t)
	for _, columns := range [][]string{nil, {"t"}, {"step", ""}, {"step", "a,b"}, {"step", `a"`}, {"step", "a\n"}, {"step", "a", "a"}} {
		_, err := d.OpenMetrics(columns, 0)
		isClear(t, err, "columns cannot be written")
	}
	if _, err := os.Stat(d.join(MetricsFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("there is a table now")
	}
	if err := os.WriteFile(d.join(MetricsFile), []byte(goldenTable), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, columns := range map[string][]string{
		"column 2 is t and not time":                testColumns[:1:1],
		"column flow-2/distance is one too many":    testColumns[:3],
		"column moments-2/distance is missing":      append(slices.Clone(testColumns), "moments-2/distance"),
		"column 3 is discrete/loss and not flow/lo": {"step", "t", "flow/lo", "flow-2/distance"},
	} {
		if len(columns) == 1 {
			columns = append(columns, "time")
		}
		_, err := d.OpenMetrics(columns, 0)
		isClear(t, err, "other columns", want, d.join(MetricsFile))
	}
	if text, _ := os.ReadFile(d.join(MetricsFile)); string(text) != goldenTable {
		t.Errorf("the table is now %s", text)
	}
	// Damage before the checkpoint is reported and not repaired.
	broken := strings.Replace(goldenTable, "1e-07", "1e--7", 1)
	if err := os.WriteFile(d.join(MetricsFile), []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := d.OpenMetrics(testColumns, 20)
	isClear(t, err, "damaged", `line 3, column discrete/loss: "1e--7" is not a number`)
	os.Remove(d.join(MetricsFile))
	os.Mkdir(d.join(MetricsFile), 0o755)
	_, err = d.OpenMetrics(testColumns, 20)
	isClear(t, err, "cannot read the metrics", "is a directory")
}

func TestAppendRefuses(t *testing.T) {
	d := newRun(t)
	m, err := d.OpenMetrics(testColumns, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.Append(10, rowAt(nil, 10)); err != nil {
		t.Fatal(err)
	}
	for _, step := range []int{10, 9, -1} {
		isClear(t, m.Append(step, rowAt(nil, step)), "after step 10")
	}
	isClear(t, m.Append(11, []float64{1}), "1 values for 3 columns")
	if m.Last() != 10 {
		t.Errorf("the last step is %d", m.Last())
	}
}

func TestReadMetricsRefuses(t *testing.T) {
	for want, text := range map[string]string{
		"line 1: it has no end":                               "step,t",
		"line 1: the first column is not step but \"t\"":      "t,step\n",
		"line 1: the first column is not step but \"\"":       "\n",
		"line 1: column \"t\" is there twice":                 "step,t,t\n",
		"line 1: \"t\\r\" cannot be the name":                 "step,t\r\n1,2\r\n",
		"line 2: it has 1 fields, not 2":                      "step,t\n1\n",
		"line 3: it has 3 fields, not 2":                      "step,t\n1,2\n2,3,4\n3,4\n",
		"line 2, column t: \" \" is not a number":             "step,t\n1, \n",
		"line 2, column t: \"1e400\" is not a number":         "step,t\n1,1e400\n",
		"line 3, column t: \"2 \" is not a number":            "step,t\n1,2\n2,2 \n",
		"line 2, column step: \"\" is not a step":             "step,t\n\n",
		"line 2, column step: \"1.0\" is not a step":          "step,t\n1.0,2\n",
		"line 2, column step: \"-1\" is not a step":           "step,t\n-1,2\n",
		"column step: \"9007199254740993\" is not a step":     "step,t\n9007199254740993,2\n",
		"line 3, column step: 1 comes after 1":                "step,t\n1,2\n1,2\n",
		"line 3, column step: \"\\x00\\x00\\x00\" is not a s": "step,t\n1,2\n\x00\x00\x00\n",
	} {
		path := t.TempDir() + "/metrics.csv"
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadMetrics(path)
		isClear(t, err, want, path)
	}
	_, err := ReadMetrics(t.TempDir() + "/metrics.csv")
	isClear(t, err, "cannot read the metrics", "no such file")
}

// Every prefix of a table from the end of its header on is a table: the whole
// rows, and Torn says whether there was more.
func TestReadMetricsTorn(t *testing.T) {
	for n := strings.Index(goldenTable, "\n") + 1; n <= len(goldenTable); n++ {
		text := goldenTable[:n]
		table, _, err := parseTable(text, math.MaxInt, false)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if rows := strings.Count(text, "\n") - 1; table.Rows != rows || len(table.Column("t")) != rows || table.Torn != !strings.HasSuffix(text, "\n") {
			t.Errorf("%q: %+v", text, table)
		}
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	d := newRun(t)
	m, err := d.OpenMetrics(testColumns, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	row := []float64{-math.MaxFloat64, -math.SmallestNonzeroFloat64, -math.Pi * 1e-300}
	if err := m.Append(1e9, row); err != nil { // as long as a row can be
		t.Fatal(err)
	}
	step := int(1e9)
	if n := testing.AllocsPerRun(100, func() {
		step++
		if err := m.Append(step, row); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per row", n)
	}
}

// Every float64 comes back to the bit: NaN as a NaN, the missing one as itself and
// no other NaN as the missing one.
func TestNumbersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{missing, missing + 1, math.Float64bits(math.NaN())}))
		x := math.Float64frombits(bits.Draw(t, "bits"))
		text := "step,x\n0," + string(appendNumber(nil, x)) + "\n"
		table, _, err := parseTable(text, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Column("x")[0]; math.Float64bits(got) != math.Float64bits(x) && !(math.IsNaN(x) && math.IsNaN(got) && !IsMissing(x) && !IsMissing(got)) {
			t.Fatalf("%v became %v", x, got)
		}
	})
}

// Any text gives an error or a table; its columns are of one length, and what is
// read up to a step is a prefix of what is read of all.
func FuzzParseTable(f *testing.F) {
	f.Add(goldenTable, 10, false)
	f.Add(goldenTable+"30,0.03,1", 30, false)
	f.Add("step\n1\n2\n", 1, false)
	f.Add("step,t\n1,0x1p-2\n", 5, false)
	f.Add("step,t\n1,\n1,2\n2,NaN\n", 1, true)
	f.Fuzz(func(t *testing.T, text string, last int, repeats bool) {
		table, end, err := parseTable(text, math.MaxInt, repeats)
		if err != nil {
			return
		}
		for _, name := range table.Columns {
			if n := len(table.Column(name)); n != table.Rows {
				t.Fatalf("column %q has %d of %d rows", name, n, table.Rows)
			}
		}
		if end > len(text) || table.Torn != (end < len(text)) || text[end-1] != '\n' {
			t.Fatalf("the rows end at %d of %d", end, len(text))
		}
		part, cut, err := parseTable(text, last, repeats)
		if err != nil || cut > end || part.Rows > table.Rows {
			t.Fatalf("%d rows up to step %d, %d in all (%v)", part.Rows, last, table.Rows, err)
		}
		again, _, err := parseTable(text[:cut], math.MaxInt, repeats)
		if err != nil || again.Rows != part.Rows || again.Torn {
			t.Fatalf("%d rows kept, %d read again (%v)", part.Rows, again.Rows, err)
		}
	})
}

// A spectrum has many rows of one step, all in one write; on going on from a
// checkpoint those of later steps are dropped. The truth is the text, by hand.
func TestSpectrum(t *testing.T) {
	d := newRun(t)
	m, err := d.OpenSpectrum(-1)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		m.AppendAll(0, []float64{-1, 0.25}, []float64{1, 0.75}),
		m.AppendAll(10, []float64{-2, 0.5}, []float64{3, Missing()}),
		m.Close(),
	); err != nil {
		t.Fatal(err)
	}
	first := "step,eigenvalue,density\n0,-1,0.25\n0,1,0.75\n"
	if text, _ := os.ReadFile(d.join(SpectrumFile)); string(text) != first+"10,-2,0.5\n10,3,\n" {
		t.Errorf("got\n%s", text)
	}
	table, err := ReadSpectrum(d.join(SpectrumFile))
	if err != nil || !slices.Equal(table.Column("step"), []float64{0, 0, 10, 10}) || !IsMissing(table.Column("density")[3]) {
		t.Errorf("%+v, %v", table, err)
	}
	_, err = ReadMetrics(d.join(SpectrumFile))
	isClear(t, err, "column step: 0 comes after 0")

	if m, err = d.OpenSpectrum(9); err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if text, _ := os.ReadFile(d.join(SpectrumFile)); string(text) != first {
		t.Errorf("after going on from step 9:\n%s", text)
	}
	isClear(t, m.AppendAll(0, []float64{1, 2}), "step 0 after step 0")
}

// Several rows of one step are no metrics.
func TestMetricsHaveOneRowAStep(t *testing.T) {
	d := newRun(t)
	m, err := d.OpenMetrics(testColumns, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	row := []float64{1, 2, 3}
	isClear(t, m.AppendAll(5, row, row), "not a row")
	if err := m.Append(5, row); err != nil {
		t.Error(err)
	}
}
