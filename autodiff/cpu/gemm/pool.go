package gemm

// Pool runs pieces of work on several threads.
type Pool interface {
	// Do calls f once for every piece from 0 to pieces-1, from several threads
	// at once, and returns when all calls have. The argument thread is below
	// Threads and no two calls under way have the same one.
	Do(pieces int, f func(piece, thread int))

	// Threads is the number of threads that Do uses at most.
	Threads() int
}

// do runs the pieces on the pool, or here without one.
func do(pool Pool, pieces int, f func(piece, thread int)) {
	if pool != nil && pieces > 1 {
		pool.Do(pieces, f)
		return
	}
	for i := range pieces {
		f(i, 0)
	}
}

// cut is where piece i of parts nearly equal pieces of total things begins.
func cut(total, parts, i int) int { return total * i / parts }

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func roundUp(a, b int) int { return ceilDiv(a, b) * b }
