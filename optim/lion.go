package optim

// Lion steps along F = sign(u), u = Beta1 m + (1-Beta1) g with the average m
// from before its update m <- Beta2 m + (1-Beta2) g (Chen et al. 2023).
type Lion struct {
	Beta1          float64 `yaml:"beta1" json:"beta1"` // weight of the memory in u
	Beta2          float64 `yaml:"beta2" json:"beta2"` // decay of the memory
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o Lion) Rule() (*Rule, error) {
	if err := checkBetas("lion", o.Beta1, o.Beta2, 0); err != nil {
		return nil, err
	}
	return o.finish(&Rule{
		Name:      "lion",
		Averages:  []Average{lookBack(o.Beta1, o.Beta2, false)},
		Readout:   signum{o.WeightDecay},
		Nonsmooth: true,
	})
}

// LionK is Lion with the sign smoothed, F = u / sqrt(u^2 + Eps): Lion-K with
// K the perturbed one-norm (arXiv 2502.02132). With BiasCorrection u is divided
// by the sum of its weights, 1 - Beta1 Beta2^n at step n = 0, 1, ...
type LionK struct {
	Beta1          float64 `yaml:"beta1" json:"beta1"`
	Beta2          float64 `yaml:"beta2" json:"beta2"`
	Eps            float64 `yaml:"eps" json:"eps"`
	BiasCorrection bool    `yaml:"bias_correction" json:"bias_correction"`
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o LionK) Rule() (*Rule, error) {
	if err := checkBetas("lion-k", o.Beta1, o.Beta2, 0); err != nil {
		return nil, err
	}
	if err := check("lion-k", "eps", o.Eps, positive); err != nil {
		return nil, err
	}
	return o.finish(&Rule{
		Name:     "lion-k",
		Averages: []Average{lookBack(o.Beta1, o.Beta2, o.BiasCorrection)},
		Readout:  smoothSign{eps: o.Eps, decay: o.WeightDecay},
		Eps:      o.Eps,
	})
}

// lookBack is Lion's u: the memory before its update, and the present gradient.
func lookBack(beta1, beta2 float64, corrected bool) Average {
	u := EMA("m", Identity, beta2, corrected)
	u.New, u.Old, u.Direct = 0, beta1, 1-beta1
	return u
}
