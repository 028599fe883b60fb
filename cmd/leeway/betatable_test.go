package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"

	"leeway/config"
	"leeway/data"
	"leeway/trace"
)

// betaRun is what one run of the table found.
type betaRun struct{ norm, step, accuracy float64 }

// The perturbed one-norm of the gradient at a fixed training loss grows with beta2
// from 0.9 on: the claim of "On the Implicit Bias of Adam" (arXiv 2309.00079) on a
// network. The truth are measurements by an independent implementation in float32
// on the same images and the same kind of network, three seeds each; its seeds are
// not ours, so means are held against each other within their noise.
func TestBetaTable(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("LEEWAY_SLOW is not set")
	}
	if _, err := data.Find("fashion-mnist"); err != nil {
		t.Skip("Fashion-MNIST is not on this machine")
	}
	reference := []struct{ beta2, norm, step, accuracy float64 }{
		{0.8, 26.6, 234, .818}, {0.9, 22.4, 213, .818}, {0.95, 22.9, 239, .818},
		{0.99, 23.8, 364, .816}, {0.999, 24.2, 447, .815}, {0.9999, 24.3, 455, .815},
	}
	const seeds = 5
	began := time.Now()
	found := make([][seeds]betaRun, len(reference))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, r := range reference {
		for seed := range seeds {
			slots <- struct{}{}
			group.Add(1)
			go func() {
				defer group.Done()
				defer func() { <-slots }()
				var err error
				if found[i][seed], err = betaCell(r.beta2, seed); err != nil {
					t.Errorf("beta2 %g, seed %d: %v", r.beta2, seed, err)
				}
			}()
		}
	}
	group.Wait()
	if t.Failed() {
		return
	}
	t.Logf("%d runs in %s", seeds*len(reference), time.Since(began).Round(time.Second))
	var norms []float64
	for i, r := range reference {
		of := func(f func(betaRun) float64) (mean, deviation float64) {
			var x []float64
			for _, c := range found[i] {
				x = append(x, f(c))
			}
			return stat.MeanStdDev(x, nil)
		}
		norm, dn := of(func(c betaRun) float64 { return c.norm })
		step, ds := of(func(c betaRun) float64 { return c.step })
		accuracy, da := of(func(c betaRun) float64 { return c.accuracy })
		t.Logf("beta2 %-7g norm %.2f ± %.2f (%.1f)  step %.0f ± %.0f (%.0f)  accuracy %.2f ± %.2f %% (%.1f)",
			r.beta2, norm, dn, r.norm, step, ds, r.step, 100*accuracy, 100*da, 100*r.accuracy)
		norms = append(norms, norm)
		// Noise of a mean of five and of one of three of the same deviation, and
		// the rounding of the reference.
		check := func(what string, x, deviation, want, rounding float64) {
			if noise := 3*deviation*math.Sqrt(1./seeds+1./3) + rounding; math.Abs(x-want) > noise {
				t.Errorf("beta2 %g: %s %g, reference %g, noise %.3g", r.beta2, what, x, want, noise)
			}
		}
		check("norm", norm, dn, r.norm, 0.05)
		check("step", step, ds, r.step, 1)
		check("accuracy", accuracy, da, r.accuracy, 0.0005)
	}
	if !slices.IsSorted(norms[1:]) {
		t.Errorf("the mean norm does not rise with beta2 >= 0.9: %.3g", norms[1:])
	}
}

// betaCell trains to a loss of 0.03 and measures at 0.1 and there.
func betaCell(beta2 float64, seed int) (betaRun, error) {
	c, err := config.Load("../../examples/fashion-mlp.yaml", []string{
		fmt.Sprintf("optimizer.beta2=%g", beta2), fmt.Sprintf("seed=%d", seed), "steps=3000", "objective.threads=1",
		"measure={at: [0], quantities: [loss, accuracy, perturbed_one_norm], below: [0.1]}", "stop.loss=0.03",
	})
	if err != nil {
		return betaRun{}, err
	}
	p, err := c.Build()
	if err != nil {
		return betaRun{}, err
	}
	r, err := trace.New(c.Setup(p))
	if err != nil {
		return betaRun{}, err
	}
	kept := &lastRows{columns: r.Columns()}
	if err := r.Run(context.Background(), kept, nil); err != nil {
		return betaRun{}, err
	}
	s := r.Summary()
	if len(s.Crossed) != 1 || !strings.Contains(s.Stopped, "training loss") {
		return betaRun{}, fmt.Errorf("crossed %v, stopped %q", s.Crossed, s.Stopped)
	}
	return betaRun{kept.at(s.Crossed[0].Step, "perturbed_one_norm"), float64(s.Crossed[0].Step), kept.at(s.Steps, "accuracy")}, nil
}

// lastRows is a sink that keeps the rows.
type lastRows struct {
	columns []string
	rows    map[int][]float64
}

func (l *lastRows) Row(step int, values []float64) error {
	if l.rows == nil {
		l.rows = map[int][]float64{}
	}
	l.rows[step] = slices.Clone(values)
	return nil
}
func (l *lastRows) Spectrum(int, [][]float64) error { return nil }
func (l *lastRows) Checkpoint(*trace.State) error   { return nil }

func (l *lastRows) at(step int, quantity string) float64 {
	i := slices.Index(l.columns, trace.Discrete+"/"+quantity)
	if row := l.rows[step]; i >= 0 && row != nil {
		return row[i]
	}
	return math.NaN()
}
