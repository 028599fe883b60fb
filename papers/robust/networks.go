package robust

import (
	"context"
	"fmt"

	"leeway/data"
	"leeway/papers"
)

// netSettings of a scale.
type netSettings struct {
	set                        string
	width, train, test, epochs int
	rate                       float64
	radii                      []float64
	seeds                      int
}

func netOf(scale papers.Scale) netSettings {
	if scale == papers.Full {
		return netSettings{"mnist", 784, 100, 0, 12_000, 1e-4, []float64{0, 0.2, 0.3}, 3}
	}
	return netSettings{"fashion-mnist", 100, 100, 500, 1000, 1e-3, []float64{0, 0.05, 0.1}, 5}
}

// networks is the claim of Figure 3.
func networks(scale papers.Scale) papers.Claim {
	s := netOf(scale)
	return papers.Claim{
		ID: "network", Place: "Figure 3", Provenance: papers.Stated,
		Says:     "In networks, too, gradient descent withstands attacks better than sign descent, by more the larger the radius.",
		Quantity: fmt.Sprintf("robust test accuracy, gradient descent’s less sign descent’s, at the radius %g less that without an attack", s.radii[len(s.radii)-1]),
		How: fmt.Sprintf("One hidden layer of %d (ReLU, no biases) on %d images of the classes 2 and 7 of %s, exponential loss, attacks by 10 projected steps of radius/5 in training and testing, rates %g (gradient) and 0.0001 (sign), %d epochs in full batch; other images and weights with each of %d seeds, Student’s 95 %% interval.",
			s.width, s.train, s.set, s.rate, s.epochs, s.seeds),
		Expected: papers.Positive("above 0"),
		Measure:  s.measure,
	}
}

func (s netSettings) measure(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
	train, test, err := data.LoadSamples(s.set, data.Settings{Train: data.All, Test: data.All, Classes: []int{2, 7}})
	if err != nil {
		return nil, err
	}
	unit, err := data.NewNormalizer(train, data.Unit)
	if err != nil {
		return nil, err
	}
	return contest(lab, s.radii, s.seeds, lab.Threads, "networks with one hidden layer", func(seed int, method Method, eps float64) (*netOutcome, error) {
		own, judge := pixels(train.Shuffled(uint64(seed)), unit, s.train), pixels(test, unit, s.test)
		n, rate := newNetwork(train.D, s.width, uint64(seed)), s.rate
		if method == SignGD {
			rate = 1e-4
		}
		loss, err := n.train(ctx, own, method, rate, eps, s.epochs)
		if err != nil {
			return nil, err
		}
		return &netOutcome{n.accuracy(own, eps), n.accuracy(judge, eps), loss}, nil
	})
}

// pixels are the first images of a set, all for 0, with values in [0, 1].
func pixels(s *data.Samples, unit data.Normalizer, rows int) *images {
	if rows == 0 || rows > s.N {
		rows = s.N
	}
	set := &images{make([]float32, rows*s.D), make([]float32, rows)}
	buffer := make([]float64, s.D)
	for i := range rows {
		unit.Apply(buffer, s.Row(buffer, i))
		for j, v := range buffer {
			set.x[i*s.D+j] = float32(v)
		}
		set.y[i] = float32(2*s.Y[i] - 1)
	}
	return set
}
