package cpu

import "leeway/autodiff"

// group is a fused loop in the making.
type group struct {
	position int
	dtype    autodiff.DType
	size     int // of the iteration space
	row      int // length of the rows that its blocks keep together; 0 for none
	block    int // length of blocks where a reduction asks for it; 0 for any
	members  []*node
}

// level is where in a loop a node is computed.
type level uint8

const (
	elements level = iota // for every element
	rows                  // for every row
)

// claim makes the loop's blocks fit a reduction.
func (g *group) claim(n *node) bool {
	row := n.sum.inner
	if n.sum.isRow() {
		row = n.sum.middle
	}
	block := blockOf(g.dtype, row)
	if g.block != 0 && g.block != block {
		return false
	}
	if n.sum.isRow() {
		if g.row != 0 && g.row != row {
			return false
		}
		g.row = row
	}
	g.block = block
	return true
}

// admits reports whether a cluster has the loop's shape.
func (g *group) admits(c *cluster) (shift, ok bool) {
	if g.dtype != c.dtype || len(g.members)+len(c.members) > maxMembers {
		return false, false
	}
	if g.size == c.size {
		return false, (g.row == 0 || c.row == 0 || g.row == c.row) && (g.block == 0 || c.block == 0 || g.block == c.block)
	}
	return true, g.row > 0 && g.size == c.size*g.row && !c.reduces && c.members[0].kind == maps
}

// offers reports whether a member of the loop is in a register where the
// cluster reads it.
func (g *group) offers(s operand, shift bool) bool {
	at := s.level
	if shift {
		at = rows
	}
	b := s.base
	switch {
	case s.memory, b.kind == reduces && !b.sum.isRow():
		return false
	case b.level == at:
		return s.p.isIdentity()
	}
	return at == elements && s.p.column() == g.row
}

// loads reports whether some member reads the memory of a node.
func (g *group) loads(b *node) bool {
	for _, n := range g.members {
		for _, o := range n.in {
			if source(o).base == b {
				return true
			}
		}
	}
	return false
}

// recomputable reports whether computing a node again reads at most one full
// array, from memory, by at most three cheap operations.
func recomputable(n *node) bool {
	full := map[*node]bool{}
	operations := 0
	var visit func(n *node) bool
	visit = func(n *node) bool {
		if operations++; n.kind != maps || !n.op.Cheap() || operations > 3 {
			return false
		}
		for _, o := range n.in {
			a := source(o)
			switch {
			case a.base.stored && a.p.isIdentity() && a.base.op != autodiff.OpConstant:
				full[a.base] = true
			case a.base.stored:
			case a.memory || !a.p.isIdentity() || !visit(a.base):
				return false
			}
		}
		return len(full) <= 1
	}
	return visit(n)
}
