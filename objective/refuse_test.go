package objective_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/objective"
)

func TestConstructorsRefuse(t *testing.T) {
	x, y := []float64{1, 2, 3, 4}, []int{0, 1}
	nan := []float64{1, 2, math.NaN(), 4}
	linear := func(x []float64, y []int, d int, s objective.LinearSettings) error {
		return second(objective.NewLinear(x, y, d, s))
	}
	softmax := func(x []float64, y []int, d, c int, s objective.SoftmaxSettings) error {
		return second(objective.NewSoftmax(x, y, d, c, s))
	}
	type L = objective.LinearSettings
	type S = objective.SoftmaxSettings
	model := must(objective.NewLinear(x, y, 2, L{}))
	classes := must(objective.NewSoftmax(x, y, 2, 2, S{}))
	for _, c := range []struct {
		err  error
		want string
	}{
		{linear(x, y, 0, L{}), "0 features"},
		{linear(nil, nil, 2, L{}), "no rows"},
		{linear(x[:3], y, 2, L{}), "3 values do not fill rows of 2"},
		{linear(x, y[:1], 2, L{}), "1 labels for 2 rows"},
		{linear(nan, y, 2, L{}), "NaN at row 1, feature 0"},
		{linear(x, []int{0, 2}, 2, L{}), "row 1 has class 2"},
		{linear(x, y, 2, L{Batches: 3}), "3 batches of 2 rows"},
		{linear(x, y, 2, L{BatchSize: 3}), "batch size 3 exceeds the 2 rows"},
		{linear(x, y, 2, L{BatchSize: -1}), "size -1"},
		{linear(x, y, 2, L{BatchSize: 1, Batches: 2}), "one of them"},
		{linear(x, y, 2, L{Loss: "hinge"}), "unknown loss \"hinge\""},
		{linear(x, y, 2, L{Attack: "l3"}), "unknown attack \"l3\""},
		{linear(x, y, 2, L{Radius: -1}), "radius -1"},
		{linear(x, y, 2, L{Radius: math.NaN()}), "radius NaN"},
		{linear(x, y, 2, L{Loss: objective.LeastSquares, Radius: 1}), "no robust form"},
		{second(objective.NewLeastSquares(x, []float64{1, math.Inf(1)}, 2, L{})), "target of row 1 is +Inf"},
		{softmax(x, y, 2, 1, S{}), "1 classes"},
		{softmax(x, []int{0, -1}, 2, 2, S{}), "row 1 has class -1"},
		{softmax(nil, nil, 2, 2, S{}), "no rows"},
		{second(objective.NewRosenbrock(1)), "dimension 1"},
		{second(objective.NewSines(0, 1, 0)), "0 parameters"},
		{second(objective.NewDiagonal(nil, nil)), "empty"},
		{second(objective.NewDiagonal([]float64{1, math.NaN()}, nil)), "eigenvalue 1 is NaN"},
		{second(objective.NewDiagonal([]float64{1}, []float64{1, 2})), "2 entries for 1"},
		{second(objective.NewDiagonal([]float64{1}, []float64{math.Inf(1)})), "entry 0"},
		{second(objective.NewQuadratic(mat.NewSymDense(2, []float64{1, math.NaN(), 0, 1}), nil)), "row 0, column 1"},
		{second(model.Accuracy(x[:2], nil, nil)), "0 values and 0 labels"},
		{second(model.Accuracy(x[:1], x, y)), "length 1"},
		{second(model.RobustAccuracy(x[:2], x, y, math.Inf(1))), "radius +Inf"},
		{second(model.Margins(x[:2], x)), "length 4"},
		{second(model.Margins(x, x[:2])), "length 4"},
		{second(classes.Accuracy(x, x, []int{0, 5})), "row 1 has class 5"},
		{second(classes.Accuracy(x[:2], x, y)), "length 2"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) || !strings.Contains(c.err.Error(), "Try: ") {
			t.Errorf("error %v, want %q", c.err, c.want)
		}
	}
}
