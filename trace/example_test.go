package trace_test

import (
	"context"
	"fmt"
	"log"

	"leeway/objective"
	"leeway/optim"
	"leeway/trace"
)

// bilinear is Adam on a loss of two parameters, with the flows of both orders.
func bilinear(lr float64, steps int) trace.Setup {
	adam, err := optim.New(optim.Adam{Beta1: 0.9, Beta2: 0.95, Eps: 1e-2, BiasCorrection: true}, lr, optim.Schedule{})
	if err != nil {
		log.Fatal(err)
	}
	problem := objective.Bilinear{}
	return trace.Setup{
		Objective: problem, Start: problem.Start(), Optimizer: adam,
		Processes: []string{"flow-1", "flow-2"}, Steps: steps,
	}
}

// How far does each flow stay from the optimizer?
func ExampleRunner_Run() {
	run, err := trace.New(bilinear(1e-3, 1000))
	if err != nil {
		log.Fatal(err)
	}
	if err := run.Run(context.Background(), nil, nil); err != nil {
		log.Fatal(err)
	}
	summary := run.Summary()
	for _, name := range []string{"flow-1", "flow-2"} {
		fmt.Printf("%s: %s, at most %.0e away\n", name, summary.Processes[name].Status, float64(summary.Distance[name]))
	}
	fmt.Println("The theorem's flow", summary.Trust.Verdict)
	// Output:
	// flow-1: done, at most 1e-02 away
	// flow-2: done, at most 1e-04 away
	// The theorem's flow holds
}

// Do the flows keep their promised orders of accuracy?
func ExampleVerify() {
	v, err := trace.Verify(context.Background(), bilinear(1e-3, 500), 3, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"flow-1", "flow-2"} {
		fmt.Printf("%s: order %.1f, promised %d: %s\n", name, v.Order[name], v.Promised[name], v.Verdicts[name])
	}
	// Output:
	// flow-1: order 1.0, promised 1: kept
	// flow-2: order 1.9, promised 2: kept
}
