package robust

import (
	"fmt"

	"leeway/figure"
	"leeway/papers"
)

// netOutcome is a network under the attack that it was trained against: accuracies and
// the training loss.
type netOutcome struct{ train, test, loss float64 }

// contest trains networks by gradient and by sign descent against attacks of several
// radii, each with several seeds, and finds by how much more gradient descent is ahead,
// in robust test accuracy, at the last radius than at the first.
func contest(lab *papers.Lab, radii []float64, seeds, threads int, what string, run func(seed int, method Method, eps float64) (*netOutcome, error)) (*papers.Finding, error) {
	methods := []Method{GD, SignGD}
	results := make([]*netOutcome, len(radii)*len(methods)*seeds)
	at := func(seed, radius, method int) int { return (seed*len(radii)+radius)*len(methods) + method }
	err := papers.Each(len(results), threads, func(i int) (err error) {
		method, radius, seed := i%len(methods), i/len(methods)%len(radii), i/len(methods)/len(radii)
		results[i], err = run(seed, methods[method], radii[radius])
		lab.Say("seed %d, radius %g, %s", seed, radii[radius], methods[method])
		return err
	})
	if err != nil {
		return nil, err
	}
	table := &papers.Table{Columns: []string{"radius", "method", "loss", "train accuracy", "test accuracy", "low", "high", "seeds"}}
	chart := figure.Chart{XLabel: "radius of the attack", YLabel: "robust test accuracy", Series: make([]figure.Series, len(methods))}
	advantage, fits := make([][]float64, len(radii)), make([]float64, 2*len(radii))
	for i, eps := range radii {
		advantage[i] = make([]float64, seeds)
		for k, method := range methods {
			var fit, loss float64
			var accuracies []float64
			for seed := range seeds {
				r := results[at(seed, i, k)]
				fit, loss = fit+r.train/float64(seeds), loss+r.loss/float64(seeds)
				accuracies = append(accuracies, r.test)
				advantage[i][seed] += float64(1-2*k) * r.test
			}
			fits[2*i+k] = fit
			m, line := papers.Mean(accuracies), &chart.Series[k]
			table.Add(eps, string(method), loss, fit, m.Value, m.Low, m.High, seeds)
			line.Name, line.Style = string(method), figure.Numbered(k)
			line.X, line.Y, line.Low, line.High = append(line.X, eps), append(line.Y, m.Value), append(line.Low, m.Low), append(line.High, m.High)
		}
	}
	f := papers.Difference(advantage[len(radii)-1], advantage[0])
	f.Table = table
	if last := fits[len(fits)-2:]; min(last[0], last[1]) < 0.99 {
		f.Notes = []string{fmt.Sprintf("The attacked training images are not all fitted: at the radius %g gradient descent has a robust training accuracy of %.2f and sign descent of %.2f, without an attack %.2f and %.2f. How far training came is part of the difference, beside the geometry.", radii[len(radii)-1], last[0], last[1], fits[0], fits[1])}
	}
	f.Figures = []papers.Figure{{Name: "network", Caption: fmt.Sprintf("Robust test accuracy of %s, trained and tested with attacks of a radius, mean with 95 %% interval over seeds. Trained on the paper’s robust objective, the loss at the attacked images.", what), Drawing: chart}}
	return f, nil
}
