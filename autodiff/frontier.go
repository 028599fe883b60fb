package autodiff

import "slices"

// Frontier splits a computation at what does not depend on the directions: it
// returns the values that are independent of them and that the rest needs
// directly. A program for those, run once, and a program that takes them as
// given, run for every direction, together compute the outputs: what Lanczos
// needs of Hessian-vector products at one point.
//
// Both programs read inputs, constants, literals and the values given, which count
// as inputs; so these are left out. So is what the second program makes again at
// no cost, such as a broadcast or a derivative 1 - h^2 beside h; for it stands what
// it is made from.
func Frontier(outputs, directions []*Value, given ...*Value) []*Value {
	order := Order(outputs, given...)
	leaf := map[*Value]bool{}
	for _, v := range given {
		leaf[v] = true
	}
	for _, v := range order {
		leaf[v] = leaf[v] || len(v.operands) == 0
	}
	active := map[*Value]bool{}
	for _, v := range directions {
		active[v] = true
	}
	needed := map[*Value]bool{}
	for _, v := range outputs {
		needed[v] = true
	}
	for _, v := range order {
		if leaf[v] {
			continue
		}
		for _, o := range v.operands {
			active[v] = active[v] || active[o]
		}
		if active[v] {
			for _, o := range v.operands {
				needed[o] = true
			}
		}
	}
	var frontier []*Value
	for _, v := range slices.Backward(order) {
		switch {
		case !needed[v] || active[v] || leaf[v]:
		case v.op == OpBroadcast || v.op == OpReshape || v.op == OpStop:
			needed[v.operands[0]] = true
		default:
			frontier = append(frontier, v)
		}
	}
	slices.Reverse(frontier)
	return withoutCheap(frontier, leaf)
}

// withoutCheap drops the values, operands first, that are made again of one array
// by at most three cheap operations, as fast as they would be loaded. It adds
// those that it keeps to the arrays that are at hand.
func withoutCheap(values []*Value, atHand map[*Value]bool) (kept []*Value) {
	for _, v := range values {
		operations, arrays := map[*Value]bool{}, map[*Value]bool{}
		var cheap func(v *Value) bool
		cheap = func(v *Value) bool {
			operations[v] = true
			if !v.op.Cheap() || len(operations) > 3 {
				return false
			}
			for _, o := range v.operands {
				switch {
				case o.op == OpConstant || operations[o]:
				case atHand[o]:
					arrays[o] = true
				case !cheap(o):
					return false
				}
			}
			return len(arrays) <= 1
		}
		if !cheap(v) {
			kept = append(kept, v)
			atHand[v] = true
		}
	}
	return kept
}
