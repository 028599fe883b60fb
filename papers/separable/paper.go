package separable

import (
	"fmt"
	"math"
	"slices"

	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2406.10650", Title: "The Implicit Bias of Adam on Separable Data",
		Authors: "Chenyang Zhang, Difan Zou, Yuan Cao", Venue: "NeurIPS 2024",
		About: "On separable data linear models trained by Adam without eps go to the direction of the largest l-infinity margin, gradient descent to that of the largest Euclidean margin. " +
			"The margins are exact. The theorems are about limits on every data set, so a claim has to hold for every draw and intervals are ranges over draws; after a finite number of steps a draw may not be there yet. With the sequel on Adam with one sample a step (arXiv 2510.26303).",
		Claims: claims,
	}
}

const gaussian = "50 Gaussian rows of 50 features with random classes, logistic loss, w(0) = 0, 100,000 steps in full batch, beta 0.9 and 0.99; range over the draws."

// draws is the number of data sets.
func draws(scale papers.Scale) int {
	if scale == papers.Full {
		return 20
	}
	return 5
}

func claims(scale papers.Scale) []papers.Claim {
	all := margins()
	all = append(all, rates()...)
	all = append(all, stability()...)
	all = append(all, elsewhere()...)
	return append(all, oneByOne(scale)...)
}

// margins are the claims of Figure 1.
func margins() []papers.Claim {
	share := func(p Path) float64 { return p.At(Last).InfRatio }
	two := func(p Path) float64 { return p.At(Last).TwoCosine }
	figure := []string{"adam", "adam-1e-8", "gd", "momentum"}
	return []papers.Claim{
		claim("adam-margin", "Figure 1a", "Adam without eps attains the largest l-infinity margin.", papers.Stated,
			"l-infinity margin over the largest one, eta 0.001", papers.AtLeast(0.99), figure, share, infinity, euclidean),
		claim("adam-direction", "main theorem", "Adam without eps goes to the direction of the largest l-infinity margin.", papers.Stated,
			"cosine to that direction, eta 0.001", papers.AtLeast(0.999), []string{"adam"}, func(p Path) float64 { return p.At(Last).InfCosine }),
		lateClaim(),
		claim("adam-rising", "Figure 1a", "Without eps the l-infinity margin keeps rising.", papers.Stated,
			"share of the largest l-infinity margin after 100,000 steps less that after 10,000", papers.Positive("above 0"), []string{"adam"},
			func(p Path) float64 { return p.At(Last).InfRatio - p.At(Early).InfRatio }),
		claim("sign-margin", "proof of the main theorem", "Sign descent attains the largest l-infinity margin.", papers.Implied,
			"l-infinity margin over the largest one, eta 0.1 t^-0.5", papers.AtLeast(0.985), []string{"sign-gd"}, share),
		claim("gd-margin", "Figure 1a", "Gradient descent’s l-infinity margin stays below that of the Euclidean solution.", papers.Stated,
			"share of the largest l-infinity margin less that of the exact Euclidean solution, eta 0.1", papers.AtMost(0), []string{"gd"},
			func(p Path) float64 {
				return share(p) - p.Data.Meter.Read(p.Data.Meter.Two.Direction).InfRatio
			}),
		claim("gd-direction", "Figure 1b", "Gradient descent goes to the direction of the largest Euclidean margin.", papers.Stated,
			"cosine to that direction, eta 0.1", papers.AtLeast(0.985), []string{"gd"}, two, euclidean),
		claim("momentum-direction", "Figure 1b", "Gradient descent with momentum goes to the direction of the largest Euclidean margin.", papers.Stated,
			"cosine to that direction, eta 0.1, beta 0.9", papers.AtLeast(0.985), []string{"momentum"}, two, euclidean),
	}
}

// rates are the claims of Figure 2.
func rates() []papers.Claim {
	var all []papers.Claim
	for _, a := range []float64{0.3, 0.5, 0.7, 1} {
		low, high := -(1-a)-0.2, -math.Min(a/2, 1-a)+0.05
		says := fmt.Sprintf("With steps eta t^-%g the gap to the largest l-infinity margin closes at least like t^-%.2g.", a, math.Min(a/2, 1-a))
		if a == 1 {
			says = "With steps eta/t the gap to the largest l-infinity margin closes logarithmically, more slowly than any power."
		}
		all = append(all, claim(fmt.Sprintf("rate-%g", a), "Figure 2b, rates", says, papers.Stated,
			"power of t with which the gap closes, steps 1,000 to 100,000, eta 0.1", papers.Between(low, high), ownFirst(fmt.Sprintf("adam-%g", a), "adam-0.3", "adam-0.5", "adam-0.7", "adam-1"),
			func(p Path) float64 { return p.Quantity(GapSlope, Last) }, gaps))
	}
	return all
}

// ownFirst are names with one of them in the first place.
func ownFirst(own string, all ...string) []string {
	return append([]string{own}, slices.DeleteFunc(all, func(name string) bool { return name == own })...)
}

// stability are the claims about eps, and about betas out of order.
func stability() []papers.Claim {
	eps, crossed := []string{"adam-1e-8", "adam", "adam-1e-4"}, []string{"adam-crossed", "adam"}
	return []papers.Claim{
		claim("eps-early", "Figure 1a", "With eps 1e-8 Adam’s l-infinity margin is large at first.", papers.Stated,
			"share of the largest l-infinity margin after 10,000 steps", papers.AtLeast(0.85), eps, func(p Path) float64 { return p.At(Early).InfRatio }),
		claim("eps-drift", "arXiv 2012.06244", "Once gradients fall below eps the l-infinity margin is lost again.", papers.Implied,
			"share after 100,000 steps less that after 10,000", papers.Negative("below 0"), eps, func(p Path) float64 { return p.At(Last).InfRatio - p.At(Early).InfRatio }),
		claim("eps-euclidean", "arXiv 2012.06244", "With eps Adam drifts to the Euclidean direction.", papers.Implied,
			"cosine to it after 100,000 steps less that after 10,000", papers.Positive("above 0"), eps, func(p Path) float64 { return p.At(Last).TwoCosine - p.At(Early).TwoCosine }, euclidean),
		claim("crossed-direction", "condition beta1 <= beta2", "With beta1 0.99 > beta2 0.9 Adam goes to the Euclidean direction instead.", papers.Measured,
			"cosine to it", papers.AtLeast(0.98), crossed, func(p Path) float64 { return p.At(Last).TwoCosine }, euclidean),
		claim("crossed-margin", "condition beta1 <= beta2", "With beta1 0.99 > beta2 0.9 Adam misses the l-infinity margin.", papers.Measured,
			"share of the largest l-infinity margin", papers.AtMost(0.8), crossed, func(p Path) float64 { return p.At(Last).InfRatio }),
	}
}
