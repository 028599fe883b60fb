package separable

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
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
	errs := make([]error, len(variants)*len(sets))
	var jobs sync.WaitGroup
	room := make(chan struct{}, max(threads, 1))
	for v, variant := range variants {
		outcomes[v] = Outcome{variant, make([]Path, len(sets))}
		for k, d := range sets {
			jobs.Add(1)
			room <- struct{}{}
			go func() {
				defer func() { <-room; jobs.Done() }()
				points, end, err := Run{Optimizer: variant.Optimizer}.Follow(ctx, d, steps)
				outcomes[v].Runs[k] = Path{d, points, end}
				if err != nil {
					errs[v*len(sets)+k] = fmt.Errorf("separable: %s, data set %d: %w", variant.ID, k, err)
				}
			}()
		}
	}
	jobs.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
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

// Finding is a quantity measured on each data set beside what is expected.
type Finding struct {
	Variant string
	Expected
	Values   []float64 // one a data set
	Least    float64
	Greatest float64
	Outside  float64 // how far outside of what is expected the farthest value is, 0 inside
}

// Findings are the measured values of all that is expected of a variant.
func (o Outcome) Findings() []Finding {
	var all []Finding
	for _, e := range o.Expected {
		f := Finding{Variant: o.ID, Expected: e, Least: math.Inf(1), Greatest: math.Inf(-1)}
		for _, r := range o.Runs {
			v := r.Quantity(e.Quantity, e.Step)
			f.Values = append(f.Values, v)
			f.Least, f.Greatest = min(f.Least, v), max(f.Greatest, v)
		}
		f.Outside = max(0, e.Low-f.Least, f.Greatest-e.High)
		all = append(all, f)
	}
	return all
}
