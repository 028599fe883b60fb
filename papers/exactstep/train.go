package exactstep

import (
	"context"
	"fmt"
	"math"

	"leeway/autodiff"
	"leeway/curvature"
	"leeway/data"
	"leeway/nn"
	"leeway/optim"
)

// problem is a network with its data, with as many batches as asked for.
type problem struct {
	train, test *data.Set
	batches     int
	seed        uint64
	net         *nn.Objective
}

const (
	features = 32
	classes  = 10
)

// newProblem is the MLP 32-64-64-10 with ReLU on rows of ten Gaussian clusters.
func newProblem(rows, test, batches int, seed uint64) (*problem, error) {
	set, err := data.Mixture(rows+test, data.Centres(classes, features, 0.5, seed), []float64{1}, seed)
	if err != nil {
		return nil, err
	}
	p := &problem{batches: batches, seed: seed}
	if p.train, p.test, err = set.Split(rows, test); err != nil {
		return nil, err
	}
	p.net, err = p.network(seed)
	return p, err
}

// network is the network with other initial weights.
func (p *problem) network(seed uint64) (*nn.Objective, error) {
	return nn.New(nn.Data{X: p.train.X, Y: p.train.Y, Shape: []int{features}, Classes: classes}, nn.Settings{
		Architecture: nn.MLP{Hidden: []int{64, 64}, Activation: nn.ReLU}, DType: autodiff.Float64, Batches: p.batches, Threads: 1, Seed: seed,
		Init: nn.Init{Kind: nn.KaimingNormal}, InitBias: nn.Init{Kind: nn.Zeros},
	})
}

// estimate are the settings of the power iterations.
var estimate = &curvature.PowerSettings{Tolerance: 1e-2, MaxProducts: 5000}

// lipschitz is the estimate over fresh initialisations.
func (p *problem) lipschitz(points int) (float64, error) {
	k, _, err := curvature.Lipschitz(points, func(k int) (curvature.Objective, []float64, error) {
		net, err := p.network(1000*p.seed + uint64(k) + 1)
		if err != nil {
			return nil, nil, err
		}
		return net, net.Start(), nil
	}, estimate)
	return k, err
}

// loss is the mean loss over batches at the start.
func (p *problem) loss() (float64, error) {
	sum := 0.0
	for k := range p.batches {
		l, err := p.net.Loss(p.net.Start(), k)
		if err != nil {
			return 0, err
		}
		sum += l * p.net.Weight(k)
	}
	return sum, nil
}

// run is what came of training.
type run struct {
	norms    []float64 // each epoch's root of the mean over batches of |g|^2
	accuracy float64   // on the test rows, at the end
	loss     float64   // of the last epoch, the mean over batches
}

func (r *run) last() float64 { return r.norms[len(r.norms)-1] }

// follow trains with Adam as PyTorch has it: beta 0.9 and 0.999, eps 1e-8.
func (p *problem) follow(ctx context.Context, lr float64, schedule optim.Schedule, epochs int) (*run, error) {
	schedule.Stretch = float64(p.batches)
	opt, err := optim.New(optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, EpsMode: optim.Outside, BiasCorrection: true}, lr, schedule)
	if err != nil {
		return nil, err
	}
	theta := append([]float64(nil), p.net.Start()...)
	g, state, r := make([]float64, len(theta)), optim.NewState(opt, len(theta)), &run{}
	for range epochs {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		sum := 0.0
		r.loss = 0
		for k := range p.batches {
			loss, err := p.net.Gradient(g, theta, k)
			if err != nil {
				return nil, err
			}
			r.loss += loss / float64(p.batches)
			for _, v := range g {
				sum += v * v
			}
			state.Step(theta, g)
		}
		r.norms = append(r.norms, math.Sqrt(sum/float64(p.batches)))
	}
	if v := r.last(); math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("exactstep: the gradient’s norm is %v after %d epochs at the step %g", v, epochs, lr)
	}
	r.accuracy, err = p.net.Accuracy(theta, p.test.X, p.test.Y)
	return r, err
}

// rival is a learning rate with its schedule.
type rival struct {
	name     string
	lr       float64
	schedule optim.Schedule
}

// schedulers are the baselines of the released code, from the rate 0.01; epochs count
// from 0 here, from 1 there.
func schedulers(epochs int) []rival {
	every := 40.0
	if epochs < 100 {
		every = 20
	}
	n := float64(epochs)
	return []rival{
		{"step", 0.01, optim.Schedule{Kind: "step", Every: every, Drop: 0.1}},
		{"linear", 0.01, optim.Schedule{Kind: "linear", Steps: n, Final: 0.1}},
		{"exponential", 0.01, optim.Schedule{Kind: "exponential", Every: 1, Drop: 0.9}},
		{"square root", 0.01, optim.Schedule{Kind: "polynomial", Power: 0.5}},
		{"inverse time", 0.01, optim.Schedule{Kind: "inverse", Every: 100}},
		{"slow exponential", 0.01, optim.Schedule{Kind: "exponential", Every: 100, Drop: math.Exp(-1)}},
		{"cosine", 0.01, optim.Schedule{Kind: "cosine", Steps: 100, Final: 0.5}},
	}
}

// constants are the constant steps of the released code.
func constants() []rival {
	var all []rival
	for _, lr := range []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5} {
		all = append(all, rival{fmt.Sprintf("constant %g", lr), lr, optim.Schedule{}})
	}
	return all
}
