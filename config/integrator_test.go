package config

import "testing"

// By itself the method follows from the loss; one that is chosen stays.
func TestIntegratorFor(t *testing.T) {
	for text, want := range map[string][2]string{
		"steps: 3\n":                     {"dopri5", "rk4"},
		"integrator: {method: dopri5}\n": {"dopri5", "dopri5"},
		"integrator: {method: heun}\n":   {"heun", "heun"},
	} {
		c, err := Parse([]byte(text), "f.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := c.IntegratorFor(true), c.IntegratorFor(false); a.Method != want[0] || b.Method != want[1] || b.Method == "rk4" && b.Substeps != kinkSubsteps || a.Substeps != 1 {
			t.Errorf("%s: %+v and with kinks %+v", text, a, b)
		}
	}
}
