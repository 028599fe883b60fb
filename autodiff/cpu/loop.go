package cpu

import "leeway/autodiff"

// loop is the plan of a fused loop: what a block interpreter does for every
// block of the iteration space. Blocks are cut at multiples of block, which is a
// multiple of the row if there are rows; pieces are runs of blocks. All cuts
// depend on shapes alone.
type loop struct {
	dtype      autodiff.DType
	size, row  int
	block      int
	piece      int // elements
	slots      []slot
	code       []instruction
	sums       []partialSum
	registers  int // at the elements' level
	columns    int // at the rows' level
	workspace  int // elements of accumulators
	nodes      []*node
	operations int // elementwise operations, of the size of the space
}

// slot is a value of the interpreter: a slice of one block's length, or a number.
type slot struct {
	kind    slotKind
	level   level
	ref     ref     // of what is in memory
	p       pattern // how memory is read
	reg     int     // of all kinds that have a register
	number  float64 // of slotNumber, and of slotFixed without memory
	lastUse int     // the last instruction that reads it
}

type slotKind uint8

const (
	slotRegister slotKind = iota // scratch
	slotMemory                   // the block's place in an array
	slotNumber                   // a number known when compiling
	slotScalar                   // an array's one element, for all positions
	slotFixed                    // a register filled once per piece: a repeated row or number
	slotLoad                     // a register filled for every block in a pattern
	slotWindow                   // as slotLoad, of a long row: its memory where the block lies in one
	slotDirect                   // what an instruction move loads into its result, in a pattern
)

// instruction is one call of a vector function.
type instruction struct {
	op      autodiff.Op
	form    form
	dst     int
	operand [3]int
	number  float64
	level   level
}

// form says which operands are numbers.
type form uint8

const (
	vectors form = iota
	onRight      // the second operand is a number
	onLeft       // the first is
	expand       // the rows' level to the elements'
	rowSum       // elements to rows
	rowMax
	move
)

// partialSum is a reduction over more than short rows: every piece sums into
// accumulators of its own, which are added in the order of the pieces.
type partialSum struct {
	reduction
	max   bool
	src   int
	out   ref
	first []int // for every piece: the first outer index that it touches
	begin []int // for every piece: where its accumulators begin, from base on; one more for the end
	base  int   // where the sum's accumulators begin in the loop's workspace, in elements
}

// pieceOf is the length of pieces: at most 64, of at least two blocks.
func pieceOf(size, block int) int {
	blocks := (size + block - 1) / block
	return block * max(2, (blocks+63)/64)
}

func (l *loop) pieces() int { return (l.size + l.piece - 1) / l.piece }
