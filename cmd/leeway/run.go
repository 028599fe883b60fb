package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"leeway/rundir"
	"leeway/trace"
)

// runFlags are those of run and resume.
type runFlags struct {
	json, quiet, noReport bool
	until                 time.Duration
}

func (f *runFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.json, "json", false, "print the summary as one JSON object")
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "no progress on standard error")
	cmd.Flags().BoolVar(&f.noReport, "no-report", false, "leave out report.html and the figures")
	cmd.Flags().DurationVar(&f.until, "until", 0, "save a checkpoint and stop, with exit code 3, after so long: 55m, 7h30m")
}

func (f *runFlags) check() error {
	if f.until < 0 {
		return misuse(fmt.Sprintf("--until: %s lies in the past", f.until), "a positive time such as 55m")
	}
	return nil
}

func (a *app) runCommand() *cobra.Command {
	var flags runFlags
	var out string
	var again bool
	cmd := &cobra.Command{
		Use:   "run " + configArgs,
		Short: "Run an optimizer beside the flows that predict it",
		Long: `Runs the processes of a config side by side from one start and measures them on
one time axis. Without a config it runs the built-in one, on real data.

The run directory NAME-HASH holds the resolved config and summary (run.json), the
measurements (metrics.csv), checkpoints, figures and report.html. The hash is of
what is computed: the same run goes on in its own directory, or says that it is
done. Ctrl-C saves a checkpoint and exits with 3; the same command goes on.`,
		Example: `  leeway run
  leeway run optimizer.lr=5e-4 steps=800
  leeway run examples/toy.yaml --out /tmp/runs --json`,
		Args: oneConfig,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			c, err := load(args)
			if err != nil {
				return err
			}
			if out != "" {
				c.Out = out
			}
			s := &session{app: a, runFlags: flags, config: c, started: time.Now()}
			if !again {
				if err := s.recall(); err != nil {
					return err
				}
			}
			defer s.closeProblem()
			if err := s.prepare(); err != nil {
				return err
			}
			if s.dir, err = rundir.Create(c.Out, c.Name, c.Hash()); err != nil {
				return err
			}
			defer s.dir.Close()
			if s.dir.Existed() {
				info, err := s.dir.ReadInfo()
				if err != nil {
					return err
				}
				if !again {
					if err := s.problem.SameModel(info.Signs); err != nil {
						return err
					}
				}
				if again {
					if err := clear(s.dir); err != nil {
						return err
					}
				} else if ended(info.Status) {
					return s.repeat(info, "--again computes it anew")
				}
				s.begun = info
			}
			return s.run()
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&out, "out", "", "the folder for run directories, in place of the config's")
	cmd.Flags().BoolVar(&again, "again", false, "compute a run anew that is done or begun")
	return cmd
}

func (a *app) resumeCommand() *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "resume DIR [key=value ...]",
		Short: "Go on with a run from its last checkpoint",
		Long: `Goes on with a run that was stopped, from its last checkpoint and to the same bits
as if it had never been stopped. What is run is what run.json says; overrides may
change what does not change it, as objective.timeout, objective.threads and
checkpoint.every.`,
		Example: "  leeway resume runs/digits-softmax-adam-3f9c2a",
		Args: func(cmd *cobra.Command, args []string) error {
			return exactly("DIR")(cmd, slices.DeleteFunc(slices.Clone(args), isOverride))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			s := &session{app: a, runFlags: flags, started: time.Now()}
			overrides := slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return !isOverride(arg) })
			if err := s.open(slices.DeleteFunc(args, isOverride)[0], overrides...); err != nil {
				return err
			}
			if ended(s.begun.Status) {
				return s.repeat(s.begun, "leeway run --again with its config computes it anew")
			}
			defer s.closeProblem()
			if err := s.prepare(); err != nil {
				return err
			}
			if err := s.problem.SameModel(s.begun.Signs); err != nil {
				return err
			}
			if err := s.dir.Lock(); err != nil {
				return err
			}
			defer s.dir.Close()
			return s.run()
		},
	}
	flags.add(cmd)
	return cmd
}

// ended reports whether there is nothing left to compute.
func ended(status string) bool {
	return status == trace.StatusDone || status == trace.StatusDiverged
}

// clear removes what a run computed, so that it begins anew. Whenever it is
// stopped, what is left is a run that can go on.
func clear(dir *rundir.Dir) error {
	for _, name := range []string{rundir.CheckpointFolder, rundir.MetricsFile, rundir.FiguresFolder, rundir.ReportFile} {
		if err := os.RemoveAll(filepath.Join(dir.Path(), name)); err != nil {
			return misuse(fmt.Sprintf("cannot clear %s: %v", dir.Path(), err), "permission to write there, or another --out")
		}
	}
	return nil
}
