package config

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"leeway/data"
	"leeway/optim"
)

var inf = math.Inf(1)

// same compares all that a config says, exactly; only where it was read from
// may differ.
var same = cmp.Options{cmpopts.IgnoreUnexported(Config{})}

func parse(t testing.TB, text string, overrides ...string) *Config {
	t.Helper()
	c, err := Parse([]byte(text), "test.yaml", overrides)
	if err != nil {
		t.Fatalf("%v\nTry: %s\n%s", err, err.(*Error).Hint(), text)
	}
	return c
}

// TestDefault holds the built-in config against its description in words.
func TestDefault(t *testing.T) {
	want := &Config{
		Name: "digits-mlp-adam",
		Objective: Objective{
			Model: Model{Kind: "mlp", Hidden: []int{32, 32}, Activation: "tanh", Bias: true},
			Data:  Data{Kind: "digits", Train: 1000, Test: 797, Normalize: "unit", Shrink: 1},
			Loss:  "cross-entropy",
			Start: Start{Kind: "init"}, Init: "default", InitBias: "default", InitScale: 1,
			DType: "float64", PhysicalBatch: 2048,
		},
		Optimizer: Optimizer{
			Kind: "adam", LR: 1e-3, Schedule: optim.Schedule{Kind: "constant"},
			Rule: &optim.Adam{Beta1: 0.9, Beta2: 0.95, Eps: 1e-4, EpsMode: optim.Inside, BiasCorrection: true},
		},
		Processes:    []string{"discrete", "flow-1", "flow-2", "moments-2"},
		Steps:        400,
		Seed:         0,
		Out:          "runs",
		Measure:      Default().Measure, // see TestMeasure
		Checkpoint:   Checkpoint{Every: 100, Minutes: 10},
		Integrator:   Integrator{Method: "auto", Tolerance: 1e-9, Substeps: 1},
		Coefficients: "finite-n",
		Runaway:      "stop",
		Verify:       Verify{Halvings: 4},
	}
	if d := cmp.Diff(want, Default(), same); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestMissingSections: what a file leaves out is as in the built-in config; a
// section that it has starts from the defaults of its kind.
func TestMissingSections(t *testing.T) {
	c := parse(t, "steps: 400\n")
	if d := cmp.Diff(Default(), c, same); d != "" {
		t.Errorf("a file that says one default differs from the built-in config:\n%s", d)
	}
	for _, kind := range optim.Kinds() {
		want, err := optim.Default(kind)
		if err != nil {
			t.Fatal(err)
		}
		c := parse(t, "optimizer: {kind: "+kind+"}\n")
		if d := cmp.Diff(want, c.Optimizer.Rule); d != "" {
			t.Errorf("%s: hyperparameters differ from package optim's (-want +got)\n%s", kind, d)
		}
	}
}

// TestResolution tells how keys that are not written follow from those that are.
func TestResolution(t *testing.T) {
	for _, test := range []struct {
		text, overrides string // overrides joined by blanks
		want            string // a line of the resolved config
	}{
		{"objective: {data: {kind: digits, train: 500}}", "", "  data: {kind: digits, classes: all, seed: 0, train: 500, test: 1297, normalize: unit, shuffle: false, shrink: 1}"},
		{"objective: {data: {kind: digits, test: 1000}}", "", "  data: {kind: digits, classes: all, seed: 0, train: 797, test: 1000, normalize: unit, shuffle: false, shrink: 1}"},
		{"objective: {data: {kind: breast-cancer}}", "", "  data: {kind: breast-cancer, classes: all, seed: 0, train: 400, test: 169, normalize: standard, shuffle: false}"},
		{"objective: {data: {kind: breast-cancer}}", "", "  loss: logistic"},
		{"objective: {data: {kind: breast-cancer}, attack: {norm: 2, radius: 0.1}}", "", "name: breast-cancer-robust-logistic-adam"},
		{"objective: {data: {kind: breast-cancer}, attack: {radius: 1}}", "", "  attack: {norm: inf, radius: 1, train: true}"},
		{"objective: {data: {kind: breast-cancer}, loss: mse}", "", "name: breast-cancer-least-squares-adam"},
		{"objective: {data: {kind: csv, path: my/iris data.csv, train: 10}}", "", "name: iris-data-softmax-adam"},
		{"objective: {data: {kind: csv, path: my/iris data.csv, train: 10}}", "", `    path: "my/iris data.csv"`},
		{"objective: {data: {kind: csv, path: ..., train: 10}}", "", "name: csv-softmax-adam"},
		{"objective: {data: {}, start: normal}", "", "  start_scale: 0.1"},
		{"objective: {problem: quadratic}", "", "  start_scale: 1"},
		{"objective: {problem: quadratic}", "", "  dimension: 10"},
		{"objective: {problem: quadratic}", "", "  condition: 100"},
		{"objective: {problem: bilinear}", "", "  start: [2.8, 3.5]"},
		{"objective: {problem: cubic}", "", "  start: [6.8, 6.73]"},
		{"objective: {problem: rosenbrock, dimension: 3}", "", "  start: [-1.2, 1, -1.2]"},
		{"objective: {problem: sines, batch: {count: 3}}", "", "  batch: {count: 3, order: cyclic}"},
		{"objective: {problem: sines}", "", "  seed: 0"},
		{"processes: [moments-2, flow-1]", "", "processes: [discrete, flow-1, moments-2]"},
		{"processes: []", "", "processes: [discrete]"},
		{"steps: 50\noptimizer: {kind: gd, schedule: {kind: cosine}}", "", "optimizer: {kind: gd, lr: 0.001, schedule: {kind: cosine, steps: 50, final: 0, warmup: 0}, weight_decay: 0, l2: 0}"},
		{"optimizer: {kind: gd, schedule: {kind: polynomial, warmup: 10}}", "", "optimizer: {kind: gd, lr: 0.001, schedule: {kind: polynomial, power: 0.5, every: 1, warmup: 10}, weight_decay: 0, l2: 0}"},
		{"optimizer: {kind: gd, schedule: {kind: step, drop: 0.1}}", "", "optimizer: {kind: gd, lr: 0.001, schedule: {kind: step, every: 100, drop: 0.1, warmup: 0}, weight_decay: 0, l2: 0}"},

		// Overrides. Keys of the built-in config give way to a kind that does
		// not have them; those that it has stay.
		{"steps: 1", "optimizer.kind=gd", "optimizer: {kind: gd, lr: 0.001, schedule: {kind: constant, warmup: 0}, weight_decay: 0, l2: 0}"},
		{"steps: 1", "optimizer.kind=rmsprop", "  beta2: 0.95"},
		{"steps: 1", "optimizer={kind:rmsprop}", "  beta2: 0.99"}, // a whole section
		{"steps: 1", "objective.problem=bilinear", "name: bilinear-adam"},
		{"steps: 1", "objective.data.kind=breast-cancer", "name: breast-cancer-mlp-adam"},
		{"steps: 1", "objective.data.kind=breast-cancer objective.model.kind=linear", "name: breast-cancer-logistic-adam"},
		{"steps: 1", "objective.model.kind=linear", "  model: {kind: linear, intercept: false}"},
		{"steps: 1", "objective.model.kind=cnn", "  model: {kind: cnn, channels: [32, 64, 128], dense: 512, activation: tanh}"}, // the built-in activation stays
		{"steps: 1", "objective.start=zeros", "  start: zeros"},

		// Networks: every default is written out, by kind.
		{"objective: {model: {kind: mlp}}", "", "  model: {kind: mlp, hidden: [32, 32], activation: tanh, bias: true}"},
		{"objective: {model: {kind: mlp, hidden: []}}", "", "  model: {kind: mlp, hidden: [], activation: tanh, bias: true}"},
		{"objective: {model: {kind: mlp}}", "", "  init: default"},
		{"objective: {model: {kind: mlp}}", "", "  physical_batch: 2048"},
		{"objective: {model: {kind: mlp}}", "", "  threads: 0"},
		{"objective: {model: {kind: mlp}, start: normal}", "", "  start_scale: 0.1"},
		{"objective: {model: {kind: cnn}}", "", "  model: {kind: cnn, channels: [32, 64, 128], dense: 512, activation: relu}"},
		{"objective: {model: {kind: cnn}}", "", "  physical_batch: 256"},
		{"objective: {model: {kind: resnet, depth: 50}}", "", "  model: {kind: resnet, depth: 50, width: 64, activation: relu}"},
		{"objective: {model: {kind: vit}}", "", "  model: {kind: vit, patch: 4, dim: 512, depth: 6, heads: 16, head_dim: 64, mlp_dim: 1024}"},
		{"objective: {model: {kind: transformer}, data: {kind: markov}}", "", "  model: {kind: transformer, dim: 128, depth: 2, heads: 4, mlp_dim: 512, tied: false}"},
		{"objective: {model: {kind: transformer}, data: {kind: markov}}", "", "name: markov-transformer-adam"},
		{"objective: {model: {kind: transformer}, data: {kind: markov}}", "", "  data: {kind: markov, vocab: 32, length: 32, seed: 0, train: 200, test: 0}"},
		{"objective: {data: {kind: gaussian}}", "", "  data: {kind: gaussian, shape: [64], classes: 10, seed: 0, train: 1000, test: 0}"},
		{"objective: {data: {kind: csv, path: x.csv, train: 3, shape: [8, 8, 1]}}", "", "    shape: [8, 8, 1]"},
		{"objective: {model: {kind: mlp}, data: {kind: breast-cancer}}", "", "  loss: cross-entropy"},
		{"objective: {data: {kind: mnist}}", "", "  data: {kind: mnist, classes: all, seed: 0, train: 2000, test: 2000, normalize: standard, shuffle: false, shrink: 1}"},
		{"objective: {data: {kind: cifar-100, classes: [7, 3]}}", "", "    classes: [7, 3]"},
		{"objective: {data: {kind: digits, classes: [0, 1], train: 300}}", "", "  data: {kind: digits, classes: [0, 1], seed: 0, train: 300, test: 60, normalize: unit, shuffle: false, shrink: 1}"},
		{"objective: {data: {kind: digits, classes: all, augment: {flip: true}}}", "", "    augment: {flip: true, crop: 0, copies: 1}"},
		{"objective: {data: {kind: folder, path: a/b, train: 9}}", "", "name: b-softmax-adam"},
		{"objective: {data: {kind: folder, path: a/b, train: 9}}", "", "    resize: [32, 32]"},
		{"objective: {data: {kind: folder, path: a/b, train: 9}}", "", "    shuffle: true"},
		{"objective: {data: {kind: mixture}}", "", "  data: {kind: mixture, shape: [64], classes: 10, spread: 1, seed: 0, train: 1000, test: 0}"},
		{"objective: {model: {kind: transformer}, data: {kind: text, path: x.txt, train: 5}}", "", "  data: {kind: text, path: x.txt, length: 64, train: 5, test: 0}"},
		{"objective: {model: {kind: mlp}, init_bias: zeros}", "", "  init_bias: zeros"},
		{"steps: 1", "objective.data.train=500", "  data: {kind: digits, classes: all, seed: 0, train: 500, test: 1297, normalize: unit, shuffle: false, shrink: 1}"},
		{"objective: {data: {}, batch: full}", "objective.batch.size=100", "  batch: {size: 100, order: cyclic}"},
		{"steps: 1", "processes=[discrete,flow-1]", "processes: [discrete, flow-1]"},
		{"steps: 1", "steps=2 steps=3", "steps: 3"},
		{"steps: 1", "name=2e3", "name: \"2e3\""},
	} {
		t.Run(test.text+" "+test.overrides, func(t *testing.T) {
			c := parse(t, test.text, strings.Fields(test.overrides)...)
			if !slices.Contains(strings.Split(string(c.Resolved()), "\n"), test.want) {
				t.Errorf("no line %q in\n%s", test.want, c.Resolved())
			}
		})
	}
}

// TestHash: the hash tells apart what computes differently, and nothing else.
func TestHash(t *testing.T) {
	base := Default().Hash()
	if len(base) != 64 {
		t.Errorf("hash %q, want 64 digits", base)
	}
	for _, equal := range []string{
		"seed: 0\nsteps: 400\n", "steps:   400 # the same\n", "objective: {model: {kind: mlp}, threads: 2}",
		"objective: {model: {kind: mlp, hidden: [32, 32], activation: tanh}, dtype: float64, init: default, physical_batch: 2048}", "name: other", "out: elsewhere", "checkpoint: {every: 7}",
		"verify: {halvings: 5}", "processes: [moments-2, flow-2, flow-1]",
		"optimizer: {eps: 0.1e-3, kind: adam, beta2: 0.950, beta1: .9}",
	} {
		if h := parse(t, equal).Hash(); h != base {
			t.Errorf("%s\nchanges the hash", equal)
		}
	}
	seen := map[string]string{base: "the built-in config"}
	for _, other := range []string{
		"seed: 1", "steps: 401", "processes: [flow-1]", "measure: {every: 11}", "measure: {quantities: [loss]}",
		"integrator: {method: rk4}", "integrator: {tolerance: 1e-8}", "integrator: {substeps: 2}", "moments: {substeps: 1}",
		"coefficients: asymptotic", "runaway: ignore", "objective: {data: {train: 999}}", "objective: {data: {test: 1}}",
		"objective: {model: {kind: mlp, hidden: [32]}}", "objective: {model: {kind: mlp, activation: gelu}}", "objective: {model: {kind: mlp}, dtype: float32}",
		"objective: {model: {kind: mlp}, init: zeros}", "objective: {model: {kind: mlp}, physical_batch: 100}", "objective: {model: {kind: mlp}, start: zeros}",
		"objective: {model: {kind: cnn}}", "objective: {model: {kind: resnet}}", "objective: {model: {kind: resnet, depth: 50}}", "objective: {model: {kind: vit}}",
		"objective: {model: {kind: transformer}, data: {kind: markov}}", "objective: {model: {kind: transformer, tied: true}, data: {kind: markov}}",
		"objective: {model: {kind: mlp}, data: {kind: gaussian}}", "objective: {model: {kind: mlp}, data: {kind: gaussian, seed: 1}}",
		"objective: {data: {shuffle: true}}", "objective: {data: {normalize: standard}}", "objective: {data: {seed: 1}}", "objective: {data: {augment: {flip: true}}}", "objective: {data: {augment: {crop: 1}}}", "objective: {data: {classes: [0, 1]}}", "objective: {data: {}, batch: {count: 2}}",
		"objective: {data: {}, batch: {count: 2, order: iid}}", "objective: {data: {}, batch: {size: 500}}",
		"objective: {data: {}, start: normal}", "objective: {data: {}, start: normal, start_scale: 2}",
		"objective: {model: {intercept: true}}", "objective: {problem: bilinear}", "objective: {problem: sines}",
		"objective: {problem: sines, seed: 1}", "objective: {problem: sines, dimension: 4}", "objective: {problem: bilinear, start: [1, 2]}",
		"objective: {data: {kind: breast-cancer}}", "objective: {data: {kind: breast-cancer}, loss: mse}",
		"objective: {data: {kind: breast-cancer}, attack: {radius: 1}}", "objective: {data: {kind: breast-cancer}, attack: {norm: 1, radius: 1}}",
		"optimizer: {kind: gd}", "optimizer: {kind: adam}", "optimizer: {kind: adam, eps_mode: outside}", "optimizer: {kind: adam, lr: 2e-3}",
		"optimizer: {kind: adam, schedule: {warmup: 5}}", "optimizer: {kind: adam, schedule: {kind: cosine}}",
	} {
		h := parse(t, other).Hash()
		if seen[h] != "" {
			t.Errorf("%s\nhas the hash of\n%s", other, seen[h])
		}
		seen[h] = other
	}
}

func TestWith(t *testing.T) {
	c, err := Default().With("optimizer.kind=gd", "steps=3")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(parse(t, "steps: 3", "optimizer.kind=gd"), c, same); d != "" {
		t.Errorf("With differs from overrides\n%s", d)
	}
	if c, err = c.With("seed=4"); err != nil || c.Steps != 3 || c.Seed != 4 || c.Optimizer.Kind != "gd" {
		t.Errorf("a second With forgot the first: %v, %v", c, err)
	}
	if d := Default(); d.Steps != 400 {
		t.Errorf("With changed its receiver: %d steps", d.Steps)
	}
	if _, err := c.With("steps=0"); err == nil {
		t.Error("With accepted an override out of range")
	}
	if _, err := new(Config).With(); err == nil {
		t.Error("With of a zero config")
	}
}

// TestJSON: a record holds the config as an object and gives it back.
func TestJSON(t *testing.T) {
	c := parse(t, "seed: 18446744073709551615\nout: \"a \\u2028 <&> \\\"b\\\"\"\nobjective: {problem: rosenbrock}\noptimizer: {kind: heavy-ball, form: polyak, lr: 0.1}\n")
	record, err := json.Marshal(map[string]any{"config": c})
	if err != nil {
		t.Fatal(err)
	}
	var back struct{ Config *Config }
	if err := json.Unmarshal(record, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c, back.Config, same); d != "" || c.Hash() != back.Config.Hash() {
		t.Errorf("changed on the way (-want +got)\n%s", d)
	}
	var generic map[string]any
	if err := json.Unmarshal(c.JSON(), &generic); err != nil {
		t.Fatal(err)
	}
	if o := generic["optimizer"].(map[string]any); o["kind"] != "heavy-ball" || o["lr"] != 0.1 || o["form"] != "polyak" {
		t.Errorf("optimizer in JSON is %v", o)
	}
	for text, want := range map[string]string{
		"":                               "the recorded config is not valid JSON: EOF",
		"{":                              "the recorded config is not valid JSON: EOF",
		`{"a"`:                           "the recorded config is not valid JSON: EOF",
		`{"steps": 3} 4`:                 "the recorded config is not valid JSON: something follows the object",
		`{"steps": 3, "steps": 4}`:       `the recorded config is not valid JSON: duplicate key "steps"`,
		strings.Repeat("[", 100):         "the recorded config is not valid JSON: nested more than 50 deep",
		`{"steps": null}`:                "steps: want a whole number, got nothing",
		`{"steps": "3"}`:                 `steps: want a whole number, got "3"`,
		`{"optimizer": {"lr": 1e999}}`:   "optimizer.lr: want a finite number, got 1e999",
		`{"optimizer": {"x": [true]}}`:   "optimizer.x: unknown key of adam",
		`[1]`:                            "want a mapping of keys to values, got a list",
		`{"processes": ["flow-1", "?"]}`: `processes: unknown name "?"`,
	} {
		if _, err := FromJSON([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("FromJSON(%.40s)\n got %v\nwant %s", text, err, want)
		}
	}
	if err := json.Unmarshal([]byte(`{"steps": 0}`), new(Config)); err == nil {
		t.Error("a recorded config out of range was accepted")
	}
}

// TestCheckAfterChange: a program that changes fields is told what is wrong,
// still with the place of the value where it was read.
func TestCheckAfterChange(t *testing.T) {
	for _, test := range []struct {
		change func(c *Config)
		want   string
	}{
		{func(c *Config) { c.Steps = 0 }, "test.yaml:1:8: steps: want a whole number from 1 to 1000000000, got 0"},
		{func(c *Config) { c.Objective.Problem = "x" }, `objective.problem: unknown problem "x"`},
		{func(c *Config) { c.Objective.Data.Kind = "x" }, `objective.data.kind: unknown data set "x"`},
		{func(c *Config) { c.Objective.Model.Kind = "x" }, `objective.model.kind: unknown model "x"`},
		{func(c *Config) { c.Objective.Start = Start{Point: []float64{inf}} }, "objective.start: want finite numbers, got +Inf"},
		{func(c *Config) { c.Objective.Batch = Batch{Size: 1, Count: 1, Order: "iid"} }, "objective.batch: both a size and a count"},
		{func(c *Config) { c.Objective.Batch = Batch{Size: -1, Order: "iid"} }, "objective.batch.size: want a whole number from 0 to 1000000000, got -1"},
		{func(c *Config) { c.Optimizer.Rule = nil }, "optimizer: no hyperparameters"},
		{func(c *Config) { c.Optimizer.Schedule.Kind = "x" }, `optimizer: unknown schedule "x", have ["constant" "polynomial" "step" "cosine" "linear" "exponential" "inverse"]`},
		{func(c *Config) { c.Processes = []string{"flow-1"} }, "processes: discrete is missing"},
		{func(c *Config) { c.Processes = []string{"discrete", "x"} }, `processes: unknown name "x"`},
		{func(c *Config) { c.Measure.Plan[0].Quantity = "x" }, `measure: unknown quantity "x"`},
		{func(c *Config) { c.Integrator.Tolerance = inf }, "integrator.tolerance: want a number from 1e-14 to 0.1, got +Inf"},
		{func(c *Config) { *c = Config{} }, "measure: nothing is measured"},
	} {
		c := parse(t, "steps: 5\n")
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		test.change(c)
		err := c.Check()
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			if c.Steps == 0 && c.Name == "" && err != nil {
				continue // of a zero config any first mistake will do
			}
			t.Errorf("got %v, want %s", err, test.want)
		}
		if _, err := c.Build(); err == nil {
			t.Error("Build accepted what Check refuses")
		}
	}
}

// TestExamples: the configs in ../examples are valid and are what they say.
func TestExamples(t *testing.T) {
	for _, test := range []struct {
		file, description string
		check             func(c *Config) bool
	}{
		{"digits-mlp.yaml", "MLP 64-32-32-10, tanh, 3,466 parameters, on digits, 1,000 rows to train and 797 to test, cross-entropy, float64, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Hash() == Default().Hash() }},
		{"edge-of-stability.yaml", "MLP 64-32-32-10, tanh, 3,466 parameters, on digits, 1,000 rows to train and 797 to test, mse, float64, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Measure.Has("preconditioned_sharpness") }},
		{"digits-mlp-minibatch.yaml", "MLP 64-32-32-10, tanh, 3,466 parameters, on digits, 400 rows to train and 1,397 to test, cross-entropy, float64, 4 cyclic batches, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.Batch == Batch{Count: 4, Order: "cyclic"} }},
		{"digits.yaml", "softmax regression, 640 parameters, on digits, 1,000 rows to train and 797 to test, full batch, from zero",
			func(c *Config) bool { return c.Objective.Model.Kind == "linear" }},
		{"digits-minibatch.yaml", "softmax regression, 640 parameters, on digits, 1,000 rows to train and 797 to test, 5 cyclic batches, from zero",
			func(c *Config) bool { return c.Objective.Batch == Batch{Count: 5, Order: "cyclic"} }},
		{"digits-cnn.yaml", "CNN 8-16, dense 32, tanh, 6,562 parameters, on digits, 200 rows to train and 200 to test, cross-entropy, float64, flows in fixed steps, for the loss has kinks, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.Model.Activation == "tanh" }},
		{"digits-resnet.yaml", "ResNet-18 of width 4, softplus, 44,550 parameters, on digits, 32 rows to train and 32 to test, cross-entropy, float64, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.Model.Depth == 18 }},
		{"digits-vit.yaml", "SimpleViT of patch 2, dim 16, depth 2, 4 heads of 8, MLP 32, 6,690 parameters, on digits, 64 rows to train and 64 to test, cross-entropy, float64, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.Model.Patch == 2 }},
		{"text-transformer.yaml", "Transformer of dim 16, depth 2, 4 heads, MLP 32, 5,184 parameters, on markov text of 16 tokens, 40 sequences of 12 to train and 40 to test, cross-entropy, float64, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.Data.Vocab == 16 }},
		{"bench-mlp.yaml", "MLP 784-128-128-10, tanh, 118,282 parameters, on gaussian noise, 2,000 rows to train, cross-entropy, float32, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.PhysicalBatch == 2000 }},
		{"bench-cnn.yaml", "CNN 32-64-128, dense 512, relu, 1,341,226 parameters, on gaussian noise, 256 rows to train, cross-entropy, float32, flows in fixed steps, for the loss has kinks, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.PhysicalBatch == 256 }},
		{"fashion-mlp.yaml", "MLP 784-128-128-10, gelu, 118,282 parameters, on fashion-mnist, 2,000 rows to train and 10,000 to test, cross-entropy, float32, full batch, from kaiming_normal weights, zeros for biases",
			func(c *Config) bool {
				return c.Objective.Data.Normalize == "standard" && c.Objective.InitBias == "zeros"
			}},
		{"fashion-cnn.yaml", "CNN 32-64-128, dense 512, relu, 881,898 parameters, on fashion-mnist, 2,000 rows to train and 2,000 to test, cross-entropy, float32, full batch, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.PhysicalBatch == 500 }},
		{"cifar-resnet18.yaml", "ResNet-18 of width 64, relu, 11,173,962 parameters, on cifar-10, 500 rows to train (in 2 copies, flipped and cropped by 4) and 500 to test, cross-entropy, float32, 4 cyclic batches, from PyTorch's initialisation",
			func(c *Config) bool { return c.Objective.Data.Augment.Copies == 2 }},
		{"toy.yaml", "bilinear problem, 2 parameters, full batch, from (2.8, 3.5)",
			func(c *Config) bool { return c.Optimizer.Rule.(*optim.Adam).Beta2 == 0.95 }},
		{"toy-runaway.yaml", "bilinear problem, 2 parameters, full batch, from (2.8, 3.5)",
			func(c *Config) bool { return c.Optimizer.Rule.(*optim.Adam).Beta2 == 0.999 }},
		{"breast-cancer.yaml", "logistic regression, 30 parameters, on breast-cancer, 400 rows to train and 169 to test, full batch, from zero",
			func(c *Config) bool { return c.Objective.Data.Normalize == "standard" }},
	} {
		t.Run(test.file, func(t *testing.T) {
			c, err := Load("../examples/"+test.file, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.Name+".yaml" != test.file {
				t.Errorf("name %s", c.Name)
			}
			var absent *data.NotFoundError
			if _, err := data.Find(c.Objective.Data.Kind); errors.As(err, &absent) {
				t.Skip(err)
			}
			p, err := c.Build()
			if err != nil {
				t.Fatal(err)
			}
			if p.Description != test.description {
				t.Errorf("got %s", p.Description)
			}
			if !test.check(c) {
				t.Error("is not what its name says")
			}
		})
	}
	files, err := os.ReadDir("../examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".yaml") {
			_, err := Load("../examples/"+f.Name(), nil)
			if strings.HasPrefix(f.Name(), "sweep-") {
				_, err = LoadPlan("../examples/"+f.Name(), nil)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
}
