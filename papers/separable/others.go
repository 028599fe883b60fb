package separable

import (
	"context"
	"fmt"

	"leeway/optim"
	"leeway/papers"
)

// elsewhere are the claims on other data than the paper's.
func elsewhere() []papers.Claim {
	pair := func(rate float64, rule optim.Adam) ([]Variant, error) {
		gd, err := optim.New(optim.GD{}, rate, optim.Schedule{})
		if err != nil {
			return nil, err
		}
		own, err := optim.New(rule, 1e-3, optim.Schedule{})
		return []Variant{{ID: "adam", Name: "Adam, 0.001", Optimizer: own}, {ID: "gd", Name: fmt.Sprintf("gradient descent, %g", rate), Optimizer: gd}}, err
	}
	tumours := func(value func(adam, gd Point) float64) func(context.Context, *papers.Lab) (*papers.Finding, error) {
		return func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			o, err := papers.Shared(lab, "tumours", func() ([]Outcome, error) {
				d, err := BreastCancer(200)
				if err != nil {
					return nil, err
				}
				variants, err := pair(1, adam(0.9, 0.99, 0))
				if err != nil {
					return nil, err
				}
				return Measure(ctx, variants, []*Data{d}, Steps(1, Last, 100), lab.Threads)
			})
			if err != nil {
				return nil, err
			}
			return finding(o, func(p Path) float64 { return value(p.At(Last), o[1].Runs[0].At(Last)) }), nil
		}
	}
	clusters := func(which int, value func(Point) float64) func(context.Context, *papers.Lab) (*papers.Finding, error) {
		return func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			sets, err := papers.Shared(lab, "clusters", func() ([]*Data, error) {
				return drawn(func(rows, _ int, seed uint64) (*Data, error) { return Clusters(rows, seed) }, 500, 20, 5)
			})
			if err != nil {
				return nil, err
			}
			variants, err := pair(0.01, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, EpsMode: optim.Outside, BiasCorrection: true})
			if err != nil {
				return nil, err
			}
			o, err := papers.Shared(lab, "clusters, "+variants[which].ID, func() ([]Outcome, error) {
				return Measure(ctx, variants[which:which+1], sets, Steps(1, 50_000, 50), lab.Threads)
			})
			if err != nil {
				return nil, err
			}
			f := finding(o, func(p Path) float64 { return value(p.At(50_000)) })
			var values []float64
			for _, r := range o[0].Runs {
				values = append(values, value(r.At(50_000)))
			}
			mean := papers.Mean(values)
			mean.Table, mean.Figures = f.Table, f.Figures
			return mean, nil
		}
	}
	const real = "The first 200 tumours of the breast-cancer set, standardized, which are separable; Adam without eps (eta 0.001) and gradient descent (eta 1), 100,000 steps. One data set: no interval."
	const mixture = "500 rows of 20 features from two clusters, 50,000 steps, gradient descent with eta 0.01, Adam with eta 0.001, beta 0.9 and 0.999, eps 1e-8 and bias correction; mean over five draws with Student’s 95 %% interval. An independent replication in PyTorch found %s on five draws of its own."
	return []papers.Claim{
		{
			ID: "real-margin", Place: "main theorem, on real data", Provenance: papers.Implied, Expected: papers.Positive("above 0"), How: real,
			Says: "On real rows, too, Adam reaches a larger l-infinity margin than gradient descent.", Quantity: "share of the largest l-infinity margin, Adam’s less gradient descent’s",
			Measure: tumours(func(a, g Point) float64 { return a.InfRatio - g.InfRatio }),
		},
		{
			ID: "real-direction", Place: "main theorem, on real data", Provenance: papers.Implied, Expected: papers.Negative("below 0"), How: real,
			Says: "On real rows gradient descent is nearer to the Euclidean direction.", Quantity: "cosine to the Euclidean direction, Adam’s less gradient descent’s",
			Measure: tumours(func(a, g Point) float64 { return a.TwoCosine - g.TwoCosine }),
		},
		{
			ID: "clusters-adam", Place: "third-party replication", Provenance: papers.Measured, Expected: papers.Around(0.988, 0.01), How: fmt.Sprintf(mixture, "0.988 within 0.003"),
			Says: "On two clusters Adam is near the l-infinity direction after 50,000 steps.", Quantity: "cosine to it", Measure: clusters(0, func(p Point) float64 { return p.InfCosine }),
		},
		{
			ID: "clusters-gd", Place: "third-party replication", Provenance: papers.Measured, Expected: papers.Around(0.99, 0.01), How: fmt.Sprintf(mixture, "0.990 within 0.003"),
			Says: "On two clusters gradient descent is near the Euclidean direction after 50,000 steps.", Quantity: "cosine to it", Measure: clusters(1, func(p Point) float64 { return p.TwoCosine }),
		},
		{
			ID: "clusters-adam-two", Place: "third-party replication", Provenance: papers.Measured, Expected: papers.Around(0.846, 0.05), How: fmt.Sprintf(mixture, "0.846 within 0.015"),
			Says: "On two clusters Adam stays away from the Euclidean direction.", Quantity: "cosine to it", Measure: clusters(0, func(p Point) float64 { return p.TwoCosine }),
		},
		{
			ID: "clusters-gd-inf", Place: "third-party replication", Provenance: papers.Measured, Expected: papers.Around(0.75, 0.02), How: fmt.Sprintf(mixture, "0.750 within 0.003"),
			Says: "On two clusters gradient descent stays away from the l-infinity direction.", Quantity: "cosine to it", Measure: clusters(1, func(p Point) float64 { return p.InfCosine }),
		},
	}
}

// oneByOne are the claims of the sequel.
func oneByOne(scale papers.Scale) []papers.Claim {
	epochs := 20_000
	if scale == papers.Full {
		epochs = 200_000
	}
	var all []papers.Claim
	for _, c := range []struct {
		id, says, quantity, rows string
		set                      func(rows, features int, seed uint64) (*Data, error)
		expected                 papers.Region
		value                    func(*Samples) float64
	}{
		{"rademacher-single", "On rows that differ by signs alone Adam with one sample a step goes to the Euclidean direction.", "cosine to it", "Rademacher", Rademacher, papers.AtLeast(0.995), func(s *Samples) float64 { return s.Single.TwoCosine }},
		{"rademacher-full", "On the same rows full-batch Adam attains the l-infinity margin.", "share of the largest l-infinity margin", "Rademacher", Rademacher, papers.AtLeast(0.9), func(s *Samples) float64 { return s.Full.InfRatio }},
		{"gaussian-single", "On Gaussian rows one sample a step leads near the Euclidean direction, and not to it.", "cosine to it", "Gaussian", Gaussian, papers.Between(0.95, 0.995), func(s *Samples) float64 { return s.Single.TwoCosine }},
		{"fixed-point", "With one sample a step Adam goes to the direction of the dual fixed point.", "cosine to it", "Gaussian", Gaussian, papers.AtLeast(0.999), func(s *Samples) float64 { return s.SingleToFixed }},
		{"proxy", "The proxy of Adam for beta2 near 1 goes to the direction of the dual fixed point.", "cosine to it", "Gaussian", Gaussian, papers.AtLeast(0.999), func(s *Samples) float64 { return s.ProxyToFixed }},
		{"gaussian-full", "On Gaussian rows full-batch Adam goes to the l-infinity direction.", "cosine to it", "Gaussian", Gaussian, papers.AtLeast(0.97), func(s *Samples) float64 { return s.Full.InfCosine }},
	} {
		all = append(all, papers.Claim{
			ID: c.id, Place: "arXiv 2510.26303, Theorems 3.3 and 4.8", Provenance: papers.Stated, Says: c.says, Quantity: c.quantity, Expected: c.expected,
			How: fmt.Sprintf("10 rows of 50 features, logistic loss, beta 0.9 and 0.95, no eps, rate 0.1 (r+1)^-0.8 in epoch r, falling within an epoch as well, %d epochs; full batch takes one step an epoch. Range over three draws. An independent implementation found 0.9982 to 1 and 0.969 to 0.977 for one sample a step, and at least 0.9998 for the proxy, with the rate 0.1 (r+2)^-0.8.", epochs),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				samples, err := papers.Shared(lab, "one by one, "+c.rows, func() ([]*Samples, error) {
					sets, err := drawn(c.set, 10, 50, 3)
					if err != nil {
						return nil, err
					}
					all := make([]*Samples, len(sets))
					return all, papers.Each(len(sets), lab.Threads, func(i int) (err error) {
						all[i], err = OneByOne(ctx, sets[i], 0.95, epochs)
						return err
					})
				})
				if err != nil {
					return nil, err
				}
				var values []float64
				table := &papers.Table{Columns: []string{"draw", "optimizer", "share of l-infinity margin", "cosine to l-infinity", "cosine to Euclidean"}}
				for seed, s := range samples {
					values = append(values, c.value(s))
					table.Add(seed, "Adam, one sample a step", s.Single.InfRatio, s.Single.InfCosine, s.Single.TwoCosine)
					table.Add(seed, "Adam, full batch", s.Full.InfRatio, s.Full.InfCosine, s.Full.TwoCosine)
					table.Add(seed, "Signum, one sample a step", s.Signum.InfRatio, s.Signum.InfCosine, s.Signum.TwoCosine)
					table.Add(seed, "proxy", s.Proxied.InfRatio, s.Proxied.InfCosine, s.Proxied.TwoCosine)
				}
				f := papers.Range(values)
				f.Table = table
				return f, nil
			},
		})
	}
	return all
}
