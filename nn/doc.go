// Package nn holds neural networks: layers and architectures that write
// themselves into a graph of package autodiff, losses, initialisations, and a
// network with data as an objective.
//
// An [Architecture] turns a batch of examples into logits. It asks a [Builder]
// for layers; the builder keeps the table of parameters, which have the names,
// the order and the shapes of the PyTorch module that computes the same (the
// comment of each architecture names it). So a state dict of PyTorch is a set of
// parameters here and the other way round:
//
//	Linear     weight [outputs inputs], bias [outputs]
//	Conv       weight [outputs inputs height width], bias [outputs]
//	BatchNorm  weight, bias [channels]
//	LayerNorm  weight, bias [features]
//	Embedding  weight [rows features]
//
// Images have their channels last, [N H W C], which is what the convolutions of
// package autodiff take. Where an image is flattened, it is first put into
// channels-first order, so that the weights behind it have PyTorch's order too.
//
// [New] joins an architecture, a loss and data to an [Objective]: mean loss,
// gradient and Hessian-vector product of every mini-batch, exact, as flat float64
// vectors whatever the type that the network computes in. A mini-batch larger
// than [Settings].PhysicalBatch is worked off in pieces whose results are added
// in float64 in a fixed order, so memory does not grow with the data.
//
// # Batch normalisation
//
// In loss, gradient and product, batch norm takes mean and variance of the
// piece that is computed at once, as a network in training does. So for a network
// with batch norm the pieces are part of the loss: "full batch" is the mean over
// pieces, each normalised by itself. Evaluation ([Objective.Accuracy],
// [Objective.Predict]) takes running statistics. They are not a state that
// depends on the steps taken but a function of theta: the average, over all
// pieces of the training data, of the pieces' means and unbiased variances at
// theta. That is what PyTorch's BatchNorm2d(momentum=None) holds after one pass
// over the training data, and it costs such a pass.
package nn
