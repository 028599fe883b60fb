package separable

import (
	"context"
	"fmt"
	"math"
	"slices"

	"leeway/papers"
)

// Outcome is a variant with what came of it on each data set.
type Outcome struct {
	Variant
	Runs []Path
}

// Path is a run on one data set.
type Path struct {
	Data   *Data
	Points []Point
	End    []float64 // the last iterate
}

// Measure runs variants on data sets, up to so many at once, and measures after the
// given steps, which ascend. Neither the number at once nor their order changes
// anything.
func Measure(ctx context.Context, variants []Variant, sets []*Data, steps []int, threads int) ([]Outcome, error) {
	outcomes := make([]Outcome, len(variants))
	for v, variant := range variants {
		outcomes[v] = Outcome{variant, make([]Path, len(sets))}
	}
	err := papers.Each(len(variants)*len(sets), threads, func(i int) error {
		o, k := &outcomes[i/len(sets)], i%len(sets)
		points, end, err := Run{Optimizer: o.Optimizer}.Follow(ctx, sets[k], steps)
		if err != nil {
			return fmt.Errorf("separable: %s, data set %d: %w", o.ID, k, err)
		}
		o.Runs[k] = Path{sets[k], points, end}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// ReferenceSteps are the steps of the reference runs at which they are measured, with
// Early and Last among them.
func ReferenceSteps() []int {
	steps := append(Steps(1, Last, 100), Early)
	slices.Sort(steps)
	return slices.Compact(steps)
}

// At is the point of a path after that many steps; the last before it, if there is
// none.
func (p Path) At(step int) Point {
	i, found := slices.BinarySearchFunc(p.Points, step, func(p Point, step int) int { return p.Step - step })
	if !found {
		i = max(i-1, 0)
	}
	return p.Points[i]
}

// Quantity is one of a path after a step. A gap-slope is fitted from a hundredth of
// the steps on.
func (p Path) Quantity(name string, step int) float64 {
	at := p.At(step)
	switch name {
	case InfRatio:
		return at.InfRatio
	case InfCosine:
		return at.InfCosine
	case TwoCosine:
		return at.TwoCosine
	case GapSlope:
		var late []Point
		for _, q := range p.Points {
			if q.Step >= step/100 && q.Step <= step {
				late = append(late, q)
			}
		}
		return Slope(late, p.Data.Meter.Inf.Margin)
	}
	return math.NaN()
}
