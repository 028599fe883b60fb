// Package trace runs the main job: an optimizer and the flows and maps that
// predict it, side by side from one start, measured on one time axis.
//
// A [Setup] says what to run. [New] makes a [Runner] of it, whose Run hands rows
// of measurements and checkpoints to a [Sink] (a run directory, see [Record])
// and whose Summary says in numbers and words what came out. [Verify] halves the
// learning rate several times and fits the order of accuracy of each process.
//
// Processes other than the optimizer do not influence each other, so they run on
// as many goroutines as there are cores; the results do not depend on how many.
package trace
