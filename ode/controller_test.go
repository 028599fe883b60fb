package ode

import (
	"math"
	"testing"
)

// The controller against its formula, worked out by hand for Dopri5: with beta
// 0.04 alpha is 1/5 - 0.03 = 0.17.
func TestController(t *testing.T) {
	set, err := (*Settings)(nil).resolved(Dopri5(), 1)
	if err != nil {
		t.Fatal(err)
	}
	c := newController(&set, Dopri5())
	for _, tc := range []struct {
		name      string
		got, want float64
	}{
		{"growth", c.accept(2, 2, 0.01, 0.1, false), 2 * 0.9 * math.Pow(0.1, 0.04) / math.Pow(0.01, 0.17)},
		{"fall though accepted", c.accept(2, 2, 1, 1, false), 2 * 0.9},
		{"no error", c.accept(2, 2, 0, 1, false), 20},
		{"previous error from below", c.accept(2, 2, 1, 0, false), 2 * 0.9 * math.Pow(1e-4, 0.04)},
		{"no growth after a rejection", c.accept(2, 2, 0.01, 0.1, true), 2},
		{"fall after a rejection", c.accept(2, 2, 1, 1, true), 2 * 0.9},
		{"shortened and easy", c.accept(0.1, 2, 1e-9, 1, false), 2},
		{"shortened, yet more is possible", c.accept(1, 2, 1e-9, 1, false), 10},
		{"shortened and not easy", c.accept(1.5, 2, 1, 1, false), 1.5 * 0.9},
		{"rejection", c.shrink(2), 0.9 / math.Pow(2, 0.17)},
		{"hopeless", c.shrink(math.Inf(1)), 0.2},
	} {
		if math.Abs(tc.got-tc.want) > 1e-15*math.Abs(tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, tc.got, tc.want)
		}
	}
}
