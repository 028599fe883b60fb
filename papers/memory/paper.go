// Package memory holds the claims of M. D. Cattaneo, B. Shigida, "How Memory in
// Optimization Algorithms Implicitly Modifies the Loss" (NeurIPS 2025, arXiv
// 2502.02132).
package memory

import (
	"fmt"

	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2502.02132", Title: "How Memory in Optimization Algorithms Implicitly Modifies the Loss",
		Authors: "Matias D. Cattaneo, Boris Shigida", Venue: "NeurIPS 2025", Citations: []string{"cattaneo2025memory"},
		About: "An optimizer whose memory decays follows, to second order in the step size, a map without memory that has a correction. " +
			"With beta2 above beta1 the correction of AdamW works against small gradients; Lion’s is small. Here the orders are fitted for five optimizers, and the consequences measured on networks with several seeds.",
		Claims: claims, Plans: plans,
	}
}

func claims(scale papers.Scale) []papers.Claim {
	var all []papers.Claim
	for _, part := range []func(papers.Scale) []papers.Claim{orders, nearer, same, accuracies, perplexity, sharpness} {
		all = append(all, part(scale)...)
	}
	return all
}

// seeds is the number of runs behind a mean at the quick scale.
const seeds = 5

// accuracySeeds is larger: the differences of accuracies are small.
const accuracySeeds = 10

// plans are the sweeps of a scale. The paper’s repetitions are three; the quick
// scale’s networks allow more.
func plans(scale papers.Scale) map[string]string {
	const reference = "{model: {kind: mlp, hidden: [128, 128], activation: gelu}, data: {kind: fashion-mnist, train: 2000, test: 10000, normalize: standard}, init: kaiming_normal, init_bias: zeros, dtype: float32}"
	plan := func(name, objective, optimizer, values string, steps int, rest string, n int) string {
		return fmt.Sprintf("name: %s\nobjective: %s\noptimizer: %s\nprocesses: [discrete]\nsteps: %d\n%ssweep: {axes: {optimizer.beta2: %s}, seeds: %d}\n",
			name, objective, optimizer, steps, rest, values, n)
	}
	if scale == papers.Full {
		const resnet = "{model: {kind: resnet, depth: 50, width: 64}, data: {kind: cifar-10, normalize: standard}, dtype: float32, physical_batch: 500}"
		const transformer = "{model: {kind: transformer, dim: 256, depth: 4, heads: 8, mlp_dim: 1024}, data: {kind: text, path: wikitext-2.txt, train: 10000, test: 1000, length: 64}, dtype: float32}"
		const stop = "stop: {loss: 0.05}\nmeasure: {every: 5, quantities: [loss, accuracy, one_norm]}\n"
		return map[string]string{
			"adamw":       plan("adamw", resnet, "{kind: adamw, lr: 3.1623e-4, beta1: 0.99, beta2: 0.999, eps: 1e-6, weight_decay: 0.005}", "[0.9, 0.95, 0.98, 0.99, 0.995, 0.999]", 3000, stop, 3),
			"lion":        plan("lion", resnet, "{kind: lion-k, lr: 3.1623e-4, beta1: 0.9, beta2: 0.99, eps: 1e-6, weight_decay: 0.005}", "[0.9, 0.95, 0.98, 0.99, 0.995, 0.999]", 3000, stop, 3),
			"transformer": plan("transformer", transformer, "{kind: adam, lr: 1e-4, beta1: 0.9, beta2: 0.999, eps: 1e-6}", "[0.9, 0.95, 0.98, 0.99, 0.995, 0.999]", 5000, "measure: {every: 10, quantities: [loss, test_loss, one_norm]}\n", 3),
		}
	}
	const stop = "stop: {loss: 0.05}\nmeasure: {every: 10, quantities: [loss, accuracy, one_norm], below: [0.1]}\n"
	const markov = "{model: {kind: transformer, dim: 16, depth: 2, heads: 4, mlp_dim: 32}, data: {kind: markov, vocab: 16, length: 12, train: 40, test: 200, seed: 0}}"
	return map[string]string{
		"adamw":       plan("adamw", reference, "{kind: adamw, lr: 1e-4, beta1: 0.9, beta2: 0.999, eps: 1e-6, weight_decay: 0.005}", "[0.9, 0.99, 0.999]", 2000, stop, accuracySeeds),
		"lion":        plan("lion", reference, "{kind: lion-k, lr: 1e-4, beta1: 0.9, beta2: 0.99, eps: 1e-6, bias_correction: true, weight_decay: 0.005}", "[0.9, 0.99, 0.999]", 2000, stop, accuracySeeds),
		"transformer": plan("transformer", markov, "{kind: adam, lr: 3e-3, beta1: 0.9, beta2: 0.999, eps: 1e-6}", "[0.9, 0.99, 0.999]", 400, "measure: {every: 2, quantities: [loss, test_loss, one_norm]}\n", seeds),
	}
}
