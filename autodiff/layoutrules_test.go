package autodiff_test

import "leeway/autodiff"

// layoutRules are those of broadcasts, reductions, layouts and products.
var layoutRules = []rule{
	// Broadcasts move outwards.
	{func(o operands) *autodiff.Value { return autodiff.Broadcast(autodiff.Broadcast(o.column, 3, 1), 3, 4) }, "broadcast(column, [3 4])"},
	{func(o operands) *autodiff.Value { return autodiff.Exp(o.wide(o.column)) }, "broadcast(exp(column), [3 4])"},
	{func(o operands) *autodiff.Value { return autodiff.Mul(o.wide(o.column), o.s) }, "broadcast(mul(column, broadcast(reshape(s, [1 1]), [3 1])), [3 4])"},
	{func(o operands) *autodiff.Value { return autodiff.Shift(o.wide(o.column), 2) }, "broadcast(add(column, 2), [3 4])"},
	{func(o operands) *autodiff.Value { return autodiff.Transpose(o.wide(o.column), 1, 0) }, "broadcast(reshape(column, [1 3]), [4 3])"},
	{func(o operands) *autodiff.Value { return autodiff.Slice(o.wide(o.column), []int{1, 2}, []int{2, 1}) }, "slice(column, [1 0], [2 1])"},
	{func(o operands) *autodiff.Value { return autodiff.Slice(o.wide(o.column), []int{1, 2}, []int{2, 2}) }, "broadcast(slice(column, [1 0], [2 1]), [2 2])"},
	{func(o operands) *autodiff.Value { return autodiff.Reshape(o.wide(o.column), 3, 2, 1, 2) }, "broadcast(reshape(column, [3 1 1 1]), [3 2 1 2])"},
	{func(o operands) *autodiff.Value { return autodiff.Reshape(o.wide(o.column), 12) }, "reshape(broadcast(column, [3 4]), [12])"},
	{func(o operands) *autodiff.Value { return autodiff.Reshape(autodiff.Add(o.s, o.number(0, 3, 4)), 12) }, "broadcast(reshape(s, [1]), [12])"},

	// Reductions move inwards.
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(o.wide(o.column), 1) }, "mul(column, 4)"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(o.wide(o.column), 0, 1) }, "mul(sum(column, [0]), 4)"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(o.wide(o.column), 0) }, "broadcast(sum(column, [0]), [1 4])"},
	{func(o operands) *autodiff.Value { return autodiff.MaxKeep(o.wide(o.column), 0, 1) }, "max(column, [0])"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(autodiff.SumKeep(o.c, 0), 2) }, "sum(c, [0 2])"},
	{func(o operands) *autodiff.Value { return autodiff.MaxKeep(autodiff.MaxKeep(o.c, 0), 2) }, "max(max(c, [0]), [2])"}, // ties
	{func(o operands) *autodiff.Value { return autodiff.MaxKeep(autodiff.SumKeep(o.c, 0), 2) }, "max(sum(c, [0]), [2])"},
	{func(o operands) *autodiff.Value { return autodiff.MaxKeep(autodiff.Mul(o.x, o.column), 1) }, "max(mul(x, broadcast(column, [3 4])), [1])"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(autodiff.Transpose(o.c, 2, 0, 1), 1) }, "transpose(sum(c, [0]), [2 0 1])"},
	{func(o operands) *autodiff.Value { return autodiff.Sum(autodiff.Sum(o.c, 1)) }, "reshape(sum(c, [0 1 2]), [])"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(autodiff.Mul(o.x, o.row), 1) }, "sum(mul(x, broadcast(reshape(row, [1 4]), [3 4])), [1])"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(o.column, 1) }, "column"},

	// Layouts of layouts.
	{func(o operands) *autodiff.Value { return autodiff.Reshape(autodiff.Reshape(o.c, 24), 4, 6) }, "reshape(c, [4 6])"},
	{func(o operands) *autodiff.Value { return autodiff.Reshape(autodiff.Reshape(o.x, 12), 3, 4) }, "x"},
	{func(o operands) *autodiff.Value {
		return autodiff.Reshape(autodiff.Scale(autodiff.SumKeep(o.x, 0, 1), 2))
	}, "mul(reshape(sum(x, [0 1]), []), 2)"},
	{func(o operands) *autodiff.Value { return autodiff.Transpose(autodiff.Transpose(o.c, 2, 0, 1), 1, 2, 0) }, "c"},
	{func(o operands) *autodiff.Value { return autodiff.Transpose(autodiff.Transpose(o.c, 2, 0, 1), 0, 2, 1) }, "transpose(c, [2 1 0])"},
	{func(o operands) *autodiff.Value { return autodiff.Transpose(o.column, 1, 0) }, "reshape(column, [1 3])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Slice(autodiff.Slice(o.x, []int{1, 1}, []int{2, 3}), []int{1, 0}, []int{1, 2})
	}, "slice(x, [2 1], [1 2])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Slice(autodiff.Pad(o.x, []int{1, 2}, []int{5, 8}), []int{2, 2}, []int{2, 3})
	}, "slice(x, [1 0], [2 3])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Slice(autodiff.Pad(o.x, []int{1, 2}, []int{5, 8}), []int{2, 6}, []int{2, 2})
	}, "0"},
	{func(o operands) *autodiff.Value {
		return autodiff.Slice(autodiff.Pad(o.x, []int{1, 2}, []int{5, 8}), []int{0, 2}, []int{2, 2})
	}, "slice(pad(x, [1 2], [5 8]), [0 2], [2 2])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Slice(autodiff.Concat(1, o.x, o.y), []int{0, 5}, []int{2, 3})
	}, "slice(y, [0 1], [2 3])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Slice(autodiff.Concat(1, o.x, o.y), []int{0, 3}, []int{2, 3})
	}, "slice(concat(x, y, [1]), [0 3], [2 3])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Pad(autodiff.Pad(o.x, []int{1, 0}, []int{5, 4}), []int{1, 1}, []int{6, 6})
	}, "pad(x, [2 1], [6 6])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Add(autodiff.Pad(o.x, []int{0, 0}, []int{3, 8}), autodiff.Pad(o.y, []int{0, 4}, []int{3, 8}))
	}, "concat(x, y, [1])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Add(autodiff.Pad(o.x, []int{0, 4}, []int{3, 9}), autodiff.Pad(o.y, []int{0, 0}, []int{3, 9}))
	}, "pad(concat(y, x, [1]), [0 0], [3 9])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Add(autodiff.Pad(o.x, []int{0, 4}, []int{3, 8}), autodiff.Pad(o.y, []int{0, 4}, []int{3, 8}))
	}, "pad(add(x, y), [0 4], [3 8])"},
	{func(o operands) *autodiff.Value {
		return autodiff.Add(autodiff.Pad(o.x, []int{0, 3}, []int{3, 8}), autodiff.Pad(o.y, []int{0, 4}, []int{3, 8}))
	}, "add(pad(x, [0 3], [3 8]), pad(y, [0 4], [3 8]))"},
	{func(o operands) *autodiff.Value {
		return autodiff.Add(autodiff.Pad(o.x, []int{1, 4}, []int{4, 8}), autodiff.Pad(o.y, []int{0, 0}, []int{4, 8}))
	}, "add(pad(x, [1 4], [4 8]), pad(y, [0 0], [4 8]))"},
	{func(o operands) *autodiff.Value { return autodiff.Concat(0, autodiff.Concat(0, o.x, o.y), o.x) }, "concat(x, y, x, [0])"},
	{func(o operands) *autodiff.Value { return autodiff.Concat(0, o.x) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Stop(autodiff.Stop(o.x)) }, "stop(x)"},

	// Products read sides where they lie.
	{func(o operands) *autodiff.Value { return autodiff.MatMul(autodiff.Transpose(o.x, 1, 0), o.y) }, "matmul(x, y, a'b)"},
	{func(o operands) *autodiff.Value { return autodiff.MatMul(o.x, autodiff.Transpose(o.y, 1, 0)) }, "matmul(x, y, ab')"},
	{func(o operands) *autodiff.Value { // what is left of a transpose moves whole rows
		return autodiff.MatMul(autodiff.Transpose(o.c, 1, 2, 0), autodiff.Transpose(o.c, 1, 0, 2))
	}, "matmul(transpose(c, [1 0 2]), transpose(c, [1 0 2]), a'b)"},
	{func(o operands) *autodiff.Value {
		return autodiff.MatMul(o.c, autodiff.Broadcast(autodiff.Reshape(o.q, 1, 4, 2), 2, 4, 2))
	}, "reshape(matmul(reshape(c, [6 4]), q, ab), [2 3 2])"},
	{func(o operands) *autodiff.Value {
		return autodiff.MatMul(o.c, autodiff.Broadcast(autodiff.Reshape(o.row, 1, 4, 1), 2, 4, 2))
	}, "matmul(c, broadcast(reshape(row, [1 4 1]), [2 4 2]), ab)"},
	{func(o operands) *autodiff.Value {
		return autodiff.Conv(o.image, autodiff.Reshape(o.q, 1, 1, 4, 2), autodiff.Window{})
	}, "reshape(matmul(reshape(image, [18 4]), q, ab), [2 3 3 2])"},
}
