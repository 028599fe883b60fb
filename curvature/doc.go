// Package curvature reads the curvature of a loss off Hessian-vector products:
// extreme eigenvalues and their vectors, trace, diagonal and spectral density,
// of the Hessian H itself and of the preconditioned Hessian P^-1 H of an
// adaptive optimizer, and the stability lines that these are held against.
// Nothing here forms a matrix, except [Assemble], which says so.
//
// # Operators and algorithms
//
// An [Operator] multiplies with one symmetric matrix. [Hessian] is that of a
// loss over some or all of its batches; [Preconditioned] is
// P^(-1/2) A P^(-1/2), which has the eigenvalues of P^-1 A and is symmetric;
// [Affine] is scale A + shift I; [Dense] is a matrix and [Func] a function at
// hand. The algorithms know operators only:
//
//   - [Lanczos] for the largest and smallest eigenvalues; [Tracker] does the
//     same along a run, started from the vectors of the time before;
//   - [PowerIteration] for the eigenvalue of largest modulus, in little memory;
//   - [Trace], [TracePlusPlus] and [Diagonal] from random signs;
//   - [SpectralDensity] for the distribution of all eigenvalues.
//
// # What a result promises
//
// Every result carries its own quality: residuals and flags, or a standard
// error, and the number of products spent. A residual r = |A x - lambda x|_2 of
// a unit vector x is a bound: some eigenvalue of A lies within r of lambda. It
// does not say which one. That it is the largest rests on the random starting
// vector, as with every Krylov method: a Krylov space holds one vector of each
// eigenspace, so of a multiple eigenvalue one start finds one copy; see
// LanczosSettings.Block.
//
// # Determinism
//
// All algorithms run on one thread and draw from a seeded generator: the same
// operator and the same settings give the same bits on the same kind of
// machine. An operator that changes between products, such as a loss on a fresh
// random batch each time, has no eigenvalues; [Check] and the Asymmetry of a
// Lanczos result give it away.
package curvature
