package curvature

import "fmt"

// Tracker follows the extreme eigenvalues of an operator that changes slowly,
// such as the Hessian along a run: each solve starts from the vectors of the
// one before and uses the same memory. One goroutine at a time may use it.
//
// A result depends on the operator, the settings and those vectors only, so a
// tracker that is given them back with [Tracker.Resume] goes on with the same
// bits.
type Tracker struct {
	settings LanczosSettings
	search   *search
	previous [][]float64
}

// NewTracker returns a tracker; nil settings mean the zero value. Settings are
// checked by the first Update; their Start serves that one only.
func NewTracker(settings *LanczosSettings) *Tracker {
	t := &Tracker{}
	if settings != nil {
		t.settings = *settings
		t.previous = settings.Start
	}
	return t
}

// Update solves for op as [Lanczos] does. Vectors that have not converged are
// still the best start for the next time and are kept; after an error without a
// result the old ones are. An op of another dimension than the time before is an
// error.
func (t *Tracker) Update(op Operator) (*Eigenpairs, error) {
	n := op.Dim()
	if t.search != nil && t.search.k.n != n {
		return nil, fmt.Errorf("curvature: tracker of dimension %d was given an operator of dimension %d. Try: a tracker for each operator", t.search.k.n, n)
	}
	s := t.settings
	s.Start = t.previous
	s, err := s.resolved(n)
	if err != nil {
		return nil, err
	}
	if t.search == nil {
		t.search = newSearch(n, s)
	}
	t.search.Start = s.Start
	e, err := t.search.run(op)
	if e == nil {
		return nil, err
	}
	t.previous = nil
	for _, p := range append(e.Top[:len(e.Top):len(e.Top)], e.Bottom...) {
		t.previous = append(t.previous, p.Vector)
	}
	return e, err
}

// Vectors are what the next Update starts from, not copied; nil at the
// beginning.
func (t *Tracker) Vectors() [][]float64 { return t.previous }

// Resume sets what the next Update starts from, which is not copied; nil means a
// random start.
func (t *Tracker) Resume(vectors [][]float64) { t.previous = vectors }
