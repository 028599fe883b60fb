package optim_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"testing"

	"leeway/optim"
)

// goldenCase is one path of testdata/golden.json.
type goldenCase struct {
	Name     string          `json:"name"`
	Kind     string          `json:"kind"`
	LR       float64         `json:"lr"`
	Settings json.RawMessage `json:"settings"`
	Torch    bool            `json:"torch"` // whether torch.optim confirmed it
	Path     []struct {
		Step  int       `json:"step"` // steps taken
		Theta []float64 `json:"theta"`
	} `json:"path"`
}

type goldenFile struct {
	Start []float64    `json:"start"`
	Cases []goldenCase `json:"cases"`
}

func readGolden(t *testing.T) goldenFile {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var file goldenFile
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// optimizer is the case's optimizer; every setting has to be one of the kind.
func (c goldenCase) optimizer(t *testing.T) optim.Optimizer {
	t.Helper()
	def, err := optim.Default(c.Kind)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(c.Settings))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(def); err != nil {
		t.Fatal(err)
	}
	return mustNew(t, def, c.LR)
}

// goldenTolerance is relative, in the largest norm. The paths were chosen such
// that rounding is not amplified: golden.py shows that its own double precision
// stays within 2e-14 of its 60 digits, so that 1e-12 is no matter of luck.
const goldenTolerance = 1e-12

// Truth: 100 steps of the published update rules in 60-digit decimals, written
// straight in Python and, where PyTorch has the convention, confirmed by
// torch.optim (testdata/golden.py). Independent: no averages, weights or
// readouts there, and another language and arithmetic.
func TestGoldenRosenbrock(t *testing.T) {
	file := readGolden(t)
	kinds, confirmed, worst := map[string]bool{}, 0, 0.0
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			kinds[c.Kind] = true
			if c.Torch {
				confirmed++
			}
			points := walk(c.optimizer(t), 100, file.Start...)
			for _, want := range c.Path {
				got := points[want.Step-1]
				e := relative(got, want.Theta)
				worst = max(worst, e)
				if !(e <= goldenTolerance) {
					t.Errorf("step %d: %v, want %v (relative error %.1e)", want.Step, got, want.Theta, e)
				}
			}
		})
	}
	t.Logf("%d cases, %d of them confirmed by torch.optim; largest relative error %.1e", len(file.Cases), confirmed, worst)
	for _, kind := range optim.Kinds() {
		if !kinds[kind] {
			t.Errorf("no golden path for kind %q", kind)
		}
	}
}

// settings are the case's settings by name.
func (c goldenCase) settings(t *testing.T) map[string]any {
	t.Helper()
	var settings map[string]any
	if err := json.Unmarshal(c.Settings, &settings); err != nil {
		t.Fatal(err)
	}
	return settings
}

// miss is how far the path with one setting changed ends from the golden one.
func (c goldenCase) miss(t *testing.T, start []float64, name string, value any) float64 {
	t.Helper()
	settings := c.settings(t)
	settings[name] = value
	changed := c
	changed.Settings, _ = json.Marshal(settings)
	points, last := walk(changed.optimizer(t), 100, start...), c.Path[len(c.Path)-1]
	return relative(points[last.Step-1], last.Theta)
}

// The negative half: the golden paths tell the conventions apart. The wrong one
// misses by at least 1e-5, seven orders above the tolerance.
func TestGoldenSeesConventions(t *testing.T) {
	file := readGolden(t)
	others := map[any][]any{
		true: {false}, false: {true}, "ema": {"polyak"}, "polyak": {"ema"},
		"inside":              {"outside", "outside_uncorrected"},
		"outside":             {"inside", "outside_uncorrected"},
		"outside_uncorrected": {"inside", "outside"},
	}
	for _, c := range file.Cases {
		if c.Name == "adam usual" {
			continue // its eps of 1e-8 is too small to matter
		}
		settings := c.settings(t)
		for name, value := range settings {
			for _, other := range others[value] {
				if settings["bias_correction"] == false && value != "inside" && other != "inside" && name == "eps_mode" {
					continue // without correction the two outsides are one
				}
				if name == "form" && settings["bias_correction"] == true {
					continue // both forms, corrected, are the same average
				}
				if e := c.miss(t, file.Start, name, other); e < 1e-5 {
					t.Errorf("%s: %s %v for %v goes unseen (%.1e)", c.Name, name, other, value, e)
				}
			}
		}
	}
}

// A hyperparameter changed in its sixth digit is seen by the golden tolerance:
// no setting of a case is without effect.
func TestGoldenSeesNumbers(t *testing.T) {
	file := readGolden(t)
	seen := map[string]bool{}
	for _, c := range file.Cases {
		for name, value := range c.settings(t) {
			if x, ok := value.(float64); ok && x != 0 {
				e := c.miss(t, file.Start, name, x*(1-1e-6))
				seen[c.Kind+"."+name] = seen[c.Kind+"."+name] || e > goldenTolerance
			}
		}
	}
	// Behind a sign a decay of an average shows only where it flips one.
	for _, name := range []string{"signum.beta", "signum.l2", "lion.beta1", "lion.beta2"} {
		delete(seen, name)
	}
	for name, yes := range seen {
		if !yes {
			t.Errorf("no golden path sees %s", name)
		}
	}
}

// Truth: the unit test of arXiv 2309.00079's reference code, which takes five
// Adam steps on (b (a x)^3 - y)^2 with x = 2, y = 1.5, and the end points of the
// other conventions on the same problem, to all digits. The gradient is written
// by hand.
func TestGoldenFiveSteps(t *testing.T) {
	for _, c := range []struct {
		corrected bool
		mode      optim.EpsMode
		a, b      float64
	}{
		{true, optim.Inside, 6.306753009890437, 6.23673961805188},
		{false, optim.Inside, 4.688387786860363, 4.617912717959523},
		{true, optim.Outside, 6.306962022779511, 6.237372180661935},
		{false, optim.Outside, 4.704328938605058, 4.674871853139518},
	} {
		def := optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e5, EpsMode: c.mode, BiasCorrection: c.corrected}
		theta, gradient := []float64{6.8, 6.73}, make([]float64, 2)
		state := optim.NewState(mustNew(t, def, 0.1), 2)
		for range 5 {
			const x, y = 2, 1.5
			a, b := theta[0], theta[1]
			cube := math.Pow(a*x, 3)
			r := b*cube - y
			gradient[0], gradient[1] = 2*r*b*3*(a*x)*(a*x)*x, 2*r*cube
			state.Step(theta, gradient)
		}
		e := relative(theta, []float64{c.a, c.b})
		t.Logf("corrected %v, eps %v: relative error %.1e", c.corrected, c.mode, e)
		if !(e <= 1e-14) {
			t.Errorf("corrected %v, eps %v: %v, want [%v %v] (relative error %.1e)", c.corrected, c.mode, theta, c.a, c.b, e)
		}
	}
}
