package objective_test

import (
	"fmt"

	"leeway/data"
	"leeway/objective"
)

// Gradient and Hessian-vector product are all that is asked of an objective.
func Example() {
	var e objective.Bilinear
	theta, g, hv := e.Start(), make([]float64, 2), make([]float64, 2)
	loss, err := e.Gradient(g, theta, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := e.HVP(hv, theta, []float64{1, 0}, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("loss %.3f, gradient %.2f, product %.2f\n", loss, g, hv)
	// Output: loss 163.805, gradient [126.70 101.36], product [49.00 75.40]
}

// Gradient descent on the digits, in full batch.
func ExampleNewSoftmax() {
	train, test, err := data.Load("digits", data.Settings{Train: 1000, Test: 797})
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := objective.NewSoftmax(train.X, train.Y, train.D, train.Classes, objective.SoftmaxSettings{Intercept: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	theta, g := make([]float64, model.Dim()), make([]float64, model.Dim())
	for range 200 {
		if _, err := model.Gradient(g, theta, 0); err != nil {
			fmt.Println(err)
			return
		}
		for j := range theta {
			theta[j] -= 0.5 * g[j]
		}
	}
	accuracy, _ := model.Accuracy(theta, test.X, test.Y)
	fmt.Printf("%d parameters, more than nine in ten right: %v\n", model.Dim(), accuracy > 0.9)
	// Output: 650 parameters, more than nine in ten right: true
}

// Adversarially robust logistic regression: every row may move by 0.1 in every
// feature.
func ExampleNewLinear() {
	x := []float64{1, 0.2, -1, 0.3, 0.8, -0.1, -0.9, 0}
	model, err := objective.NewLinear(x, []int{1, 0, 1, 0}, 2, objective.LinearSettings{Radius: 0.1})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := make([]float64, 2)
	loss, _ := model.Gradient(g, []float64{1, 0}, 0)
	fmt.Printf("loss %.4f, gradient %.4f\n", loss, g)
	// Output: loss 0.3641, gradient [-0.2501 0.0000]
}

// Two losses as the two batches of one objective, with weight decay.
func ExampleJoin() {
	steep, _ := objective.NewDiagonal([]float64{2, 1}, nil)
	obj, err := objective.Join(objective.Bilinear{}, steep)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := make([]float64, 2)
	loss, _ := objective.Full(g, objective.Ridge(obj, 0.1), []float64{1, 1})
	fmt.Printf("%d batches, full loss %.4f, gradient %.2f\n", obj.Batches(), loss, g)
	// Output: 2 batches, full loss 0.9125, gradient [1.60 1.10]
}

// Counts prove what a computation costs.
func ExampleCounting() {
	family, _ := objective.NewSines(4, 3, 1)
	c := objective.Counting(family)
	theta := make([]float64, 4)
	_, _ = objective.Full(make([]float64, 4), c, theta)
	fmt.Println(c.Gradients(), c.HVPs())
	// Output: [1 1 1] [0 0 0]
}

// The derivatives of an objective against central differences.
func ExampleCheck() {
	valley, _ := objective.NewRosenbrock(4)
	r, err := objective.Check(valley, valley.Start(), []float64{1, 2, 3, 4}, 0)
	fmt.Println(r.GradientError < 1e-10, r.HVPError < 1e-10, r.Directions, err)
	// Output: true true 4 <nil>
}

// A cyclic order, and a shuffled one that is the same for the same seed.
func ExampleOrder() {
	cyclic, _ := objective.NewOrder(objective.Cyclic, 3, 0)
	fmt.Println(cyclic.At(0), cyclic.At(1), cyclic.At(2), cyclic.At(3))
	shuffled, _ := objective.NewOrder(objective.Shuffled, 3, 42)
	same := shuffled.Clone()
	fmt.Println(shuffled.At(1000) == same.At(1000))
	// Output:
	// 0 1 2 0
	// true
}
