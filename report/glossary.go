package report

// term is one entry of "How to read this".
type term struct{ Word, Meaning string }

// glossary explains the words of the page in the order in which a reader meets
// them.
var glossary = []term{
	{"Modified loss", "An optimizer with a finite step size and a memory of past gradients does not follow the loss it was given, but, to the next order in the step size, a slightly different one. Backward error analysis computes that modified loss. Its difference from the given loss is the implicit bias."},
	{"Perturbed one-norm", "The sum of √(g² + ε) over the components g of the gradient. For small ε it is the sum of their sizes. It is the quantity that Adam’s bias rewards or punishes."},
	{"Penalized, anti-penalized", "In each coordinate Adam’s bias is (h/2) (a − b + b ε / (g² + ε)) times the slope of the perturbed one-norm, for ε inside the root, with h the learning rate, a = (1 + β₁)/(1 − β₁) and b = (1 + β₂)/(1 − β₂). Where the bracket is positive, large gradients are penalized, as by a regularizer; where it is negative they are anti-penalized: the optimizer is held back from regions of small gradients. Where b > a, the bracket changes sign at the switch gradient, |g| = √(ε a / (b − a))."},
	{"discrete", "The optimizer itself, step by step. Every other process is compared with it."},
	{"flow-1, flow-2", "Differential equations that imitate the optimizer: flow-1 leaves out the bias and is right to order 1 in the learning rate; flow-2 contains it and is right to order 2, where the theorem’s expansion holds. Where it does not, flow-2 can run away although the optimizer converges."},
	{"memoryless-1, memoryless-2", "The same two as maps, one jump per step: the optimizer with every past gradient replaced by the present one, without and with the correction for that."},
	{"moments-1, moments-2", "Flows that keep the optimizer’s running averages as states of their own instead of expanding the memory. They stay near the optimizer at practical settings where flow-2 fails."},
	{"Trust number", "x = h τ |(H F)ⱼ| / Rⱼ: by how much, relative to its size, the gradient of coordinate j changes within the optimizer’s memory of τ steps. The expansion behind flow-2 needs it to be small: below about 0.3 the correction helps, above about 0.5 in a lasting share of coordinates it does not."},
	{"Predicted and realised drift", "At each step the optimizer deviates from its memoryless counterpart. The realised drift is that deviation; the predicted one is the theorem’s correction. A cosine and a size ratio near 1 mean that the theorem describes this very run."},
	{"eps_mode", "Where the optimizer adds ε: inside the root, √(v + ε), as in the paper; outside, √v + ε, as in PyTorch; outside_uncorrected, √v + ε before the bias correction of v, as in TensorFlow. The same ε means different things in each, and ε decides where the bias changes sign."},
	{"Integration error", "An estimate of how much of a flow’s distance comes from solving its equation numerically. It should be far below the distance itself."},
}
