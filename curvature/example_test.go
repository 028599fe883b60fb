package curvature_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
	"leeway/objective"
)

// The sharpness of a loss, held against the line at which gradient descent
// becomes unstable.
func Example() {
	loss, err := objective.NewDiagonal([]float64{1, 10, 40}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := curvature.NewHessian(loss, []float64{1, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := curvature.Lanczos(h, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	const lr = 0.04
	fmt.Printf("sharpness %.3f, stable below %.3f\n", e.Top[0].Value, curvature.GradientDescentLine(lr))
	// Output: sharpness 40.000, stable below 50.000
}

// A result is given even where it is not good enough, and says so.
func ExampleLanczos() {
	spectrum := make([]float64, 200)
	for i := range spectrum {
		spectrum[i] = float64(i + 1)
	}
	op := curvature.NewDense(mat.NewDiagDense(200, spectrum))
	e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: 2, Bottom: 1, MaxProducts: 10})
	fmt.Println(e.Converged(), err != nil)

	e, err = curvature.Lanczos(op, &curvature.LanczosSettings{Top: 2, Bottom: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f %.4f ... %.4f\n", e.Top[0].Value, e.Top[1].Value, e.Bottom[0].Value)
	// Output:
	// false true
	// 200.0000 199.0000 ... 1.0000
}

// Along a run, each solve starts from the vectors of the one before.
func ExampleTracker() {
	loss := objective.CubicNet{}
	theta, g := []float64{0.5, 0.5}, make([]float64, 2)
	h, err := curvature.NewHessian(loss, theta)
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker := curvature.NewTracker(&curvature.LanczosSettings{Bottom: 1, Top: 1})
	for range 3 {
		if err := h.SetTheta(theta); err != nil {
			fmt.Println(err)
			return
		}
		e, err := tracker.Update(h)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f %.3f\n", e.Bottom[0].Value, e.Top[0].Value)
		if _, err := loss.Gradient(g, theta, 0); err != nil {
			fmt.Println(err)
			return
		}
		for j := range theta {
			theta[j] -= 0.01 * g[j]
		}
	}
	// Output:
	// -9.211 5.211
	// 3.882 9.190
	// 3.767 38.494
}

// The preconditioned sharpness of Adam, from its second moment.
func ExamplePreconditioned() {
	loss, err := objective.NewDiagonal([]float64{1, 10, 40}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := curvature.NewHessian(loss, []float64{1, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, p := []float64{0.01, 1, 1600}, make([]float64, 3) // P = 0.1, 1, 40
	if err := (curvature.SecondMoment{Placement: curvature.Outside}).Diagonal(p, v); err != nil {
		fmt.Println(err)
		return
	}
	op, err := curvature.NewPreconditioned(h, p)
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: 3, Block: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pair := range e.Top {
		fmt.Printf("%.3f ", pair.Value)
	}
	fmt.Printf("stable below %.0f\n", curvature.AdamLine(0.01, 0.9))
	// Output: 10.000 10.000 1.000 stable below 3800
}

func ExamplePowerIteration() {
	op := curvature.NewDense(mat.NewDiagDense(3, []float64{1, -5, 2}))
	pair, _, err := curvature.PowerIteration(op, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f, along %.3f\n", pair.Value, pair.Vector[1]*pair.Vector[1])
	// Output: -5.0000, along 1.000
}

// Estimates come with their standard error.
func ExampleTrace() {
	op := curvature.NewDense(mat.NewSymDense(2, []float64{3, 1, 1, 4}))
	e, err := curvature.Trace(op, &curvature.ProbeSettings{Probes: 400})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("within three standard errors of 7: %v\n", e.Value > 7-3*e.StdErr && e.Value < 7+3*e.StdErr)
	// Output: within three standard errors of 7: true
}

func ExampleTracePlusPlus() {
	op := curvature.NewDense(mat.NewSymDense(2, []float64{3, 1, 1, 4}))
	e, err := curvature.TracePlusPlus(op, nil) // more probes than dimensions: exact
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.6f\n", e.Value)
	// Output: 7.000000
}

func ExampleDiagonal() {
	op := curvature.NewDense(mat.NewDiagDense(3, []float64{1, 5, 2}))
	d, stdErr := make([]float64, 3), make([]float64, 3)
	if _, err := curvature.Diagonal(d, stdErr, op, nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d, stdErr)
	// Output: [1 5 2] [0 0 0]
}

// The distribution of the eigenvalues: nine tenths are near zero.
func ExampleSpectralDensity() {
	spectrum := make([]float64, 100)
	for i := range 10 {
		spectrum[i] = float64(i + 1)
	}
	d, err := curvature.SpectralDensity(curvature.NewDense(mat.NewDiagDense(100, spectrum)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	grid, density := make([]float64, 300), make([]float64, 300)
	d.Grid(grid, 0.1)
	if err := d.Smooth(density, grid, 0.1); err != nil {
		fmt.Println(err)
		return
	}
	low, high := d.Range()
	fmt.Printf("from %.2f to %.2f, share near zero %.2f, mean %.2f\n", max(low, 0), high, d.Share(-0.5, 0.5).Value, d.Moment(1).Value)
	// Output: from 0.00 to 10.00, share near zero 0.90, mean 0.55
}

// A loss on a fresh random batch each time is no operator.
func ExampleCheck() {
	calls := 0.0
	op := curvature.Func(2, func(dst, v []float64) error {
		calls++
		dst[0], dst[1] = calls*v[0], v[1]
		return nil
	})
	r, err := curvature.Check(op, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("not fixed:", r.Repeat > 0.01 && r.Err(1e-6) != nil)
	// Output: not fixed: true
}
