package optim

import (
	"math"
	"testing"
)

// Truth: the step that the authors print for ImageNet, 5.9e-4, from the constant in
// their code (40.11), 1,000 classes and 100 epochs of 10,010 batches; and the power of T.
func TestExactStep(t *testing.T) {
	step, err := ExactStep(math.Log(1000), 40.11, 100*10010)
	if err != nil || math.Abs(step-5.866e-4) > 5e-8 {
		t.Errorf("%v, error %v; want 5.866e-4", step, err)
	}
	longer, err := ExactStep(math.Log(1000), 40.11, 400*10010)
	if err != nil || longer != step/2 {
		t.Errorf("%v for four times the steps, want %v", longer, step/2)
	}
	for _, c := range []struct {
		loss, lipschitz float64
		steps           int
	}{{0, 1, 1}, {1, math.NaN(), 1}, {1, 1, 0}, {math.Inf(1), 1, 1}} {
		if _, err := ExactStep(c.loss, c.lipschitz, c.steps); err == nil {
			t.Errorf("%+v without an error", c)
		}
	}
}
