package optim

// Adam is the adaptive method of Kingma and Ba, F = m / sqrt(v + eps) with the
// conventions of arXiv 2309.00079, Definition 1.1, as the zero values of
// EpsMode; PyTorch's are EpsMode Outside. With WeightDecay it is AdamW, with L2
// Adam on the regularised loss.
type Adam struct {
	Beta1          float64 `yaml:"beta1" json:"beta1"` // decay of the average m of g
	Beta2          float64 `yaml:"beta2" json:"beta2"` // decay of the average v of g^2
	Eps            float64 `yaml:"eps" json:"eps"`
	EpsMode        EpsMode `yaml:"eps_mode" json:"eps_mode"`
	BiasCorrection bool    `yaml:"bias_correction" json:"bias_correction"`
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o Adam) Rule() (*Rule, error) { return o.named("adam") }

// named is Adam under a name of its family.
func (o Adam) named(name string) (*Rule, error) {
	if err := checkBetas(name, o.Beta1, o.Beta2, o.Eps); err != nil {
		return nil, err
	}
	m := EMA("m", Identity, o.Beta1, o.BiasCorrection)
	return o.Regularization.finish(adaptiveRule(name, m, o.Beta2, o.Eps, o.EpsMode, o.BiasCorrection, o.WeightDecay))
}

// adaptiveRule is first / denominator(v), v the exponential average of g^2.
func adaptiveRule(name string, first Average, beta2, eps float64, mode EpsMode, corrected bool, decay float64) *Rule {
	v := EMA("v", Square, beta2, corrected)
	if mode == OutsideUncorrected && !corrected {
		mode = Outside // without bias correction the two are one
	}
	var readout Readout = adaptive{eps: eps, decay: decay, inside: mode == Inside}
	if mode == OutsideUncorrected && eps != 0 {
		readout = uncorrectedEps{eps: eps, decay: decay}
	}
	return &Rule{
		Name:     name,
		Averages: []Average{first, v},
		Readout:  readout,
		Eps:      eps,
		EpsMode:  mode,
	}
}

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter): the same
// as [Adam] with WeightDecay, under the name that people look for.
type AdamW Adam

// Rule implements [Definition].
func (o AdamW) Rule() (*Rule, error) { return Adam(o).named("adamw") }

// NAdam is Adam with Nesterov's look-ahead in the numerator,
//
//	(beta1 m + (1-beta1) g) / (1 - beta1^(n+2)),
//
// one of several conventions in use (arXiv 2502.02132 analyses it); PyTorch's
// divides the two terms by different powers and schedules beta1. The fields are
// those of [Adam].
type NAdam Adam

// Rule implements [Definition].
func (o NAdam) Rule() (*Rule, error) { return o.named("nadam") }

// named is NAdam under a name of its family.
func (o NAdam) named(name string) (*Rule, error) {
	if err := checkBetas(name, o.Beta1, o.Beta2, o.Eps); err != nil {
		return nil, err
	}
	m := EMA("m", Identity, o.Beta1, o.BiasCorrection)
	m.New, m.Direct = o.Beta1, 1-o.Beta1
	return o.finish(adaptiveRule(name, m, o.Beta2, o.Eps, o.EpsMode, o.BiasCorrection, o.WeightDecay))
}

// NAdamW is [NAdam] with decoupled weight decay.
type NAdamW NAdam

// Rule implements [Definition].
func (o NAdamW) Rule() (*Rule, error) { return NAdam(o).named("nadamw") }

// RMSProp is F = g / sqrt(v + eps): Adam without first moment. It usually has
// no bias correction, but may.
type RMSProp struct {
	Beta2          float64 `yaml:"beta2" json:"beta2"`
	Eps            float64 `yaml:"eps" json:"eps"`
	EpsMode        EpsMode `yaml:"eps_mode" json:"eps_mode"`
	BiasCorrection bool    `yaml:"bias_correction" json:"bias_correction"`
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o RMSProp) Rule() (*Rule, error) {
	if err := checkBetas("rmsprop", 0, o.Beta2, o.Eps); err != nil {
		return nil, err
	}
	return o.finish(adaptiveRule("rmsprop", Present("g", Identity), o.Beta2, o.Eps, o.EpsMode, o.BiasCorrection, o.WeightDecay))
}
