package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"leeway/sweep"
	"leeway/sweep/slurm"
)

func (a *app) sweepStatusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status DIR",
		Short: "How a sweep stands: done, running, failed, missing, and why",
		Long:  `Reads the files of a sweep directory, on any machine that sees it.`,
		Args:  exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := sweep.Open(args[0])
			if err != nil {
				return err
			}
			status, err := d.Status(0)
			if err != nil {
				return err
			}
			if asJSON {
				return a.out.json(status)
			}
			return a.sweepStatus(status)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the status as one JSON object")
	return cmd
}

// mostFailures is the number of failures that are printed one by one.
const mostFailures = 10

// sweepStatus writes how a sweep stands.
func (a *app) sweepStatus(s *sweep.Status) error {
	w := a.out
	w.head(s.Name)
	done := fmt.Sprint(s.Done)
	if s.Diverged > 0 {
		done += fmt.Sprintf(", of which %d diverged", s.Diverged)
	}
	missing := fmt.Sprint(s.Missing)
	if s.Interrupted > 0 {
		missing += fmt.Sprintf(", of which %d were begun", s.Interrupted)
	}
	facts := [][2]string{{"cells", fmt.Sprint(s.Cells)}, {"done", done}, {"running", fmt.Sprint(s.Running)}, {"failed", fmt.Sprint(s.Failed)}, {"missing", missing}}
	if s.Outside > 0 {
		facts = append(facts, [2]string{"kept", fmt.Sprintf("%d results that the plan has no cell for any more", s.Outside)})
	}
	if s.Seconds > 0 {
		facts = append(facts, [2]string{"computed", "for " + seconds(s.Seconds) + " in all"})
	}
	w.facts(facts...)
	for i, f := range s.Failures {
		if i == mostFailures {
			w.printf("\n  and %d more failures: --json lists all\n", len(s.Failures)-mostFailures)
			break
		}
		w.printf("\n  %s %s  %s\n", w.paint(red, "failed"), f.ID, f.Cell)
		w.prose(f.Reason)
	}
	var next [][2]string
	switch {
	case s.Missing > 0 && s.Running == 0:
		next = append(next, [2]string{"missing", "leeway sweep run with the plan computes them"})
	case s.Failed > 0:
		next = append(next, [2]string{"failed", "leeway sweep run with the plan and --retry failed computes them again"})
	}
	if s.Done > 0 {
		next = append(next, [2]string{"compare", "leeway sweep report " + quoted(s.Dir)})
	}
	if len(next) > 0 {
		w.printf("\n")
		w.facts(next...)
	}
	return w.done()
}

func (a *app) sweepCancelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cancel DIR",
		Short: "Ask all workers of a sweep to save checkpoints and end",
		Long: `Writes a file that all workers of the sweep look for at their heartbeats, every ten
seconds. Workers that were submitted to Slurm are ended there too, once they have saved
their checkpoints. What is computed stays; leeway sweep run or submit goes on.`,
		Args: exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := sweep.Open(args[0])
			if err != nil {
				return err
			}
			if err := d.Stop(); err != nil {
				return err
			}
			submitted, err := a.cancelSubmitted(slurm.Engine{}, d)
			if err != nil {
				return err
			}
			status, err := d.Status(0)
			if err != nil {
				return err
			}
			if submitted {
				a.out.printf("Slurm has no workers of this sweep any more\n")
			}
			if status.Running > 0 || !submitted {
				a.out.printf("%d workers end at their next heartbeat\n", status.Running)
			}
			return a.out.done()
		},
	}
	return cmd
}

func (a *app) sweepWatchCommand() *cobra.Command {
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "watch DIR",
		Short: "Follow a sweep that others compute",
		Long:  `Prints how a sweep stands whenever that changes, its rate and what remains, until every cell has a result.`,
		Args:  exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if every < 100*time.Millisecond {
				return misuse(fmt.Sprintf("--every: %s is too short", every), "--every 2s")
			}
			d, err := sweep.Open(args[0])
			if err != nil {
				return err
			}
			ctx, stop := a.interruptible(true)
			defer stop()
			return a.watch(ctx, d, every)
		},
	}
	cmd.Flags().DurationVar(&every, "every", 2*time.Second, "the time between two looks")
	return cmd
}

// watch follows a sweep to its end.
func (a *app) watch(ctx context.Context, d *sweep.Dir, every time.Duration) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	began, first, last := time.Now(), -1, ""
	for {
		s, err := d.Status(0)
		if err != nil {
			return err
		}
		ended := s.Done + s.Failed
		if first < 0 {
			first = ended
		}
		line := fmt.Sprintf("%d of %d done, %d running, %d failed, %d missing", s.Done, s.Cells, s.Running, s.Failed, s.Missing)
		if line != last {
			last = line
			if rate := float64(ended-first) / time.Since(began).Seconds(); rate > 0 && ended < s.Cells {
				line += fmt.Sprintf("  %s cells/min  %s left", factor(60*rate), remaining(float64(s.Cells-ended)/rate))
			}
			a.out.printf("%s  %s\n", time.Now().Format("15:04:05"), line)
		}
		if s.Complete() {
			return a.out.done()
		}
		select {
		case <-ctx.Done():
			return a.out.done()
		case <-ticker.C:
		}
	}
}
