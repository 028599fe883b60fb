package checkpoint

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"leeway/optim"
	"leeway/safetensors"
)

func mustOpen(t *testing.T, path, kind string) *Checkpoint {
	t.Helper()
	c, err := Open(path, kind)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// write makes a folder of files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func notes(g *Group) string { return strings.Join(g.Notes, " ") }

// The pair of settings and states is the same by whichever name it is called. Truth:
// the gradients that the states are of have sizes 10, 1, 0.1 and 0.01 and the root mean
// square 0.71 of that, so that with eps = 0.01 one coordinate of four is below, the
// last of the second group (testdata/make.py).
func TestPair(t *testing.T) {
	for _, path := range []string{"testdata/pair", "testdata/pair/optimizer.json", "testdata/pair/optimizer.safetensors", "testdata/metadata.safetensors"} {
		c := mustOpen(t, path, "")
		if len(c.Groups) != 2 {
			t.Fatalf("%s: %d groups", path, len(c.Groups))
		}
		for i, want := range []struct{ decay, below float64 }{{0.1, 0}, {0, 0.5}} {
			g := c.Groups[i]
			w, ok := g.Rule.(*optim.AdamW)
			if !ok || w.WeightDecay != want.decay || w.Eps != 1e-2 || w.EpsMode != optim.Outside || g.LR != 1e-3 || !slices.Equal(g.Indices, []int{i}) {
				t.Fatalf("%s: group %d is %+v", path, i, g)
			}
			rule, err := w.Rule()
			if err != nil {
				t.Fatal(err)
			}
			s, err := c.Measure(g, rule)
			if err != nil || s == nil {
				t.Fatalf("%s: %v, %v", path, s, err)
			}
			if s.Coordinates != 2 || s.FirstStep != 40 || s.LastStep != 40 || s.BelowEps != want.below || s.Zero != 0 || s.NotFinite != 0 {
				t.Errorf("%s: group %d: %+v", path, i, *s)
			}
		}
		if u := c.Unowned(); u != "" {
			t.Errorf("%s: %s", path, u)
		}
	}
	if c := mustOpen(t, "testdata/pair", ""); len(c.Files) != 2 {
		t.Errorf("files %q", c.Files)
	}
}

// The correction of the second moment counts: truth is Adam's v_hat by hand.
func TestMeasureCorrects(t *testing.T) {
	const states = `{"param_groups": [{"lr": 0.1, "betas": [0.9, 0.99], "eps": 0.5, "weight_decay": 0, "amsgrad": false, "params": [0, 1]}], "optimizer": "%s",
		"state": {"0": {"step": 1, "exp_avg_sq": [[0.0026, 0.0024], [0, NaN]]}, "1": {"step": 100, "exp_avg_sq": 0.2}}}`
	open := func(name string) (*Checkpoint, *optim.Rule) {
		c := mustOpen(t, filepath.Join(write(t, map[string]string{"o.json": strings.Replace(states, "%s", name, 1)}), "o.json"), "")
		rule, err := c.Groups[0].Rule.Rule()
		if err != nil {
			t.Fatal(err)
		}
		return c, rule
	}
	c, rule := open("Adam")
	s, err := c.Measure(c.Groups[0], rule)
	if err != nil {
		t.Fatal(err)
	}
	// After a step v/(1 - 0.99) is 0.26 and 0.24, against eps^2 = 0.25; after 100 it is
	// 0.2/(1 - 0.366) = 0.315.
	if s.Coordinates != 5 || s.FirstStep != 1 || s.LastStep != 100 || s.BelowEps != 0.4 || s.Zero != 0.2 || s.NotFinite != 0.2 {
		t.Errorf("%+v", *s)
	}
	c, rule = open("adamw_hf") // whose eps meets the uncorrected root
	if s, err = c.Measure(c.Groups[0], rule); err != nil || s.BelowEps != 0.8 {
		t.Errorf("%+v, %v", s, err)
	}
	rule, _ = optim.HeavyBall{Beta: 0.9}.Rule()
	if s, err := c.Measure(c.Groups[0], rule); s != nil || err != nil {
		t.Errorf("a momentum has second moments: %v, %v", s, err)
	}
}

// The Trainer's files. Truth: its documented defaults and what the files say.
func TestTrainer(t *testing.T) {
	for _, path := range []string{"testdata/trainer", "testdata/trainer/training_args.json", "testdata/trainer/trainer_state.json"} {
		c := mustOpen(t, path, "")
		g := c.Groups[0]
		w, ok := g.Rule.(*optim.AdamW)
		if !ok || g.LR != 3e-5 || w.Beta1 != 0.9 || w.Beta2 != 0.98 || w.Eps != 1e-6 || w.EpsMode != optim.Outside || w.WeightDecay != 0.01 || !w.BiasCorrection {
			t.Errorf("%s: %+v", path, g)
		}
		if want := (optim.Schedule{Kind: "linear", Steps: 2000, Warmup: 200}); c.Schedule != want {
			t.Errorf("%s: schedule %+v, want %+v", path, c.Schedule, want)
		}
		said := notes(g) + strings.Join(c.Notes, " ")
		for _, want := range []string{"max_grad_norm", "biases and norms", "eps_mode outside", "step 1000 of 2000", "learning rates up to 2.5e-05, the last 1.5e-05"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q lacks %q", path, said, want)
			}
		}
	}
	state, err := os.ReadFile("testdata/trainer/trainer_state.json")
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(write(t, map[string]string{"trainer_state.json": string(state)}), "trainer_state.json")
	_, err = Open(alone, "")
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.What, "learning rates up to 2.5e-05, the last 1.5e-05, and step 1000 of 2000, but neither the optimizer") || !strings.Contains(e.Try, "--optimizer adamw") {
		t.Errorf("%v", err)
	}
	c := mustOpen(t, alone, "adamw")
	if c.Groups[0].LR != 2.5e-5 || !strings.Contains(notes(c.Groups[0]), "leaves out betas (0.9 and 0.999), eps (1e-08)") {
		t.Errorf("%+v", c.Groups[0])
	}
}

// Every optimizer that the Trainer names is read or refused in a sentence, and what
// the Trainer does not pass on is not read.
func TestTrainersOptimizers(t *testing.T) {
	for name, kind := range map[string]string{
		"adamw_torch": "adamw", "adamw_torch_fused": "adamw", "adamw_torch_xla": "adamw", "adamw_torch_npu_fused": "adamw", "adamw_apex_fused": "adamw",
		"adamw_anyprecision": "adamw", "adamw_torch_4bit": "adamw", "adamw_torch_8bit": "adamw", "adamw_bnb_8bit": "adamw", "adamw_8bit": "adamw",
		"paged_adamw_32bit": "adamw", "paged_adamw_8bit": "adamw", "adamw_hf": "adamw", "sgd": "gd", "rmsprop": "rmsprop", "rmsprop_bnb_8bit": "rmsprop",
		"lion_8bit": "lion", "lion_32bit": "lion", "paged_lion_32bit": "lion",
		"adafactor": "", "ademamix": "", "ademamix_8bit": "", "paged_ademamix_32bit": "", "adagrad": "", "galore_adamw": "", "galore_adamw_8bit_layerwise": "", "galore_adafactor": "",
		"lomo": "", "adalomo": "", "grokadamw": "", "schedule_free_radam": "", "schedule_free_adamw": "", "schedule_free_sgd": "", "apollo_adamw_layerwise": "", "stable_adamw": "",
	} {
		args := object{"learning_rate": 1e-4, "adam_beta1": 0.8, "adam_beta2": 0.9, "adam_epsilon": 1e-3, "weight_decay": 0.5, "optim": name}
		g, err := readArguments(args, "")
		if kind == "" {
			var e *Error
			if !errors.As(err, &e) || e.Try == "" || strings.Contains(e.What, "not known") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || g.Kind != kind {
			t.Errorf("%s: %+v, %v", name, g, err)
			continue
		}
		if strings.Contains(name, "8bit") != strings.Contains(notes(g), "few bits") && !strings.Contains(name, "4bit") {
			t.Errorf("%s: %q", name, notes(g))
		}
		switch rule := g.Rule.(type) {
		case *optim.AdamW:
			outside := optim.Outside
			if name == "adamw_hf" {
				outside = optim.OutsideUncorrected
			}
			if rule.Beta1 != 0.8 || rule.Beta2 != 0.9 || rule.Eps != 1e-3 || rule.WeightDecay != 0.5 || rule.EpsMode != outside {
				t.Errorf("%s: %+v", name, rule)
			}
		case *optim.Lion:
			if rule.Beta1 != 0.8 || rule.Beta2 != 0.9 || rule.WeightDecay != 0.5 {
				t.Errorf("%s: %+v", name, rule)
			}
		case *optim.RMSProp:
			if rule.Beta2 != 0.99 || rule.Eps != 1e-8 || rule.L2 != 0.5 {
				t.Errorf("%s: %+v", name, rule)
			}
		case *optim.GD:
			if rule.L2 != 0.5 {
				t.Errorf("%s: %+v", name, rule)
			}
		}
	}
	if _, err := readArguments(object{"learning_rate": 1e-4, "adafactor": true}, ""); err == nil {
		t.Error("adafactor: true is read as AdamW")
	}
	if g, err := readArguments(object{"learning_rate": 1e-4, "optim_args": "a=1"}, ""); err != nil || !strings.Contains(notes(g), "does not name the optimizer") || !strings.Contains(notes(g), "a=1") {
		t.Errorf("%+v, %v", g, err)
	}
	if _, err := readArguments(object{"learning_rate": "fast", "optim": "sgd"}, ""); err == nil || !strings.Contains(err.Error(), `learning_rate: want a number, got "fast"`) {
		t.Errorf("%v", err)
	}
}

// Truth: the Trainer's documentation of its schedules.
func TestSchedules(t *testing.T) {
	constant := optim.Schedule{Kind: "constant"}
	for _, c := range []struct {
		args  object
		steps int
		want  optim.Schedule
		says  string
	}{
		{object{}, 100, optim.Schedule{Kind: "linear", Steps: 100}, ""},
		{object{"lr_scheduler_type": "constant", "warmup_steps": 5.0}, 100, constant, ""}, // which has no warmup
		{object{"lr_scheduler_type": "constant_with_warmup", "warmup_steps": 5.0}, 0, optim.Schedule{Kind: "constant", Warmup: 5}, ""},
		{object{"lr_scheduler_type": "cosine", "warmup_ratio": 0.101}, 100, optim.Schedule{Kind: "cosine", Steps: 100, Warmup: 11}, "after the warmup"},
		{object{"lr_scheduler_type": "cosine", "warmup_steps": 0.5}, 100, optim.Schedule{Kind: "cosine", Steps: 100, Warmup: 50}, "after the warmup"},
		{object{"lr_scheduler_type": "cosine"}, 0, constant, "epochs"},
		{object{"lr_scheduler_type": "cosine", "lr_scheduler_kwargs": object{"num_cycles": 2.0}}, 10, constant, "no counterpart"},
		{object{"lr_scheduler_type": "cosine_with_min_lr", "lr_scheduler_kwargs": object{"min_lr": 0.25}}, 10, optim.Schedule{Kind: "cosine", Steps: 10, Final: 0.5}, ""},
		{object{"lr_scheduler_type": "cosine_with_min_lr", "lr_scheduler_kwargs": object{"min_lr_rate": 0.1}}, 10, optim.Schedule{Kind: "cosine", Steps: 10, Final: 0.1}, ""},
		{object{"lr_scheduler_type": "polynomial"}, 10, optim.Schedule{Kind: "linear", Steps: 10, Final: 2e-7}, ""},
		{object{"lr_scheduler_type": "polynomial", "lr_scheduler_kwargs": object{"power": 2.0}}, 10, constant, "no counterpart"},
		{object{"lr_scheduler_type": "inverse_sqrt"}, 10, constant, "inverse_sqrt has no counterpart"},
	} {
		got, note := readSchedule(c.args, 0.5, c.steps)
		if got != c.want || c.says == "" && note != "" || !strings.Contains(note, c.says) {
			t.Errorf("%v: %+v, %q; want %+v", c.args, got, note, c.want)
		}
		if err := got.Validate(); err != nil {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}

// A learning rate that its schedule has brought to 0 is the one that it began with.
func TestEndedSchedule(t *testing.T) {
	c := mustOpen(t, "testdata/ended.json", "")
	if g := c.Groups[0]; g.LR != 1e-2 || !strings.Contains(notes(g), "brought lr to 0") {
		t.Errorf("%+v", g)
	}
}

// What people save otherwise.
func TestFindsTheOptimizer(t *testing.T) {
	const group = `{"lr": [0.5], "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.0, "amsgrad": false, "params": [0]}`
	for name, c := range map[string]struct{ file, kind, says string }{
		"a list of groups":     {"[" + group + "]", "adam", ""},
		"a group alone":        {group, "adam", ""},
		"in a checkpoint":      {`{"step": 3, "optimizer_state_dict": {"param_groups": [` + group + `], "state": {}}}`, "adam", ""},
		"named":                {`{"optimizer": "<class 'torch.optim.adamw.AdamW'>", "param_groups": [` + group + `]}`, "adamw", ""},
		"named in the group":   {`[{"class": "AdamW", "lr": 1, "betas": [0.5, 0.5], "eps": 0}]`, "adamw", ""},
		"two equal groups":     {"[" + group + "," + strings.Replace(group, "[0]", "[1]", 1) + "]", "adam", ""},
		"decoupled":            {`{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1, "amsgrad": false, "decoupled_weight_decay": true}`, "adamw", ""},
		"coupled":              {`{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1, "amsgrad": false, "decoupled_weight_decay": false}`, "adam", ""},
		"NAdam, decoupled":     {`{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1, "momentum_decay": 0.004, "decoupled_weight_decay": true}`, "nadamw", "late in a run"},
		"transformers' AdamW":  {`{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1, "correct_bias": false}`, "adamw", "uncorrected"},
		"apex":                 {`{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0, "bias_correction": true, "step": 100}`, "adam", ""},
		"a key without a name": {`{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0, "amsgrad": false, "cautious": true}`, "adam", "meaning is not known: cautious"},
		"a schedule's rate":    {`{"lr": 0.5, "initial_lr": 1, "momentum": 0, "dampening": 0}`, "gd", "from 1 to this"},
		"Lion of bitsandbytes": {`{"state": {"0": {"step": 3, "state1": [1]}}, "param_groups": [{"lr": 1, "betas": [0.9, 0.99], "eps": 0, "weight_decay": 0, "alpha": 0}]}`, "lion", ""},
	} {
		got, err := Open(filepath.Join(write(t, map[string]string{"o.json": c.file}), "o.json"), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.Groups) != 1 || got.Groups[0].Kind != c.kind || !strings.Contains(notes(got.Groups[0]), c.says) {
			t.Errorf("%s: %+v", name, got.Groups[0])
		}
		if name == "two equal groups" && !slices.Equal(got.Groups[0].Indices, []int{0, 1}) {
			t.Errorf("%s: %v", name, got.Groups[0].Indices)
		}
	}
}

// Bad files: one sentence, and a way out.
func TestErrors(t *testing.T) {
	const group = `{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "amsgrad": false}`
	for _, c := range []struct{ name, content, want string }{
		{"o.json", ``, "no JSON: it ends too early"},
		{"o.json", `{"lr": `, "no JSON"},
		{"o.json", "[1] [2]", "something stands after"},
		{"o.json", "\xff", "not a text in UTF-8"},
		{"o.json", `{"a": 1}`, "nothing in it is an optimizer's"},
		{"o.json", `"text"`, "nothing in it is an optimizer's"},
		{"o.json", `{"param_groups": [], "x": {"param_groups": [1]}}`, "nothing in it is an optimizer's"},
		{"o.json", `{"d": {"param_groups": [` + group + `]}, "g": {"param_groups": [` + group + `]}}`, "there are 2 optimizers, d, g"},
		{"o.json", `[` + group + `, {"lr": 1, "betas": [0.9, "x"], "eps": 1e-8, "amsgrad": false}]`, `param_groups[1].betas: want a list of two numbers, got [0.9,"x"]`},
		{"o.json", `{"lr": NaN, "betas": [0.9, 0.95], "eps": 1e-8, "amsgrad": false}`, `lr: want a number, got "NaN"`},
		{"o.json", `{"lr": 1, "betas": [0.9, 0.95], "eps": 1e-8, "amsgrad": "no"}`, "amsgrad: want true or false"},
		{"o.json", `{"lr": 1}`, "the keys fit no optimizer"},
		{"o.json", `{"lr": 1, "betas": [0.9, 0.95, 0.99], "eps": 1, "alpha": 5}`, "the optimizer ademamix has a second"},
		{"o.json", `{"lr": 1, "betas": [0.9, 0.95, 0.99], "eps": 1}`, "the optimizer adan"},
		{"o.json", `{"lr": 1, "ns_steps": 5, "momentum": 0.9}`, "the optimizer muon"},
		{"o.json", `{"lr": 1, "clip_threshold": 1}`, "the optimizer adafactor"},
		{"o.json", `{"optimizer": "AdmaW", "param_groups": [` + group + `]}`, `the optimizer "AdmaW" is not known here`},
		{"o.json", `{"optimizer": "Something.Else", "param_groups": [` + group + `]}`, `the optimizer "Something.Else" is not known here`},
		{"o.json", `{"log_history": []}`, "and no learning rate, but neither"},
		{"optimizer.pt", "PK\x03\x04", "a pickled file"},
		{"x.json", "\x80\x02}q\x00", "a pickled file"},
		{"training_args.bin", "PK\x03\x04", "a pickled file"},
		{"o.safetensors", "12345678{}", "safetensors: the header should have"},
		{"o.safetensors", "\x02\x00\x00\x00\x00\x00\x00\x00{}", "nothing in it is an optimizer's"},
	} {
		dir := write(t, map[string]string{c.name: c.content})
		_, err := Open(filepath.Join(dir, c.name), "")
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.What, c.want) || e.Hint() == "" || e.Path != filepath.Join(dir, c.name) {
			t.Errorf("%s %q: %v, want %q", c.name, c.content, err, c.want)
		}
	}
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"config.json": `{"hidden_size": 3}`, "model.safetensors": "\x02\x00\x00\x00\x00\x00\x00\x00{}"}, "no file in it"},
		{map[string]string{"optimizer.pt": "", "training_args.bin": "", "trainer_state.json": `{"log_history": []}`}, "a pickled file"},
		{map[string]string{"a.json": group, "b.json": group}, "there are optimizers in a.json, b.json"},
	} {
		if _, err := Open(write(t, c.files), ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.files, err, c.want)
		}
	}
	if _, err := Open("testdata/nosuch.json", ""); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("%v", err)
	}
	if _, err := Open("testdata/pair", "adm"); err == nil || !strings.Contains(err.(*Error).Try, "--optimizer adam") {
		t.Errorf("%v", err)
	}
}

// States without settings ask for them, or take those that stand beside them.
func TestStatesAlone(t *testing.T) {
	var b bytes.Buffer
	if err := safetensors.Encode(&b, &safetensors.File{Tensors: []safetensors.Tensor{
		{Name: "layer.weight/exp_avg_sq", Data: []float64{1, 4}}, {Name: "exp_avg_sq.layer.bias", Data: []float64{1}}, {Name: "layer.weight", Data: []float64{1}},
	}}); err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{"states.safetensors": b.String()})
	if _, err := Open(filepath.Join(dir, "states.safetensors"), ""); err == nil || !strings.Contains(err.Error(), "the states of an optimizer, but not its settings") {
		t.Errorf("%v", err)
	}
	const groups = `[{"lr": 1, "betas": [0.9, 0.95], "eps": 2, "amsgrad": false, "weight_decay": 0.5, "params": ["layer.weight"]},
		{"lr": 1, "betas": [0.9, 0.95], "eps": 2, "amsgrad": false, "weight_decay": 0, "params": ["other"]}]`
	for name, content := range map[string]string{"groups.json": groups, "training_args.json": `{"optim": "adamw_torch", "learning_rate": 1e-4, "adam_epsilon": 2}`} {
		dir := write(t, map[string]string{"states.safetensors": b.String(), name: content})
		for _, path := range []string{dir, filepath.Join(dir, "states.safetensors")} {
			c := mustOpen(t, path, "")
			rule, err := c.Groups[0].Rule.Rule()
			if err != nil {
				t.Fatal(err)
			}
			s, err := c.Measure(c.Groups[0], rule)
			if name == "groups.json" {
				if err != nil || s == nil || s.Coordinates != 2 || s.BelowEps != 0.5 || !strings.HasPrefix(c.Unowned(), "1 tensors") {
					t.Errorf("%s: %+v, %v, %q", path, s, err, c.Unowned())
				}
				if s, err := c.Measure(c.Groups[1], rule); s != nil || err != nil {
					t.Errorf("%s: the second group has states: %+v, %v", path, s, err)
				}
			} else if path != dir && (err != nil || s == nil || s.Coordinates != 3 || math.Abs(s.BelowEps-2./3) > 1e-15) {
				t.Errorf("%s: %+v, %v", path, s, err)
			}
		}
	}
}

func TestSplitName(t *testing.T) {
	for name, want := range map[string][2]string{
		"state.0.exp_avg": {"0", "exp_avg"}, "0/exp_avg_sq": {"0", "exp_avg_sq"}, "exp_avg.0": {"0", "exp_avg"}, "optimizer.state.12.step": {"12", "step"},
		"encoder.layer.0.weight.exp_avg": {"encoder.layer.0.weight", "exp_avg"}, "weight": {"", ""}, "step": {"", ""}, "a.b": {"", ""}, "": {"", ""},
	} {
		if param, state := splitName(name); param != want[0] || state != want[1] {
			t.Errorf("%q: %q, %q", name, param, state)
		}
	}
}
