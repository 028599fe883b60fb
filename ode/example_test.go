package ode_test

import (
	"errors"
	"fmt"
	"math"

	"leeway/ode"
)

// The flow of a gradient: y' = -A y with A = diag(1, 10).
func gradientFlow(dst []float64, _ float64, y []float64) error {
	dst[0], dst[1] = -y[0], -10*y[1]
	return nil
}

func ExampleSolver_Integrate() {
	solver, err := ode.New(ode.Func{N: 2, F: gradientFlow}, ode.Dopri5(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	y := []float64{1, 1}
	// In place and without allocation, once for each interval of a grid.
	for n := range 10 {
		if err := solver.Integrate(y, 0.1*float64(n), 0.1*float64(n+1)); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("y(1) = (%.6f, %.6f)\n", y[0], y[1])
	fmt.Printf("truth  (%.6f, %.6f)\n", math.Exp(-1), math.Exp(-10))
	total := solver.Total()
	fmt.Println("accepted", total.Accepted, "rejected", total.Rejected, "error estimate below 1e-5:", total.ErrorSum < 1e-5)
	// Output:
	// y(1) = (0.367879, 0.000045)
	// truth  (0.367879, 0.000045)
	// accepted 49 rejected 0 error estimate below 1e-5: true
}

func ExampleSolver_Steps() {
	// A pendulum, with the state wanted at t = 0.5, 1, 1.5, 2: dense output
	// serves it without forcing the steps to land there.
	pendulum := ode.Func{N: 2, F: func(dst []float64, _ float64, y []float64) error {
		dst[0], dst[1] = y[1], -math.Sin(y[0])
		return nil
	}}
	solver, err := ode.New(pendulum, ode.Dopri5(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float64, 2)
	next := 0.5
	for step, err := range solver.Steps(0, 2, []float64{1, 0}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for ; next <= step.T; next += 0.5 {
			if err := step.Interpolate(y, next); err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("t = %.1f: angle %+.4f\n", next, y[0])
		}
	}
	// Output:
	// t = 0.5: angle +0.8960
	// t = 1.0: angle +0.6001
	// t = 1.5: angle +0.1669
	// t = 2.0: angle -0.3062
}

func ExampleSettings() {
	// Classical Runge-Kutta with two steps a call, one step in ten measured.
	solver, err := ode.New(ode.Func{N: 2, F: gradientFlow}, ode.RK4(), &ode.Settings{
		Substeps:      2,
		EstimateEvery: 10,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	y := []float64{1, 1}
	for n := range 50 {
		if err := solver.Integrate(y, 0.02*float64(n), 0.02*float64(n+1)); err != nil {
			fmt.Println(err)
			return
		}
	}
	total := solver.Total()
	fmt.Printf("%d of %d steps measured, error estimate %.0e\n", total.Estimated, total.Accepted, total.ErrorSum)
	// Output:
	// 10 of 100 steps measured, error estimate 1e-06
}

func ExampleStiffError() {
	// y' = y^2 from y = 1 is infinite at t = 1.
	solver, err := ode.New(ode.Func{N: 1, F: func(dst []float64, _ float64, y []float64) error {
		dst[0] = y[0] * y[0]
		return nil
	}}, ode.Dopri5(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = solver.Integrate([]float64{1}, 0, 2)
	var stiff *ode.StiffError
	if errors.As(err, &stiff) {
		fmt.Printf("too stiff at t = %.3f, component %d\n", stiff.T, stiff.Component)
		fmt.Println("rate above 1e9:", stiff.Rate > 1e9)
	}
	// Output:
	// too stiff at t = 1.000, component 0
	// rate above 1e9: true
}

func ExampleByName() {
	for _, name := range []string{"rk4", "dopri5", "rk5"} {
		m, err := ode.ByName(name)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s: order %d, %d stages, adaptive %v (%s)\n", m.Name, m.Order, m.Stages(), m.Adaptive(), m.Reference)
	}
	// Output:
	// rk4: order 4, 4 stages, adaptive false (Kutta 1901)
	// dopri5: order 5, 7 stages, adaptive true (Dormand and Prince 1980; Shampine 1986)
	// ode: unknown method "rk5". Try: one of euler, heun, rk4, dopri5
}

func ExampleSolver_State() {
	// A solver is interrupted and another one goes on to the same bits.
	first, _ := ode.New(ode.Func{N: 2, F: gradientFlow}, ode.Dopri5(), nil)
	y := []float64{1, 1}
	if err := first.Integrate(y, 0, 1); err != nil {
		fmt.Println(err)
		return
	}
	state, saved := first.State(), []float64{y[0], y[1]}

	second, _ := ode.New(ode.Func{N: 2, F: gradientFlow}, ode.Dopri5(), nil)
	second.Restore(state)
	err1 := first.Integrate(y, 1, 2)
	err2 := second.Integrate(saved, 1, 2)
	fmt.Println(y[0] == saved[0], y[1] == saved[1], first.Total() == second.Total(), err1, err2)
	// Output:
	// true true true <nil> <nil>
}
