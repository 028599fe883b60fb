package trace

import (
	"context"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// adam builds an Adam or stops the test.
func adam(t testing.TB, lr, beta1, beta2, eps float64) optim.Optimizer {
	t.Helper()
	return build(t, optim.Adam{Beta1: beta1, Beta2: beta2, Eps: eps, BiasCorrection: true}, lr)
}

func build(t testing.TB, def optim.Definition, lr float64) optim.Optimizer {
	t.Helper()
	opt, err := optim.New(def, lr, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	return opt
}

// usual are quantities that every problem has.
var usual = []string{"loss", "one_norm", "perturbed_one_norm", "two_norm", "bias", "trust"}

// batches is a problem with three mini-batches visited in shuffled order.
func batches(t testing.TB) Setup {
	t.Helper()
	obj, err := objective.NewSines(4, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	order, err := objective.NewOrder(objective.Shuffled, 3, 7)
	if err != nil {
		t.Fatal(err)
	}
	return Setup{
		Objective: obj, Order: order, Start: []float64{.3, -.4, .5, .8},
		Optimizer: adam(t, 0.01, .5, .7, .05), Processes: ProcessNames(), Steps: 60, CheckpointEvery: 10,
		Measures: Each(When{Every: 7}, usual...),
	}
}

// tape is a sink that keeps everything.
type tape struct {
	steps  []int
	rows   [][]float64
	states []*State
	// spectra by step.
	spectra map[int][][]float64
}

func (s *tape) Row(step int, values []float64) error {
	s.steps, s.rows = append(s.steps, step), append(s.rows, slices.Clone(values))
	return nil
}

func (s *tape) Spectrum(step int, points [][]float64) error {
	if s.spectra == nil {
		s.spectra = map[int][][]float64{}
	}
	s.spectra[step] = points
	return nil
}

func (s *tape) Checkpoint(state *State) error {
	c := &State{Step: state.Step, Meta: state.Meta}
	for _, t := range state.Tensors {
		c.Tensors = append(c.Tensors, Tensor{t.Name, slices.Clone(t.Data)})
	}
	s.states = append(s.states, c)
	return nil
}

// run runs a setup to its end, or to where ctx stops it.
func run(t testing.TB, ctx context.Context, s Setup) (*Runner, *tape) {
	t.Helper()
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	kept := &tape{}
	if err := r.Run(ctx, kept, nil); err != nil {
		t.Fatal(err)
	}
	return r, kept
}

// ignoreTime leaves out of a comparison of summaries what a clock says.
var ignoreTime = cmp.Options{
	cmpopts.IgnoreFields(Summary{}, "Seconds"), cmpopts.IgnoreFields(ProcessSummary{}, "Seconds"),
	cmpopts.IgnoreFields(MeasuringSummary{}, "Seconds", "Share"), cmpopts.IgnoreFields(Spent{}, "Seconds"),
}

// sameFloats compares bits, so that NaN equals NaN.
var sameFloats = cmp.Comparer(func(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
})

// The truth is a loop over optim, bea and ode written out here, without the
// runner's chunks, goroutines and clones.
func TestRunEqualsPlainLoop(t *testing.T) {
	s := batches(t)
	s.Processes = []string{"flow-2", "memoryless-2"}
	r, kept := run(t, context.Background(), s)

	theta := slices.Clone(s.Start)
	state, gradient := optim.NewState(s.Optimizer, 4), make([]float64, 4)
	settings := &bea.Settings{Order: s.Order.Clone()}
	flow, err := bea.NewFlow(2, s.Optimizer, s.Objective, settings)
	if err != nil {
		t.Fatal(err)
	}
	memoryless, err := bea.NewMap(2, s.Optimizer, s.Objective, settings)
	if err != nil {
		t.Fatal(err)
	}
	solver, err := ode.New(flow, ode.Dopri5(), &ode.Settings{AbsTol: 1e-9, RelTol: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	x, y := slices.Clone(s.Start), slices.Clone(s.Start)
	worstFlow, worstMap := 0.0, 0.0
	h := s.Optimizer.LR
	for n := range s.Steps {
		if _, err := s.Objective.Gradient(gradient, theta, s.Order.At(n)); err != nil {
			t.Fatal(err)
		}
		state.Step(theta, gradient)
		flow.SetStep(n)
		if err := solver.Integrate(x, float64(n)*h, float64(n+1)*h); err != nil {
			t.Fatal(err)
		}
		if err := memoryless.Step(y, n); err != nil {
			t.Fatal(err)
		}
		worstFlow, worstMap = max(worstFlow, bea.Distance(x, theta)), max(worstMap, bea.Distance(y, theta))
	}
	got := r.Summary().Distance
	want := map[string]Number{"flow-2": Number(worstFlow), "memoryless-2": Number(worstMap)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(theta, r.Theta(), sameFloats); diff != "" {
		t.Error(diff)
	}
	if want := []int{0, 7, 14, 21, 28, 35, 42, 49, 56, 60}; !slices.Equal(kept.steps, want) {
		t.Errorf("measured at %v, want %v", kept.steps, want)
	}
}

// Bits must not depend on the number of threads.
func TestRunDoesNotDependOnThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first *tape
	for _, threads := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(threads)
		_, kept := run(t, context.Background(), batches(t))
		if first == nil {
			first = kept
			continue
		}
		if diff := cmp.Diff(first.rows, kept.rows, sameFloats); diff != "" {
			t.Errorf("%d threads: %s", threads, diff)
		}
	}
}

// The truth for a resumed run is the uninterrupted one: the same bits in every
// row and in every tensor of the last state, from every checkpoint on.
func TestRestoreGoesOnToTheSameBits(t *testing.T) {
	s := batches(t)
	_, whole := run(t, context.Background(), s)
	want := whole.states[len(whole.states)-1]
	for _, state := range whole.states[:len(whole.states)-1] {
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		kept := &tape{}
		for i, step := range whole.steps {
			if step <= state.Step {
				kept.steps, kept.rows = append(kept.steps, step), append(kept.rows, whole.rows[i])
			}
		}
		if err := r.Restore(state, kept.rows); err != nil {
			t.Fatal(err)
		}
		if err := r.Run(context.Background(), kept, nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.rows, kept.rows, sameFloats); diff != "" {
			t.Errorf("rows after resuming at step %d: %s", state.Step, diff)
		}
		got := kept.states[len(kept.states)-1]
		if diff := cmp.Diff(want.Tensors, got.Tensors, sameFloats); diff != "" {
			t.Errorf("state after resuming at step %d: %s", state.Step, diff)
		}
	}
}

// A run stopped by its context stands at a checkpoint; its summary after
// resuming equals that of the uninterrupted run, costs included.
func TestInterruptAndResume(t *testing.T) {
	s := batches(t)
	wholeRunner, _ := run(t, context.Background(), s)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	kept := &tape{}
	if err := r.Run(ctx, kept, func() {
		if r.Step() >= 23 {
			cancel()
		}
	}); err != nil {
		t.Fatal(err)
	}
	if got := r.Summary(); got.Status != StatusInterrupted || got.Steps < 23 || got.Steps > 30 {
		t.Fatalf("status %s after %d steps, want interrupted soon after 23", got.Status, got.Steps)
	}
	second, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Restore(kept.states[len(kept.states)-1], kept.rows); err != nil {
		t.Fatal(err)
	}
	if err := second.Run(context.Background(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wholeRunner.Summary(), second.Summary(), sameFloats, ignoreTime, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// Gradient descent on theta^2/2 with h = 3 doubles |theta| at every step, so
// that it overflows after about 1024 steps: closed form.
func TestDivergenceIsAResult(t *testing.T) {
	obj, err := objective.NewDiagonal([]float64{1}, []float64{0})
	if err != nil {
		t.Fatal(err)
	}
	s := Setup{
		Objective: obj, Start: []float64{1}, Optimizer: build(t, optim.GD{}, 3),
		Processes: []string{"memoryless-1"}, Steps: 2000, Measures: Each(When{Every: 100}, usual...),
	}
	r, kept := run(t, context.Background(), s)
	got := r.Summary()
	if got.Status != StatusDiverged || !strings.Contains(got.Diverged, "loss") {
		t.Errorf("status %q, %q; want diverged, naming the loss", got.Status, got.Diverged)
	}
	// theta^2/2 = 2^(2n-1) overflows at 2n-1 = 1024.
	if got.Steps < 511 || got.Steps > 514 {
		t.Errorf("diverged at step %d, want 512 or 513", got.Steps)
	}
	if len(kept.states) != 1 {
		t.Errorf("%d checkpoints, want the last state", len(kept.states))
	}
}

// Adam at its defaults on the bilinear toy: the corrected flow runs away
// although Adam converges (mathematics of arXiv 2309.00079, toy table), and the
// flow that keeps its moments follows.
func TestRunawayIsAResult(t *testing.T) {
	s := Setup{
		Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: adam(t, 1e-3, .9, .999, 1e-8),
		Steps: 5000, Processes: []string{"flow-1", "flow-2", "moments-2"},
	}
	r, kept := run(t, context.Background(), s)
	got := r.Summary()
	p := got.Processes["flow-2"]
	if p.Status != StatusRunaway || !strings.Contains(p.Reason, "coordinate") {
		t.Errorf("flow-2: %q because %q, want a runaway naming a coordinate", p.Status, p.Reason)
	}
	if got.Trust.Verdict != DoesNotHold {
		t.Errorf("trust verdict %q, want %q", got.Trust.Verdict, DoesNotHold)
	}
	if one, m := got.Distance["flow-1"], got.Distance["moments-2"]; m > one/1000 {
		t.Errorf("moments-2 is at %g, flow-1 at %g: want a thousand times nearer", m, one)
	}
	column := slices.Index(r.Columns(), "flow-2/loss")
	last := kept.rows[len(kept.rows)-1]
	if !math.IsNaN(last[column]) {
		t.Errorf("the last row has loss %g for a flow that stopped, want NaN", last[column])
	}

	s.IgnoreRunaway = true
	r, _ = run(t, context.Background(), s)
	if p := r.Summary().Processes["flow-2"]; p.Status == StatusRunaway {
		t.Error("a runaway although it is to be ignored")
	}
}

func TestBadSetups(t *testing.T) {
	good := batches(t)
	for name, change := range map[string]func(*Setup){
		"objective":       func(s *Setup) { s.Objective = nil },
		"start":           func(s *Setup) { s.Start = s.Start[:3] },
		"steps":           func(s *Setup) { s.Steps = 0 },
		"unknown process": func(s *Setup) { s.Processes = []string{"flow-3"} },
		"twice":           func(s *Setup) { s.Processes = []string{"flow-1", "flow-1"} },
		"quantity":        func(s *Setup) { s.Measures = Each(When{}, "los") },
		"dopri":           func(s *Setup) { s.Integrator.Method = "dopri" },
		"asymptotic":      func(s *Setup) { s.Asymptotic = true }, // with mini-batches
	} {
		s := good
		change(&s)
		if _, err := New(s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
