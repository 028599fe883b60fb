// Package sweep computes the cells of a plan: many runs of one config with other
// hyperparameters and seeds, by as many workers as there are, on one machine or
// several, none of which may be trusted to live.
//
//	NAME/
//	  sweep.json     the plan and its cells
//	  cells/ID/      a run directory for each cell (package rundir)
//	  claims/ID.N    who computes a cell, the N-th to try, with a heartbeat
//	  results/ID.json  what came of it, written once
//
// The directory is the only truth: no server, no database, nothing but files on a
// disk that all workers see. A cell is named by the hash of its resolved config,
// which holds the seed. [Work] is a worker: it claims a cell that nobody computes,
// goes on from the cell's checkpoint, renews its claim while it computes, and
// publishes the result. Claims are numbered: a cell is taken over from a dead
// worker by creating the claim with the next number, which one taker alone can do,
// whatever the file system; a worker that finds a higher number than its own stops
// and publishes nothing. Results are linked to their name, which succeeds once.
//
// A cell that fails is a result with its reason; what is not the cell's fault, a
// full disk say, ends the worker and leaves the cell to others.
package sweep
