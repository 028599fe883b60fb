package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"leeway/optim"
)

var modeType = reflect.TypeFor[optim.EpsMode]()

// number draws a number of any size between the limits.
func number(t *rapid.T, label string, least, most float64) float64 {
	return rapid.Float64Range(least, most).Draw(t, label)
}

func pick(t *rapid.T, label string, names ...string) string {
	return rapid.SampledFrom(names).Draw(t, label)
}

// drawObjective draws the section objective as YAML, in flow style.
func drawObjective(t *rapid.T) string {
	var keys []string
	add := func(format string, a ...any) {
		if rapid.Bool().Draw(t, "written") {
			keys = append(keys, fmt.Sprintf(format, a...))
		}
	}
	parameters := 2
	if name := pick(t, "problem", append(Problems(), "", "")...); name != "" {
		keys = append(keys, "problem: "+name)
		switch name {
		case "quadratic":
			add("condition: %v", number(t, "condition", 1, 1e300))
			parameters = 10
		case "sines":
			add("seed: %d", rapid.Uint64().Draw(t, "seed"))
			add("batch: {count: %d, order: %s}", rapid.IntRange(1, 100).Draw(t, "count"), pick(t, "order", orderKinds...))
			parameters = 5
		}
		if len(entryOf(name).keys) > 0 && name != "rosenbrock" && rapid.Bool().Draw(t, "sized") {
			parameters = rapid.IntRange(2, 30).Draw(t, "dimension")
			keys = append(keys, fmt.Sprintf("dimension: %d", parameters))
		}
	} else {
		if rapid.Bool().Draw(t, "network") {
			return drawNetwork(t)
		}
		train := rapid.IntRange(1, 400).Draw(t, "train")
		kind := pick(t, "data", "digits", "breast-cancer", "csv")
		extra := ""
		if kind == "csv" {
			extra = ", path: some/file.csv"
		}
		keys = append(keys, fmt.Sprintf("data: {kind: %s%s, train: %d, test: %d, shuffle: %t}", kind, extra, train, rapid.IntRange(0, 100).Draw(t, "test"), rapid.Bool().Draw(t, "shuffle")))
		add("model: {kind: linear, intercept: %t}", rapid.Bool().Draw(t, "intercept"))
		add("batch: {size: %d, order: %s}", rapid.IntRange(1, train).Draw(t, "size"), pick(t, "order", orderKinds...))
		if kind == "breast-cancer" {
			loss := pick(t, "loss", Losses()...)
			keys = append(keys, "loss: "+loss)
			if loss == "logistic" || loss == "exponential" {
				add("attack: {norm: %s, radius: %v}", pick(t, "norm", norms...), number(t, "radius", 0, 10))
			}
		}
		parameters = 0
	}
	switch start := pick(t, "start", "", "zeros", "normal", "list"); {
	case start == "list" && parameters > 0:
		var list []string
		for range parameters {
			list = append(list, strconv.FormatFloat(rapid.Float64().Draw(t, "x"), 'g', -1, 64))
		}
		keys = append(keys, "start: ["+strings.Join(list, ", ")+"]")
	case start == "normal":
		keys = append(keys, "start: normal", fmt.Sprintf("start_scale: %v", number(t, "scale", 1e-300, 1e300)))
	case start == "zeros":
		keys = append(keys, "start: zeros")
	}
	return "objective: {" + strings.Join(rapid.Permutation(keys).Draw(t, "keys"), ", ") + "}"
}

// drawNetwork draws the section objective with a network.
func drawNetwork(t *rapid.T) string {
	size := func(label string) int { return rapid.IntRange(1, 100).Draw(t, label) }
	activation := pick(t, "activation", Activations()...)
	data := pick(t, "data", "{kind: digits, train: 50, shrink: 2}", "{kind: gaussian, shape: [5, 7, 2], train: 50, seed: 18446744073709551615}",
		"{kind: mixture, shape: [8, 8, 1], classes: 2, spread: 0.1, train: 50}", "{kind: cifar-10, classes: [9, 0], train: 50, test: 0, augment: {crop: 4, copies: 3}}",
		"{kind: folder, path: a/b c, resize: [7, 9], channels: 1, train: 50, shuffle: false, normalize: symmetric}", "{kind: npz, path: x.npz, train: 50, augment: {flip: true}, seed: 8}")
	var model string
	kind := pick(t, "model", Models()[1:]...)
	switch kind {
	case "mlp":
		model = fmt.Sprintf("{kind: mlp, hidden: %s, activation: %s, bias: %t}", pick(t, "hidden", "[]", "[3]", "[4, 5, 6]"), activation, rapid.Bool().Draw(t, "bias"))
	case "cnn", "lenet":
		model = fmt.Sprintf("{kind: %s, channels: [%d], dense: %d}", kind, size("channels"), size("dense"))
	case "resnet":
		model = fmt.Sprintf("{kind: resnet, depth: %s, width: %d, activation: %s}", pick(t, "depth", "18", "50", "101"), size("width"), activation)
	case "vit":
		model = fmt.Sprintf("{kind: vit, patch: %d, dim: %d, depth: %d}", size("patch"), size("dim"), size("depth"))
	case "transformer":
		model = fmt.Sprintf("{kind: transformer, dim: %d, heads: 4, tied: %t}", 4*size("dim"), rapid.Bool().Draw(t, "tied"))
		data = fmt.Sprintf("{kind: markov, vocab: %d, length: %d, train: 50}", 1+size("vocab"), size("length"))
		if rapid.Bool().Draw(t, "text") {
			data = fmt.Sprintf("{kind: text, path: ..txt, length: %d, train: 50}", size("length"))
		}
	}
	keys := []string{"model: " + model, "data: " + data}
	add := func(format string, a ...any) {
		if rapid.Bool().Draw(t, "written") {
			keys = append(keys, fmt.Sprintf(format, a...))
		}
	}
	add("dtype: %s", pick(t, "dtype", "float32", "float64"))
	add("physical_batch: %d", size("physical batch"))
	add("threads: %d", size("threads"))
	add("init: %s", pick(t, "init", Initializations()...))
	add("init_scale: %v", number(t, "init scale", 1e-300, 1e300))
	add("batch: {size: %d}", rapid.IntRange(1, 50).Draw(t, "size"))
	if kind != "transformer" && kind != "resnet" {
		add("attack: %s", pick(t, "attack", "{radius: 0.1}", "{norm: inf, radius: 3, steps: 4, bounds: [-1, 2]}", "{radius: 0, step: 0.5}"))
	}
	return "objective: {" + strings.Join(rapid.Permutation(keys).Draw(t, "keys"), ", ") + "}"
}

func entryOf(name string) problem { return (&Objective{Problem: name}).entry() }

// drawOptimizer draws the section optimizer. Hyperparameters common to no
// kinds are left at their defaults.
func drawOptimizer(t *rapid.T, lr float64) string {
	kind := pick(t, "optimizer", append(optim.Kinds(), steepest)...)
	schedule := pick(t, "schedule", "{warmup: 3}", "{kind: cosine, final: 0.1}", "{kind: cosine, steps: 7}", "{kind: step, every: 3, warmup: 2.5}", "{kind: polynomial, power: 1}", "{kind: constant}")
	text := fmt.Sprintf("optimizer:\n    kind: %s\n    lr: %v\n    schedule: %s\n    l2: %v\n", kind, lr, schedule, number(t, "l2", 0, 1))
	if strings.Contains(kind, "adam") {
		text += fmt.Sprintf("    beta1: %v\n    eps: %v\n    eps_mode: %s\n", number(t, "beta1", 0, 0.999), number(t, "eps", 0, 1e-300), pick(t, "mode", constants(modeType)...))
	}
	return text
}

// TestRoundTrip: a random valid config, written out by hand, keeps its values
// through reading, resolving and recording. The values drawn are the truth that
// no code of the package has touched.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lr, steps := number(t, "lr", 1e-308, 1e308), rapid.IntRange(1, 1_000_000_000).Draw(t, "steps")
		out := rapid.StringN(1, 40, -1).Filter(func(s string) bool {
			return utf8.ValidString(s) && !strings.ContainsRune(s, 0)
		}).Draw(t, "out")
		sections := []string{
			drawObjective(t), drawOptimizer(t, lr), fmt.Sprintf("steps: %d", steps),
			"# a comment", "", "measure: {every: 3}", "integrator:\n  tolerance: 1e-7 # loose",
		}
		text := strings.Join(rapid.Permutation(sections).Draw(t, "sections"), "\n")
		c, err := Parse([]byte(text), "f.yaml", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if c.Optimizer.LR != lr || c.Steps != steps || c.Measure.Plan[0].When.Every != 3 || c.Integrator.Tolerance != 1e-7 {
			t.Fatalf("read lr %v, steps %d from\n%s", c.Optimizer.LR, c.Steps, text)
		}
		c.Out = out
		resolved := c.Resolved()
		back, err := Parse(resolved, "resolved.yaml", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, resolved)
		}
		recorded, err := FromJSON(c.JSON())
		if err != nil {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
		for _, other := range []*Config{back, recorded} {
			if d := cmp.Diff(c, other, same); d != "" {
				t.Fatalf("changed on the way (-want +got)\n%s\n%s", d, resolved)
			}
			if c.Hash() != other.Hash() || string(other.Resolved()) != string(resolved) {
				t.Fatal("another hash or another text for the same values")
			}
		}
		if !json.Valid(c.JSON()) {
			t.Fatalf("not JSON: %s", c.JSON())
		}
		checkPlaces(t, text)
		checkPlaces(t, string(resolved))
	})
}

// checkPlaces: where a value or key is said to stand, the text has it. The text
// itself is the truth.
func checkPlaces(t interface{ Fatalf(string, ...any) }, text string) {
	tree, err := parseYAML("f.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	lines := strings.Split(text, "\n")
	at := func(o origin, want string) {
		if o.line < 1 || o.line > len(lines) || o.column > len([]rune(lines[o.line-1])) {
			t.Fatalf("%q is said to be at %d:%d of\n%s", want, o.line, o.column, text)
		}
		rest := string([]rune(lines[o.line-1])[o.column-1:])
		if !strings.HasPrefix(rest, want) && !strings.HasPrefix(rest, `"`) {
			t.Fatalf("%q is said to be at %d:%d, where there is %q", want, o.line, o.column, rest)
		}
	}
	tree.walk(func(n *node) {
		if n.kind == scalar {
			at(n.origin, n.text)
		}
		for _, e := range n.entries {
			at(e.at, e.key)
		}
	})
}

// FuzzParse: no text makes the reader panic, nor take memory out of proportion
// to it; what it accepts survives being written and read again; what it refuses,
// it refuses with a sentence and a hint.
func FuzzParse(f *testing.F) {
	for _, m := range mistakes {
		f.Add([]byte(m.text), strings.Join(m.overrides, "\n"))
	}
	examples, err := filepath.Glob("../examples/*.yaml")
	if err != nil || len(examples) == 0 {
		f.Fatalf("no examples: %v", err)
	}
	for _, path := range examples {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "optimizer.lr=1e-3")
	}
	f.Fuzz(func(t *testing.T, text []byte, overrides string) {
		var list []string
		if overrides != "" {
			list = strings.Split(overrides, "\n")
		}
		var c *Config
		var err error
		size := len(text) + len(overrides)
		if used := allocated(func() { c, err = Parse(text, "f.yaml", list) }); used > uint64(1<<20+1<<12*size) {
			t.Errorf("%d bytes allocated for %d bytes of text", used, size)
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.What == "" || e.Try == "" {
				t.Fatalf("error %#v", err)
			}
			if e.File != "" && e.File != "f.yaml" || strings.Contains(e.What, "\n") && !strings.Contains(overrides, "\n") {
				t.Fatalf("error %q", e.Error())
			}
			return
		}
		back, err := Parse(c.Resolved(), "f.yaml", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, c.Resolved())
		}
		recorded, err := FromJSON(c.JSON())
		if err != nil {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
		if d := cmp.Diff(c, back, same) + cmp.Diff(c, recorded, same); d != "" || back.Hash() != c.Hash() {
			t.Fatalf("changed on the way\n%s", d)
		}
	})
}

// allocated is what f allocates, in bytes.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// FuzzFromJSON: nor does any record.
func FuzzFromJSON(f *testing.F) {
	f.Add(Default().JSON())
	f.Add([]byte(`{"steps": [{"a": null}], "seed": 1e3}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var c *Config
		var err error
		if used := allocated(func() { c, err = FromJSON(text) }); used > uint64(1<<20+1<<12*len(text)) {
			t.Errorf("%d bytes allocated for %d bytes of text", used, len(text))
		}
		if err != nil {
			return
		}
		back, err := FromJSON(c.JSON())
		if err != nil || back.Hash() != c.Hash() {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
	})
}
