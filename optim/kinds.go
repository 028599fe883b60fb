package optim

import (
	"fmt"
	"slices"
)

// entry is one kind of optimizer with its customary hyperparameters.
type entry struct {
	kind string
	make func() Definition
}

// catalogue lists the kinds in the order in which help shows them. Each maker
// returns a pointer, so that a config can be decoded onto the defaults.
var catalogue = []entry{
	{"gd", func() Definition { return &GD{} }},
	{"heavy-ball", func() Definition { return &HeavyBall{Beta: 0.9} }},
	{"nesterov", func() Definition { return &Nesterov{Beta: 0.9} }},
	{"rmsprop", func() Definition { return &RMSProp{Beta2: 0.99, Eps: 1e-8} }},
	{"adam", func() Definition { return &Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true} }},
	{"adamw", func() Definition {
		return &AdamW{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true, Regularization: Regularization{WeightDecay: 0.01}}
	}},
	{"nadam", func() Definition { return &NAdam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true} }},
	{"nadamw", func() Definition {
		return &NAdamW{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true, Regularization: Regularization{WeightDecay: 0.01}}
	}},
	{"sign-gd", func() Definition { return &SignGD{} }},
	{"signum", func() Definition { return &Signum{Beta: 0.9} }},
	{"lion", func() Definition { return &Lion{Beta1: 0.9, Beta2: 0.99} }},
	{"lion-k", func() Definition { return &LionK{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true} }},
}

// Kinds are the names of the built-in optimizers.
func Kinds() []string {
	names := make([]string, len(catalogue))
	for i, e := range catalogue {
		names[i] = e.kind
	}
	return names
}

// Default returns a pointer to the settings struct of a kind, filled with its
// customary hyperparameters, for a caller to change.
func Default(kind string) (Definition, error) {
	i := slices.IndexFunc(catalogue, func(e entry) bool { return e.kind == kind })
	if i < 0 {
		return nil, fmt.Errorf("optim: unknown optimizer %q, have %q", kind, Kinds())
	}
	return catalogue[i].make(), nil
}
