package checkpoint

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"leeway/optim"
)

// walks are the steps that PyTorch's optimizers made, after 10, 20, 30 and 40
// gradients (testdata/make.py).
type walks struct {
	Gradients [][]float64            `json:"gradients"`
	Start     []float64              `json:"start"`
	Paths     map[string][][]float64 `json:"paths"`
}

func readWalks(t *testing.T) *walks {
	t.Helper()
	data, err := os.ReadFile("testdata/paths.json")
	if err != nil {
		t.Fatal(err)
	}
	var w walks
	if err := json.Unmarshal(data, &w); err != nil {
		t.Fatal(err)
	}
	return &w
}

// apart is the largest distance of a rule's steps from those of PyTorch.
func (w *walks) apart(t *testing.T, g *Group, name string, sign float64) float64 {
	t.Helper()
	opt, err := optim.New(g.Rule, g.LR, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	theta := append([]float64(nil), w.Start...)
	state := optim.NewState(opt, len(theta))
	worst, at := 0.0, 0
	for n, gradient := range w.Gradients {
		g := append([]float64(nil), gradient...)
		for j := range g {
			g[j] *= sign
		}
		state.Step(theta, g)
		if (n+1)%10 == 0 {
			for j, x := range w.Paths[name][at] {
				worst = max(worst, math.Abs(theta[j]-x))
			}
			at++
		}
	}
	if at != 4 {
		t.Fatalf("%s: %d points compared", name, at)
	}
	return worst
}

// The settings that are read make the steps that PyTorch made: truth is the path of
// PyTorch's own optimizers, of which only the state_dict is read here. That decides
// where eps stands, which decay is in the gradient, and the form of the momentum.
func TestSettingsMakePyTorchsSteps(t *testing.T) {
	w := readWalks(t)
	for name, want := range map[string]struct {
		kind, given string // given: the user's word, where the keys do not tell
		apart       float64
	}{
		"adam":             {"adam", "", 1e-13},
		"adam-l2":          {"adam", "adam", 1e-13},
		"adam-maximize":    {"adam", "", 1e-13},
		"adamw":            {"adamw", "", 1e-13},
		"sgd":              {"gd", "", 1e-13},
		"sgd-momentum":     {"heavy-ball", "", 1e-13},
		"sgd-nesterov":     {"nesterov", "", 1e-13},
		"rmsprop":          {"rmsprop", "", 1e-13},
		"rmsprop-centered": {"custom", "", 1e-10}, // v - w^2 loses digits
		"lion":             {"lion", "", 1e-13},
	} {
		c, err := Open(filepath.Join("testdata/torch", name+".json"), want.given)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(c.Groups) != 1 || c.Groups[0].Kind != want.kind {
			t.Errorf("%s: %d groups, kind %s", name, len(c.Groups), c.Groups[0].Kind)
			continue
		}
		sign := 1.0
		if name == "adam-maximize" {
			sign = -1
		}
		apart := w.apart(t, c.Groups[0], name, sign)
		t.Logf("%s: %.2g apart after 40 steps", name, apart)
		if !(apart <= want.apart) {
			t.Errorf("%s: %.2g from PyTorch's path, want at most %g", name, apart, want.apart)
		}
	}
}

// The negative half: with the other reading of what is easily confused, the paths
// part.
func TestOtherReadingsAreSeen(t *testing.T) {
	w := readWalks(t)
	c, err := Open("testdata/torch/adam.json", "")
	if err != nil {
		t.Fatal(err)
	}
	inside := *c.Groups[0].Rule.(*optim.Adam)
	inside.EpsMode = optim.Inside
	if apart := w.apart(t, &Group{LR: 1e-2, Rule: &inside}, "adam", 1); apart < 1e-6 {
		t.Errorf("eps under the root goes unseen: %.2g", apart)
	}
	if c, err = Open("testdata/torch/adam-l2.json", ""); err != nil {
		t.Fatal(err)
	}
	if g := c.Groups[0]; g.Kind != "adamw" || !strings.Contains(strings.Join(g.Notes, " "), "--optimizer adam ") {
		t.Errorf("Adam with decay, unnamed: %s, %q", g.Kind, g.Notes)
	} else if apart := w.apart(t, g, "adam-l2", 1); apart < 1e-6 {
		t.Errorf("the decay's place goes unseen: %.2g", apart)
	}
	if c, err = Open("testdata/torch/sgd-momentum.json", ""); err != nil {
		t.Fatal(err)
	}
	ema := *c.Groups[0].Rule.(*optim.HeavyBall)
	ema.Form = optim.EMAForm
	if apart := w.apart(t, &Group{LR: 0.01, Rule: &ema}, "sgd-momentum", 1); apart < 1e-6 {
		t.Errorf("the form of the momentum goes unseen: %.2g", apart)
	}
}

// What leeway has no rule for is one sentence with a way out. Truth: which optimizer
// of PyTorch wrote the file.
func TestRefusesWhatPyTorchHasMore(t *testing.T) {
	for name, want := range map[string]string{
		"adam-amsgrad":     "amsgrad is true",
		"sgd-dampening":    "dampening is 0.5",
		"rmsprop-momentum": "momentum is 0.5",
		"radam":            "fit Adam as well as RAdam",
		"adamax":           "the optimizer adamax",
		"adagrad":          "the optimizer adagrad",
		"adadelta":         "the optimizer adadelta",
		"rprop":            "the optimizer rprop",
		"asgd":             "the optimizer asgd",
		"lbfgs":            "the optimizer lbfgs",
	} {
		_, err := Open(filepath.Join("testdata/torch", name+".json"), "")
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.What, want) || e.Try == "" || !strings.HasSuffix(e.Path, name+".json") || strings.Contains(e.What, "\n") {
			t.Errorf("%s: %v (try %q), want %q", name, err, e.Hint(), want)
		}
	}
	// The way out of RAdam is the user's word.
	if c, err := Open("testdata/torch/radam.json", "adam"); err != nil || c.Groups[0].Kind != "adam" {
		t.Errorf("RAdam as Adam: %v", err)
	}
	c, err := Open("testdata/torch/nadam.json", "")
	if err != nil || c.Groups[0].Kind != "nadam" || c.Groups[0].Rule.(*optim.NAdam).L2 != 0.1 || !strings.Contains(strings.Join(c.Groups[0].Notes, " "), "late in a run") {
		t.Errorf("NAdam: %+v, %v", c, err)
	}
}
