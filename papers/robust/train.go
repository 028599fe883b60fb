package robust

import (
	"context"
	"fmt"
	"math"

	"leeway/data"
	"leeway/margin"
	"leeway/objective"
	"leeway/steepest"
)

// Method is how a linear model is trained.
type Method string

const (
	GD       Method = "gradient descent"
	CD       Method = "coordinate descent"
	SignGD   Method = "sign descent"
	Diagonal Method = "diagonal network" // w = u^2 - v^2
)

// Problem is rows with the largest radius of an attack under which they can still be
// separated.
type Problem struct {
	Train, Test *data.Set
	// Radius is max over w of min_i y_i <w, x_i> / |w|_1, exact.
	Radius float64
}

// TestRows draws rows of a teacher other than those of [NewProblem], whose teacher does
// not depend on their number.
func TestRows(s data.TeacherSettings) (*data.Set, error) {
	s.Draw++
	rows, _, err := data.Teacher(s)
	return rows, err
}

// NewProblem draws training rows of a teacher, to be judged on others; see
// [margin.Problem.Solve] for its errors.
func NewProblem(s data.TeacherSettings, test *data.Set) (*Problem, error) {
	train, _, err := data.Teacher(s)
	if err != nil {
		return nil, err
	}
	rows, err := margin.NewProblem(train.X, train.Y, train.D, false)
	if err != nil {
		return nil, err
	}
	solution, err := rows.Solve(margin.L1)
	if err != nil {
		return nil, err
	}
	return &Problem{train, test, solution.Margin}, nil
}

// Settings of a run.
type Settings struct {
	Method Method
	// Radius of the attack, below the problem's.
	Radius float64
	// Script follows the gradient of the loss without the attack, with the rates of the
	// released script, in which eps enters only there and where training stops. The
	// paper's objective has the attack in its gradient.
	Script bool
	// Steps at most; 0 means 15,000. Training stops where the robust loss, the sum over
	// rows, is below 0.001.
	Steps int
}

// enough is the robust loss, a sum over rows, at which training ends.
const enough = 1e-3

// Outcome is a trained model.
type Outcome struct {
	W           []float64
	Steps       int
	Loss        float64 // the robust loss, a sum over the rows
	Train, Test float64 // robust accuracies
}

// Gap is the generalisation gap: training less test accuracy.
func (o *Outcome) Gap() float64 { return o.Train - o.Test }

// Run trains a model from w = 0. It allocates nothing in a step.
func (p *Problem) Run(ctx context.Context, s Settings) (*Outcome, error) {
	if !(s.Radius >= 0 && s.Radius < p.Radius) {
		return nil, &margin.TooStrong{Radius: s.Radius, Largest: p.Radius}
	}
	robust, err := objective.NewLinear(p.Train.X, p.Train.Y, p.Train.D, objective.LinearSettings{Loss: objective.Exponential, Attack: objective.LInf, Radius: s.Radius})
	if err != nil {
		return nil, err
	}
	step, err := p.stepper(s)
	if err != nil {
		return nil, err
	}
	d, rows := p.Train.D, float64(p.Train.N)
	o := &Outcome{W: make([]float64, d)}
	g := make([]float64, d)
	limit := s.Steps
	if limit == 0 {
		limit = 15_000
	}
	for ; ; o.Steps++ {
		if o.Steps%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		mean, err := robust.Gradient(g, o.W, 0)
		if err != nil {
			return nil, err
		}
		if o.Loss = mean * rows; o.Loss < enough || o.Steps == limit {
			break
		}
		if err := step(o.W, g, mean); err != nil {
			return nil, err
		}
	}
	if o.Train, err = robust.RobustAccuracy(o.W, p.Train.X, p.Train.Y, s.Radius); err != nil {
		return nil, err
	}
	o.Test, err = robust.RobustAccuracy(o.W, p.Test.X, p.Test.Y, s.Radius)
	return o, err
}

// stepper is one step, given gradient and mean of the robust loss at w.
func (p *Problem) stepper(s Settings) (func(w, g []float64, mean float64) error, error) {
	d := p.Train.D
	norms := map[Method]steepest.Norm{GD: 2, CD: 1, SignGD: steepest.Inf}
	norm, known := norms[s.Method]
	switch {
	case s.Method == Diagonal && !s.Script:
		return diagonal(d), nil
	case !known:
		return nil, fmt.Errorf("robust: no method %q with these settings. Try: %q", s.Method, []Method{GD, CD, SignGD})
	}
	descent := steepest.Descent{P: norm, Plain: true}
	if !s.Script {
		// The loss is (H F)-smooth near w, with H = (max |x|_* + eps |1|_*)^2 in the norm's
		// dual: rate 1/(H F).
		ones := make([]float64, d)
		for j := range ones {
			ones[j] = s.Radius
		}
		size := p.largest(norm.Dual()) + norm.Dual().Of(ones)
		return func(w, g []float64, mean float64) error {
			descent.Step(w, g, 1/(size*size*mean))
			return nil
		}, nil
	}
	clean, err := objective.NewLinear(p.Train.X, p.Train.Y, d, objective.LinearSettings{Loss: objective.Exponential})
	if err != nil {
		return nil, err
	}
	size, rows := p.largest(steepest.Inf)+s.Radius, float64(p.Train.N)
	return func(w, g []float64, _ float64) error {
		mean, err := clean.Gradient(g, w, 0)
		if err != nil {
			return err
		}
		// The script's rate is for the gradient of the sum.
		descent.Step(w, g, rows*min(1/(size*size*rows*mean+1e-8), 1e5))
		return nil
	}, nil
}

// diagonal is gradient descent on u and v of w = u^2 - v^2 from small equal ones, with
// steps of at most 0.02 in each.
func diagonal(d int) func(w, g []float64, mean float64) error {
	u, v := make([]float64, d), make([]float64, d)
	for j := range u {
		u[j] = 1e-3 / math.Sqrt(2*float64(d))
		v[j] = u[j]
	}
	return func(w, g []float64, _ float64) error {
		most := 0.0
		for j, s := range g {
			most = max(most, math.Abs(2*u[j]*s), math.Abs(2*v[j]*s))
		}
		if most == 0 {
			return nil
		}
		rate := 0.02 / most
		for j, s := range g {
			u[j] -= rate * 2 * u[j] * s
			v[j] += rate * 2 * v[j] * s
			w[j] = u[j]*u[j] - v[j]*v[j]
		}
		return nil
	}
}

// largest is the largest norm of a training row.
func (p *Problem) largest(norm steepest.Norm) float64 {
	most := 0.0
	for i := range p.Train.N {
		most = max(most, norm.Of(p.Train.Row(i)))
	}
	return most
}
