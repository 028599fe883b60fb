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

// Frontier splits a computation at what does not depend on the directions: it
// returns the values that are independent of them and that the rest needs
// directly. A program for those, run once, and a program that takes them as
// given, run for every direction, together compute the outputs: what Lanczos
// needs of Hessian-vector products at one point. Constants and literals are left
// out, and for a broadcast or reshape stands what it is made from, since a second
// program makes it again at no cost.
func Frontier(outputs, directions []*Value) []*Value {
	order := Order(outputs)
	active := dependents(order, directions)
	needed := map[*Value]bool{}
	for _, v := range outputs {
		needed[v] = true
	}
	for _, v := range order {
		if active[v] {
			for _, o := range v.operands {
				needed[o] = true
			}
		}
	}
	var frontier []*Value
	for _, v := range slices.Backward(order) {
		switch {
		case !needed[v] || active[v] || v.op == OpConstant || v.op == OpLiteral:
		case v.op == OpBroadcast || v.op == OpReshape:
			needed[v.operands[0]] = true
		default:
			frontier = append(frontier, v)
		}
	}
	slices.Reverse(frontier)
	return frontier
}
