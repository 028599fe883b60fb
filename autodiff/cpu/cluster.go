package cpu

import "slices"

// cluster is a set of nodes not placed yet that one loop can compute.
type cluster struct {
	group
	level    map[*node]level
	boundary []*node // what has to be in memory first
	reduces  bool    // some member is a reduction
	sources  []operand
}

// operand is what a member reads from outside of the cluster.
type operand struct {
	access
	level level
}

// collect finds the cluster of a node.
func collect(n *node) *cluster {
	c := &cluster{level: map[*node]level{}}
	c.dtype, c.size = as32(n.dtype), n.size
	if n.kind != reduces {
		if r := rowReduction(n, map[*node]bool{}); r != nil && c.claim(r) {
			c.size = r.in[0].size
		}
	} else {
		c.size = n.in[0].size
		c.claim(n)
	}
	at := elements
	if c.row > 0 && n.size < c.size {
		at = rows
	}
	c.visit(n, at)
	slices.SortFunc(c.members, func(a, b *node) int { return a.order - b.order })
	return c
}

// rowReduction finds a row sum that a node of the same size is computed from
// without leaving the rows' level.
func rowReduction(n *node, seen map[*node]bool) *node {
	if n.placed || seen[n] {
		return nil
	}
	seen[n] = true
	if n.kind == reduces && n.sum.isRow() {
		return n
	}
	if n.kind != maps {
		return nil
	}
	for _, o := range n.in {
		if a := source(o); a.p.isIdentity() && a.base.size == n.size && !a.memory {
			if r := rowReduction(a.base, seen); r != nil {
				return r
			}
		}
	}
	return nil
}

func (c *cluster) visit(n *node, at level) {
	if _, ok := c.level[n]; ok {
		return
	}
	c.level[n] = at
	c.members = append(c.members, n)
	c.reduces = c.reduces || n.kind == reduces
	if n.kind == reads {
		a := readSource(n)
		if !a.base.stored {
			c.boundary = append(c.boundary, a.base)
		}
		c.sources = append(c.sources, operand{a, elements})
		return
	}
	inside := at
	if n.kind == reduces {
		inside = elements
	}
	for _, o := range n.in {
		c.read(source(o), inside)
	}
}

// read follows an operand read at a level.
func (c *cluster) read(a access, at level) {
	b := a.base
	switch {
	case b.placed:
		c.sources = append(c.sources, operand{a, at})
	case a.memory || len(c.members) >= maxMembers:
		c.boundary = append(c.boundary, b)
	case b.kind == maps && a.p.isIdentity():
		c.visit(b, at)
	case b.kind == maps && at == elements && c.row > 0 && a.p.column() == c.row && rowReduction(b, map[*node]bool{}) != nil:
		c.visit(b, rows)
	case b.kind == maps && at == elements && a.p.column() > 0 && a.p.column() <= maxRow:
		if r := rowReduction(b, map[*node]bool{}); r != nil && r.in[0].size == c.size && r.sum.middle == a.p.column() && c.claim(r) {
			c.visit(b, rows)
			return
		}
		c.boundary = append(c.boundary, b)
	case b.kind == reduces && b.sum.isRow() && b.in[0].size == c.size &&
		(at == rows && a.p.isIdentity() || at == elements && a.p.column() == b.sum.middle) && c.claim(b):
		c.visit(b, rows)
	default:
		c.boundary = append(c.boundary, b)
	}
}
