package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"leeway/sweep"
)

func (a *app) workerCommand() *cobra.Command {
	var dir string
	var until time.Duration
	var threads, limit int
	var quiet, wait bool
	cmd := &cobra.Command{
		Use:   "worker --sweep DIR",
		Short: "Compute cells of a sweep, one at a time",
		Long: `Claims cells of a sweep directory that nobody computes and computes them, until none
is left or the time is up: then it saves a checkpoint, leaves its cell to others and
exits with 3. SIGTERM, SIGINT and SIGUSR1 do the same at once. Any number of workers
on any machines may work on one directory; one that dies is replaced.`,
		Example: `  leeway worker --sweep sweeps/sweep-digits --until 55m`,
		Args:    noCommand,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case dir == "":
				return misuse("worker: --sweep is missing", "--sweep sweeps/NAME, a directory that leeway sweep run or submit made")
			case until < 0 || threads < 0 || limit < 0:
				return misuse("--until, --threads and --limit are positive", "--until 55m --threads 2")
			}
			d, err := sweep.Open(dir)
			if err != nil {
				return err
			}
			ctx, stop := a.interruptible(quiet)
			defer stop()
			ctx, release := warned(ctx)
			defer release()
			if until > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeoutCause(ctx, until, errTimeUp)
				defer cancel()
			}
			settings := sweep.Settings{Threads: threads, Limit: limit, Wait: wait, Version: version()}
			if !quiet {
				settings.Begin = func(c *sweep.Cell) { a.err.printf("  begins %s  %s\n", c.ID, c) }
				settings.End = func(c *sweep.Cell, r *sweep.Result) {
					if r == nil {
						a.err.printf("  leaves %s to others\n", c.ID)
					} else {
						a.err.printf("  %s %s in %s %s\n", r.Status, c.ID, seconds(r.Seconds), oneLine(r.Reason))
					}
				}
			}
			n, err := sweep.Work(ctx, d, settings)
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return &failure{exitInterrupted, fmt.Sprintf("stopped after %d cells; the last one is left to others", n), "the same command again, anywhere"}
			}
			if !quiet {
				a.err.printf("  %d cells computed, none left to claim\n", n)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "sweep", "", "the sweep directory")
	f.DurationVar(&until, "until", 0, "stop after so long, with exit code 3: the walltime less a margin")
	f.IntVar(&threads, "threads", 0, "of each cell's network; 0 is one a core")
	f.IntVar(&limit, "limit", 0, "stop after so many cells; 0 is no limit")
	f.BoolVar(&wait, "wait", false, "stay while others compute the last cells, to take over what they lose")
	f.BoolVarP(&quiet, "quiet", "q", false, "say nothing on standard error")
	return cmd
}
