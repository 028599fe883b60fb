package nn

import (
	"fmt"
	"slices"

	"leeway/autodiff"
	"leeway/objective"
)

// model is what an objective and its clones share.
type model struct {
	settings Settings
	data     Data
	outputs  int
	table    []Parameter
	norms    []normalisation // of one of the training graphs
	dim      int
	edges    []int // batch k holds the examples edges[k] to edges[k+1]
	pieces   [][]piece
	plans    *plans
}

// piece is the part of a batch that is computed at once.
type piece struct {
	rows   int
	weight float64        // its share of the batch
	x, y   autodiff.Array // its examples, and their labels as numbers
}

// Objective is a network with data: the mean loss of every batch as a function of
// theta, all parameters in the order of [Objective.Parameters]. One value serves
// one goroutine at a time, and uses several threads itself; [Objective.Clone]
// gives one for another goroutine.
type Objective struct {
	*model
	theta, direction  []autodiff.Array // what programs read
	loss              autodiff.Array   // what they write
	gradient, product []autodiff.Array
	running           []autodiff.Array // mean and variance of every batch norm
	runs              map[planKey]*run
}

var (
	_ objective.TwiceDifferentiable = (*Objective)(nil)
	_ objective.Cloner              = (*Objective)(nil)
	_ objective.Weighted            = (*Objective)(nil)
	_ objective.Classifier          = (*Objective)(nil)
	_ objective.Starter             = (*Objective)(nil)
)

// New joins a network and its training data. Settings out of range, data that does
// not fit together and an architecture that does not take it are errors of one
// sentence, with a hint.
func New(train Data, s Settings) (*Objective, error) {
	if err := s.resolve(); err != nil {
		return nil, err
	}
	if err := train.check(); err != nil {
		return nil, err
	}
	if err := train.checkRange(s.DType); err != nil {
		return nil, err
	}
	outputs, err := outputsOf(s.Loss, train.Classes)
	if err != nil {
		return nil, err
	}
	n := train.Len()
	edges, err := s.edges(n)
	if err != nil {
		return nil, err
	}
	m := &model{settings: s, data: train, outputs: outputs, edges: edges, plans: newPlans()}
	x, y := m.examples(train.X, train.Tokens, n), m.labels(train.Y)
	m.data.X = nil // whose memory the caller may want back: x is enough
	for k := range m.Batches() {
		m.pieces = append(m.pieces, m.cut(x, y, edges[k], edges[k+1]))
		for _, p := range m.pieces[k] { // the graphs of all sizes, so that errors come out here
			net, err := m.network(false, p.rows)
			if err != nil {
				return nil, err
			}
			m.table, m.norms = slices.Clone(net.table), net.norms
		}
	}
	last := m.table[len(m.table)-1]
	m.dim = last.Offset + last.Size()
	for i, p := range m.table {
		m.table[i].init = s.initOf(p)
		if err := m.table[i].init.checkFor(p); err != nil {
			return nil, err
		}
	}
	o := &Objective{model: m}
	o.allocate()
	return o, nil
}

// examples holds n examples in the network's type.
func (m *model) examples(x []float64, tokens []int32, n int) autodiff.Array {
	shape := append([]int{n}, m.data.Shape...)
	if tokens != nil {
		return autodiff.Indices(tokens, shape...)
	}
	return toArray(x, m.settings.DType, shape...)
}

// labels holds classes as numbers, one a row.
func (m *model) labels(y []int) autodiff.Array {
	a := autodiff.NewArray(m.settings.DType, len(y), 1)
	for i, c := range y {
		a.Set(i, float64(c))
	}
	return a
}

// cut divides the examples [lo, hi) into pieces.
func (m *model) cut(x, y autodiff.Array, lo, hi int) []piece {
	edges, each := m.settings.cut(lo, hi), m.data.labelsEach()
	pieces := make([]piece, len(edges)-1)
	for i := range pieces {
		a, b := edges[i], edges[i+1]
		pieces[i] = piece{rows: b - a, weight: float64(b-a) / float64(hi-lo), x: rowsOf(x, a, b), y: rowsOf(y, a*each, b*each)}
	}
	return pieces
}

// allocate makes the memory that clones do not share.
func (o *Objective) allocate() {
	o.loss, o.runs = autodiff.NewArray(o.settings.DType), map[planKey]*run{}
	for _, parts := range []*[]autodiff.Array{&o.theta, &o.direction, &o.gradient, &o.product} {
		for _, p := range o.table {
			*parts = append(*parts, autodiff.NewArray(o.settings.DType, p.Shape...))
		}
	}
}

// Dim is the number of parameters.
func (m *model) Dim() int { return m.dim }

// Batches is the number of batches.
func (m *model) Batches() int { return len(m.edges) - 1 }

// Pieces are the numbers of examples that batch k is computed in, one after the
// other.
func (m *model) Pieces(k int) []int {
	var rows []int
	for _, p := range m.pieces[k] {
		rows = append(rows, p.rows)
	}
	return rows
}

// Weight is the share of the examples that batch k holds.
func (m *model) Weight(k int) float64 {
	return float64(m.edges[k+1]-m.edges[k]) / float64(m.data.Len())
}

// Parameters is the table of parameters: what theta holds, in its order.
func (m *model) Parameters() []Parameter { return slices.Clone(m.table) }

// Settings are the settings with all defaults written out.
func (m *model) Settings() Settings { return m.settings }

// Start returns the initial parameters of [Settings].Seed.
func (m *model) Start() []float64 { return m.StartOf(m.settings.Seed) }

// StartOf returns the initial parameters of another seed.
func (m *model) StartOf(seed uint64) []float64 {
	theta := make([]float64, m.dim)
	for _, p := range m.table {
		part := theta[p.Offset : p.Offset+p.Size()]
		p.init.fill(part, p.Name, p.Shape, seed)
		if scale := m.settings.InitScale; scale != 1 && p.init.Kind != Ones {
			for j := range part {
				part[j] *= scale
			}
		}
	}
	return theta
}

// Clone returns an objective for another goroutine: it shares data and compiled
// programs, but no memory that is written to.
func (o *Objective) Clone() objective.TwiceDifferentiable { return o.clone() }

func (o *Objective) clone() *Objective {
	c := &Objective{model: o.model}
	c.allocate()
	return c
}

// ask checks a question: the batch exists and every vector has length Dim.
func (m *model) ask(k int, vectors ...[]float64) error {
	if k < 0 || k >= m.Batches() {
		return fmt.Errorf("nn: batch %d does not exist, batches are 0 to %d. Try: a batch below %d", k, m.Batches()-1, m.Batches())
	}
	for _, v := range vectors {
		if len(v) != m.dim {
			return fmt.Errorf("nn: a vector has length %d, the network has %d parameters. Try: vectors of length Dim()", len(v), m.dim)
		}
	}
	return nil
}
