package external

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"leeway/objective"
)

// Objective is an objective that another process computes.
type Objective struct {
	conn        *conn
	description *Description
	differences bool
	loss        [1]float64
	near        *difference // scratch for products by differences
}

var (
	_ objective.TwiceDifferentiable = (*Objective)(nil)
	_ objective.Cloner              = (*Objective)(nil)
	_ objective.Weighted            = (*Objective)(nil)
)

// Open starts the command or connects to the socket, and asks for the description.
// Errors are of type [*Fault]. An objective has to be closed.
func Open(s Settings) (*Objective, error) {
	if !littleEndian() {
		return nil, errors.New("external: the protocol is little-endian, this machine is not")
	}
	c, err := dial(&s)
	if err != nil {
		return nil, unreached(err)
	}
	o := &Objective{conn: c}
	if err := o.hello(&s); err != nil {
		c.close()
		return nil, unreached(err)
	}
	return o, nil
}

// unreached marks a fault.
func unreached(err error) error {
	if f, ok := err.(*Fault); ok {
		f.Unreached = true
	}
	return err
}

// hello asks for the description, and offers shared memory.
func (o *Objective) hello(s *Settings) error {
	hello, err := json.Marshal(Hello{Version})
	if err != nil {
		return err
	}
	c := o.conn
	var text []byte
	q := &question{kind: KindHello, text: hello, reply: &text}
	if err := c.ask(q); err != nil {
		return err
	}
	if o.description, err = ParseDescription(text); err != nil {
		c.fault = c.explain(q, &foreignError{err.Error(), "what docs/protocol.md says of the description; with leeway.py, other arguments of its Objective"})
		return c.fault
	}
	d := o.description
	c.wire = newWire(d.DType)
	o.differences = s.Differences || !d.Products
	if d.Shared && !s.NoSharedMemory {
		return o.share()
	}
	return nil
}

// share offers shared memory. Where there is none, or the other side cannot map it
// (in another container, say), arrays go through the connection.
func (o *Objective) share() error {
	memory, err := newShared(uint64(o.description.Dim) * uint64(o.description.DType.size()))
	if err != nil {
		return nil
	}
	offer, err := json.Marshal(memory.offer())
	if err != nil {
		return err
	}
	var answer []byte
	if err := o.conn.ask(&question{kind: KindMemory, text: offer, reply: &answer}); err != nil {
		memory.close()
		return err
	}
	if len(answer) > 0 { // it says why not
		memory.close()
		return nil
	}
	memory.mapped()
	o.conn.memory = memory
	return nil
}

// Close tells the process that there are no more questions and waits for its end;
// one that does not end is killed. Clones are closed too.
func (o *Objective) Close() error { return o.conn.close() }

// Description is what the process said of itself.
func (o *Objective) Description() Description { return *o.description }

// Title is the name that the process gave itself, on one line.
func (o *Objective) Title() string { return o.description.title() }

// Shared reports whether arrays go through shared memory.
func (o *Objective) Shared() bool { return o.conn.memory != nil }

// Differences reports whether products are differences of gradients.
func (o *Objective) Differences() bool { return o.differences }

// Dim implements [objective.Differentiable].
func (o *Objective) Dim() int { return o.description.Dim }

// Batches implements [objective.Differentiable].
func (o *Objective) Batches() int { return o.description.Batches }

// Weight implements [objective.Weighted].
func (o *Objective) Weight(k int) float64 {
	if len(o.description.Weights) == 0 {
		return 1 / float64(o.description.Batches)
	}
	return o.description.Weights[k]
}

// Clone puts its questions to the same process, in turn.
func (o *Objective) Clone() objective.TwiceDifferentiable {
	return &Objective{conn: o.conn, description: o.description, differences: o.differences}
}

// Start asks for the parameters to begin with.
func (o *Objective) Start() ([]float64, error) {
	theta := make([]float64, o.Dim())
	if err := o.conn.ask(&question{kind: KindStart, dst: theta}); err != nil {
		return nil, err
	}
	for j, x := range theta {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, &Fault{Peer: o.conn.peer, Doing: "the start", What: fmt.Sprintf("parameter %d is %v", j, x), Try: "a model whose parameters are finite"}
		}
	}
	return theta, nil
}

// Gradient implements [objective.Differentiable]. Errors are of type [*Fault].
func (o *Objective) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := o.checked(k, dst, theta); err != nil {
		return 0, err
	}
	q := question{kind: KindGradient, argument: uint64(k), a: theta, scalars: o.loss[:], dst: dst}
	if err := o.conn.ask(&q); err != nil {
		return 0, err
	}
	return o.loss[0], nil
}

// HVP implements [objective.TwiceDifferentiable]. Errors are of type [*Fault].
func (o *Objective) HVP(dst, theta, v []float64, k int) error {
	if err := o.checked(k, dst, theta, v); err != nil {
		return err
	}
	if o.differences {
		return o.difference(dst, theta, v, k, 1)
	}
	return o.conn.ask(&question{kind: KindProduct, argument: uint64(k), a: theta, b: v, dst: dst})
}

// Judge returns what asks for loss and accuracy on rows, "train" or "test", and how
// many rows those are; nil if the process offers none.
func (o *Objective) Judge(name string) (measure func(theta []float64) (loss, accuracy float64, err error), rows int) {
	for i, m := range o.description.Metrics {
		if m.Name == name {
			return func(theta []float64) (float64, float64, error) {
				answer := make([]float64, 2)
				err := o.conn.ask(&question{kind: KindMetrics, argument: uint64(i), a: theta, scalars: answer})
				return answer[0], answer[1], err
			}, m.Rows
		}
	}
	return nil, 0
}

// checked says what is wrong with the arguments of a question.
func (o *Objective) checked(k int, vectors ...[]float64) error {
	if k < 0 || k >= o.description.Batches {
		return fmt.Errorf("external: batch %d does not exist, batches are 0 to %d. Try: a batch below %d", k, o.description.Batches-1, o.description.Batches)
	}
	for _, v := range vectors {
		if len(v) != o.description.Dim {
			return fmt.Errorf("external: a vector has length %d, the objective has %d parameters. Try: vectors of length Dim()", len(v), o.description.Dim)
		}
	}
	return nil
}
