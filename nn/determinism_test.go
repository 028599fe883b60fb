package nn

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"leeway/autodiff"
)

// everything is all that an objective computes of a batch and of examples x, in one
// vector.
func everything(t testing.TB, o *Objective, x, theta, v []float64) []float64 {
	g, hv := make([]float64, o.Dim()), make([]float64, o.Dim())
	loss, err := o.Gradient(g, theta, 0)
	if err != nil {
		t.Error(err)
		return nil
	}
	all := append([]float64{loss}, g...)
	if loss, err = o.GradientHVP(g, hv, theta, v, 0); err != nil {
		t.Error(err)
		return nil
	}
	all = append(append(append(all, loss), g...), hv...)
	if err := o.HVP(hv, theta, v, 0); err != nil {
		t.Error(err)
		return nil
	}
	all = append(all, hv...)
	if o.data.Tokens == nil {
		z, err := o.Logits(theta, x)
		if err != nil {
			t.Error(err)
			return nil
		}
		all = append(all, z...)
	}
	return all
}

// The same bits come out whatever the number of threads, allowed or asked for. The
// networks are large enough for their work to be divided.
func TestSameBitsOnAnyNumberOfThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, p := range []problem{
		{name: "mlp", data: randomData(90, 10, 64), settings: Settings{Architecture: MLP{Hidden: []int{70, 33}, Activation: Tanh}, PhysicalBatch: 50}},
		{name: "cnn", data: randomData(6, 10, 16, 16, 3), settings: Settings{Architecture: CNN{Channels: []int{9, 17}, Dense: 40}, DType: autodiff.Float64}},
		{name: "resnet", data: randomData(4, 3, 8, 8, 3), settings: Settings{Architecture: ResNet{Width: 6, Blocks: []int{1, 1}}}},
		{name: "vit", data: randomData(4, 3, 16, 16, 1), settings: Settings{Architecture: SimpleViT{Dim: 32, Depth: 1, Heads: 2, HeadDim: 8, MLPDim: 48}}},
	} {
		var want []float64
		for _, threads := range []int{0, 3} {
			for _, procs := range []int{1, 2, 7} {
				runtime.GOMAXPROCS(procs)
				p.settings.Threads = threads
				o := p.objective(t)
				got := everything(t, o, p.data.X, start(o), normal(rand.New(rand.NewPCG(7, 7)), o.Dim()))
				if want == nil {
					want = got
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: other bits with GOMAXPROCS %d and %d threads", p.name, procs, threads)
				}
			}
		}
	}
}

// Clones answer at the same time, each at its own theta, what the objective
// answers alone.
func TestClonesAtTheSameTime(t *testing.T) {
	for _, p := range problems() {
		p.settings.PhysicalBatch = 2
		o := p.objective(t)
		const clones = 4
		var thetas, want [clones][]float64
		v := normal(rand.New(rand.NewPCG(9, 9)), o.Dim())
		for i := range clones {
			thetas[i] = start(o)
			thetas[i][0] += float64(i)
		}
		fresh := p.objective(t) // nothing compiled yet: the clones race for it
		var wait sync.WaitGroup
		var got [clones][]float64
		for i := range clones {
			wait.Add(1)
			go func(c *Objective) {
				defer wait.Done()
				got[i] = everything(t, c, p.data.X, thetas[i], v)
			}(fresh.Clone().(*Objective))
		}
		wait.Wait()
		for i := range clones {
			if want[i] = everything(t, o, p.data.X, thetas[i], v); !slices.Equal(got[i], want[i]) {
				t.Errorf("%s: clone %d answers otherwise", p.name, i)
			}
		}
	}
}
