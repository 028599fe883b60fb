package config

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"leeway/trace"
)

// The built-in preset measures what is known to be cheap at least forty times, and
// the curvature where the flows make it cheap by comparison.
func TestDefaultMeasures(t *testing.T) {
	m := Default().Measure
	var names []string
	for _, p := range m.Plan {
		names = append(names, p.Quantity)
		if n := p.When.Count(400); n < 10 || p.Quantity == "loss" && n < 40 {
			t.Errorf("%s is measured %d times", p.Quantity, n)
		}
	}
	want := []string{"loss", "accuracy", "test_loss", "one_norm", "perturbed_one_norm", "two_norm", "parameter_norm", "bias", "trust", "sharpness"}
	if !slices.Equal(names, want) || m.Top != 1 || m.Below != nil {
		t.Errorf("%v, top %d, below %v", names, m.Top, m.Below)
	}
}

// What is written decides over the preset: a list of quantities, one schedule for
// all, and that of a single one, in this order. The truth is the resolved section
// as a reader of docs/config.md expects it.
func TestMeasure(t *testing.T) {
	const discrete = "processes: [discrete]\nsteps: 1000\n"
	for _, test := range []struct{ text, want string }{
		{"measure: {every: 10, quantities: [bias, loss]}", "measure: {every: 10, quantities: [loss, bias], top: 1}"},
		{"measure: {log: 40, quantities: [loss]}", "measure: {log: 40, quantities: [loss], top: 1}"},
		{"measure: {at: [0, 10], quantities: [loss], below: [0.1, 0.01]}", "measure: {at: [0, 10], quantities: [loss], top: 1, below: [0.1, 0.01]}"},
		{"measure: {every: 10, quantities: [loss], schedule: {sharpness: {log: 5}}, top: 3}",
			"measure: {quantities: [loss, sharpness], schedule: {loss: {every: 10}, sharpness: {log: 5}}, top: 3}"},
		{"measure: {every: 10, quantities: [loss, sharpness], schedule: {loss: {every: 1}}}",
			"measure: {quantities: [loss, sharpness], schedule: {loss: {every: 1}, sharpness: {every: 10}}, top: 1}"},
		// One schedule for all leaves out the curvature that the preset has.
		{"objective: {problem: bilinear}\nmeasure: {every: 10}", "measure: {every: 10, quantities: [loss, one_norm, perturbed_one_norm, two_norm, parameter_norm, bias, trust], top: 1}"},
		{"objective: {problem: bilinear}\nmeasure: {every: 10, preset: economy}", "measure: {every: 10, quantities: [loss, perturbed_one_norm], top: 1}"},
		{"objective: {problem: bilinear}\nmeasure: {every: 50, preset: full}",
			"measure: every: 50 quantities: [loss, one_norm, perturbed_one_norm, two_norm, gradient_size, parameter_norm, bias, trust, sharpness, preconditioned_sharpness, hessian_trace, density] top: 1"},
	} {
		c := parse(t, discrete+test.text+"\n")
		if got := string(c.Resolved()); !strings.Contains(strings.ReplaceAll(got, "\n  ", " "), test.want+"\n") {
			t.Errorf("%s resolves to\n%s", test.text, got[strings.Index(got, "measure"):])
		}
	}
}

// Which quantities a preset has follows from what there is: rows to test on, more
// than one batch, a second moment, and whether it can be had for the price.
func TestPresetKnowsTheRun(t *testing.T) {
	has := func(text string) func(string) bool {
		c := parse(t, text)
		return c.Measure.Has
	}
	full := has("measure: {preset: full}\n")
	if !full("density") || !full("train_accuracy") || full("noise_scale") || !full("preconditioned_sharpness") {
		t.Error("full batch: wrong quantities")
	}
	batches := has("objective: {data: {kind: digits, test: 0}, batch: {count: 5, order: iid}}\noptimizer: {kind: gd}\nmeasure: {preset: full}\n")
	if !batches("noise_scale") || batches("accuracy") || batches("test_loss") || batches("preconditioned_sharpness") {
		t.Error("mini-batches: wrong quantities")
	}
	if short := has("processes: [discrete]\nsteps: 200\n"); short("sharpness") || !short("bias") {
		t.Error("200 steps of the optimizer alone pay for no eigenvalues, and always for the bias")
	}
	if long := has("processes: [discrete]\nsteps: 20000\n"); !long("sharpness") {
		t.Error("20,000 steps pay for eigenvalues")
	}
}

// A config that is read back from its record has the same plan, whatever a preset
// would choose then.
func TestMeasureRoundTrip(t *testing.T) {
	for _, text := range []string{"steps: 333\n", "steps: 5\n", "measure: {preset: full}\n", "measure: {preset: economy, schedule: {trust: {at: [3, 1]}}}\n"} {
		c := parse(t, text)
		back, err := FromJSON(c.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(c.Measure.Plan, back.Measure.Plan, func(a, b trace.Measure) bool {
			return a.Quantity == b.Quantity && a.When.String() == b.When.String()
		}) || c.Hash() != back.Hash() {
			t.Errorf("%s: %v became %v", text, c.Measure, back.Measure)
		}
	}
}

// Mistakes in the section are refused at their place.
func TestMeasureMistakes(t *testing.T) {
	for _, test := range []struct{ text, want, try string }{
		{"measure: {preset: cheap}", `1:19: measure.preset: unknown preset "cheap"`, "economy"},
		{"measure: {every: 3, log: 4}", "1:21: measure.log: a schedule beside every", "one of every, log and at"},
		{"measure: {log: 1}", "1:16: measure.log: want a whole number from 2", "40"},
		{"measure: {at: []}", "1:15: measure.at: want at least one step", "[0, 100]"},
		{"measure: {at: [3, -1]}", "1:19: measure.at: want steps from 0", "[0, 100]"},
		{"measure: {schedule: {los: {every: 1}}}", "1:22: measure.schedule.los: unknown key", "loss"},
		{"measure: {schedule: {loss: {}}}", "1:28: measure.schedule.loss: no schedule", "{every: 10}"},
		{"measure: {schedule: {loss: {every: 0}}}", "1:36: measure.schedule.loss.every: want a whole number", "10"},
		{"measure: {top: 0}", "1:16: measure.top: want a whole number from 1 to 100", "1"},
		{"measure: {below: [0]}", "1:18: measure.below: want finite numbers > 0", "[0.1]"},
		{"optimizer: {kind: gd}\nmeasure: {quantities: [preconditioned_sharpness]}", "2:23: measure.quantities: preconditioned_sharpness needs an optimizer with a second moment", "sharpness"},
		{"measure: {schedule: {noise_scale: {every: 1}}}", "1:35: measure.schedule.noise_scale: noise_scale needs more than one batch", "batch"},
		{"objective: {problem: bilinear}\nmeasure: {quantities: [train_accuracy]}", "2:23: measure.quantities: train_accuracy needs a model", "no train_accuracy"},
	} {
		_, err := Parse([]byte(test.text), "f.yaml", nil)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), "f.yaml:"+test.want) || !strings.Contains(e.Hint(), test.try) {
			t.Errorf("%s: %v", test.text, err)
		}
	}
	for _, change := range []func(m *Measure){
		func(m *Measure) { m.Plan[0].When = trace.When{Every: 1, Log: 3} },
		func(m *Measure) { m.Plan[1] = m.Plan[0] },
		func(m *Measure) { m.Plan = nil },
	} {
		c := Default()
		change(&c.Measure)
		if err := c.Check(); err == nil {
			t.Errorf("%v was taken", c.Measure)
		}
	}
}
