package optim_test

import (
	"encoding/json"
	"fmt"
	"math"

	"leeway/optim"
)

// Adam on the quadratic E = (theta_1^2 + 100 theta_2^2)/2.
func Example() {
	settings := optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}
	opt, err := optim.New(settings, 0.1, optim.Schedule{})
	if err != nil {
		fmt.Println(err)
		return
	}
	theta, gradient := []float64{1, 1}, make([]float64, 2)
	state := optim.NewState(opt, len(theta))
	for range 300 {
		gradient[0], gradient[1] = theta[0], 100*theta[1]
		state.Step(theta, gradient)
		if n := state.Steps(); n == 1 || n == 10 || n == 300 {
			fmt.Printf("after %3d steps: %.4f\n", n, theta)
		}
	}
	// Output:
	// after   1 steps: [0.9000 0.9000]
	// after  10 steps: [0.0762 0.0762]
	// after 300 steps: [0.0000 0.0000]
}

// softSign is the readout F = tanh(s_0) / (1 + s_1).
type softSign struct{}

func (softSign) Direction(dst []float64, s [][]float64, _, _ []float64) {
	for j := range dst {
		dst[j] = math.Tanh(s[0][j]) / (1 + s[1][j])
	}
}

func (softSign) Partials(ds [][]float64, dtheta []float64, s [][]float64, _, _ []float64) {
	for j := range dtheta {
		f, d := math.Tanh(s[0][j]), 1+s[1][j]
		ds[0][j], ds[1][j], dtheta[j] = (1-f*f)/d, -f/(d*d), 0
	}
}

// An optimizer of no library: two averages and a readout are the whole
// definition, and package bea derives its flows from it.
func Example_ownRule() {
	rule := &optim.Rule{
		Name: "soft-sign",
		Averages: []optim.Average{
			optim.EMA("m", optim.Identity, 0.6, true),
			optim.EMA("v", optim.Square, 0.8, false),
		},
		Readout: softSign{},
	}
	if err := rule.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	theta, gradient := []float64{2}, make([]float64, 1)
	state := optim.NewState(optim.Optimizer{Rule: rule, LR: 0.1}, 1)
	for range 50 {
		gradient[0] = theta[0] // of theta^2/2
		state.Step(theta, gradient)
	}
	fmt.Printf("theta %.4f, mean lag %.1f steps\n", theta[0], rule.MeanLag(-1))
	// Output: theta 0.4431, mean lag 4.0 steps
}

// A kind by name, its settings from a config.
func ExampleDefault() {
	def, err := optim.Default("adam")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := json.Unmarshal([]byte(`{"beta2": 0.95, "eps_mode": "outside"}`), def); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%+v\n", def)
	_, err = optim.New(optim.Adam{Beta1: 1.1}, 1e-3, optim.Schedule{})
	fmt.Println(err)
	// Output:
	// &{Beta1:0.9 Beta2:0.95 Eps:1e-08 EpsMode:outside BiasCorrection:true Regularization:{WeightDecay:0 L2:0}}
	// optim: adam: beta1 is 1.1, want a number in [0, 1)
}

// The weights with which an average of decay 0.9 sees the past.
func ExampleAverage() {
	m := optim.EMA("m", optim.Identity, 0.9, false)
	fmt.Printf("weights %.3f %.3f %.3f ...\n", m.Weight(0), m.Weight(1), m.Weight(2))
	fmt.Printf("sum after 3 steps %.3f, in the limit %.3f\n", m.TotalWeight(2), m.TotalWeight(-1))
	fmt.Printf("mean lag after 3 steps %.3f, in the limit %.3f\n", m.MeanLag(2), m.MeanLag(-1))
	// Output:
	// weights 0.100 0.090 0.081 ...
	// sum after 3 steps 0.271, in the limit 1.000
	// mean lag after 3 steps 0.930, in the limit 9.000
}

// Half the learning rate over the same time: twice the steps, and the schedule
// stretched to them.
func ExampleOptimizer_Halved() {
	opt, err := optim.New(optim.GD{}, 0.4, optim.Schedule{Kind: "step", Every: 10, Drop: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	half := opt.Halved(1)
	fmt.Println(opt.StepSize(9), opt.StepSize(10))
	fmt.Println(half.StepSize(19), half.StepSize(20))
	// Output:
	// 0.4 0.2
	// 0.2 0.1
}
