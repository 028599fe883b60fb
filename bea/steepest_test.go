package bea_test

import (
	"errors"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// What is derived from elementwise readouts says nothing of steepest descent.
func TestSteepestIsRefused(t *testing.T) {
	opt, err := optim.New(optim.Steepest{Norm: optim.OneNorm}, 0.1, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	loss := objective.Bilinear{}
	_, flow := bea.NewFlow(1, opt, loss, nil)
	_, step := bea.NewMap(1, opt, loss, nil)
	_, moments := bea.NewMoments(1, opt, loss)
	_, meter := bea.NewMeter(opt, loss)
	_, drift := bea.NewDrift(opt, loss, nil)
	for i, err := range []error{flow, step, moments, meter, drift} {
		if !errors.Is(err, bea.ErrWhole) {
			t.Errorf("%d: error %v", i, err)
		}
	}
	if _, ok := bea.ModifiedLossOf(opt.Rule); ok || bea.CoefficientsOf(opt.Rule, -1) != (bea.Coefficients{}) {
		t.Error("a bias of steepest descent is known")
	}
}
