package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"leeway/config"
	"leeway/external"
	"leeway/rundir"
	"leeway/trace"
)

// session is one stretch of a run: from its start or a checkpoint to its end or
// an interrupt.
type session struct {
	*app
	runFlags
	config  *config.Config
	problem *config.Problem
	runner  *trace.Runner
	dir     *rundir.Dir
	begun   *rundir.Info // of a run that was begun before
	started time.Time    // this session
}

// errTimeUp ends a session at the time that --until gives.
var errTimeUp = errors.New("the time is up")

// result is what --json prints of a run.
type result struct {
	Dir string `json:"dir"`
	trace.Summary
	// Products is "differences" where Hessian-vector products are differences of
	// gradients, of a process that has no own.
	Products string `json:"products,omitempty"`
	// Exact is what the learning rate was computed from, if it was.
	Exact *config.Estimate `json:"exact_step,omitempty"`
	// Report is the path of the report, if there is one.
	Report string `json:"report,omitempty"`
}

// open reads the run in a directory, with overrides that do not change what it computes.
func (s *session) open(path string, overrides ...string) error {
	var err error
	if s.dir, err = rundir.Open(path); err != nil {
		return err
	}
	if s.begun, err = s.dir.ReadInfo(); err != nil {
		return err
	}
	if s.config, err = recorded(s.begun, s.dir); err != nil {
		return err
	}
	if len(overrides) > 0 {
		c, err := s.config.With(overrides...)
		if err != nil {
			return err
		}
		if c.Hash() != s.begun.Hash {
			return misuse(fmt.Sprintf("a run goes on with what it began with, which %s would change", strings.Join(overrides, " ")),
				"resume without it, or a new run: leeway run with the changed config; timeout, log and threads of the objective and the checkpoints may change")
		}
		s.config = c
	}
	return s.config.Recall(s.begun.Exact)
}

// recall gives the config the exact step that the run took before, where it was
// begun before.
func (s *session) recall() error {
	dir, err := rundir.Open(filepath.Join(s.config.Out, rundir.Name(s.config.Name, s.config.Hash())))
	if err != nil {
		return nil // what is wrong with it, if anything, is said when it is made
	}
	info, err := dir.ReadInfo()
	if err != nil || info.Hash != s.config.Hash() {
		return nil
	}
	return s.config.Recall(info.Exact)
}

// recorded is the config that a run's record holds.
func recorded(info *rundir.Info, dir *rundir.Dir) (*config.Config, error) {
	c, err := config.FromJSON(info.Config)
	if err != nil {
		what, _ := sentences(err)
		return nil, misuse(fmt.Sprintf("the config in %s cannot be used: %s", dir.Path(), what), "the version of leeway that began the run: "+info.Version)
	}
	if c.Hash() != info.Hash && info.Version != version() {
		return nil, misuse(fmt.Sprintf("the run in %s was begun by version %s, whose configs mean something else to this one", dir.Path(), info.Version),
			"that version, or the run anew: leeway run with its config")
	}
	if c.Hash() != info.Hash {
		return nil, misuse(fmt.Sprintf("the config in %s is not the one that the run began with: its hash is %.6s and not %.6s", dir.Path(), c.Hash(), info.Hash),
			"restoring run.json, or leeway run with the changed config")
	}
	return c, nil
}

// prepare makes the values of the run, so that what is wrong with them is known
// before anything is written.
func (s *session) prepare() error {
	var err error
	if s.problem, err = s.config.Build(); err != nil {
		return err
	}
	s.runner, err = trace.New(s.config.Setup(s.problem))
	return err
}

// closeProblem ends the process that computes the objective, if there is one.
func (s *session) closeProblem() {
	if s.problem != nil {
		s.problem.Close()
	}
}

// run computes, stores and reports.
func (s *session) run() error {
	ctx, stop := s.interruptible(s.quiet)
	defer stop()
	if s.until > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.until-time.Since(s.started), errTimeUp)
		defer cancel()
	}
	s.header(s.problem.Description, "")
	bar := newProgress(ctx, s)
	err := trace.Record(ctx, s.runner, s.dir, s.info(), bar.warn, bar.update)
	bar.finish()
	if fault := (*external.Fault)(nil); errors.As(err, &fault) {
		kept := "; nothing of the run is kept"
		if saved := s.runner.Saved(); saved > 0 {
			kept = fmt.Sprintf("; the run is kept up to step %d", saved)
		}
		return misuse(fault.Error()+kept, fault.Hint()+"; then go on with: leeway resume "+quoted(s.dir.Path()))
	}
	if err != nil {
		return err
	}
	summary := s.runner.Summary()
	if summary.Status == trace.StatusInterrupted {
		return s.interrupted(summary, context.Cause(ctx))
	}
	info, err := s.dir.ReadInfo()
	if err != nil {
		return err
	}
	if !s.noReport {
		if _, err := s.writeReport(info); err != nil {
			return err
		}
	}
	return s.print(summary)
}

// info is what run.json says of the run, without status and summary.
func (s *session) info() rundir.Info {
	info := rundir.Info{
		Name: s.config.Name, Version: version(), Machine: rundir.ThisMachine(), Created: time.Now().UTC().Truncate(time.Second),
		Config: s.config.JSON(), Parameters: s.problem.Objective.Dim(), Problem: s.problem.Description,
		Citations: citations(s.config, s.problem),
	}
	if s.begun != nil {
		info.Created = s.begun.Created
	}
	if e := s.problem.Estimate; e != nil {
		info.Exact = e.Record()
	}
	info.Signs = s.problem.SignsRecord()
	return info
}

// header says what is run. It is a part of the result, unless that is JSON.
func (s *session) header(problem, note string) {
	w := s.out
	if s.json {
		if s.quiet {
			return
		}
		w = s.err
	}
	w.printf("%s\n", w.paint(bold, s.config.Name))
	w.facts([2]string{"problem", problem}, [2]string{"optimizer", optimizerLine(&s.config.Optimizer, s.estimate())}, [2]string{"exact step", estimateWords(s.estimate())},
		[2]string{"directory", s.dir.Path()}, [2]string{"note", note})
}

// estimate is what the learning rate was computed from, nil if it was not.
func (s *session) estimate() *config.Estimate {
	if s.problem != nil {
		return s.problem.Estimate
	}
	return s.config.Recalled()
}

// products says how Hessian-vector products are made where they are not the objective's.
func (s *session) products() string {
	if s.problem != nil && s.problem.Differences() {
		return "differences"
	}
	return ""
}

// repeat prints the summary of a run that is at its end already.
func (s *session) repeat(info *rundir.Info, how string) error {
	var summary trace.Summary
	if err := json.Unmarshal(info.Summary, &summary); err != nil {
		return misuse(fmt.Sprintf("the summary in %s is damaged: %v", s.dir.Path(), err), "leeway run --again with its config")
	}
	s.header(info.Problem, fmt.Sprintf("computed before, on %s; nothing was computed now (%s)", info.Created.Format("2006-01-02"), how))
	return s.print(summary)
}

// interrupted says how far the run is and how it goes on.
func (s *session) interrupted(summary trace.Summary, cause error) error {
	if s.json {
		if err := s.out.json(result{Dir: s.dir.Path(), Summary: summary, Products: s.products(), Exact: s.estimate()}); err != nil {
			return err
		}
	}
	how := "interrupted"
	if errors.Is(cause, errTimeUp) {
		how = fmt.Sprintf("stopped at the end of its time (%s)", s.until)
	}
	return &failure{exitInterrupted,
		fmt.Sprintf("%s after step %d of %d; a checkpoint is saved, no report is written", how, summary.Steps, summary.Planned),
		"resume with: leeway resume " + quoted(s.dir.Path())}
}

// print writes the summary of a run at its end.
func (s *session) print(summary trace.Summary) error {
	report := s.reportPath()
	if s.json {
		return s.out.json(result{Dir: s.dir.Path(), Summary: summary, Products: s.products(), Exact: s.estimate(), Report: report})
	}
	s.out.summary(&summary)
	next := [][2]string{}
	if report != "" {
		next = append(next, [2]string{"report", report})
	} else {
		next = append(next, [2]string{"report", "none yet; leeway report " + quoted(s.dir.Path()) + " writes it"})
	}
	next = append(next,
		[2]string{"measurements", s.dir.Path() + "/" + rundir.MetricsFile},
		[2]string{"look further", "leeway verify fits the orders of accuracy, leeway explain says what hyperparameters imply"})
	s.out.printf("\n")
	s.out.facts(next...)
	return s.out.done()
}
