package optim_test

import (
	"math"
	"strings"
	"testing"

	"leeway/optim"
)

// mustNew is an optimizer at a constant learning rate.
func mustNew(t testing.TB, def optim.Definition, lr float64) optim.Optimizer {
	t.Helper()
	opt, err := optim.New(def, lr, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	return opt
}

// relative is |got - want| / |want| in the largest norm.
func relative(got, want []float64) float64 {
	diff, size := 0.0, 0.0
	for j := range want {
		diff = max(diff, math.Abs(got[j]-want[j]))
		size = max(size, math.Abs(want[j]))
	}
	if diff == 0 {
		return 0
	}
	return diff / size
}

// near reports whether got is within tol of want, relative to 1 and want.
func near(got, want, tol float64) bool {
	return math.Abs(got-want) <= tol*max(1, math.Abs(want))
}

// rosenbrock writes the gradient of 100 (y-x^2)^2 + (1-x)^2.
func rosenbrock(dst, theta []float64) {
	x, y := theta[0], theta[1]
	r := y - x*x
	dst[0], dst[1] = -400*x*r-2*(1-x), 200*r
}

// walk takes steps from start on Rosenbrock's function; it returns the points
// after each.
func walk(opt optim.Optimizer, steps int, start ...float64) [][]float64 {
	theta, gradient := append([]float64(nil), start...), make([]float64, 2)
	state := optim.NewState(opt, 2)
	points := make([][]float64, steps)
	for n := range points {
		rosenbrock(gradient, theta)
		state.Step(theta, gradient)
		points[n] = append([]float64(nil), theta...)
	}
	return points
}

// checkError checks that err is an error whose text has want in it.
func checkError(t testing.TB, what string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want one with %q", what, want)
	} else if !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %q does not say %q", what, err, want)
	}
}
