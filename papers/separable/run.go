package separable

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"leeway/margin"
	"leeway/objective"
	"leeway/optim"
)

// Run is an optimizer on separable data, from w = 0.
type Run struct {
	Optimizer optim.Optimizer
	// Loss is objective.Logistic, also "", or objective.Exponential.
	Loss string
	// PerSample takes the rows one by one, in turn, and not all at once.
	PerSample bool
}

// Point is an iterate, measured.
type Point struct {
	// Step is the number of steps taken.
	Step int
	margin.Reading
	// LogLoss is the logarithm of the loss, which may be far below what a float64
	// holds; of the row that came last, with one row a step.
	LogLoss float64
}

// Follow takes steps up to the last of the given ones, which ascend, and measures
// after each of them. It returns the iterate at the end, too. Gradients are scaled, so
// that no margin is too large. It allocates nothing in a step.
func (r Run) Follow(ctx context.Context, d *Data, steps []int) ([]Point, []float64, error) {
	settings := objective.LinearSettings{Loss: r.Loss}
	if r.PerSample {
		settings.BatchSize = 1
	}
	loss, err := objective.NewLinear(d.Set.X, d.Set.Y, d.Set.D, settings)
	if err != nil {
		return nil, nil, err
	}
	if !r.Optimizer.Rule.Scalable() {
		return nil, nil, fmt.Errorf("separable: %s takes no scaled gradients. Try: a built-in optimizer", r.Optimizer.Rule.Name)
	}
	state := optim.NewState(r.Optimizer, d.Set.D)
	w, g := make([]float64, d.Set.D), make([]float64, d.Set.D)
	points := make([]Point, 0, len(steps))
	batches, batch, done, last := loss.Batches(), 0, 0, math.NaN()
	for _, end := range steps {
		for ; done < end; done++ {
			if done%1024 == 0 && ctx.Err() != nil {
				return points, w, ctx.Err()
			}
			value, exponent, err := loss.GradientScaled(g, w, batch)
			if err != nil {
				return points, w, err
			}
			last = math.Log(value) - float64(exponent)*math.Ln2
			state.StepScaled(nil, w, g, exponent)
			if batch++; batch == batches {
				batch = 0
			}
		}
		points = append(points, Point{Step: done, Reading: d.Meter.Read(w), LogLoss: last})
	}
	return points, w, nil
}

// Steps are about so many numbers of steps from first to last, evenly in their
// logarithms.
func Steps(first, last, count int) []int {
	var steps []int
	for k := range count {
		s := int(math.Round(float64(first) * math.Pow(float64(last)/float64(first), float64(k)/float64(count-1))))
		if len(steps) == 0 || s > steps[len(steps)-1] {
			steps = append(steps, s)
		}
	}
	return steps
}

// Slope is that of the logarithm of gamma - min_i y_i <w, x_i> / |w|_inf against the
// logarithm of the steps: the power of t with which the gap closes, by least squares.
// Points without a gap do not count; fewer than two with one give NaN.
func Slope(points []Point, gamma float64) float64 {
	var x, y []float64
	for _, p := range points {
		gap := math.Abs(gamma - p.Inf)
		if !(gap > 0) {
			continue
		}
		x, y = append(x, math.Log(float64(p.Step))), append(y, math.Log(gap))
	}
	if len(x) < 2 {
		return math.NaN()
	}
	_, slope := stat.LinearRegression(x, y, nil, false)
	return slope
}
