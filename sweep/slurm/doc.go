// Package slurm lets a cluster compute a sweep: it submits an array of workers to
// Slurm, each of which pulls cells from the sweep directory until shortly before
// its time is over, and leaves.
//
// Slurm starts a job at least once, with holes: a task that is killed is not
// started again, one whose node is lost is, and one may start twice when the
// controller is lost. So Slurm's word counts for nothing but where workers run:
// what is computed and what is missing stands in the sweep directory (package
// sweep), where claims make a second start harmless. A job that waits for the end
// of the workers looks there, and submits again while cells are missing.
//
//	SWEEP/slurm/leeway-HASH   the program, as it was when it was submitted
//	SWEEP/slurm/0001/         a submission, numbered; whoever makes the folder submits
//	  submission.json         its settings and jobs
//	  worker.sh, gather.sh    what was given to sbatch
//	  worker-JOB-TASK.log     what workers say
//
// Only sbatch, squeue, scancel and `scontrol show config` are called. States come
// from squeue with a format of our own, which is the same in all versions; JSON is
// not, and sacct needs a database that many clusters lack.
package slurm
