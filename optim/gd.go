package optim

// GD is plain gradient descent, F = g.
type GD struct {
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o GD) Rule() (*Rule, error) {
	return o.finish(&Rule{
		Name:     "gd",
		Averages: []Average{Present("g", Identity)},
		Readout:  linear{o.WeightDecay},
	})
}

// SignGD is sign descent, F = sign(g), the eps -> 0 limit of a memoryless Adam.
type SignGD struct {
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o SignGD) Rule() (*Rule, error) {
	return o.finish(&Rule{
		Name:      "sign-gd",
		Averages:  []Average{Present("g", Identity)},
		Readout:   signum{o.WeightDecay},
		Nonsmooth: true,
	})
}
