package checkpoint_test

import (
	"fmt"

	"leeway/checkpoint"
	"leeway/explain"
	"leeway/optim"
)

// What does the optimizer of a saved training run do to small gradients?
func ExampleOpen() {
	c, err := checkpoint.Open("testdata/pair", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range c.Groups {
		opt, err := optim.New(group.Rule, group.LR, c.Schedule)
		if err != nil {
			fmt.Println(err)
			return
		}
		states, err := c.Measure(group, opt.Rule)
		if err != nil {
			fmt.Println(err)
			return
		}
		e := explain.Of(opt)
		fmt.Printf("groups %v: %s, decay %g, a - b = %g, %g of its coordinates below eps\n",
			group.Indices, group.Kind, e.WeightDecay, e.Coefficient, states.BelowEps)
	}

	_, err = checkpoint.Open("testdata/torch/adam-amsgrad.json", "")
	fmt.Println(err)
	// Output:
	// groups [0]: adamw, decay 0.1, a - b = -1980, 0 of its coordinates below eps
	// groups [1]: adamw, decay 0, a - b = -1980, 0.5 of its coordinates below eps
	// testdata/torch/adam-amsgrad.json: amsgrad is true: AMSGrad divides by the largest second moment so far, which no average is
}
