package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"leeway/rundir"
	"leeway/trace"
)

// networkRun is a run whose sharpness was measured at every second row.
func networkRun() Run {
	gap := rundir.Missing()
	r := Run{
		Title:   "fashion-mlp",
		Columns: []string{"step", "t"},
		Data: map[string][]float64{
			"step": {0, 10, 20, 30, 40},
			"t":    {0, 1, 2, 3, 4},
		},
		Summary: trace.Summary{Status: trace.StatusDone, Steps: 40, Planned: 100, Stopped: "step 40: the training loss is 0.0299, below 0.03", Modified: -1},
	}
	for name, y := range map[string][]float64{
		"loss": {2.3, 1.5, 1, 0.5, 0.1}, "test_loss": {2.3, gap, 1.2, gap, 0.8}, "accuracy": {0.1, gap, 0.6, gap, 0.8}, "train_accuracy": {0.1, gap, 0.7, gap, 0.99},
		"sharpness_1": {10, gap, 30, gap, 41}, "sharpness_2": {5, gap, 6, gap, 7}, "sharpness_line": {20, gap, 20, gap, 20},
		"preconditioned_1": {1e4, gap, 3e4, gap, 3.8e4}, "preconditioned_line": {3.8e4, gap, 3.8e4, gap, 3.8e4},
		"hessian_trace": {100, gap, gap, gap, 300}, "gradient_mean": {1e-3, 1e-3, 1e-4, 1e-5, 1e-5}, "gradient_deviation": {1e-3, 1e-3, 1e-4, 1e-5, 1e-5},
		"noise_scale": {10, 20, 30, 40, 50}, "theta_inf": {0.5, 0.5, 0.6, 0.6, 0.7}, "theta_two": {5, 5, 6, 6, 7}, "bias_cosine": {0.1, -0.2, 0.1, 0, 0},
		"margin_inf_share": {-1, 0.3, 0.6, 0.8, 0.9}, "margin_two_share": {-1, 0.5, 0.6, 0.6, 0.6}, "margin_inf_cosine": {0, 0.8, 0.9, 0.9, 0.95}, "margin_two_cosine": {0, 0.9, 0.9, 0.8, 0.8},
		"robust_accuracy": {0, gap, 0.2, gap, 0.5}, "robust_train_accuracy": {0, gap, 0.3, gap, 0.9},
		"robust_margin_share": {-3, -1, 0.2, 0.3, 0.4}, "kkt_size": {0.1, 0.2, 0.5, 0.9, 1}, "kkt_ratio": {0.5, 0.7, 0.8, 0.9, 1},
	} {
		r.Columns = append(r.Columns, "discrete/"+name)
		r.Data["discrete/"+name] = y
	}
	return r
}

// What was not measured is left out and not drawn as a gap; the common axis holds
// every step that some series has.
func TestSparseQuantities(t *testing.T) {
	r := networkRun()
	x, y := r.column(trace.Discrete, "sharpness_1")
	if !slices.Equal(x, []float64{0, 20, 40}) || !slices.Equal(y, []float64{10, 30, 41}) {
		t.Fatalf("sharpness at %v: %v", x, y)
	}
	for _, p := range r.panels() {
		d := p.data()
		switch p.name {
		case "loss":
			if len(d.X) != 5 || len(d.Series) != 2 || d.Series[0].At != nil || !slices.Equal(d.Series[1].At, []int{0, 2, 4}) {
				t.Errorf("loss: %d steps, %+v", len(d.X), d.Series)
			}
		case "sharpness":
			if len(d.X) != 3 || len(d.Series) != 3 || d.Series[2].Name != "stability line" {
				t.Errorf("sharpness: %d steps, %d series", len(d.X), len(d.Series))
			}
		}
	}
}

// Everything that a network's run measures has its figure, and the page says how
// the run came to its end.
func TestPageOfNetwork(t *testing.T) {
	var page bytes.Buffer
	if err := Write(&page, networkRun()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Sharpness", "Preconditioned sharpness", "Trace of the Hessian", "Noise scale of the mini-batches", "Size of the parameters", "Margins", "Directions of the largest margins", "Robust margin", "The ball of the weight decay", "Accuracy under attack",
		"Components of the gradient", "Direction of the bias", "Dashed: the test loss of the optimizer", "below 0.03", "-1 times the bias term",
	} {
		if !strings.Contains(page.String(), want) && !strings.Contains(page.String(), strings.Replace(want, "-1", "−1", 1)) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
