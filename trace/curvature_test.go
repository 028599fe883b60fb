package trace

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
	"leeway/objective"
	"leeway/optim"
	"leeway/rundir"
)

// hessian is the dense Hessian of the full loss at theta, from products with unit
// vectors that the objective computes one by one.
func hessian(t testing.TB, obj objective.TwiceDifferentiable, theta []float64) *mat.SymDense {
	t.Helper()
	n := len(theta)
	h, unit, column := mat.NewSymDense(n, nil), make([]float64, n), make([]float64, n)
	full := objective.NewFullBatch(obj)
	for j := range n {
		unit[j] = 1
		if err := full.HVP(column, theta, unit, 0); err != nil {
			t.Fatal(err)
		}
		unit[j] = 0
		for i := range j + 1 {
			h.SetSym(i, j, column[i])
		}
	}
	return h
}

// spectrumOf are the eigenvalues of a dense matrix, the largest first.
func spectrumOf(t testing.TB, h *mat.SymDense) []float64 {
	t.Helper()
	var eigen mat.EigenSym
	if !eigen.Factorize(h, false) {
		t.Fatal("no eigenvalues")
	}
	values := eigen.Values(nil)
	slices.Reverse(values)
	return values
}

// The curvature that a run of a network measures, against its dense Hessian at the
// same parameters, diagonalised by gonum: the five largest eigenvalues within 1e-6,
// relative to each, also of P^(-1/2) H P^(-1/2) with the second moment of the
// optimizer written out here for every place of eps; the trace within its error; a
// density of integral 1 that ends where the eigenvalues do.
func TestCurvatureOfANetwork(t *testing.T) {
	for _, c := range []struct {
		batches int
		def     optim.Adam
		p       func(v, n float64) float64
	}{
		{1, optim.Adam{Eps: 1e-6, BiasCorrection: true}, func(v, n float64) float64 {
			return math.Sqrt(v/(1-math.Pow(.95, n)) + 1e-6)
		}},
		{3, optim.Adam{Eps: 1e-3, BiasCorrection: true, EpsMode: optim.Outside}, func(v, n float64) float64 {
			return math.Sqrt(v/(1-math.Pow(.95, n))) + 1e-3
		}},
		{1, optim.Adam{Eps: 1e-3, BiasCorrection: true, EpsMode: optim.OutsideUncorrected}, func(v, n float64) float64 {
			return (math.Sqrt(v) + 1e-3) / math.Sqrt(1-math.Pow(.95, n))
		}},
		{1, optim.Adam{Eps: 1e-6, Regularization: optim.Regularization{L2: 0.1}}, func(v, n float64) float64 { return math.Sqrt(v + 1e-6) }},
	} {
		s := digitsNetwork(t, c.batches)
		c.def.Beta1, c.def.Beta2 = .9, .95
		s.Optimizer, s.Processes, s.Steps, s.Top = build(t, c.def, 5e-3), []string{}, 20, 5
		s.Measures = Each(When{Every: 10}, "sharpness", "preconditioned_sharpness", "hessian_trace", "density")
		r, kept := run(t, context.Background(), s)
		state := kept.states[len(kept.states)-1]
		h := hessian(t, s.Objective, r.Theta())
		values, n := spectrumOf(t, h), len(r.Theta())
		v, ok := state.Tensor(Discrete + "/v")
		if !ok {
			t.Fatal("no second moment")
		}
		scaled := mat.NewSymDense(n, nil)
		first := 1.0
		if c.def.BiasCorrection {
			first = 1 - math.Pow(.9, 20)
		}
		for i := range n {
			for j := range i + 1 {
				x := h.At(i, j)
				if i == j {
					x += c.def.L2
				}
				scaled.SetSym(i, j, x/first/math.Sqrt(c.p(v[i], 20)*c.p(v[j], 20)))
			}
		}
		preconditioned := spectrumOf(t, scaled)
		last := len(kept.rows) - 1
		for i := range 5 {
			for name, want := range map[string]float64{"sharpness": values[i], "preconditioned": preconditioned[i]} {
				got := kept.column(t, r, Discrete+"/"+name+"_"+string(rune('1'+i)))[last]
				if math.Abs(got-want) > 1e-6*math.Abs(want) {
					t.Errorf("%s %d is %.10g, want %.10g", name, i+1, got, want)
				}
			}
		}
		for _, name := range []string{"sharpness", "preconditioned"} {
			if x := kept.column(t, r, Discrete+"/"+name+"_converged")[last]; x != 1 {
				t.Errorf("%s has not converged", name)
			}
			if x := kept.column(t, r, Discrete+"/"+name+"_residual")[last]; !(x > 0 && x <= lanczosTolerance) {
				t.Errorf("%s has the residual %g", name, x)
			}
		}
		if first := kept.column(t, r, Discrete+"/preconditioned_1")[0]; !math.IsNaN(first) || rundir.IsMissing(first) {
			t.Errorf("before the first step the preconditioned sharpness is %v, want NaN", first)
		}
		trace := kept.column(t, r, Discrete+"/hessian_trace")[last]
		if e := kept.column(t, r, Discrete+"/hessian_trace_error")[last]; !(math.Abs(trace-mat.Trace(h)) < 4*e) || !(e < 0.5*trace) {
			t.Errorf("trace %g with error %g, want %g", trace, e, mat.Trace(h))
		}
		points, integral := kept.spectra[20], 0.0
		for i := 1; i < len(points); i++ {
			integral += (points[i][0] - points[i-1][0]) * (points[i][1] + points[i-1][1]) / 2
		}
		if math.Abs(integral-1) > 1e-3 || points[len(points)-1][0] < values[0] || points[0][0] > values[n-1] {
			t.Errorf("a density of integral %g from %g to %g", integral, points[0][0], points[len(points)-1][0])
		}
	}
}

// An objective without linearization goes by its products; the truth is its diagonal
// Hessian. Nothing can be said of a Hessian that is not finite, and a run goes on.
func TestCurvatureOfAQuadratic(t *testing.T) {
	obj := must[*objective.Quadratic](t)(objective.NewDiagonal([]float64{1, 7, 3, -2}, nil))
	s := Setup{
		Objective: obj, Start: []float64{1, -2, 3, 1}, Optimizer: build(t, optim.GD{}, 1e-2), Processes: []string{}, Steps: 3, Top: 9,
		Measures: Each(When{Every: 1}, "sharpness", "hessian_trace", "density"),
	}
	r, kept := run(t, context.Background(), s)
	for name, want := range map[string]float64{"sharpness_1": 7, "sharpness_2": 3, "sharpness_3": 1, "sharpness_4": -2, "sharpness_line": 200, "hessian_trace": 9} {
		for _, got := range kept.column(t, r, Discrete+"/"+name) {
			if math.Abs(got-want) > 1e-10*math.Abs(want) {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
	}
	edge := r.Summary().Curvature["sharpness"]
	if edge.Measured != 4 || math.Abs(float64(edge.Late)-7./200) > 1e-10 || edge.Unconverged != 0 {
		t.Errorf("%+v", edge)
	}

	s.Objective, s.Start = broken{obj}, []float64{1, 1, 1, 1}
	r, kept = run(t, context.Background(), s)
	if x := kept.column(t, r, Discrete+"/sharpness_1"); !math.IsNaN(x[0]) || r.Summary().Status != StatusDone || r.Summary().Curvature != nil {
		t.Errorf("%v of a Hessian that is not finite", x)
	}
}

// broken has an infinite Hessian.
type broken struct{ objective.TwiceDifferentiable }

func (broken) HVP(dst, _, _ []float64, _ int) error {
	for i := range dst {
		dst[i] = math.Inf(1)
	}
	return nil
}

// The general line against the ones of package curvature, each derived for its
// method.
func TestStabilityLines(t *testing.T) {
	const h, b, decay = 0.1, 0.8, 0.5
	for name, c := range map[string]struct {
		def  optim.Definition
		want float64
	}{
		"gd":             {optim.GD{}, curvature.GradientDescentLine(h)},
		"gd l2":          {optim.GD{Regularization: optim.Regularization{L2: decay}}, curvature.GradientDescentLine(h) - decay},
		"heavy ball":     {optim.HeavyBall{Beta: b}, curvature.HeavyBallLine(h, b)},
		"polyak":         {optim.HeavyBall{Beta: b, Form: optim.PolyakForm}, curvature.PolyakLine(h, b)},
		"nesterov":       {optim.Nesterov{Beta: b}, curvature.NesterovLine(h, b)},
		"decay":          {optim.HeavyBall{Beta: b, Regularization: optim.Regularization{WeightDecay: decay}}, curvature.AdamWLine(h, b, decay)},
		"corrected":      {optim.HeavyBall{Beta: b, BiasCorrection: true}, curvature.HeavyBallLine(h, b) * (1 - math.Pow(b, 4))},
		"signs":          {optim.SignGD{}, curvature.GradientDescentLine(h)},
		"adam, plain":    {optim.Adam{Beta1: b, Beta2: b}, curvature.GradientDescentLine(h)},
		"adam, its own":  {optim.Adam{Beta1: b, Beta2: b, BiasCorrection: true}, curvature.AdamLine(h, b)},
		"adamw, its own": {optim.AdamW{Beta1: b, Beta2: b, Regularization: optim.Regularization{WeightDecay: decay}}, curvature.AdamWLine(h, b, decay)},
		"nadam, its own": {optim.NAdam{Beta1: b, Beta2: b}, curvature.NAdamLine(h, b)},
		"rms, its own":   {optim.RMSProp{Beta2: b}, curvature.GradientDescentLine(h)},
	} {
		o := build(t, c.def, h)
		got := sharpnessLine(o, 3)
		if divides(o.Rule) && name != "adam, plain" {
			got = preconditionedLine(o, 3)
		}
		if math.Abs(got-c.want) > 1e-13*c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	// The rate of the step counts.
	o, err := optim.New(optim.GD{}, h, optim.Schedule{Kind: "polynomial", Power: 1})
	if got := sharpnessLine(o, 3); err != nil || math.Abs(got-4*2/h) > 1e-12 {
		t.Errorf("at a quarter of the rate: %v (%v)", got, err)
	}
}

// A coordinate in which no gradient was ever seen, without eps, has no denominator
// and no curvature either.
func TestPreconditionWithoutGradient(t *testing.T) {
	state := optim.NewState(build(t, optim.RMSProp{Beta2: .5}, 0.1), 2)
	state.Step([]float64{1, 1}, []float64{2, 0})
	h := mat.NewSymDense(2, []float64{3, 0, 0, 5})
	op, err := precondition(curvature.NewDense(h), build(t, optim.RMSProp{Beta2: .5}, 0.1).Rule, state)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, 2)
	if err := op.Apply(dst, []float64{1, 1}); err != nil || math.Abs(dst[0]-3/math.Sqrt2) > 1e-14 || math.Abs(dst[1]) > 1e-200 {
		t.Errorf("%v, %v", dst, err)
	}
}

// A run of a network with all that is measured, stopped and gone on with twice in its
// directory, and on other numbers of threads, has the same measurements and spectra,
// byte by byte, and the same costs.
func TestMeasuringGoesOn(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	setup := func() Setup {
		s := digitsNetwork(t, 2)
		s.Top, s.CheckpointEvery = 2, 5
		for i, q := range possible(s) {
			s.Measures = append(s.Measures, Measure{q, When{Every: 1 + i%4}})
		}
		return s
	}
	type outcome struct {
		Metrics, Spectrum string
		Summary           Summary
	}
	var want outcome
	for i, stops := range [][]int{{0}, {7, 16, 0}, {3, 0}} {
		dir := createDir(t)
		for k, stop := range stops {
			runtime.GOMAXPROCS(1 + (i+k)%3)
			ctx, cancel := context.WithCancel(context.Background())
			r := must[*Runner](t)(New(setup()))
			if err := Record(ctx, r, dir, rundir.Info{Name: "run", Config: json.RawMessage(`{}`), Parameters: 4}, nil, func() {
				if stop > 0 && r.Step() >= stop {
					cancel()
				}
			}); err != nil {
				t.Fatal(err)
			}
			cancel()
		}
		var got outcome
		for name, to := range map[string]*string{rundir.MetricsFile: &got.Metrics, rundir.SpectrumFile: &got.Spectrum} {
			text, err := os.ReadFile(filepath.Join(dir.Path(), name))
			if err != nil {
				t.Fatal(err)
			}
			*to = string(text)
		}
		_, got.Summary = readSummary(t, dir)
		if i == 0 {
			want = got
			table, err := rundir.ReadSpectrum(filepath.Join(dir.Path(), rundir.SpectrumFile))
			if err != nil || table.Rows != 7*densityPoints {
				t.Errorf("%+v, %v; want the densities of 7 steps", table, err)
			}
			continue
		}
		if diff := cmp.Diff(want, got, sameFloats, ignoreTime); diff != "" {
			t.Errorf("stopped at %v: %s", stops, diff)
		}
	}
}
