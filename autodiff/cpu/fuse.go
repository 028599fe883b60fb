package cpu

// Fusion decides which loop computes which node and which nodes are stored.
//
// The kernels make a list, which is the order of execution. Separate kernels are
// appended in the order of the graph. Before one is, the nodes that it reads are
// demanded: a demanded node is placed in a loop, together with the nodes that it
// needs and nobody has demanded before (its cluster), and is stored. So values
// are computed as late as possible, next to where they are used, and what is
// used in one place only never sees memory.
//
// A cluster joins a loop that exists if everything that it reads is computed
// before that loop or in it. Since all dependencies point backwards in the list,
// no cycle can arise and no search for one is needed. It joins if that saves
// memory traffic: if it reads a node that the loop has not stored, if it is a
// reduction, or if the loop is recent. Otherwise it becomes a new loop at the end.
//
// A node of a loop that another loop reads is stored, or computed there again
// if that reads no more memory than loading it and takes few cheap operations.
//
// Loops have rows if a sum or maximum over short rows is in them: a block is then
// made of whole rows, and the row's result is used in the same pass. So a softmax
// with its derivative is one loop.
type fusion struct {
	kernels []*step
	nodes   []*node
}

// step is an entry of the list of kernels.
type step struct {
	group *group // a fused loop
	loop  *loop  // and its plan
	node  *node  // or a separate kernel
}

const (
	recent     = 4   // a cluster joins loops at most so many kernels back for their loads' sake
	maxMembers = 120 // nodes in a loop
)

// fuse makes the list of kernels that compute the outputs.
func fuse(nodes, outputs []*node) []*step {
	f := &fusion{nodes: nodes}
	for _, n := range nodes {
		if n.kind != separate {
			continue
		}
		for _, o := range n.in {
			f.demand(o)
		}
		n.placed, n.stored, n.kernel = true, true, len(f.kernels)
		if w := n.with; w != nil {
			w.placed, w.stored, w.kernel = true, true, len(f.kernels)
		}
		f.kernels = append(f.kernels, &step{node: n})
	}
	for _, n := range outputs {
		f.demand(n)
	}
	return f.kernels
}

// demand sees to it that a node is in memory when the list's end is reached.
func (f *fusion) demand(n *node) {
	n, _ = n.root()
	if !n.placed {
		f.place(n)
	}
	n.stored = true
}

// place computes a node and what it needs in a loop.
func (f *fusion) place(n *node) {
	for {
		c := collect(n)
		if len(c.boundary) == 0 {
			f.assign(c)
			return
		}
		for _, b := range c.boundary {
			f.demand(b)
		}
	}
}

// assign puts a cluster in a loop.
func (f *fusion) assign(c *cluster) {
	last := -1
	for _, s := range c.sources {
		last = max(last, s.base.kernel)
	}
	g, shift := f.choose(c, last)
	if g == nil {
		g = &group{position: len(f.kernels), dtype: c.dtype, size: c.size}
		f.kernels = append(f.kernels, &step{group: g})
	}
	g.row, g.block = max(g.row, c.row), max(g.block, c.block)
	for _, n := range c.members {
		n.placed, n.kernel, n.group, n.level = true, g.position, g, c.level[n]
		if shift {
			n.level = rows
		}
	}
	g.members = append(g.members, c.members...)
	for _, s := range c.sources {
		if b := s.base; b.group != g && !b.stored && !(s.p.isIdentity() && !s.memory && recomputable(b)) {
			b.stored = true
		}
	}
}

// choose finds the loop that a cluster joins, if there is one; shift tells that
// the cluster's elements are the loop's rows.
func (f *fusion) choose(c *cluster, last int) (g *group, shift bool) {
	for at := max(last, 0); at < len(f.kernels); at++ {
		g := f.kernels[at].group
		if g == nil {
			continue
		}
		shift, ok := g.admits(c)
		if !ok {
			continue
		}
		near := at >= len(f.kernels)-recent
		saves := false
		for _, s := range c.sources {
			if s.base.group == g && !g.offers(s, shift) {
				saves = false
				ok = false
				break
			}
			shared := s.base.group == g || near && g.loads(s.base)
			full := s.base.size == g.size || shift
			if shared && full && (near || c.reduces || !s.base.stored && !recomputable(s.base)) {
				saves = true
			}
			if s.base.group == g && !full {
				saves = true // a row's result
			}
		}
		if ok && saves {
			return g, shift
		}
	}
	return nil, false
}
