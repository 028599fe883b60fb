// Package reference evaluates graphs of package autodiff by plain loops, one
// function for each kind of operation. It is the definition of what the
// operations mean: a compiler is right if it agrees with it. It is slow (a
// matrix product is three nested loops, nothing is reused or fused) and meant
// for tests and small arrays.
//
// Every value is computed in float64 and rounded once to its own type, so that
// a float32 graph, too, has one right answer up to the rounding of its results.
package reference
