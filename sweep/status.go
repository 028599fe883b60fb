package sweep

import (
	"time"

	"leeway/trace"
)

// Status is how a sweep stands.
type Status struct {
	Dir  string `json:"dir"`
	Name string `json:"name"`
	// Cells of the plan; each is one of the others. Done includes those that
	// diverged, which is a result.
	Cells    int `json:"cells"`
	Done     int `json:"done"`
	Diverged int `json:"diverged"`
	Failed   int `json:"failed"`
	Running  int `json:"running"`
	Missing  int `json:"missing"`
	// Interrupted cells are among the missing; they go on from a checkpoint.
	Interrupted int `json:"interrupted"`
	// Outside is the number of results on disk that the plan has no cell for.
	Outside int `json:"outside"`
	// Seconds of computing, over all results.
	Seconds float64 `json:"seconds"`
	// Failures say why cells failed, Workers who computes now.
	Failures []Failure `json:"failures,omitempty"`
	Workers  []Owner   `json:"workers,omitempty"`
}

// Failure is a cell that failed.
type Failure struct {
	ID     string `json:"id"`
	Cell   string `json:"cell"`
	Reason string `json:"reason"`
}

// Complete reports whether every cell has a result.
func (s *Status) Complete() bool { return s.Done+s.Failed == s.Cells }

// Status reads how the sweep stands, from files alone. lease is the age at which
// a heartbeat counts as lost; 0 is the usual.
func (d *Dir) Status(lease time.Duration) (*Status, error) {
	s := &Status{Dir: d.path, Name: d.Name, Cells: len(d.Cells)}
	outside, err := d.resultNames()
	if err != nil {
		return nil, err
	}
	highest, err := d.claims()
	if err != nil {
		return nil, err
	}
	now, err := d.observed()
	if err != nil {
		return nil, err
	}
	me := newOwner().Machine
	for i := range d.Cells {
		c := &d.Cells[i]
		if outside[c.ID] {
			delete(outside, c.ID)
			r, err := d.Result(c)
			if err != nil {
				return nil, err
			}
			if r != nil {
				s.count(c, r)
				continue
			}
		}
		s.open(d, c, highest[c.ID], now, orUsual(lease), me)
	}
	s.Outside = len(outside)
	return s, nil
}

// count adds a cell with a result.
func (s *Status) count(c *Cell, r *Result) {
	s.Seconds += r.Seconds
	switch r.Status {
	case Failed:
		s.Failed++
		s.Failures = append(s.Failures, Failure{c.ID, c.String(), r.Reason})
	case trace.StatusDiverged:
		s.Diverged++
		s.Done++
	default:
		s.Done++
	}
}

// open adds a cell without one.
func (s *Status) open(d *Dir, c *Cell, number int, now time.Time, lease time.Duration, me string) {
	if number > 0 {
		if claim, age, err := d.readClaim(c.ID, number, now); err == nil && claim.alive(age, lease, me) {
			s.Running++
			s.Workers = append(s.Workers, claim.Owner)
			return
		}
		s.Interrupted++
	}
	s.Missing++
}
