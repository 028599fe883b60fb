package cpu

import "slices"

// buffer is a part of the arena: of one storage, or of several, each written over
// the one before.
type buffer struct {
	first, last, bytes, offset int
	members                    []*storage
}

// buffers are what the storages of a plan share out of the arena.
func (p *plan) buffers() (all []*buffer) {
	of := map[*storage]*buffer{}
	for _, s := range p.storages {
		if s.origin != fromBuffer {
			continue
		}
		root := s // which may stand behind s: storages are in the order of the graph, not of kernels
		for root.joined != nil {
			root = root.joined
		}
		b := of[root]
		if b == nil {
			b = &buffer{first: s.first, last: s.last}
			of[root] = b
			all = append(all, b)
		}
		b.first, b.last, b.bytes = min(b.first, s.first), max(b.last, s.last), max(b.bytes, s.bytes)
		b.members = append(b.members, s)
	}
	return all
}

// layOut places the buffers in the arena, the largest first, each at the lowest
// address where nothing lies that is alive at the same time.
func (p *plan) layOut() {
	all := p.buffers()
	slices.SortStableFunc(all, func(a, b *buffer) int { return b.bytes - a.bytes })
	var placed []*buffer // by offset
	for _, b := range all {
		at, slot := 0, 0
		for i, q := range placed {
			if q.last < b.first || b.last < q.first {
				continue
			}
			if q.offset-b.bytes >= at {
				break
			}
			at, slot = max(at, q.offset+q.bytes), i+1
		}
		for slot < len(placed) && placed[slot].offset < at {
			slot++
		}
		b.offset = min(at, 1<<61) // far beyond every limit, and no overflow
		placed = slices.Insert(placed, slot, b)
		p.bytes = max(p.bytes, b.offset+b.bytes)
		for _, s := range b.members {
			s.offset = b.offset
		}
	}
}
