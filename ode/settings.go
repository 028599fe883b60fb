package ode

import (
	"fmt"
	"math"
	"slices"
)

// Norm says how the scaled errors of the components become one number.
type Norm int

const (
	// MaxNorm is the largest scaled error: every component keeps its tolerance.
	MaxNorm Norm = iota
	// RMSNorm is the root mean square of the scaled errors: single components
	// may exceed their tolerance if most stay below.
	RMSNorm
)

// Defaults for the zero fields of Settings.
const (
	DefaultAbsTol     = 1e-9
	DefaultRelTol     = 1e-6
	DefaultSubsteps   = 100
	DefaultSafety     = 0.9
	DefaultMinFactor  = 0.2
	DefaultMaxFactor  = 10
	DefaultBeta       = 0.04
	DefaultMaxRejects = 50
)

// Settings controls a Solver. The zero value works: adaptive steps with the
// default tolerances for a method with an error estimate, DefaultSubsteps equal
// steps a call for the others. Sizes of steps are positive, whatever the
// direction of time.
type Settings struct {
	// Step is the largest fixed step (each call divides its interval into the
	// fewest equal steps that are not longer, so that no short step is left at
	// the end), or the first trial step of adaptive control (0: found from the
	// field at the start, at the price of one evaluation).
	Step float64
	// Substeps is the number of equal steps a call takes with fixed steps, if
	// Step is 0. Zero means DefaultSubsteps.
	Substeps int
	// Fixed takes fixed steps with a method that could adapt.
	Fixed bool

	// AbsTol and RelTol bound the local error of component i by
	// AbsTol + RelTol max(|y_i| before, |y_i| after). Zero means DefaultAbsTol
	// and DefaultRelTol. For a purely relative tolerance use a tiny AbsTol.
	AbsTol, RelTol float64
	// AbsTols and RelTols give each component its own, of length Dim; nil means
	// AbsTol and RelTol for all. Entries of AbsTols are positive, entries of
	// RelTols may be 0. The slices are copied.
	AbsTols, RelTols []float64
	// Norm combines the components; the default is MaxNorm.
	Norm Norm

	// MinStep is the smallest step that control may choose; if it is rejected,
	// a *StiffError ends the solve. Zero means the limit set by rounding, 16
	// units in the last place of t. The step that lands on t1 may be shorter.
	MinStep float64
	// MaxStep is the largest step that control may choose. Zero means no limit.
	MaxStep float64

	// Safety multiplies the optimal step; zero means DefaultSafety.
	Safety float64
	// MinFactor and MaxFactor bound the change of step size from one step to
	// the next; zero means DefaultMinFactor and DefaultMaxFactor.
	MinFactor, MaxFactor float64
	// Beta is the gain of the previous error in PI control (Hairer, Nørsett,
	// Wanner II, section IV.2): 0 means DefaultBeta, a negative value means
	// none, which is the elementary controller.
	Beta float64
	// MaxRejects is the number of rejections in a row that ends a solve with a
	// *StiffError; zero means DefaultMaxRejects.
	MaxRejects int
	// MaxSteps limits the steps of one call, rejected ones included; beyond it
	// the solve ends with a *StepLimitError. Zero means no limit.
	MaxSteps int

	// EstimateEvery makes every k-th fixed step of a method without embedded
	// estimate be repeated as two half steps, from which Richardson
	// extrapolation estimates the local error; the steps between count with the
	// last estimate, scaled by the step size. The path is not changed. Zero
	// means never; methods with an embedded estimate ignore it.
	EstimateEvery int
	// Observed is the number of leading components whose errors the statistics
	// report, for a state of which only the first part is of interest. Zero
	// means all. Step size control looks at all components.
	Observed int
}

// resolved returns settings with defaults filled in, checked against the
// method and the dimension. A nil receiver means the zero value.
func (s *Settings) resolved(m *Method, dim int) (Settings, error) {
	var r Settings
	if s != nil {
		r = *s
	}
	r.Fixed = r.Fixed || !m.Adaptive()

	nonNegative := []struct {
		name  string
		value float64
	}{
		{"Step", r.Step}, {"AbsTol", r.AbsTol}, {"RelTol", r.RelTol},
		{"MinStep", r.MinStep}, {"MaxStep", r.MaxStep}, {"Safety", r.Safety},
		{"MinFactor", r.MinFactor}, {"MaxFactor", r.MaxFactor},
		{"Substeps", float64(r.Substeps)}, {"MaxRejects", float64(r.MaxRejects)},
		{"MaxSteps", float64(r.MaxSteps)}, {"EstimateEvery", float64(r.EstimateEvery)},
		{"Observed", float64(r.Observed)},
	}
	for _, f := range nonNegative {
		if !(f.value >= 0) || math.IsInf(f.value, 1) {
			return r, badSetting(f.name, f.value, "a finite value that is not negative, or 0 for the default")
		}
	}
	if r.Step > 0 && r.Substeps > 0 {
		return r, badSetting("Substeps", r.Substeps, "Step or Substeps, not both")
	}
	if r.Norm != MaxNorm && r.Norm != RMSNorm {
		return r, badSetting("Norm", r.Norm, "MaxNorm or RMSNorm")
	}

	setDefault(&r.Substeps, DefaultSubsteps)
	setDefault(&r.Observed, dim)
	r.Observed = min(r.Observed, dim)
	setDefault(&r.AbsTol, DefaultAbsTol)
	setDefault(&r.RelTol, DefaultRelTol)
	setDefault(&r.MaxStep, math.Inf(1))
	setDefault(&r.Safety, DefaultSafety)
	setDefault(&r.MinFactor, DefaultMinFactor)
	setDefault(&r.MaxFactor, DefaultMaxFactor)
	setDefault(&r.Beta, DefaultBeta)
	setDefault(&r.MaxRejects, DefaultMaxRejects)
	r.Beta = max(r.Beta, 0)

	switch {
	case math.IsNaN(r.Beta) || r.Beta > 0.2:
		return r, badSetting("Beta", r.Beta, "a value up to 0.2; 0.04 to 0.08 are usual")
	case r.Safety >= 1:
		return r, badSetting("Safety", r.Safety, "a value below 1")
	case r.MinFactor >= 1:
		return r, badSetting("MinFactor", r.MinFactor, "a value below 1")
	case r.MaxFactor <= 1:
		return r, badSetting("MaxFactor", r.MaxFactor, "a value above 1")
	case r.MinStep > r.MaxStep:
		return r, badSetting("MinStep", r.MinStep, fmt.Sprintf("a value up to MaxStep, which is %g", r.MaxStep))
	}

	var err error
	if r.AbsTols, err = perComponent("AbsTols", r.AbsTols, dim, math.SmallestNonzeroFloat64); err != nil {
		return r, err
	}
	r.RelTols, err = perComponent("RelTols", r.RelTols, dim, 0)
	return r, err
}

// perComponent returns a copy of tolerances, or an error that names the first
// entry that is not finite or below least.
func perComponent(name string, tols []float64, dim int, least float64) ([]float64, error) {
	if tols == nil {
		return nil, nil
	}
	if len(tols) != dim {
		return nil, badSetting(name, fmt.Sprintf("%d values", len(tols)), fmt.Sprintf("one for each of the %d components", dim))
	}
	for i, v := range tols {
		if !(v >= least) || math.IsInf(v, 1) {
			return nil, badSetting(fmt.Sprintf("%s[%d]", name, i), v, "a positive finite value")
		}
	}
	return slices.Clone(tols), nil
}

func setDefault[T int | float64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

func badSetting(name string, value any, want string) error {
	return fmt.Errorf("ode: Settings.%s is %v. Try: %s", name, value, want)
}
