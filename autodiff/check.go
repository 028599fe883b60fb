package autodiff

import "fmt"

// fail records the first error and returns an invalid value.
func (g *Graph) fail(format string, args ...any) *Value {
	g.blame(fmt.Errorf("autodiff: "+format, args...))
	return g.invalid()
}

func (g *Graph) blame(err error) {
	if g.err == nil {
		g.err = err
	}
}

// invalid is the result of an operation whose error is recorded.
func (g *Graph) invalid() *Value { return &Value{graph: g, id: -1, op: OpInvalid} }

// together returns the graph of some operands; ok is false if there are none,
// one is missing or invalid, or two are of different graphs. The reason, which
// for an invalid operand is that of its own making, is then recorded in all
// graphs involved, so that none of them looks sound.
func together(what string, operands ...*Value) (g *Graph, ok bool) {
	var err error
	for i, o := range operands {
		switch {
		case o == nil:
			if err == nil {
				err = fmt.Errorf("autodiff: %s: operand %d is nil", what, i)
			}
			continue
		case g == nil:
			g = o.graph
		}
		switch {
		case err != nil:
		case o.op == OpInvalid:
			err = o.graph.err
		case o.graph != g:
			err = fmt.Errorf("autodiff: %s: operand %d %v belongs to another graph", what, i, o.shape)
		}
	}
	if g == nil {
		g = &Graph{}
	}
	if len(operands) == 0 {
		err = fmt.Errorf("autodiff: %s: no operands", what)
	}
	if err != nil {
		g.blame(err)
		for _, o := range operands {
			if o != nil {
				o.graph.blame(err)
			}
		}
	}
	return g, err == nil
}

// failed is n invalid values of a graph whose error is recorded.
func (g *Graph) failed(n int) []*Value {
	values := make([]*Value, n)
	for i := range values {
		values[i] = g.invalid()
	}
	return values
}
