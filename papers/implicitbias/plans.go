package implicitbias

import (
	"fmt"

	"leeway/compare"
	"leeway/papers"
)

// subject is a network with its data, on which the paper's sweeps are run.
type subject struct {
	id, name string
	// objective is the config's section, optimizer what the sweeps do not vary.
	objective string
	rho       axis // at a beta
	beta      axis // at a rho
	steps     int
	stop      string // the section that ends a run, empty for none
	every     int
	seeds     int
	// norm and accuracy are the places at which they are compared.
	norm, accuracy compare.At
}

// axis is a sweep of one hyperparameter at a value of the other.
type axis struct {
	values []float64
	other  float64
	lr     float64
}

// The places of the quick scale, where every run crosses the thresholds, and those
// of the paper's figures: hill peaks after the initial phase, best accuracies.
var (
	atTenth = compare.At{Kind: "loss", X: 0.1}
	atStop  = compare.At{Kind: "loss", X: 0.03}
	atPeak  = compare.At{Kind: "peak", X: 0.1}
	atBest  = compare.At{Kind: "max"}
)

// subjects are the networks of a scale. The first is the reference setting, which
// has more seeds: its differences in accuracy are small.
func subjects(scale papers.Scale) []subject {
	if scale == papers.Full {
		return paperSubjects()
	}
	const images = "{kind: fashion-mnist, train: %d, test: 10000, normalize: standard}"
	const rest = "init: kaiming_normal, init_bias: zeros, dtype: float32"
	small := func(id, name, model string, train int, lr float64) subject {
		return subject{
			id: id, name: name, steps: 600, stop: "stop: {loss: 0.03}\n", every: 10, seeds: 5, norm: atTenth, accuracy: atStop,
			objective: fmt.Sprintf("{model: %s, data: {kind: fashion-mnist, train: %d, test: 1000, normalize: standard}, dtype: float32}", model, train),
			rho:       axis{[]float64{0.9, 0.99, 0.999}, 0.9, lr}, beta: axis{[]float64{0.9, 0.98}, 0.999, lr},
		}
	}
	return []subject{
		{
			id: "mlp", name: "MLP (two hidden layers of 128, GELU) on 2,000 images of Fashion-MNIST",
			objective: "{model: {kind: mlp, hidden: [128, 128], activation: gelu}, data: " + fmt.Sprintf(images, 2000) + ", " + rest + "}",
			rho:       axis{[]float64{0.9, 0.95, 0.99, 0.999}, 0.9, 1e-4}, beta: axis{[]float64{0.9, 0.95, 0.98}, 0.999, 1e-4},
			steps: 3000, stop: "stop: {loss: 0.03}\n", every: 25, seeds: 10, norm: atTenth, accuracy: atStop,
		},
		small("cnn", "the paper’s CNN with half its channels on 200 images of Fashion-MNIST", "{kind: cnn, channels: [16, 32, 64], dense: 128}", 200, 3e-4),
		small("resnet", "ResNet-18 with a sixteenth of its width on 100 images of Fashion-MNIST", "{kind: resnet, depth: 18, width: 4}", 100, 3e-4),
		small("vit", "a small vision transformer on 200 images of Fashion-MNIST", "{kind: vit, patch: 7, dim: 32, depth: 2, heads: 4, head_dim: 8, mlp_dim: 64}", 200, 3e-4),
	}
}

// paperSubjects are the networks, data and steps of the paper. Its number of seeds,
// its grids and its epochs are not known; they are chosen here.
func paperSubjects() []subject {
	models := []struct{ id, name, model string }{
		{"resnet50", "ResNet-50", "{kind: resnet, depth: 50, width: 64}"},
		{"resnet101", "ResNet-101", "{kind: resnet, depth: 101, width: 64}"},
		{"cnn", "the paper’s CNN", "{kind: cnn, channels: [32, 64, 128], dense: 512}"},
		{"vit", "the paper’s vision transformer", "{kind: vit, patch: 4, dim: 512, depth: 6, heads: 16, head_dim: 64, mlp_dim: 1024}"},
	}
	var all []subject
	for _, data := range []string{"cifar-10", "cifar-100"} {
		for _, m := range models {
			all = append(all, subject{
				id: m.id + "-" + data, name: m.name + " on " + data,
				objective: fmt.Sprintf("{model: %s, data: {kind: %s, normalize: standard}, dtype: float32, physical_batch: 500}", m.model, data),
				rho:       axis{[]float64{0.9, 0.95, 0.99, 0.995, 0.999}, 0.99, 7.5e-5},
				beta:      axis{[]float64{0.9, 0.95, 0.98, 0.99}, 0.999, 1e-4},
				steps:     3000, every: 10, seeds: 5, norm: atPeak, accuracy: atBest,
			})
		}
	}
	return all
}

// plan is the text of a sweep.
func (s *subject) plan(name, optimizer, axes string, seeds int) string {
	return fmt.Sprintf("name: %s\nobjective: %s\noptimizer: %s\nprocesses: [discrete]\nsteps: %d\n%smeasure: {every: %d, quantities: [loss, accuracy, perturbed_one_norm], below: [0.1]}\nsweep:\n  axes: %s\n  seeds: %d\n",
		name, s.objective, optimizer, s.steps, s.stop, s.every, axes, seeds)
}

// plans are the sweeps of the claims about norms, by name.
func plans(scale papers.Scale) map[string]string {
	all := map[string]string{}
	adam := func(lr, beta, rho float64, mode string) string {
		return fmt.Sprintf("{kind: adam, lr: %g, beta1: %g, beta2: %g, eps: 1e-8, eps_mode: %s}", lr, beta, rho, mode)
	}
	for i, s := range subjects(scale) {
		all["rho-"+s.id] = s.plan("rho-"+s.id, adam(s.rho.lr, s.rho.other, 0.999, "inside"), "{optimizer.beta2: "+list(s.rho.values)+"}", s.seeds)
		all["beta-"+s.id] = s.plan("beta-"+s.id, adam(s.beta.lr, 0.9, s.beta.other, "inside"), "{optimizer.beta1: "+list(s.beta.values)+"}", s.seeds)
		if i == 0 {
			ends := []float64{s.rho.values[0], s.rho.values[len(s.rho.values)-1]}
			all["outside-"+s.id] = s.plan("outside-"+s.id, adam(s.rho.lr, s.rho.other, 0.999, "outside"), "{optimizer.beta2: "+list(ends)+"}", min(s.seeds, 5))
		}
	}
	return all
}

// list writes values as YAML.
func list(values []float64) string {
	text := "["
	for i, v := range values {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%g", v)
	}
	return text + "]"
}
