package optim

import "fmt"

// MomentumForm is the form in which heavy ball keeps its momentum.
type MomentumForm int

const (
	// EMAForm is m <- beta m + (1-beta) g, as Adam's first moment.
	EMAForm MomentumForm = iota
	// PolyakForm is m <- beta m + g, as in PyTorch's SGD: the same path at
	// learning rate lr (1-beta).
	PolyakForm
)

var momentumForms = []string{"ema", "polyak"}

// String is the form's name in a config.
func (f MomentumForm) String() string {
	if int(f) < 0 || int(f) >= len(momentumForms) {
		return fmt.Sprintf("MomentumForm(%d)", int(f))
	}
	return momentumForms[f]
}

// MarshalText writes the form's name; a value that is no form is an error.
func (f MomentumForm) MarshalText() ([]byte, error) {
	text := []byte(f.String())
	var read MomentumForm
	return text, read.UnmarshalText(text)
}

// UnmarshalText reads a form's name.
func (f *MomentumForm) UnmarshalText(text []byte) error {
	for i, name := range momentumForms {
		if name == string(text) {
			*f = MomentumForm(i)
			return nil
		}
	}
	return fmt.Errorf("form %q is not one of %q", text, momentumForms)
}

// HeavyBall is gradient descent with momentum, theta <- theta - h m (Polyak).
type HeavyBall struct {
	Beta           float64      `yaml:"beta" json:"beta"`
	Form           MomentumForm `yaml:"form" json:"form"`
	BiasCorrection bool         `yaml:"bias_correction" json:"bias_correction"` // divide m by its weights so far
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o HeavyBall) Rule() (*Rule, error) {
	if err := check("heavy-ball", "beta", o.Beta, decayRange); err != nil {
		return nil, err
	}
	if _, err := o.Form.MarshalText(); err != nil {
		return nil, fmt.Errorf("optim: heavy-ball: %w", err)
	}
	m := EMA("m", Identity, o.Beta, o.BiasCorrection)
	if o.Form == PolyakForm {
		m = Sum("m", Identity, o.Beta)
		m.Corrected = o.BiasCorrection
	}
	return o.finish(&Rule{Name: "heavy-ball", Averages: []Average{m}, Readout: linear{o.WeightDecay}})
}

// Nesterov is m <- beta m + g, theta <- theta - h (g + beta m), PyTorch's form.
type Nesterov struct {
	Beta           float64 `yaml:"beta" json:"beta"`
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o Nesterov) Rule() (*Rule, error) {
	if err := check("nesterov", "beta", o.Beta, decayRange); err != nil {
		return nil, err
	}
	m := Sum("m", Identity, o.Beta)
	m.New, m.Direct = o.Beta, 1
	return o.finish(&Rule{Name: "nesterov", Averages: []Average{m}, Readout: linear{o.WeightDecay}})
}

// Signum is sign descent on an exponential average, F = sign(m).
type Signum struct {
	Beta           float64 `yaml:"beta" json:"beta"`
	Regularization `yaml:",inline"`
}

// Rule implements [Definition].
func (o Signum) Rule() (*Rule, error) {
	if err := check("signum", "beta", o.Beta, decayRange); err != nil {
		return nil, err
	}
	return o.finish(&Rule{
		Name:      "signum",
		Averages:  []Average{EMA("m", Identity, o.Beta, false)},
		Readout:   signum{o.WeightDecay},
		Nonsmooth: true,
	})
}
