package nn

import (
	"fmt"
	"slices"
	"strconv"

	"leeway/autodiff"
)

// Architecture is a network's shape: it turns a batch of examples into logits.
//
// x is [N features], [N height width channels], or, for language models, Int32
// tokens [N length]. The result is [N outputs], or [N length outputs] for tokens.
// What does not fit is said with [Builder.Fail].
type Architecture interface {
	Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value
}

// maxParameters is a number of parameters whose gradients no machine that this is
// for would hold: a size beyond it is a mistake, and is refused before memory is
// asked for.
const maxParameters = 1 << 30

// Parameter is an entry of the table of parameters.
type Parameter struct {
	// Name as the state dict of the equal PyTorch module has it.
	Name string
	// Shape of the array; theta holds its elements row by row.
	Shape []int
	// Offset of the first element in theta.
	Offset int

	init Init
}

// Size is the number of elements.
func (p Parameter) Size() int { return autodiff.Shape(p.Shape).Size() }

// Builder writes a network into a graph. An architecture asks it for layers and
// parameters; the first failure is kept and New returns it, so an architecture
// need not check anything. A layer of a failed builder is an invalid value, whose
// shape is empty: use [Builder.Dim] to read shapes.
type Builder struct {
	graph    *autodiff.Graph
	dtype    autodiff.DType
	evaluate bool // batch norms take running statistics, which are inputs

	table  []Parameter
	values []*autodiff.Value
	names  map[string]bool
	norms  []normalisation
	err    error
}

// normalisation is what one batch norm needs beside its parameters: in training
// the statistics that it computes, in evaluation those that it is given.
type normalisation struct {
	name           string
	mean, variance *autodiff.Value
	count          int // elements a statistic is taken over
}

func newBuilder(graph *autodiff.Graph, dtype autodiff.DType, evaluate bool) *Builder {
	return &Builder{graph: graph, dtype: dtype, evaluate: evaluate, names: map[string]bool{}}
}

// Graph is the graph that the network is written into, for architectures that
// need operations which are no layer.
func (b *Builder) Graph() *autodiff.Graph { return b.graph }

// DType is the type that the network computes in.
func (b *Builder) DType() autodiff.DType { return b.dtype }

// Parameter is a new parameter with its initial distribution. Its place in theta
// is behind all parameters made before.
func (b *Builder) Parameter(name string, init Init, shape ...int) *autodiff.Value {
	if b.names[name] {
		return b.Fail("parameter %q exists already. Try: a name of its own for every layer", name)
	}
	for _, d := range shape {
		if d < 1 {
			return b.Fail("parameter %q would have shape %v. Try: sizes of at least 1", name, shape)
		}
	}
	offset := 0
	if n := len(b.table); n > 0 {
		offset = b.table[n-1].Offset + b.table[n-1].Size()
	}
	room := maxParameters - offset
	for _, d := range shape {
		room /= d
	}
	if room < 1 {
		return b.Fail("parameter %q of shape %v would make more than %d parameters. Try: narrower or fewer layers", name, shape, maxParameters)
	}
	v := b.graph.Input("parameter/"+name, b.dtype, shape...)
	b.names[name] = true
	b.table = append(b.table, Parameter{Name: name, Shape: slices.Clone(shape), Offset: offset, init: init})
	b.values = append(b.values, v)
	return v
}

// Fail records why the network cannot be built, in one sentence with a hint
// ("... Try: ..."), and returns an invalid value. The first failure counts.
func (b *Builder) Fail(format string, args ...any) *autodiff.Value {
	if b.err == nil {
		b.err = fmt.Errorf("nn: "+format, args...)
	}
	return b.nothing()
}

// nothing is an invalid value.
func (b *Builder) nothing() *autodiff.Value {
	return autodiff.Reshape(b.graph.Constant(0, b.dtype), 2)
}

// Dim is the length of an axis, counted from the end if negative, and 0 where
// there is none.
func (b *Builder) Dim(x *autodiff.Value, axis int) int {
	if x == nil {
		return 0
	}
	shape := x.Shape()
	if axis < 0 {
		axis += len(shape)
	}
	if axis < 0 || axis >= len(shape) {
		return 0
	}
	return shape[axis]
}

// fits tells whether a layer can work on x, which has the given rank, or any
// rank of at least 2 if it is 0.
func (b *Builder) fits(layer, name string, x *autodiff.Value, rank int) bool {
	if b.err != nil || x == nil || x.Op() == autodiff.OpInvalid {
		return false
	}
	if name != "" {
		layer += " " + strconv.Quote(name)
	}
	axes := len(x.Shape())
	switch {
	case !x.DType().IsFloat():
		b.Fail("%s takes numbers, not tokens %v. Try: the transformer, or data of numbers", layer, x.Shape())
	case rank == 4 && axes != 4:
		b.Fail("%s takes images [N height width channels], not %v. Try: an example shape [height width channels]", layer, x.Shape())
	case rank == 0 && axes < 2, rank > 0 && axes != rank:
		b.Fail("%s does not take %v. Try: another example shape", layer, x.Shape())
	default:
		return true
	}
	return false
}

// invalid is what a layer returns that cannot work. It is a failure of its own
// only where none is known.
func (b *Builder) invalid() *autodiff.Value {
	if b.graph.Err() == nil {
		return b.Fail("a layer has nothing to work on. Try: passing on what the layer before returned")
	}
	return b.nothing()
}

// failure is why the network cannot be built, or nil.
func (b *Builder) failure() error {
	if b.err == nil && b.graph.Err() != nil {
		return fmt.Errorf("nn: the network does not fit its data: %w. Try: another example shape", b.graph.Err())
	}
	return b.err
}
