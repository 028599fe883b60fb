package autodiff

// NewPlain is a graph that simplifies nothing: what simplification is held
// against.
func NewPlain() *Graph { return &Graph{plain: true} }

// Rebuild builds what the outputs need again in another graph, and returns what
// stands there for each value.
func Rebuild(g *Graph, outputs []*Value) map[*Value]*Value {
	copies := map[*Value]*Value{}
	for _, v := range Order(outputs) {
		switch v.op {
		case OpInput:
			copies[v] = g.Input(v.attr.Name, v.dtype, v.shape...)
		case OpConstant:
			copies[v] = g.Constant(v.attr.Number, v.dtype, v.shape...)
		case OpLiteral:
			copies[v] = g.Literal(*v.attr.Literal)
		default:
			operands := make([]*Value, len(v.operands))
			for i, o := range v.operands {
				operands[i] = copies[o]
			}
			copies[v] = apply(v, operands...)
		}
	}
	return copies
}
