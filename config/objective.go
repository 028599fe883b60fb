package config

import (
	"slices"
	"strconv"
)

// Objective is what is minimised: a problem in closed form, a model on data, or what
// another process computes.
type Objective struct {
	External `yaml:",inline"`
	// Problem is one of [Problems]; empty with a model.
	Problem string `yaml:"problem"`
	// Dimension is the number of parameters (quadratic, rosenbrock, sines).
	Dimension int `yaml:"dimension"`
	// Condition is the ratio of the largest curvature, 1, to the smallest
	// (quadratic).
	Condition float64 `yaml:"condition"`
	// Seed of the problem's coefficients (sines).
	Seed uint64 `yaml:"seed"`

	Model Model `yaml:"model"`
	Data  Data  `yaml:"data"`
	// Loss is one of [Losses].
	Loss string `yaml:"loss"`
	// Attack makes the loss robust; nil for none.
	Attack *Attack `yaml:"attack"`

	Batch Batch `yaml:"batch"`
	Start Start `yaml:"start"`
	// StartScale is the standard deviation of a normal start.
	StartScale float64 `yaml:"start_scale"`
	// Init is how a network's weights are drawn that start at init, one of
	// [Initializations].
	Init string `yaml:"init"`
	// InitBias is the same for its biases except those of norms, one of
	// [BiasInitializations].
	InitBias string `yaml:"init_bias"`
	// InitScale multiplies what is so drawn.
	InitScale float64 `yaml:"init_scale"`
	// DType is the type that a network computes in, float32 or float64;
	// everything else computes in float64.
	DType string `yaml:"dtype"`
	// PhysicalBatch is the number of rows that a network works on at once; a
	// larger batch is summed up from such parts.
	PhysicalBatch int `yaml:"physical_batch"`
	// Threads of a network, 0 for one a core. They do not change the results.
	Threads int `yaml:"threads"`
}

// Batch cuts the training rows, or the losses of a problem, into mini-batches:
// of Size each, or Count of them. The zero value is the full batch; an Order alone
// is that of the batches that an external process makes.
type Batch struct {
	Size  int    `yaml:"size"`
	Count int    `yaml:"count"`
	Order string `yaml:"order"` // cyclic, shuffled or iid
}

// Full reports whether there is one batch of everything.
func (b Batch) Full() bool { return b.Size == 0 && b.Count == 0 && b.Order == "" }

// Start is where all processes begin: zeros, normal, init (a network's own
// initialisation), or if Kind is empty Point.
type Start struct {
	Kind  string
	Point []float64
}

// problem is an entry of the catalogue: its own keys, and the least, the
// default and the largest dimension.
type problem struct {
	name                  string
	keys                  []string
	least, usual, largest int
}

var problems = []problem{
	{"bilinear", nil, 2, 2, 2},
	{"quadratic", []string{"dimension", "condition"}, 1, 10, 100_000},
	{"cubic", nil, 2, 2, 2},
	{"rosenbrock", []string{"dimension"}, 2, 2, 1000},
	{"sines", []string{"dimension", "seed"}, 1, 5, 200},
}

// Problems are the names of the problems in closed form.
func Problems() []string {
	var names []string
	for _, p := range problems {
		names = append(names, p.name)
	}
	return names
}

// Losses are the names of the losses of a model. The mean squared error of a
// linear model is the mean of 1/2 (prediction - (-1 or +1))^2, that of a network
// is to the classes written as unit vectors, as package nn defines it.
func Losses() []string { return []string{"cross-entropy", "logistic", "mse", "exponential"} }

var (
	orderKinds = []string{"cyclic", "shuffled", "iid"}
	norms      = []string{"inf", "2", "1"}
)

// keys of the section with the problem or model that it holds.
func (o *Objective) keys() []string {
	if o.External.Is() {
		return externalKeys
	}
	if i := slices.IndexFunc(problems, func(p problem) bool { return p.name == o.Problem }); i >= 0 {
		return slices.Concat([]string{"problem"}, problems[i].keys, []string{"batch", "start", "start_scale", "dtype"})
	}
	if o.Model.network() {
		return []string{"model", "data", "loss", "batch", "start", "start_scale", "init", "init_bias", "init_scale", "attack", "dtype", "physical_batch", "threads"}
	}
	return []string{"model", "data", "loss", "attack", "batch", "start", "start_scale", "dtype"}
}

// owner names what has those keys.
func (o *Objective) owner() string {
	switch {
	case o.External.Is():
		return externalName
	case o.Problem != "":
		return o.Problem
	}
	return o.Model.Kind
}

// starts are the names of the starts that there are.
func (o *Objective) starts() []string {
	switch {
	case o.External.Is():
		return []string{ownStart, "zeros", "normal"}
	case o.Model.network():
		return []string{"init", "zeros", "normal"}
	}
	return []string{"zeros", "normal"}
}

// dtypes are the types that can be computed in.
func (o *Objective) dtypes() []string {
	if o.Model.network() {
		return []string{"float64", "float32"}
	}
	return []string{"float64"}
}

// write leaves out what has no meaning here.
func (o *Objective) write() *node {
	keys := slices.DeleteFunc(slices.Clone(o.keys()), func(k string) bool {
		return k == "start_scale" && o.Start.Kind != "normal" || (k == "init" || k == "init_bias" || k == "init_scale") && o.Start.Kind != "init"
	})
	return encodeKeys(o, keys)
}

func (b *Batch) write() *node {
	switch {
	case b.Full():
		return textNode("full")
	case b.Count > 0:
		return encodeKeys(b, []string{"count", "order"})
	case b.Size == 0:
		return encodeKeys(b, []string{"order"})
	}
	return encodeKeys(b, []string{"size", "order"})
}

func (s *Start) write() *node {
	if s.Kind != "" {
		return textNode(s.Kind)
	}
	n := &node{kind: list}
	for _, x := range s.Point {
		n.items = append(n.items, &node{text: strconv.FormatFloat(x, 'g', -1, 64)})
	}
	return n
}

// Network reports whether the objective is a network, which computes on several
// threads.
func (o *Objective) Network() bool { return o.models() && o.Model.network() }

// models reports whether the objective is a model on data.
func (o *Objective) models() bool { return o.Problem == "" && !o.External.Is() }
