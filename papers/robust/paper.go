package robust

import "leeway/papers"

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2406.04981", Title: "The Price of Implicit Bias in Adversarially Robust Generalization",
		Authors: "Nikolaos Tsilivis, Natalie Frank, Nathan Srebro, Julia Kempe", Venue: "NeurIPS 2024",
		About: "In robust training the implicit bias of the optimizer matters more than in ordinary training: against attacks bounded in every feature, coordinate descent, whose geometry agrees with the attack’s, " +
			"generalises better than gradient descent. Linear models, a network with one hidden layer on two classes, and the paper’s convolutional network on all classes; at quick scale the networks are small and see few images. Training follows the paper’s robust objective unless a claim says that it follows the released script.",
		Claims: claims, Plans: plans,
	}
}

// kind of problem: how many components of the teacher and of a row are not zero, 0 for
// all.
type kind struct {
	name          string
	teacher, rows int
}

// world are the problems of a scale.
type world struct {
	d, seeds, test, steps int
	sparse, dense         kind
}

func worldOf(scale papers.Scale) world {
	if scale == papers.Full {
		return world{512, 3, 512 * 512, 200_000, kind{"sparse teacher, dense rows", 23, 0}, kind{"dense teacher, sparse rows", 0, 4}}
	}
	return world{128, 5, 20_000, 15_000, kind{"sparse teacher, dense rows", 11, 0}, kind{"dense teacher, sparse rows", 0, 4}}
}
