package separable

import (
	"math"

	"leeway/optim"
)

// Last is the number of steps of the reference runs, and Early an earlier look at them.
const (
	Last  = 100_000
	Early = 10_000
)

// Quantities of a run, in which an [Expected] is given.
const (
	InfRatio  = "ratio-inf"  // normalised margin over the largest one, l-infinity norm
	InfCosine = "cosine-inf" // to the direction of largest l-infinity margin
	TwoCosine = "cosine-two" // to that of largest Euclidean margin
	GapSlope  = "gap-slope"  // power of t with which the l-infinity margin is approached
)

// Expected is what an independent implementation measured on its own draws of the same
// distribution, over four or five of them; an end that it does not give is infinite.
type Expected struct {
	Quantity  string
	Step      int
	Low, High float64
}

// Variant is an optimizer of the experiment.
type Variant struct {
	ID, Name  string
	Optimizer optim.Optimizer
	Expected  []Expected
}

func atLeast(quantity string, low float64) Expected {
	return Expected{quantity, Last, low, math.Inf(1)}
}

func between(quantity string, low, high float64) Expected {
	return Expected{quantity, Last, low, high}
}

// adam is the paper's: without bias correction, eps beside the root.
func adam(beta1, beta2, eps float64) optim.Adam {
	return optim.Adam{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: optim.Outside}
}

// Variants are the optimizers of the reference table: 50 Gaussian rows of 50 features,
// logistic loss, from zero, 100,000 steps. Rates are eta_n = eta (n+1)^-a.
func Variants() []Variant {
	var all []Variant
	add := func(id, name string, rule optim.Definition, lr, power float64, expected ...Expected) {
		schedule := optim.Schedule{}
		if power != 0 {
			schedule = optim.Schedule{Kind: "polynomial", Power: power}
		}
		optimizer, err := optim.New(rule, lr, schedule)
		if err != nil {
			panic(err) // of the numbers below
		}
		all = append(all, Variant{id, name, optimizer, expected})
	}
	add("adam", "Adam without eps, 0.001", adam(0.9, 0.99, 0), 1e-3, 0,
		between(InfRatio, 0.9935, 0.9951), atLeast(InfCosine, 0.9999), between(TwoCosine, 0.83, 0.89))
	add("adam-slow", "Adam without eps, 0.01 t^-0.3", adam(0.9, 0.99, 0), 1e-2, 0.3,
		between(InfRatio, 0.986, 0.989), atLeast(InfCosine, 0.9996), between(TwoCosine, 0.83, 0.89))
	for _, s := range []struct {
		id                       string
		power, low, high, cosine float64
		shallow, steep           float64
	}{
		{"adam-0.3", 0.3, 0.97, 0.984, 0.998, -0.54, -0.68}, {"adam-0.5", 0.5, 0.973, 0.978, 0.999, -0.53, -0.57},
		{"adam-0.7", 0.7, 0.927, 0.942, 0.989, -0.30, -0.32}, {"adam-1", 1, 0.58, 0.74, 0.906, -0.09, -0.13},
	} {
		add(s.id, "Adam without eps, 0.1 t^-"+s.id[len("adam-"):], adam(0.9, 0.99, 0), 0.1, s.power,
			between(InfRatio, s.low, s.high), atLeast(InfCosine, s.cosine), between(GapSlope, s.steep, s.shallow))
	}
	add("sign-gd", "sign descent, 0.1 t^-0.5", optim.SignGD{}, 0.1, 0.5, between(InfRatio, 0.991, 0.996), atLeast(InfCosine, 0.999))
	for _, s := range []struct {
		id, name string
		rule     optim.Definition
	}{{"gd", "gradient descent, 0.1", optim.GD{}}, {"momentum", "gradient descent with momentum, 0.1", optim.HeavyBall{Beta: 0.9}}} {
		add(s.id, s.name, s.rule, 0.1, 0, between(InfRatio, 0.54, 0.61), between(InfCosine, 0.86, 0.88), atLeast(TwoCosine, 0.991))
	}
	add("adam-1e-8", "Adam, eps 1e-8, 0.001", adam(0.9, 0.99, 1e-8), 1e-3, 0,
		Expected{InfRatio, Early, 0.863, 0.937}, Expected{InfCosine, Early, 0.975, 0.994}, Expected{TwoCosine, Early, 0.88, 0.95},
		between(InfRatio, 0.80, 0.87), between(InfCosine, 0.968, 0.982), between(TwoCosine, 0.916, 0.955))
	add("adam-1e-4", "Adam, eps 1e-4, 0.001", adam(0.9, 0.99, 1e-4), 1e-3, 0,
		between(InfRatio, 0.69, 0.78), between(InfCosine, 0.93, 0.95), between(TwoCosine, 0.965, 0.983))
	add("adam-crossed", "Adam without eps, beta1 0.99 > beta2 0.9, 0.001", adam(0.99, 0.9, 0), 1e-3, 0,
		between(InfRatio, 0.54, 0.76), between(InfCosine, 0.84, 0.90), between(TwoCosine, 0.987, 0.995))
	return all
}
