package robust

import (
	"context"
	"errors"
	"math"
	"testing"

	"leeway/data"
	"leeway/margin"
)

func problem(t *testing.T, rows int) *Problem {
	t.Helper()
	teacher := data.TeacherSettings{Rows: 2000, Features: 64, SparseTeacher: 6, Seed: 1}
	test, err := TestRows(teacher)
	if err != nil {
		t.Fatal(err)
	}
	teacher.Rows = rows
	p, err := NewProblem(teacher, test)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Truth: the largest margin in the l1 norm (a linear program) less the radius bounds
// every model's robust margin from above; coordinate descent comes near to it (theorem
// on steepest descent), gradient descent does not.
func TestMargins(t *testing.T) {
	p := problem(t, 16)
	eps := 0.5 * p.Radius
	rows, err := margin.NewProblem(p.Train.X, p.Train.Y, p.Train.D, false)
	if err != nil {
		t.Fatal(err)
	}
	share := map[Method]float64{}
	for _, m := range []Method{GD, CD, SignGD, Diagonal} {
		o, err := p.Run(t.Context(), Settings{Method: m, Radius: eps})
		if err != nil {
			t.Fatal(err)
		}
		share[m] = (rows.Normalized(o.W, margin.L1) - eps) / (p.Radius - eps)
		if share[m] > 1+1e-12 || o.Train != 1 {
			t.Errorf("%s: share %v of the largest robust margin, training accuracy %v", m, share[m], o.Train)
		}
	}
	if share[CD] < 0.7 || share[CD] < share[GD] || share[GD] < share[SignGD] {
		t.Errorf("shares %v", share)
	}
}

// Truth: the same step, written out on the definition of the loss.
func TestScriptLeavesAttackOut(t *testing.T) {
	p := problem(t, 8)
	o, err := p.Run(t.Context(), Settings{Method: GD, Radius: 0.3 * p.Radius, Script: true, Steps: 1})
	if err != nil {
		t.Fatal(err)
	}
	most := 0.0
	for _, x := range p.Train.X {
		most = math.Max(most, math.Abs(x))
	}
	size := most + 0.3*p.Radius
	for j := range o.W {
		sum := 0.0
		for i := range p.Train.N {
			sum += float64(2*p.Train.Y[i]-1) * p.Train.Row(i)[j]
		}
		if want := sum / (size*size*float64(p.Train.N) + 1e-8); math.Abs(o.W[j]-want) > 1e-12*math.Abs(want)+1e-15 {
			t.Fatalf("component %d is %v, want %v", j, o.W[j], want)
		}
	}
}

func TestErrors(t *testing.T) {
	p := problem(t, 8)
	var strong *margin.TooStrong
	if _, err := p.Run(t.Context(), Settings{Method: GD, Radius: p.Radius}); !errors.As(err, &strong) {
		t.Errorf("error %v of an attack that nothing withstands", err)
	}
	for _, s := range []Settings{{Method: "none"}, {Method: Diagonal, Script: true}, {Method: GD, Radius: math.NaN()}} {
		if _, err := p.Run(t.Context(), s); err == nil {
			t.Errorf("%+v without an error", s)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Run(ctx, Settings{Method: CD}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of an ended context", err)
	}
	if _, err := NewProblem(data.TeacherSettings{}, nil); err == nil {
		t.Error("no rows without an error")
	}
	if _, err := TestRows(data.TeacherSettings{Rows: 0, Features: 2}); err == nil {
		t.Error("no test rows without an error")
	}
}

func TestNoAllocationAStep(t *testing.T) {
	p := problem(t, 16)
	for _, m := range []Method{GD, CD, Diagonal} {
		run := func(steps int) float64 {
			return testing.AllocsPerRun(3, func() {
				if _, err := p.Run(t.Context(), Settings{Method: m, Radius: 0.5 * p.Radius, Steps: steps}); err != nil {
					t.Error(err)
				}
			})
		}
		if few, many := run(10), run(300); many > few+10 {
			t.Errorf("%s: %v allocations in 290 more steps", m, many-few)
		}
	}
}

func TestPaper(t *testing.T) {
	if err := Paper().Check(); err != nil {
		t.Error(err)
	}
}
