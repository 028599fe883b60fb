package robust

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"leeway/compare"
	"leeway/figure"
	"leeway/papers"
	"leeway/trace"
)

// contest is a network that is trained by gradient and by sign descent against attacks
// of several radii until the attacked training loss is below a threshold, so that all
// are equally well trained.
type contest struct {
	id, says, name string
	objective      string // of the config, with the key attack left out
	radii          []float64
	rates          [2]string // what the optimizers set: gradient descent, sign descent
	loss           float64
	steps, seeds   int
}

// contests of a scale: the two panels of Figure 3.
func contests(scale papers.Scale) []contest {
	const (
		two  = "In networks, too, gradient descent withstands attacks better than sign descent, by more the larger the radius."
		ten  = "In a convolutional network on all classes, too, gradient descent withstands attacks better than sign descent, by more the larger the radius."
		flat = "model: {kind: mlp, hidden: [%d], activation: relu, bias: false}, data: {kind: %s, classes: [2, 7], train: %d, test: %d, normalize: unit}, loss: exponential, init_scale: 0.01, dtype: float32"
		deep = "model: {kind: lenet, channels: %s, dense: %d}, data: {kind: %s, train: %d, test: %d, normalize: unit, shrink: %d}, dtype: float32"
	)
	if scale == papers.Full {
		rates := [2]string{"kind: gd, lr: 1e-2", "kind: sign-gd, lr: 1e-4"} // 1e-4 on the sum over 100 rows
		return []contest{
			{"network", two, "One hidden layer of 784 (ReLU, no biases) on the first 100 images of the digits 2 and 7", fmt.Sprintf(flat, 784, "mnist", 100, 2000), []float64{0, 0.1, 0.2, 0.3}, rates, 0.01, 12_000, 3},
			{"network-250", two, "The same network on the first 250 images", fmt.Sprintf(flat, 784, "mnist", 250, 2000), []float64{0, 0.1, 0.2, 0.3}, [2]string{"kind: gd, lr: 2.5e-2", rates[1]}, 0.01, 12_000, 3},
			{"cnn", ten, "The paper’s convolutional network on 1,000 images of MNIST", fmt.Sprintf(deep, "[32, 64]", 1024, "mnist", 1000, 10_000, 1), []float64{0, 0.1, 0.2, 0.3}, [2]string{"kind: gd, lr: 0.1", "kind: sign-gd, lr: 1e-4"}, 0.1, 5000, 3},
		}
	}
	return []contest{
		{"network", two, "One hidden layer of 100 (ReLU, no biases) on the first 100 images of the classes 2 and 7 of Fashion-MNIST", fmt.Sprintf(flat, 100, "fashion-mnist", 100, 2000), []float64{0, 0.05, 0.1}, [2]string{"kind: gd, lr: 3e-2", "kind: sign-gd, lr: 1e-4"}, 0.02, 3000, 5},
		{"cnn", ten, "Two 5x5 convolutions of 4 and 8 channels, each with a 2x2 maximum, and a dense layer of 32 (ReLU) on the first 100 images of Fashion-MNIST, of 14x14 pixels", fmt.Sprintf(deep, "[4, 8]", 32, "fashion-mnist", 100, 2000, 2), []float64{0, 0.025, 0.05}, [2]string{"kind: gd, lr: 0.2", "kind: sign-gd, lr: 1e-3"}, 0.8, 2000, 5},
	}
}

// plan is the text of the contest's sweep.
func (c *contest) plan() string {
	return fmt.Sprintf(`name: %s
objective: {%s, attack: {radius: 0, steps: 10, bounds: [0, 1]}}
processes: [discrete]
steps: %d
stop: {loss: %g}
measure: {quantities: [loss, robust_accuracy, robust_train_accuracy], every: 1000}
sweep:
  axes: {objective.attack.radius: [%s]}
  list: [{optimizer: {%s}}, {optimizer: {%s}}]
  seeds: %d
`, c.id, c.objective, c.steps, c.loss, joined(c.radii), c.rates[0], c.rates[1], c.seeds)
}

// plans are the sweeps of a scale by name.
func plans(scale papers.Scale) map[string]string {
	all := map[string]string{}
	for _, c := range contests(scale) {
		all[c.id] = c.plan()
	}
	return all
}

// networks are the claims of Figure 3.
func networks(scale papers.Scale) []papers.Claim {
	var all []papers.Claim
	for _, c := range contests(scale) {
		all = append(all, papers.Claim{
			ID: c.id, Place: "Figure 3", Provenance: papers.Stated, Says: c.says, Expected: papers.Positive("above 0"), Sweeps: []string{c.id},
			Quantity: "slope, over the radius of the attack, of the robust test accuracy of gradient descent less that of sign descent",
			How: fmt.Sprintf("%s, trained in full batch on the paper’s robust objective against attacks by 10 projected steps of radius/5, until the attacked training loss is below %g (%d steps at most), and tested against the same attack; radii %s, gradient descent (%s) and sign descent (%s); the least-squares slope of each of %d seeds of the weights, mean with Student’s 95 %% interval.",
				c.name, c.loss, c.steps, joined(c.radii), c.rates[0], c.rates[1], c.seeds),
			Measure: c.measure,
		})
	}
	return all
}

// measure reads the sweep. Only runs that reached the threshold are compared.
func (c contest) measure(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
	s, err := lab.Sweep(ctx, c.id)
	if err != nil {
		return nil, err
	}
	type key struct {
		radius, seed, method int
	}
	found := map[key]float64{}
	late := 0
	methods := []Method{GD, SignGD}
	for i := range s.Cells {
		cell := &s.Cells[i]
		k := key{radius: i / (len(methods) * c.seeds), method: i / c.seeds % len(methods), seed: i % c.seeds}
		if v, ok := (compare.At{Kind: "loss", X: c.loss}).Value(cell, trace.Discrete+"/robust_accuracy"); ok {
			found[k] = v
		} else {
			late++
		}
	}
	if len(s.Cells) != len(c.radii)*len(methods)*c.seeds {
		return nil, fmt.Errorf("robust: the sweep %s has %d runs, not %d", c.id, len(s.Cells), len(c.radii)*len(methods)*c.seeds)
	}
	table := &papers.Table{Columns: []string{"radius", "method", "robust test accuracy", "low", "high", "seeds"}}
	chart := figure.Chart{XLabel: "radius of the attack", YLabel: "robust test accuracy", Series: make([]figure.Series, len(methods))}
	for i, radius := range c.radii {
		for m, method := range methods {
			var values []float64
			for seed := range c.seeds {
				if v, ok := found[key{i, seed, m}]; ok {
					values = append(values, v)
				}
			}
			mean, line := papers.Mean(values), &chart.Series[m]
			table.Add(radius, string(method), mean.Value, mean.Low, mean.High, len(values))
			line.Name, line.Style = string(method), figure.Numbered(m)
			line.X, line.Y, line.Low, line.High = append(line.X, radius), append(line.Y, mean.Value), append(line.Low, mean.Low), append(line.High, mean.High)
		}
	}
	var slopes []float64
	for seed := range c.seeds {
		var x, y []float64
		for i, radius := range c.radii {
			a, okA := found[key{i, seed, 0}]
			b, okB := found[key{i, seed, 1}]
			if okA && okB {
				x, y = append(x, radius), append(y, a-b)
			}
		}
		if len(x) == len(c.radii) {
			_, slope := stat.LinearRegression(x, y, nil, false)
			slopes = append(slopes, slope)
		}
	}
	f := papers.Mean(slopes)
	f.Table = table
	if late > 0 {
		f.Notes = []string{fmt.Sprintf("%d of %d runs did not get below the loss %g in %d steps and are not compared; a seed counts where all of its runs did.", late, len(s.Cells), c.loss, c.steps)}
	}
	if math.IsNaN(f.Value) && len(slopes) == 0 {
		f.Notes = append(f.Notes, "No seed is left to be compared.")
	}
	f.Figures = []papers.Figure{{Name: "network", Caption: "Robust test accuracy where the attacked training loss is first below the threshold, trained and tested with attacks of a radius, mean with 95 % interval over seeds. Trained on the paper’s robust objective, the loss at the attacked images.", Drawing: chart}}
	return f, nil
}
