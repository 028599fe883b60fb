package optim

import (
	"fmt"
	"math"
)

// Schedule is the factor by which the learning rate of step n is multiplied.
// The zero value is constant.
type Schedule struct {
	// Kind is one of [ScheduleKinds]; empty means constant.
	Kind string `yaml:"kind" json:"kind"`
	// Power is a in polynomial decay (n/Every + 1)^-a, where Every 0 is 1.
	Power float64 `yaml:"power,omitempty" json:"power,omitempty"`
	// Every is the number of steps between the drops of a step schedule, and
	// Drop the factor of each; of an exponential schedule Drop is the factor over
	// Every steps, and an inverse one, 1/(1 + n/Every), is down to a half there.
	Every float64 `yaml:"every,omitempty" json:"every,omitempty"`
	Drop  float64 `yaml:"drop,omitempty" json:"drop,omitempty"`
	// Steps is the length of a cosine or linear schedule, after which it stays at
	// Final.
	Steps float64 `yaml:"steps,omitempty" json:"steps,omitempty"`
	Final float64 `yaml:"final,omitempty" json:"final,omitempty"`
	// Warmup is the number of steps over which the factor first rises linearly
	// from 1/Warmup; the schedule proper is multiplied by it.
	Warmup float64 `yaml:"warmup,omitempty" json:"warmup,omitempty"`
	// Stretch measures steps in units of this many: halving the learning rate
	// with Stretch 2 runs the same schedule over the same time n h. Zero is 1.
	Stretch float64 `yaml:"-" json:"-"`
}

// ScheduleKinds are the kinds of schedule.
func ScheduleKinds() []string {
	return []string{"constant", "polynomial", "step", "cosine", "linear", "exponential", "inverse"}
}

// Constant reports whether the factor is 1 at every step.
func (s Schedule) Constant() bool {
	return (s.Kind == "" || s.Kind == "constant") && s.Warmup <= 1
}

// Factor is the factor of step n = 0, 1, ...
func (s Schedule) Factor(n int) float64 {
	x := float64(n)
	if s.Stretch > 0 {
		x /= s.Stretch
	}
	factor := 1.0
	switch s.Kind {
	case "polynomial":
		every := s.Every
		if every == 0 {
			every = 1
		}
		factor = math.Pow(x/every+1, -s.Power)
	case "step":
		factor = math.Pow(s.Drop, math.Floor(x/s.Every))
	case "cosine":
		progress := min(x/s.Steps, 1)
		factor = s.Final + (1-s.Final)*0.5*(1+math.Cos(math.Pi*progress))
	case "linear":
		factor = s.Final + (1-s.Final)*(1-min(x/s.Steps, 1))
	case "exponential":
		factor = math.Pow(s.Drop, x/s.Every)
	case "inverse":
		factor = 1 / (1 + x/s.Every)
	}
	if x+1 < s.Warmup {
		factor *= (x + 1) / s.Warmup
	}
	return factor
}

// Validate reports the first setting out of range, or nil.
func (s Schedule) Validate() error {
	type setting struct {
		name  string
		value float64
		bound bound
	}
	settings := []setting{{"warmup", s.Warmup, nonNegative}}
	switch s.Kind {
	case "", "constant":
	case "polynomial":
		settings = append(settings, setting{"power", s.Power, nonNegative}, setting{"every", s.Every, nonNegative})
	case "step", "exponential":
		settings = append(settings, setting{"every", s.Every, positive}, setting{"drop", s.Drop, positive})
	case "inverse":
		settings = append(settings, setting{"every", s.Every, positive})
	case "cosine", "linear":
		settings = append(settings, setting{"steps", s.Steps, positive}, setting{"final", s.Final, nonNegative})
	default:
		return fmt.Errorf("optim: unknown schedule %q, have %q", s.Kind, ScheduleKinds())
	}
	for _, x := range settings {
		if err := check("schedule", x.name, x.value, x.bound); err != nil {
			return err
		}
	}
	return nil
}
