package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"leeway/sweep"
	"leeway/sweep/slurm"
)

// sweepSubmit is one call of sweep submit.
type sweepSubmit struct {
	*app
	slurm.Settings
	json, quiet, dry bool
	engine, folder   string
	tries, after     int
}

func (a *app) sweepSubmitCommand() *cobra.Command {
	s := &sweepSubmit{app: a}
	cmd := &cobra.Command{
		Use:   "submit PLAN|DIR [key=value ...]",
		Short: "Let a cluster compute what is missing of a sweep",
		Long: `Submits workers to Slurm and returns at once. They pull cells from the sweep directory,
which all nodes must see, until shortly before their time is over; cells that are not
finished then go on from their checkpoints. A job that starts when all workers have
ended submits again while cells are missing. Scripts and logs are in DIR/slurm; how
the sweep stands says leeway sweep status, from files alone.`,
		Example: `  leeway sweep submit examples/sweep-digits.yaml --dry-run
  leeway sweep submit examples/sweep-digits.yaml --workers 20 --time 4h --cpus 2
  leeway sweep submit sweeps/sweep-digits --partition short --extra=--account=physics`,
		Args: onePlan,
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&s.engine, "engine", "slurm", "what starts the workers: slurm")
	f.IntVar(&s.Workers, "workers", 0, "number of workers; 0 is one for each missing cell, 10 at most")
	f.IntVar(&s.Throttle, "throttle", 0, "workers that run at a time; 0 is all")
	f.Var(&s.Time, "time", "walltime of a worker: 55m, 7h30m, 07:30:00, 1-12:00:00 (1 hour if not given)")
	f.Var(&s.Margin, "margin", "a worker ends by itself so long before its walltime (5 minutes if not given, at most half the walltime)")
	f.StringVar(&s.Partition, "partition", "", "partition; the cluster's default if not given")
	f.IntVar(&s.CPUs, "cpus", 1, "CPUs of a worker, the threads of its cell")
	f.StringVar(&s.Mem, "mem", "", "memory of a worker, such as 4G; the cluster's default if not given")
	f.StringArrayVar(&s.Extra, "extra", nil, "another option of sbatch, such as --extra=--account=physics; may be repeated")
	f.IntVar(&s.tries, "tries", 3, "submit again until so many submissions in a row finished no cell; 0 never does")
	f.StringVar(&s.folder, "out", "sweeps", "the folder for sweep directories")
	f.BoolVar(&s.dry, "dry-run", false, "print the batch script, and submit nothing")
	f.BoolVar(&s.json, "json", false, "print the jobs as one JSON object")
	f.BoolVarP(&s.quiet, "quiet", "q", false, "no progress on standard error")
	f.IntVar(&s.after, "after", 0, "go on after the submission of this number, with its settings")
	f.Lookup("after").Hidden = true // for gather.sh
	for _, name := range []string{"time", "margin"} {
		f.Lookup(name).DefValue = ""
	}
	return cmd
}

func (s *sweepSubmit) run(_ *cobra.Command, args []string) error {
	if s.engine != "slurm" {
		return misuse(fmt.Sprintf("there is no engine %q", s.engine), "--engine slurm, or leeway sweep run, which computes here")
	}
	if s.tries < 0 {
		return misuse("--tries is a number from 0 on", "--tries 3")
	}
	s.Tries = s.tries
	if s.tries == 0 {
		s.Tries = -1
	}
	if _, err := s.Resolved(1); err != nil { // before anything is written
		return err
	}
	ctx, stop := s.interruptible(true)
	defer stop()
	e := slurm.Engine{Warn: func(text string) { s.err.printf("%s %s\n", s.err.paint(yellow, "leeway: warning:"), oneLine(text)) }}
	if s.dry {
		return s.preview(e, args)
	}
	d, err := s.open(args)
	if err != nil {
		return err
	}
	if s.after > 0 {
		what, err := e.Follow(ctx, d, s.after, 0)
		if err != nil {
			return err
		}
		s.out.printf("%s\n", what)
		return s.out.done()
	}
	return s.submit(ctx, e, d)
}

// errNoSweep: the arguments name no sweep directory.
var errNoSweep = errors.New("no sweep directory")

// openOnly opens the sweep directory that the arguments name; the error is
// errNoSweep if they name something else.
func (s *sweepSubmit) openOnly(args []string) (*sweep.Dir, error) {
	path, overrides := "", 0
	for _, arg := range args {
		if isOverride(arg) {
			overrides++
		} else {
			path = arg
		}
	}
	if stat, err := os.Stat(path); err != nil || !stat.IsDir() {
		return nil, errNoSweep
	}
	if overrides > 0 {
		return nil, misuse("key=value changes a plan, and "+path+" is a sweep directory", "leeway sweep submit PLAN key=value")
	}
	return sweep.Open(path)
}

// open opens the sweep directory that the arguments name, or makes that of the plan.
func (s *sweepSubmit) open(args []string) (*sweep.Dir, error) {
	d, err := s.openOnly(args)
	if !errors.Is(err, errNoSweep) {
		return d, err
	}
	plan, err := planOf(args)
	if err != nil {
		return nil, err
	}
	return sweep.Create(filepath.Join(s.folder, plan.Name), plan, version())
}

// submit submits workers for what is missing.
func (s *sweepSubmit) submit(ctx context.Context, e slurm.Engine, d *sweep.Dir) error {
	status, err := d.Status(0)
	if err != nil {
		return err
	}
	job, err := s.job(d.Name, d.Path(), status)
	if err != nil {
		return err
	}
	if status.Complete() {
		return s.print(job, slurm.Handle{Dir: job.Dir}, status)
	}
	if err := d.Continue(); err != nil {
		return err
	}
	s.others(ctx, e, d)
	if job.Program, err = slurm.Keep(job.Dir, job.Program); err != nil {
		return err
	}
	h, err := e.Submit(ctx, job)
	if err != nil {
		return err
	}
	return s.print(job, h, status)
}

// job is what an engine is to do for a sweep that stands so.
func (s *sweepSubmit) job(name, path string, status *sweep.Status) (job slurm.Job, err error) {
	job = slurm.Job{Name: name, Cells: status.Missing + status.Running, Ended: status.Done + status.Failed, Settings: s.Settings}
	if job.Dir, err = filepath.Abs(path); err != nil {
		return job, err
	}
	if job.Chdir, err = os.Getwd(); err != nil {
		return job, err
	}
	job.Program, err = os.Executable()
	return job, err
}

// preview prints the batch script, and writes nothing.
func (s *sweepSubmit) preview(e slurm.Engine, args []string) error {
	var job slurm.Job
	d, err := s.openOnly(args)
	switch {
	case err == nil:
		status, err := d.Status(0)
		if err != nil {
			return err
		}
		if job, err = s.job(d.Name, d.Path(), status); err != nil {
			return err
		}
	case errors.Is(err, errNoSweep):
		plan, err := planOf(args)
		if err != nil {
			return err
		}
		if job, err = s.job(plan.Name, filepath.Join(s.folder, plan.Name), &sweep.Status{Missing: len(plan.Cells)}); err != nil {
			return err
		}
	default:
		return err
	}
	text, err := e.Preview(job)
	if err != nil {
		return err
	}
	s.out.printf("%s", text)
	return s.out.done()
}
