package separable

import (
	"context"

	"leeway/margin"
	"leeway/optim"
)

// Samples is what Adam does with one sample a step beside the full batch.
type Samples struct {
	// Single is Adam with one row a step, Full with all, Signum one row a step with
	// beta 0.99; Proxied is the stand-in of [Proxy].
	Single, Full, Signum, Proxied margin.Reading
	// Single and Proxied held against the direction of [margin.Problem.PerSample], and
	// that against the one of largest Euclidean margin.
	SingleToFixed, ProxyToFixed, FixedToTwo float64
	Rounds                                  int
}

// OneByOne measures them after a number of epochs, with beta1 0.9, the given beta2 and
// the rate 0.1 (r+1)^-0.8 in epoch r, which falls within an epoch as well. The
// full-batch runs take as many steps as there are epochs.
func OneByOne(ctx context.Context, d *Data, beta2 float64, epochs int) (*Samples, error) {
	fixed, err := d.Meter.Problem.PerSample()
	if err != nil {
		return nil, err
	}
	full := optim.Schedule{Kind: "polynomial", Power: 0.8}
	each := full
	each.Stretch = float64(d.Set.N)
	s := &Samples{Rounds: fixed.Rounds, FixedToTwo: margin.Cosine(fixed.Direction, d.Meter.Two.Direction)}
	follow := func(rule optim.Definition, schedule optim.Schedule, single bool) (margin.Reading, []float64, error) {
		optimizer, err := optim.New(rule, 0.1, schedule)
		if err != nil {
			return margin.Reading{}, nil, err
		}
		steps := epochs
		if single {
			steps *= d.Set.N
		}
		points, w, err := Run{Optimizer: optimizer, PerSample: single}.Follow(ctx, d, []int{steps})
		if err != nil {
			return margin.Reading{}, nil, err
		}
		return points[0].Reading, w, nil
	}
	var single []float64
	if s.Single, single, err = follow(adam(0.9, beta2, 0), each, true); err != nil {
		return nil, err
	}
	if s.Full, _, err = follow(adam(0.9, beta2, 0), full, false); err != nil {
		return nil, err
	}
	if s.Signum, _, err = follow(optim.Signum{Beta: 0.99}, each, true); err != nil {
		return nil, err
	}
	proxy, err := Proxy(ctx, d, func(n int) float64 { return 0.1 * full.Factor(n) }, epochs)
	if err != nil {
		return nil, err
	}
	s.Proxied = d.Meter.Read(proxy)
	s.SingleToFixed, s.ProxyToFixed = margin.Cosine(single, fixed.Direction), margin.Cosine(proxy, fixed.Direction)
	return s, nil
}
