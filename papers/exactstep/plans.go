package exactstep

import (
	"fmt"
	"math"
	"strings"

	"leeway/papers"
)

// subject is a network with its data, on which the exact step meets its rivals.
type subject struct {
	id, name string
	// objective is the config's section without batches; DATA stands for the seed of
	// the data, where they are drawn.
	objective      string
	batches, steps int
	seeds          int
	// constants says that constant steps and half and twice the exact one are rivals
	// too, besides the schedulers.
	constants bool
}

// rows of the reference setting's training data.
const rows = 1000

// reference is the MLP 32-64-64-10 on ten Gaussian clusters.
const reference = "model: {kind: mlp, hidden: [64, 64], activation: relu}, data: {kind: mixture, shape: [32], classes: 10, spread: 0.5, seed: DATA, train: 1000, test: 1000}, init: kaiming_normal, init_bias: zeros"

// subjects of a scale. The first two are the reference setting in full batch and in
// mini-batches.
func subjects(scale papers.Scale) []subject {
	n := 5
	if scale == papers.Full {
		n = 20
	}
	const name = "MLP 32-64-64-10 (ReLU, He) on 1,000 rows of ten Gaussian clusters"
	all := []subject{
		{"full", name, reference, 1, 100, n, true},
		{"mini", name, reference, 10, 500, n, false},
	}
	if scale == papers.Full {
		const mnist = "data: {kind: mnist, train: 5500, test: 1000, normalize: standard}, dtype: float32"
		const cifar = "data: {kind: %s, train: %d, test: 1000, normalize: standard}, dtype: float32, physical_batch: 500"
		all = append(all,
			subject{"mnist-mlp", "an MLP (five hidden layers of 1,000, ReLU) on 5,500 images of MNIST", "model: {kind: mlp, hidden: [1000, 1000, 1000, 1000, 1000], activation: relu}, " + mnist, 1, 100, 3, true},
			subject{"cifar-10-resnet18", "ResNet-18 on 5,000 images of CIFAR-10", "model: {kind: resnet, depth: 18, width: 64}, " + fmt.Sprintf(cifar, "cifar-10", 5000), 1, 100, 3, true},
			subject{"cifar-100-resnet18", "ResNet-18 on 4,000 images of CIFAR-100", "model: {kind: resnet, depth: 18, width: 64}, " + fmt.Sprintf(cifar, "cifar-100", 4000), 1, 100, 3, true})
	}
	return all
}

// sweep is the name of the sweep of a seed.
func (s *subject) sweep(seed int) string { return fmt.Sprintf("%s-%d", s.id, seed) }

// sweeps are all of them.
func (s *subject) sweeps() []string {
	var names []string
	for seed := range s.seeds {
		names = append(names, s.sweep(seed))
	}
	return names
}

// words says how the subject is trained.
func (s *subject) words() string {
	batches := fmt.Sprintf("%d steps in full batch", s.steps)
	if s.batches > 1 {
		batches = fmt.Sprintf("%d epochs of %d batches, the gradient’s norm being the root of the mean over batches of |g|^2 after an epoch", s.steps/s.batches, s.batches)
	}
	return fmt.Sprintf("%s, Adam (0.9, 0.999, 1e-8), %s, K the largest over ten initialisations; %d seeds, each with its own data and weights.", s.name, batches, s.seeds)
}

// rival is one of the runs of a sweep: its kind, its name, and what it sets of the
// config.
type rival struct {
	kind rule
	name string
	sets string
}

// rule is a kind of step size.
type rule int

const (
	ours      rule = iota // the exact step
	near                  // half of it and twice it
	scheduler             // one of the released code, from the rate 0.01
	constant
)

// rivals are the runs of a sweep, in its order. Schedulers count epochs, from 0 here,
// from 1 in the released code.
func (s *subject) rivals() []rival {
	all := []rival{{ours, "exact step", "optimizer.lr: {kind: exact, points: 10, products: 5000}"}}
	if s.constants {
		for _, f := range []struct {
			name   string
			factor float64
		}{{"half of it", 0.5}, {"twice it", 2}} {
			all = append(all, rival{near, f.name, fmt.Sprintf("optimizer.lr: {kind: exact, points: 10, products: 5000, factor: %g}", f.factor)})
		}
	}
	epochs, b := s.steps/s.batches, s.batches
	every := 40
	if epochs < 100 {
		every = 20
	}
	for _, x := range []struct{ name, schedule string }{
		{"step", fmt.Sprintf("kind: step, every: %d, drop: 0.1", every*b)},
		{"linear", fmt.Sprintf("kind: linear, steps: %d, final: 0.1", s.steps)},
		{"exponential", fmt.Sprintf("kind: exponential, every: %d, drop: 0.9", b)},
		{"square root", fmt.Sprintf("kind: polynomial, power: 0.5, every: %d", b)},
		{"inverse time", fmt.Sprintf("kind: inverse, every: %d", 100*b)},
		{"slow exponential", fmt.Sprintf("kind: exponential, every: %d, drop: %v", 100*b, math.Exp(-1))},
		{"cosine", fmt.Sprintf("kind: cosine, steps: %d, final: 0.5", 100*b)},
	} {
		all = append(all, rival{scheduler, x.name, "optimizer.lr: 0.01, optimizer.schedule: {" + x.schedule + "}"})
	}
	if s.constants {
		for _, lr := range []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5} {
			all = append(all, rival{constant, fmt.Sprintf("constant %g", lr), fmt.Sprintf("optimizer.lr: %g", lr)})
		}
	}
	return all
}

// plan is the text of the sweep of a seed, which is that of the data and the weights.
func (s *subject) plan(seed int) string {
	batch, quantities := "full", "loss, accuracy, two_norm"
	if s.batches > 1 {
		batch, quantities = fmt.Sprintf("{count: %d, order: cyclic}", s.batches), quantities+", noise_scale"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\nobjective: {%s, batch: %s}\n", s.sweep(seed), strings.ReplaceAll(s.objective, "DATA", fmt.Sprint(seed)), batch)
	fmt.Fprintf(&b, "optimizer: {kind: adam, beta1: 0.9, beta2: 0.999, eps: 1e-8, eps_mode: outside}\nprocesses: [discrete]\nsteps: %d\nseed: %d\nmeasure: {every: %d, quantities: [%s]}\nsweep:\n  list:\n", s.steps, seed, s.batches, quantities)
	for _, r := range s.rivals() {
		fmt.Fprintf(&b, "    - {%s}  # %s\n", r.sets, r.name)
	}
	return b.String()
}

// plans are all sweeps of a scale by name.
func plans(scale papers.Scale) map[string]string {
	all := map[string]string{}
	for _, s := range subjects(scale) {
		for seed := range s.seeds {
			all[s.sweep(seed)] = s.plan(seed)
		}
	}
	return all
}
