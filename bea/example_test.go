package bea_test

import (
	"fmt"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// How far is Adam from the flow that it seems to follow, and from the corrected
// one?
func ExampleFlow() {
	const h, steps = 1e-3, 1000
	problem := objective.Bilinear{}
	adam, err := optim.New(optim.Adam{Beta1: 0.9, Beta2: 0.95, Eps: 1e-2, BiasCorrection: true}, h, optim.Schedule{})
	if err != nil {
		panic(err)
	}
	theta, gradient := problem.Start(), make([]float64, 2)
	state := optim.NewState(adam, 2)
	for range steps {
		if _, err := problem.Gradient(gradient, theta, 0); err != nil {
			panic(err)
		}
		state.Step(theta, gradient)
	}
	for order := 1; order <= 2; order++ {
		flow, err := bea.NewFlow(order, adam, problem, nil)
		if err != nil {
			panic(err)
		}
		solver, err := ode.New(flow, ode.RK4(), &ode.Settings{Substeps: 1})
		if err != nil {
			panic(err)
		}
		y := problem.Start()
		for n := range steps {
			flow.SetStep(n) // the field changes at every grid point
			if err := solver.Integrate(y, float64(n)*h, float64(n+1)*h); err != nil {
				panic(err)
			}
		}
		fmt.Printf("order %d: %.1e away\n", order, bea.Distance(theta, y))
	}
	// Output:
	// order 1: 1.3e-02 away
	// order 2: 1.4e-04 away
}

// Adam at its default hyperparameters, where memory is too long for the
// memoryless flow.
func ExampleMoments() {
	const h, steps = 1e-3, 1000
	problem := objective.Bilinear{}
	adam, err := optim.New(optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}, h, optim.Schedule{})
	if err != nil {
		panic(err)
	}
	flow, err := bea.NewMoments(2, adam, problem)
	if err != nil {
		panic(err)
	}
	solver, err := ode.New(flow, ode.RK4(), &ode.Settings{Substeps: flow.Substeps()})
	if err != nil {
		panic(err)
	}
	theta, gradient, y := problem.Start(), make([]float64, 2), make([]float64, flow.Dim())
	state := optim.NewState(adam, 2)
	for n := range steps {
		if _, err := problem.Gradient(gradient, theta, 0); err != nil {
			panic(err)
		}
		state.Step(theta, gradient)
		if n == 0 { // the flow starts after the first exact step
			err = flow.Start(y, theta, state)
		} else {
			flow.SetStep(n)
			err = solver.Integrate(y, float64(n)*h, float64(n+1)*h)
		}
		if err != nil {
			panic(err)
		}
	}
	fmt.Printf("%.0e away after %d steps\n", bea.Distance(theta, y[:flow.Parameters()]), steps)
	// Output:
	// 8e-08 away after 1000 steps
}

// What does Adam's bias do at one point, and does the theorem hold there?
func ExampleMeter() {
	problem := objective.Bilinear{}
	adam, err := optim.New(optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}, 1e-4, optim.Schedule{})
	if err != nil {
		panic(err)
	}
	c := bea.CoefficientsOf(adam.Rule, -1)
	fmt.Printf("bias (h/2)(%.0f - %.0f u): large gradients are %s, those below %.0e %s\n", c.A, c.B, c.Large(), c.Switch, c.Small())

	meter, err := bea.NewMeter(adam, problem)
	if err != nil {
		panic(err)
	}
	r, err := meter.Measure(problem.Start(), -1)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.0f %% of the coordinates are anti-penalized, the bias is %.2f of the gradient\n", 100*r.AntiPenalized, r.BiasRatio)
	fmt.Printf("trust number %.2f, helps below %g: %v\n", r.TrustMax, bea.TrustHelps, r.TrustMax < bea.TrustHelps)
	// Output:
	// bias (h/2)(19 - 1999 u): large gradients are anti-penalized, those below 1e-05 penalized
	// 100 % of the coordinates are anti-penalized, the bias is 0.10 of the gradient
	// trust number 0.11, helps below 0.3: true
}

// The loss that gradient descent with momentum follows in place of its own.
func ExampleModifiedLossOf() {
	for _, def := range []optim.Definition{
		optim.GD{}, optim.HeavyBall{Beta: 0.9}, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true},
	} {
		rule, err := def.Rule()
		if err != nil {
			panic(err)
		}
		if m, ok := bea.ModifiedLossOf(rule); ok {
			fmt.Printf("%s: %s (%s)\n", rule.Name, m.Formula, m.Note)
		}
	}
	// Output:
	// gd: E + 0.25 h |g|_2^2 (holds up to O(h^2) once the memory has settled)
	// heavy-ball: E + 4.75 h |g|_2^2 (holds up to O(h^2) once the memory has settled)
	// adam: E - 990 h |g|_1 (holds where every |g_j| is large against sqrt(eps))
}
