package autodiff

import "slices"

// Order returns every value that the outputs need, operands before their users.
// What is not in it is dead code. Values among cut are listed but not what they
// are computed from.
func Order(outputs []*Value, cut ...*Value) []*Value {
	isCut := map[*Value]bool{}
	for _, c := range cut {
		isCut[c] = true
	}
	seen := map[*Value]bool{}
	var order []*Value
	stack := slices.Clone(outputs)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v == nil || seen[v] {
			continue
		}
		seen[v] = true
		order = append(order, v)
		if !isCut[v] {
			stack = append(stack, v.operands...)
		}
	}
	slices.SortFunc(order, func(a, b *Value) int { return a.id - b.id })
	return order
}

// dependents marks the values of an order that depend on some of those given.
func dependents(order, on []*Value) map[*Value]bool {
	active := map[*Value]bool{}
	for _, v := range on {
		active[v] = true
	}
	for _, v := range order {
		for _, o := range v.operands {
			if active[o] {
				active[v] = true
			}
		}
	}
	return active
}
