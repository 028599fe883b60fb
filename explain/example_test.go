package explain_test

import (
	"fmt"

	"leeway/explain"
	"leeway/optim"
)

// What do Adam's default hyperparameters do to small gradients?
func ExampleOf() {
	adam, err := optim.Default("adam")
	if err != nil {
		panic(err)
	}
	opt, err := optim.New(adam, 1e-3, optim.Schedule{})
	if err != nil {
		panic(err)
	}
	e := explain.Of(opt)
	fmt.Println(e.A, e.B, e.Coefficient, e.RegimeLargeGradient)
	fmt.Println("neutral at beta2 =", *e.NeutralBeta2)
	// Output:
	// 19 1999 -1980 anti-penalized
	// neutral at beta2 = 0.9
}
