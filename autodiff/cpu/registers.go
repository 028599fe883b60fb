package cpu

// allocate gives scratch slots their registers. A register is free again after
// the last instruction that reads it; the result of that instruction may already
// take it, since vector functions compute in place.
func (e *emitter) allocate() {
	l := e.l
	for i, in := range l.code {
		for _, o := range in.reads() {
			l.slots[o].lastUse = i
		}
	}
	for _, s := range l.sums {
		l.slots[s.src].lastUse = len(l.code)
	}
	var free [2][]int
	count := [2]int{}
	take := func(at level) int {
		if k := len(free[at]); k > 0 {
			r := free[at][k-1]
			free[at] = free[at][:k-1]
			return r
		}
		count[at]++
		return count[at] - 1
	}
	// What is filled before the code runs keeps its register throughout.
	for i := range l.slots {
		switch s := &l.slots[i]; s.kind {
		case slotFixed, slotLoad, slotWindow:
			s.reg = take(s.level)
		}
	}
	for i, in := range l.code {
		released := [3]int{-1, -1, -1}
		for k, o := range in.reads() {
			s := &l.slots[o]
			if s.kind == slotRegister && s.lastUse == i && o != released[0] && o != released[1] {
				released[k] = o
				// Only a result of the same level fits in place.
				if s.level == l.slots[in.dst].level {
					free[s.level] = append(free[s.level], s.reg)
				}
			}
		}
		d := &l.slots[in.dst]
		if d.kind == slotRegister {
			d.reg = take(d.level)
			if d.lastUse < 0 { // a result that nobody reads
				free[d.level] = append(free[d.level], d.reg)
			}
		}
		for _, o := range released {
			if o >= 0 && l.slots[o].level != d.level {
				free[l.slots[o].level] = append(free[l.slots[o].level], l.slots[o].reg)
			}
		}
	}
	l.registers, l.columns = count[elements], count[rows]
}

// reads lists the slots that an instruction reads.
func (in *instruction) reads() []int {
	switch {
	case in.form == expand, in.form == rowSum, in.form == rowMax, in.form == move:
		return in.operand[:1]
	}
	return in.operand[:arity(in.op)]
}
