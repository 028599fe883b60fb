package trace

import (
	"fmt"
	"math"
	"time"
)

// measureDue measures what is due at the present step and has not been measured:
// the planned quantities, and all of them where the run ends and where the loss has
// crossed a threshold.
func (r *Runner) measureDue(sink Sink) error {
	n := r.Step()
	end := n == r.setup.Steps || r.status == StatusDiverged || r.watch.reason != ""
	all := end || r.watch.event == n
	if r.measured >= n || !all && !r.measure.due(n) {
		return nil
	}
	r.measured = n
	if r.lead.whole && !end && r.measure.needsGradient(n, all) {
		// The next step needs this gradient too; it is remembered.
		began := time.Now()
		if err := r.lead.ask(); err != nil {
			return err
		}
		r.lead.seconds += time.Since(began).Seconds()
	}
	row, err := r.measure.process(r.row[:0], &place{step: n, theta: r.lead.theta, lead: r.lead}, all)
	if err != nil {
		return fmt.Errorf("trace: measuring the optimizer after step %d: %w", n, err)
	}
	row = position(row, r.lead.theta)
	for _, f := range r.followers {
		if row, err = r.measureFollower(row, f, all); err != nil {
			return fmt.Errorf("trace: measuring %s after step %d: %w", f.name, n, err)
		}
	}
	r.row = row
	r.digest.add(row)
	r.watch.lookAtRow(n, r.measuredColumn, r.lead.whole)
	if points := r.measure.curves.spectrum; points != nil {
		r.measure.curves.spectrum = nil
		if err := sink.Spectrum(n, points); err != nil {
			return err
		}
	}
	return sink.Row(n, row)
}

// measuredColumn is a quantity of the optimizer in the row just measured, NaN if
// it is not in it.
func (r *Runner) measuredColumn(quantity string) float64 {
	if i, ok := r.digest.columns[Discrete+"/"+quantity]; ok {
		return r.row[i]
	}
	return math.NaN()
}

// measureFollower appends the row of one follower: NaN once it has stopped.
func (r *Runner) measureFollower(row []float64, f *follower, all bool) ([]float64, error) {
	row, err := r.measure.process(row, &place{step: r.Step(), theta: f.theta(), stopped: !f.alive()}, all)
	if err != nil {
		return row, err
	}
	at := len(row)
	row = position(append(row, f.distance, f.worst), f.theta())
	if !f.alive() {
		for i := at; i < len(row); i++ {
			row[i] = math.NaN()
		}
	}
	return row, nil
}

// position appends the parameters themselves where there are two.
func position(row, theta []float64) []float64 {
	if len(theta) == 2 {
		row = append(row, theta...)
	}
	return row
}
