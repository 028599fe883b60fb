package config_test

import (
	"fmt"

	"leeway/config"
)

func ExampleLoad() {
	c, err := config.Load("../examples/toy.yaml", []string{"optimizer.beta2=0.99", "steps=100"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Name, c.Objective.Problem, c.Steps)
	// Output: toy bilinear 100
}

func ExampleParse_error() {
	_, err := config.Parse([]byte("steps: 400\noptimizer: {kind: adam, beta: 0.9}\n"), "my.yaml", nil)
	fmt.Println(err)
	fmt.Println("Try:", err.(*config.Error).Hint())
	// Output:
	// my.yaml:2:25: optimizer.beta: unknown key of adam
	// Try: beta1 (there are kind, lr, schedule, beta1, beta2, eps, eps_mode, bias_correction, weight_decay, l2)
}

func ExampleConfig_Resolved() {
	c, _ := config.Parse([]byte("objective: {problem: bilinear}\noptimizer: {kind: gd}\nmeasure: {every: 20, quantities: [loss, bias]}\n"), "my.yaml", nil)
	fmt.Printf("%s", c.Resolved())
	// Output:
	// name: bilinear-gd
	// objective:
	//   problem: bilinear
	//   batch: full
	//   start: [2.8, 3.5]
	//   dtype: float64
	// optimizer: {kind: gd, lr: 0.001, schedule: {kind: constant, warmup: 0}, weight_decay: 0, l2: 0}
	// processes: [discrete, flow-1, flow-2, moments-2]
	// steps: 400
	// seed: 0
	// out: runs
	// measure: {every: 20, quantities: [loss, bias], top: 1}
	// stop: {loss: 0, accuracy: 0, gradient: 0}
	// modify: {bias: 0}
	// checkpoint: {every: 100, minutes: 10}
	// integrator: {method: auto, tolerance: 1e-09, substeps: 1}
	// moments: {substeps: 0}
	// coefficients: finite-n
	// runaway: stop
	// verify: {halvings: 4, lr: 0, steps: 0}
}

func ExampleConfig_Build() {
	p, err := config.Default().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Description)
	gradient := make([]float64, p.Objective.Dim())
	loss, err := p.Objective.Gradient(gradient, p.Start, p.Order.At(0))
	fmt.Printf("loss at the start %.4f %v\n", loss, err)
	// Output:
	// MLP 64-32-32-10, tanh, 3,466 parameters, on digits, 1,000 rows to train and 797 to test, cross-entropy, float64, full batch, from PyTorch's initialisation
	// loss at the start 2.3042 <nil>
}
