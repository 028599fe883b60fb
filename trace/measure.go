package trace

import (
	"fmt"
	"math"
	"slices"

	"leeway/bea"
	"leeway/objective"
)

// instruments measure the quantities of a run.
type instruments struct {
	setup    *Setup
	meter    *bea.Meter
	drift    *bea.Drift
	full     *objective.FullBatch
	gradient []float64
}

func newInstruments(s *Setup, obj objective.TwiceDifferentiable) (*instruments, error) {
	meter, err := bea.NewMeter(s.Optimizer, obj)
	if err != nil {
		return nil, err
	}
	settings := &bea.Settings{}
	if s.Order != nil {
		settings.Order = s.Order.Clone()
	}
	drift, err := bea.NewDrift(s.Optimizer, obj, settings)
	return &instruments{
		setup: s, meter: meter, drift: drift,
		full: objective.NewFullBatch(obj), gradient: make([]float64, len(s.Start)),
	}, err
}

// biasColumns and trustColumns are what the quantities "bias" and "trust" stand
// for; they are measured for the optimizer alone.
var (
	biasColumns  = []string{"penalized_share", "anti_penalized_share", "bias_ratio", "norm_rate"}
	trustColumns = []string{"trust_max", "trust_p99", "trust_share", "drift_cosine", "drift_ratio"}
)

// columns are the names of the columns that a process has in metrics.csv.
func (s *Setup) columns(process string) []string {
	var names []string
	for _, q := range s.Quantities {
		switch {
		case q == "bias" || q == "trust" || q == "accuracy" && s.Accuracy == nil:
		default:
			names = append(names, q)
		}
	}
	if process != Discrete {
		names = append(names, "distance", "distance_max")
	} else {
		if s.measures("bias") {
			names = append(names, biasColumns...)
		}
		if s.measures("trust") {
			names = append(names, trustColumns...)
		}
	}
	if len(s.Start) == 2 {
		names = append(names, "theta_1", "theta_2")
	}
	for i := range names {
		names[i] = process + "/" + names[i]
	}
	return names
}

// common measures what is measured of every process and appends it to row.
func (in *instruments) common(row []float64, theta []float64) ([]float64, error) {
	s := in.setup
	loss := math.NaN()
	if slices.ContainsFunc(s.Quantities, func(q string) bool { return q != "accuracy" }) {
		var err error
		if loss, err = in.full.Gradient(in.gradient, theta, 0); err != nil {
			return row, err
		}
	}
	for _, q := range s.Quantities {
		switch q {
		case "loss":
			row = append(row, loss)
		case "accuracy":
			if s.Accuracy == nil {
				continue
			}
			accuracy, err := s.Accuracy(theta)
			if err != nil {
				return row, err
			}
			row = append(row, accuracy)
		case "one_norm":
			row = append(row, bea.OneNorm(in.gradient))
		case "two_norm":
			row = append(row, bea.TwoNorm(in.gradient))
		case "perturbed_one_norm":
			row = append(row, bea.PerturbedOneNorm(in.gradient, s.Optimizer.Rule.Eps))
		}
	}
	return row, nil
}

// leading measures what is measured of the optimizer alone, after n steps.
func (in *instruments) leading(row []float64, lead *leader) ([]float64, error) {
	s, n := in.setup, lead.state.Steps()
	if s.measures("bias") || s.measures("trust") {
		r, err := in.meter.Measure(lead.theta, n)
		if err != nil {
			return row, err
		}
		if s.measures("bias") {
			row = append(row, r.Penalized, r.AntiPenalized, r.BiasRatio, r.NormRate)
		}
		if s.measures("trust") {
			// The drift is that of the step just taken, from where it was taken.
			d := bea.DriftReading{Cosine: math.NaN(), Ratio: math.NaN()}
			if lead.last != nil {
				if d, err = in.drift.Measure(lead.last, lead.before, n-1); err != nil {
					return row, err
				}
			}
			row = append(row, r.TrustMax, r.TrustP99, r.TrustShare, d.Cosine, d.Ratio)
		}
	}
	return row, nil
}

// measureDue measures if the present step is to be measured and has not been: at
// the planned steps, and where the run ends.
func (r *Runner) measureDue(sink Sink) error {
	n := r.Step()
	end := n == r.setup.Steps || r.status == StatusDiverged || r.watch.reason != ""
	if r.measured >= n || n%r.setup.MeasureEvery != 0 && !end && r.watch.event != n {
		return nil
	}
	r.measured = n
	row, err := r.measure.common(r.row[:0], r.lead.theta)
	if err == nil {
		row, err = r.measure.leading(row, r.lead)
	}
	if err != nil {
		return fmt.Errorf("trace: measuring the optimizer after step %d: %w", n, err)
	}
	row = position(row, r.lead.theta)
	for _, f := range r.followers {
		if row, err = r.measureFollower(row, f); err != nil {
			return fmt.Errorf("trace: measuring %s after step %d: %w", f.name, n, err)
		}
	}
	r.row = row
	r.digest.add(row)
	r.watch.lookAtRow(n, r.measuredColumn, r.lead.whole)
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
func (r *Runner) measureFollower(row []float64, f *follower) ([]float64, error) {
	start := len(row)
	row, err := r.measure.common(row, f.theta())
	if err != nil {
		return row, err
	}
	row = append(row, f.distance, f.worst)
	row = position(row, f.theta())
	if !f.alive() {
		for i := start; i < len(row); i++ {
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
