package report

import (
	"crypto/sha256"
	"encoding/json"
	"math"
	"regexp"
	"testing"
)

// The page's data must be JSON whatever the numbers, with null for what is no
// number.
func TestPageDataIsJSON(t *testing.T) {
	run := toyRun()
	run.Data["flow-1/loss"][3] = math.Inf(1)
	m := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindStringSubmatch(pageOf(t, run))
	if m == nil {
		t.Fatal("no data on the page")
	}
	var data map[string]struct {
		X      []*float64
		Series []struct {
			Name string
			At   []int
			Y    []*float64
		}
	}
	if err := json.Unmarshal([]byte(m[1]), &data); err != nil {
		t.Fatal(err)
	}
	loss := data["loss"]
	for _, s := range loss.Series {
		if len(s.Y) != len(loss.X) && len(s.Y) != len(s.At) {
			t.Errorf("%s: %d values, %d places, %d steps", s.Name, len(s.Y), len(s.At), len(loss.X))
		}
		if s.Name == "flow-1" && s.Y[3] != nil {
			t.Error("an infinite loss is not null")
		}
		if s.Name == "flow-2" && s.Y[len(s.Y)-1] != nil {
			t.Error("a process that stopped still has values")
		}
	}
	if got, want := *loss.Series[0].Y[0], run.Data["discrete/loss"][0]; math.Abs(got-want) > 1e-5*want {
		t.Errorf("first loss %g on the page, %g in the run", got, want)
	}
}

// A long run is thinned for display and nothing of it is misplaced: every value
// on the page stands at its own step.
func TestLongRunIsThinned(t *testing.T) {
	const rows = 30_000
	run := digitsRun(rows)
	run.Data["flow-1/loss"][12_345] = 99 // a spike
	for _, p := range run.panels() {
		d := p.data()
		for _, s := range d.Series {
			if len(s.Y) > displayed {
				t.Errorf("%s, %s: %d points", p.name, s.Name, len(s.Y))
			}
			for k, v := range s.Y {
				i := k
				if s.At != nil {
					i = s.At[k]
				}
				row := int(d.X[i]) / 10 // digitsRun measures every 10 steps
				var column []float64
				for _, original := range p.chart.Series {
					if original.Name == s.Name {
						column = original.Y
					}
				}
				if float64(v) != column[row] {
					t.Fatalf("%s, %s: %g at step %g, want %g", p.name, s.Name, v, d.X[i], column[row])
				}
			}
			if p.name == "loss" && s.Name == "flow-1" && !holds(s.Y, 99) {
				t.Error("the spike is lost")
			}
		}
	}
	if page := pageOf(t, run); len(page) > 1_500_000 {
		t.Errorf("the page of a long run has %d bytes", len(page))
	}
}

func holds(values []value, want value) bool {
	for _, v := range values {
		if v == want {
			return true
		}
	}
	return false
}

func TestPageIsDeterministic(t *testing.T) {
	a, b := sha256.Sum256([]byte(pageOf(t, toyRun()))), sha256.Sum256([]byte(pageOf(t, toyRun())))
	if a != b {
		t.Error("two pages of one run differ")
	}
}
