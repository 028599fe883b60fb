package gemm

// reduction adds partial results to C in the order of their numbers.
type reduction[T Float] struct {
	c          []T
	ldc        int
	partial    []T
	m, n       int
	parts      int
	accumulate bool
	pieces     int
}

// run computes C (+)= the sum of parts matrices of m rows and n columns, which lie
// one after another in partial.
func (r *reduction[T]) run(pool Pool, ws *Workspace[T], c []T, ldc int, partial []T, m, n, parts int, accumulate bool) {
	*r = reduction[T]{c: c, ldc: ldc, partial: partial, m: m, n: n, parts: parts, accumulate: accumulate}
	r.pieces = max(1, min(m, parts*m*n/16384))
	do(pool, r.pieces, ws.sumPiece)
	*r = reduction[T]{}
}

func (r *reduction[T]) compute(piece, _ int) {
	for i := cut(r.m, r.pieces, piece); i < cut(r.m, r.pieces, piece+1); i++ {
		c := r.c[i*r.ldc : i*r.ldc+r.n]
		for part := range r.parts {
			x := r.partial[(part*r.m+i)*r.n:][:len(c)]
			if part == 0 && !r.accumulate {
				copy(c, x)
				continue
			}
			for j, v := range x {
				c[j] += v
			}
		}
	}
}
