package ode_test

import (
	"math"
	"testing"

	"leeway/ode"
)

// problem is a classic test problem with a truth that does not come from the
// method under test.
type problem struct {
	name  string
	sys   ode.Func
	y0    []float64
	t1    float64
	truth []float64
	loose float64 // the loosest tolerance that is asymptotic
}

// kepler is the two-body problem of eccentricity 0.5 from the perihelion; after
// one period 2 pi it is back at its start.
func kepler() problem {
	y0 := []float64{0.5, 0, 0, math.Sqrt(3)}
	return problem{"kepler", system(4, func(dst []float64, _ float64, y []float64) {
		r3 := math.Pow(y[0]*y[0]+y[1]*y[1], 1.5)
		dst[0], dst[1] = y[2], y[3]
		dst[2], dst[3] = -y[0]/r3, -y[1]/r3
	}), y0, 2 * math.Pi, y0, 1e-5}
}

// arenstorf is the closed orbit of the restricted three-body problem in Hairer,
// Nørsett, Wanner I, section II.0, with the initial values and the period
// printed there.
func arenstorf() problem {
	const mu = 0.012277471
	y0 := []float64{0.994, 0, 0, -2.00158510637908252240537862224}
	return problem{"arenstorf", system(4, func(dst []float64, _ float64, y []float64) {
		d1 := math.Pow((y[0]+mu)*(y[0]+mu)+y[1]*y[1], 1.5)
		d2 := math.Pow((y[0]-1+mu)*(y[0]-1+mu)+y[1]*y[1], 1.5)
		dst[0], dst[1] = y[2], y[3]
		dst[2] = y[0] + 2*y[3] - (1-mu)*(y[0]+mu)/d1 - mu*(y[0]-1+mu)/d2
		dst[3] = y[1] - 2*y[2] - (1-mu)*y[1]/d1 - mu*y[1]/d2
	}), y0, 17.0652165601579625588917206249, y0, 1e-8}
}

// reference solves with many steps of RK4, which shares the driver but neither
// the coefficients nor the step control of Dopri5.
func reference(t *testing.T, p problem) problem {
	p.truth = integrate(t, newSolver(t, p.sys, ode.RK4(), &ode.Settings{Substeps: 40000}), p.y0, 0, p.t1)
	return p
}

// brusselator is Hairer, Nørsett, Wanner I, section II.4.
func brusselator(t *testing.T) problem {
	return reference(t, problem{"brusselator", system(2, func(dst []float64, _ float64, y []float64) {
		dst[0] = 1 + y[0]*y[0]*y[1] - 4*y[0]
		dst[1] = 3*y[0] - y[0]*y[0]*y[1]
	}), []float64{1.5, 3}, 20, nil, 1e-6})
}

func vanDerPol(t *testing.T) problem {
	return reference(t, problem{"van der pol", system(2, func(dst []float64, _ float64, y []float64) {
		dst[0] = y[1]
		dst[1] = (1-y[0]*y[0])*y[1] - y[0]
	}), []float64{2, 0}, 10, nil, 1e-5})
}

func problems(t *testing.T) []problem {
	return []problem{kepler(), arenstorf(), brusselator(t), vanDerPol(t)}
}

func rejected(s ode.Stats) float64 {
	return float64(s.Rejected) / float64(s.Accepted+s.Rejected)
}

// The error is proportional to the tolerance, and PI control rejects few steps.
func TestErrorFollowsTolerance(t *testing.T) {
	for _, p := range problems(t) {
		var tols, errs []float64
		var total ode.Stats
		for tol := p.loose; tol > p.loose*1e-5; tol /= 10 {
			s := newSolver(t, p.sys, ode.Dopri5(), &ode.Settings{AbsTol: tol, RelTol: tol})
			errs = append(errs, distance(integrate(t, s, p.y0, 0, p.t1), p.truth))
			tols = append(tols, tol)
			total = s.Stats()
			if share := rejected(total); share > 0.25 {
				t.Errorf("%s, tolerance %g: %.0f %% of the steps rejected", p.name, tol, 100*share)
			}
			if total.MaxError > tol*(1+5) || total.ErrorSum > total.MaxError*float64(total.Accepted) {
				t.Errorf("%s, tolerance %g: stats %+v do not fit together", p.name, tol, total)
			}
		}
		if share := rejected(total); share > 0.02 {
			t.Errorf("%s, tightest tolerance: %.1f %% of the steps rejected", p.name, 100*share)
		}
		got := slope(tols, errs)
		t.Logf("%s: error ~ tolerance^%.2f, %.1e, last %+v", p.name, got, errs, total)
		if got < 0.8 || got > 1.2 {
			t.Errorf("%s: error ~ tolerance^%.2f, want about 1 (errors %.2e)", p.name, got, errs)
		}
	}
}

// Energy and angular momentum of the Kepler problem are constants of motion, a
// truth that holds at all times. So is the energy between steps, for dense
// output.
func TestKeplerInvariants(t *testing.T) {
	p := kepler()
	energy := func(y []float64) float64 {
		return (y[2]*y[2]+y[3]*y[3])/2 - 1/math.Hypot(y[0], y[1])
	}
	momentum := func(y []float64) float64 { return y[0]*y[3] - y[1]*y[2] }
	s := newSolver(t, p.sys, ode.Dopri5(), &ode.Settings{AbsTol: 1e-10, RelTol: 1e-10})
	y := make([]float64, 4)
	var steps int
	for step, err := range s.Steps(0, 10*math.Pi, p.y0) {
		if err != nil {
			t.Fatal(err)
		}
		steps++
		if err := step.Interpolate(y, (step.T0+step.T)/2); err != nil {
			t.Fatal(err)
		}
		for _, v := range [][]float64{step.Y, y} {
			if e, l := energy(v)-energy(p.y0), momentum(v)-momentum(p.y0); math.Abs(e) > 2e-7 || math.Abs(l) > 2e-7 {
				t.Fatalf("t=%g: energy is off by %.1e, angular momentum by %.1e", step.T, e, l)
			}
		}
	}
	if steps < 100 {
		t.Errorf("only %d steps", steps)
	}
}

// Without the PI term and with a safety factor near 1 more steps are rejected:
// the measure of TestErrorFollowsTolerance can fail.
func TestCarelessControlRejectsMore(t *testing.T) {
	p := brusselator(t)
	careful := newSolver(t, p.sys, ode.Dopri5(), nil)
	careless := newSolver(t, p.sys, ode.Dopri5(), &ode.Settings{Safety: 0.999, Beta: -1})
	integrate(t, careful, p.y0, 0, p.t1)
	integrate(t, careless, p.y0, 0, p.t1)
	if a, b := careful.Stats().Rejected, careless.Stats().Rejected; b <= 2*a {
		t.Errorf("careless control rejected %d steps, careful %d", b, a)
	}
}

// Every component keeps its own tolerance: oscillators that differ only in
// their tolerance, so that the loose one, with the tight one absent, needs
// fewer steps.
func TestPerComponentTolerance(t *testing.T) {
	sys := system(2, func(dst []float64, _ float64, y []float64) { dst[0], dst[1] = y[1], -y[0] })
	count := func(set ode.Settings) int {
		s := newSolver(t, sys, ode.Dopri5(), &set)
		integrate(t, s, []float64{1, 0}, 0, 50)
		return s.Stats().Accepted
	}
	both := count(ode.Settings{AbsTol: 1e-10, RelTol: 1e-10})
	one := count(ode.Settings{AbsTols: []float64{1e-10, 1}, RelTols: []float64{1e-10, 0}})
	none := count(ode.Settings{AbsTols: []float64{1, 1}, RelTols: []float64{0, 0}})
	rms := count(ode.Settings{AbsTols: []float64{1e-10, 1}, RelTols: []float64{1e-10, 0}, Norm: ode.RMSNorm})
	if one < both*8/10 || none > both/4 {
		t.Errorf("steps: both tight %d, one tight %d, both loose %d", both, one, none)
	}
	// The RMS of (x, 0) is x/sqrt 2, so a little fewer steps: 2^(-1/10).
	if got := float64(rms) / float64(one); got > 0.97 || got < 0.90 {
		t.Errorf("RMS norm takes %.3f of the steps of the max norm, want 0.933", got)
	}
}

func TestStepBounds(t *testing.T) {
	p := vanDerPol(t)
	for _, set := range []ode.Settings{{MaxStep: 0.01}, {MinStep: 0.05, AbsTol: 1e-4, RelTol: 1e-4}, {Step: 1e-3}} {
		s := newSolver(t, p.sys, ode.Dopri5(), &set)
		for step, err := range s.Steps(0, p.t1, p.y0) {
			if err != nil {
				t.Fatal(err)
			}
			if set.MaxStep > 0 && step.H > set.MaxStep*(1+1e-8) {
				t.Fatalf("step %d has size %g, above MaxStep", step.Index, step.H)
			}
			if set.MinStep > 0 && step.H < set.MinStep && step.T != p.t1 {
				t.Fatalf("step %d has size %g, below MinStep", step.Index, step.H)
			}
			if set.Step > 0 && step.Index == 1 && step.H != set.Step {
				t.Fatalf("first step has size %g, want Settings.Step", step.H)
			}
		}
	}
}

// sizes returns the sizes of the steps that are taken.
func sizes(t *testing.T, s *ode.Solver, y0 []float64, t0, t1 float64) (h []float64) {
	t.Helper()
	for step, err := range s.Steps(t0, t1, y0) {
		if err != nil {
			t.Fatal(err)
		}
		h = append(h, step.H)
	}
	return h
}

// How one step follows from the one before: growth and fall are bounded, and
// the end is approached in two equal steps, not in a full one and a sliver.
func TestStepSequence(t *testing.T) {
	p := kepler()
	h := sizes(t, newSolver(t, p.sys, ode.Dopri5(), &ode.Settings{Step: 1e-9}), p.y0, 0, p.t1)
	if h[0] != 1e-9 || math.Abs(h[1]/h[0]-10) > 1e-9 || math.Abs(h[2]/h[1]-10) > 1e-9 {
		t.Errorf("from a tiny step: %g, want growth by 10", h[:3])
	}
	h = sizes(t, newSolver(t, p.sys, ode.Dopri5(), &ode.Settings{Step: 1e-9, MaxFactor: 3}), p.y0, 0, p.t1)
	if math.Abs(h[1]/h[0]-3) > 1e-9 {
		t.Errorf("from a tiny step: %g, want growth by 3", h[:2])
	}
	// From far too large a step.
	h = sizes(t, newSolver(t, p.sys, ode.Dopri5(), &ode.Settings{Step: 5, MinFactor: 0.1, AbsTol: 1e-8}), p.y0, 0, p.t1)
	if h[0] < 0.05 || h[0] > 0.5 {
		t.Errorf("first accepted step %g, want a fall by 0.1 at least and by 0.01 at most", h[0])
	}

	easy := system(1, func(dst []float64, _ float64, _ []float64) { dst[0] = 1 })
	s := newSolver(t, easy, ode.Dopri5(), &ode.Settings{Step: 0.3, MaxStep: 0.3})
	got, want := sizes(t, s, []float64{0}, 0, 1), []float64{0.3, 0.3, 0.2, 0.2}
	if len(got) != 4 || distance(got, want) > 1e-15 {
		t.Errorf("steps to 1 of at most 0.3 are %v, want %v", got, want)
	}
}
