package separable

import (
	"leeway/data"
	"leeway/margin"
)

// Data is separable rows of two classes with their largest margins.
type Data struct {
	Set   *data.Set
	Meter *margin.Meter
}

// NewData computes the margins of a set of two classes; see [margin.Problem.Solve]
// for the errors, [*margin.NotSeparable] first of all.
func NewData(set *data.Set) (*Data, error) {
	p, err := margin.NewProblem(set.X, set.Y, set.D, false)
	if err != nil {
		return nil, err
	}
	meter, err := margin.NewMeter(p)
	if err != nil {
		return nil, err
	}
	return &Data{Set: set, Meter: meter}, nil
}

// Gaussian is rows of standard normal features with random classes, which can be
// separated with probability 1 if there are no more rows than features.
func Gaussian(rows, features int, seed uint64) (*Data, error) {
	set, err := data.Gaussian(rows, features, 2, seed)
	if err != nil {
		return nil, err
	}
	return NewData(set)
}

// Rademacher is rows of features that differ by their signs alone; see
// [data.Rademacher].
func Rademacher(rows, features int, seed uint64) (*Data, error) {
	set, err := data.Rademacher(rows, features, seed)
	if err != nil {
		return nil, err
	}
	return NewData(set)
}

// BreastCancer is the first so many tumours, standardized by themselves.
func BreastCancer(rows int) (*Data, error) {
	set, rest, err := data.BreastCancer().Split(rows, 0)
	if err != nil {
		return nil, err
	}
	set, _ = data.Standardize(set, rest)
	return NewData(set)
}

// Clusters is the mixture of an independent experiment on the same question (500 rows,
// 20 features): means +-(4, then 0.8 seven times, then 0), deviations 0.5, 0.4 and 2.
func Clusters(rows int, seed uint64) (*Data, error) {
	const features = 20
	mean, deviation := make([]float64, features), make([]float64, features)
	for j := range features {
		switch {
		case j == 0:
			mean[j], deviation[j] = 4, 0.5
		case j < 8:
			mean[j], deviation[j] = 0.8, 0.4
		default:
			deviation[j] = 2
		}
	}
	opposite := make([]float64, features)
	for j, v := range mean {
		opposite[j] = -v
	}
	set, err := data.Mixture(rows, [][]float64{opposite, mean}, deviation, seed)
	if err != nil {
		return nil, err
	}
	return NewData(set)
}
