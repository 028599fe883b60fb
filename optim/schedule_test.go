package optim_test

import (
	"math"
	"testing"

	"leeway/optim"
	"pgregory.net/rapid"
)

// Truth: the formulas of each kind of schedule at steps where they are round
// numbers.
func TestScheduleFactors(t *testing.T) {
	type factors map[int]float64
	for name, c := range map[string]struct {
		schedule optim.Schedule
		want     factors
	}{
		"zero":        {optim.Schedule{}, factors{0: 1, 1: 1, 1000: 1}},
		"constant":    {optim.Schedule{Kind: "constant", Power: 3}, factors{0: 1, 1000: 1}},
		"harmonic":    {optim.Schedule{Kind: "polynomial", Power: 1}, factors{0: 1, 1: 1. / 2, 9: 1. / 10}},
		"square root": {optim.Schedule{Kind: "polynomial", Power: 0.5}, factors{0: 1, 3: 1. / 2, 99: 1. / 10}},
		"by epochs":   {optim.Schedule{Kind: "polynomial", Power: 0.5, Every: 10}, factors{0: 1, 30: 1. / 2, 990: 1. / 10}},
		"step":        {optim.Schedule{Kind: "step", Every: 10, Drop: 0.5}, factors{0: 1, 9: 1, 10: 0.5, 19: 0.5, 20: 0.25, 35: 0.125}},
		"cosine":      {optim.Schedule{Kind: "cosine", Steps: 60, Final: 0.2}, factors{0: 1, 20: 0.2 + 0.8*0.75, 30: 0.6, 40: 0.2 + 0.8*0.25, 60: 0.2, 61: 0.2, 1000: 0.2}},
		"linear":      {optim.Schedule{Kind: "linear", Steps: 90, Final: 0.1}, factors{0: 1, 10: 0.9, 45: 0.55, 90: 0.1, 91: 0.1, 1000: 0.1}},
		"exponential": {optim.Schedule{Kind: "exponential", Every: 10, Drop: 0.25}, factors{0: 1, 5: 0.5, 10: 0.25, 20: 1. / 16}},
		"inverse":     {optim.Schedule{Kind: "inverse", Every: 10}, factors{0: 1, 10: 0.5, 30: 0.25, 90: 0.1}},
		"warmup":      {optim.Schedule{Warmup: 4}, factors{0: 0.25, 1: 0.5, 2: 0.75, 3: 1, 4: 1, 1000: 1}},
		"warmup of 1": {optim.Schedule{Warmup: 1}, factors{0: 1, 1: 1}},
		"warm cosine": {optim.Schedule{Kind: "cosine", Steps: 60, Warmup: 40}, factors{0: 1. / 40, 20: 0.75 * 21 / 40, 40: 0.25, 60: 0}},
	} {
		if err := c.schedule.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		constant := true
		for n, want := range c.want {
			got := c.schedule.Factor(n)
			constant = constant && got == 1
			if !near(got, want, 1e-15) {
				t.Errorf("%s: factor of step %d is %v, want %v", name, n, got, want)
			}
		}
		if c.schedule.Constant() != constant {
			t.Errorf("%s: constant is %v", name, c.schedule.Constant())
		}
	}
}

// At k halvings the step size at the same time n h is halved k times and the
// factor is the same to the last bit: n 2^k / 2^k is exact.
func TestHalvedKeepsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := optim.Optimizer{LR: 0.1, Schedule: drawSchedule(t)}
		k, n := rapid.IntRange(0, 10).Draw(t, "halvings"), rapid.IntRange(0, 1000).Draw(t, "step")
		half := opt.Halved(k)
		if got, want := half.StepSize(n<<k), math.Ldexp(opt.StepSize(n), -k); got != want {
			t.Errorf("step %d of %d halvings has size %v, want %v", n<<k, k, got, want)
		}
		if twice, once := half.Halved(2), opt.Halved(k+2); twice.LR != once.LR || twice.Schedule != once.Schedule {
			t.Errorf("halving %d and 2 times gives %+v, %d times %+v", k, twice, k+2, once)
		}
		if opt.LR != 0.1 || opt.Schedule.Stretch != 0 {
			t.Error("Halved changed its receiver")
		}
	})
}

// Factors are finite, positive but for a cosine or line that ends at 0, and never above
// 1 where the settings do not ask for growth; without growth and warmup they
// never rise.
func TestScheduleBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchedule(t)
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		n := rapid.IntRange(0, 1000).Draw(t, "step")
		now, next := s.Factor(n), s.Factor(n+1)
		if !(now >= 0 && now <= 1) || now == 0 && s.Kind != "cosine" && s.Kind != "linear" {
			t.Errorf("factor of step %d of %+v is %v", n, s, now)
		}
		if s.Warmup <= 1 && next > now {
			t.Errorf("factor of %+v rises from %v to %v after step %d", s, now, next, n)
		}
	})
}

func drawSchedule(t *rapid.T) optim.Schedule {
	return optim.Schedule{
		Kind:   rapid.SampledFrom(append(optim.ScheduleKinds(), "")).Draw(t, "kind"),
		Power:  rapid.Float64Range(0, 2).Draw(t, "power"),
		Every:  float64(rapid.IntRange(10, 300).Draw(t, "every")),
		Drop:   rapid.Float64Range(0.1, 1).Draw(t, "drop"),
		Steps:  float64(rapid.IntRange(1, 500).Draw(t, "steps")),
		Final:  rapid.Float64Range(0, 1).Draw(t, "final"),
		Warmup: float64(rapid.IntRange(0, 300).Draw(t, "warmup")),
	}
}

func TestInvalidSchedules(t *testing.T) {
	nan := math.NaN()
	for want, s := range map[string]optim.Schedule{
		`unknown schedule "zigzag", have ["constant" "polynomial" "step" "cosine" "linear" "exponential" "inverse"]`: {Kind: "zigzag"},
		"schedule: steps is -2, want":                       {Kind: "linear", Steps: -2},
		"schedule: drop is +Inf, want":                      {Kind: "exponential", Every: 1, Drop: math.Inf(1)},
		"schedule: every is -1, want":                       {Kind: "inverse", Every: -1},
		"schedule: warmup is -1, want a finite number >= 0": {Warmup: -1},
		"schedule: warmup is NaN":                           {Kind: "cosine", Steps: 1, Warmup: nan},
		"schedule: power is -0.5":                           {Kind: "polynomial", Power: -0.5},
		"schedule: power is NaN":                            {Kind: "polynomial", Power: nan},
		"schedule: every is -1":                             {Kind: "polynomial", Power: 1, Every: -1},
		"schedule: every is 0, want":                        {Kind: "step", Drop: 0.5},
		"schedule: every is NaN":                            {Kind: "step", Every: nan, Drop: 0.5},
		"schedule: drop is 0, want":                         {Kind: "step", Every: 1},
		"schedule: drop is +Inf":                            {Kind: "step", Every: 1, Drop: math.Inf(1)},
		"schedule: steps is 0, want":                        {Kind: "cosine"},
		"schedule: steps is -3":                             {Kind: "cosine", Steps: -3},
		"schedule: final is -1":                             {Kind: "cosine", Steps: 3, Final: -1},
	} {
		checkError(t, s.Kind, s.Validate(), want)
	}
}
