package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"leeway/nn"
)

// Model of the data: linear, or a network of package nn.
type Model struct {
	Kind string `yaml:"kind"` // one of the names of models
	// Intercept adds a constant for each output (linear).
	Intercept bool `yaml:"intercept"`
	// Hidden holds the widths of the hidden layers; none is a linear network
	// with biases (mlp).
	Hidden []int `yaml:"hidden"`
	// Channels of the blocks of two convolutions and a pooling (cnn), or of one (lenet).
	Channels []int `yaml:"channels"`
	// Dense is the width of the layer before the last (cnn, lenet).
	Dense int `yaml:"dense"`
	// Patch is the side of a patch in pixels (vit).
	Patch int `yaml:"patch"`
	// Dim is the width of the residual stream (vit, transformer).
	Dim int `yaml:"dim"`
	// Depth is 18, 50 or 101 (resnet), or the number of blocks (vit,
	// transformer).
	Depth int `yaml:"depth"`
	// Width is the number of channels after the first convolution (resnet).
	Width int `yaml:"width"`
	// Heads of the attention (vit, transformer), and the width of each (vit; in
	// a transformer they share Dim).
	Heads   int `yaml:"heads"`
	HeadDim int `yaml:"head_dim"`
	// MLPDim is the width of the hidden layer in each block (vit, transformer).
	MLPDim int `yaml:"mlp_dim"`
	// Tied makes the output layer share the weights of the token embedding
	// (transformer).
	Tied bool `yaml:"tied"`
	// Activation is one of [Activations] (mlp, cnn, lenet, resnet).
	Activation string `yaml:"activation"`
	// Bias adds one to every layer (mlp).
	Bias bool `yaml:"bias"`
}

// input is what a model takes.
type input int

const (
	anyRows   input = iota // rows of features, an image being one too
	images                 // height x width x channels
	tokenRows              // text
)

// model is an entry of the table of models: its own keys, its defaults, and
// the data that it takes.
type model struct {
	name  string
	keys  []string
	usual Model
	takes input
}

// The convolutional network and the transformer for images are those of the
// experiments of Cattaneo, Klusowski and Shigida (arXiv 2309.00079), lenet is that of
// Tsilivis, Frank, Srebro and Kempe (arXiv 2406.04981); of the others the defaults are
// small.
var models = []model{
	{"linear", []string{"intercept"}, Model{}, anyRows},
	{"mlp", []string{"hidden", "activation", "bias"}, Model{Hidden: []int{32, 32}, Activation: "tanh", Bias: true}, anyRows},
	{"cnn", []string{"channels", "dense", "activation"}, Model{Channels: []int{32, 64, 128}, Dense: 512, Activation: "relu"}, images},
	{"lenet", []string{"channels", "dense", "activation"}, Model{Channels: []int{32, 64}, Dense: 1024, Activation: "relu"}, images},
	{"resnet", []string{"depth", "width", "activation"}, Model{Depth: 18, Width: 64, Activation: "relu"}, images},
	{"vit", []string{"patch", "dim", "depth", "heads", "head_dim", "mlp_dim"}, Model{Patch: 4, Dim: 512, Depth: 6, Heads: 16, HeadDim: 64, MLPDim: 1024}, images},
	{"transformer", []string{"dim", "depth", "heads", "mlp_dim", "tied"}, Model{Dim: 128, Depth: 2, Heads: 4, MLPDim: 512}, tokenRows},
}

// Models are the names of the models.
func Models() []string {
	var names []string
	for _, m := range models {
		names = append(names, m.name)
	}
	return names
}

// Activations are the names of the activations.
func Activations() []string { return nn.Activations() }

// Initializations are the names of the values of objective.init: the default of
// each layer, which is PyTorch's, or one distribution for all weights.
func Initializations() []string { return append([]string{"default"}, nn.Inits()...) }

// BiasInitializations are those of objective.init_bias, which need no fan_in.
func BiasInitializations() []string {
	return slices.DeleteFunc(Initializations(), func(name string) bool {
		return strings.HasPrefix(name, "kaiming") || strings.HasPrefix(name, "xavier")
	})
}

// entry is the table's entry of the model, that of linear if there is none.
func (m *Model) entry() model {
	return models[max(slices.Index(Models(), m.Kind), 0)]
}

func (m *Model) keys() []string { return slices.Concat([]string{"kind"}, m.entry().keys) }

// network reports whether the model is one of package nn.
func (m *Model) network() bool { return m.Kind != "" && m.Kind != "linear" }

func (m *Model) read(r *reader, n *node, path string) error {
	m.Kind = "linear"
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "model", &m.Kind, Models()); err != nil {
			return err
		}
	}
	kind := m.Kind
	*m = m.entry().usual
	m.Kind = kind
	m.Hidden, m.Channels = slices.Clone(m.Hidden), slices.Clone(m.Channels)
	if err := r.section(n, path, m.Kind, m.keys()); err != nil {
		return err
	}
	return r.keys(n, path, m, m.keys())
}

func (m *Model) write() *node { return encodeKeys(m, m.keys()) }

// The largest sizes that are taken for meant.
const (
	mostLayers   = 100
	mostWidth    = 1 << 16
	mostPhysical = 1_000_000
	mostThreads  = 1024
)

// checkNetwork checks the sizes of a network, each on its own; whether they
// fit together and the data is known when it is built.
func (r *reader) checkNetwork(m *Model) error {
	const path = "objective.model."
	for _, key := range m.entry().keys {
		var err error
		switch key {
		case "hidden":
			err = r.widths(path+key, m.Hidden, 0)
		case "channels":
			err = r.widths(path+key, m.Channels, 1)
		case "activation":
			err = r.name(path+key, "activation", m.Activation, Activations())
		case "depth":
			err = r.checkDepth(path+key, m)
		case "tied", "bias":
		default:
			size := map[string]int{
				"dense": m.Dense, "patch": m.Patch, "dim": m.Dim, "width": m.Width,
				"heads": m.Heads, "head_dim": m.HeadDim, "mlp_dim": m.MLPDim,
			}[key]
			err = r.whole(path+key, size, 1, mostWidth)
		}
		if err != nil {
			return err
		}
	}
	if m.Kind == "transformer" && m.Dim%m.Heads != 0 {
		divisor := m.Heads
		for m.Dim%divisor != 0 {
			divisor--
		}
		return r.at(path+"heads", fmt.Sprintf("%d heads do not divide a width of %d", m.Heads, m.Dim), strconv.Itoa(divisor))
	}
	return nil
}

func (r *reader) checkDepth(path string, m *Model) error {
	if m.Kind != "resnet" {
		return r.whole(path, m.Depth, 1, mostLayers)
	}
	switch m.Depth {
	case 18, 50, 101:
		return nil
	}
	return r.at(path, fmt.Sprintf("want 18, 50 or 101 layers, got %d", m.Depth), "18")
}

// widths checks a list of layer widths.
func (r *reader) widths(path string, list []int, least int) error {
	if len(list) < least || len(list) > mostLayers {
		return r.at(path, fmt.Sprintf("want %d to %d numbers, got %d", least, mostLayers, len(list)), "[32, 32]")
	}
	for _, w := range list {
		if err := r.whole(path, w, 1, mostWidth); err != nil {
			return err
		}
	}
	return nil
}
