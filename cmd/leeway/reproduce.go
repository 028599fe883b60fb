package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leeway/compare"
	"leeway/config"
	"leeway/internal/spelling"
	"leeway/papers"
	"leeway/sweep"
)

// reproduction is one call of reproduce.
type reproduction struct {
	*app
	json, quiet, list, again, strict, plans bool
	scale, folder                           string

	spoken time.Time
}

func (a *app) reproduceCommand() *cobra.Command {
	r := &reproduction{app: a}
	cmd := &cobra.Command{
		Use:   "reproduce [PAPER[/CLAIM] ...]",
		Short: "A paper's claims, measured, with a verdict each",
		Long: `Measures the claims of a paper: each with what is expected and where that comes from,
the value measured, and a verdict by a rule that was fixed before. "Not reproduced" is
a result; the command then still exits with 0, with --strict it exits with 1.

Everything lands in reproduced/PAPER-SCALE: a page with the figures, the results, the
sweeps. What is measured stays: after an interruption the same command goes on. Sweeps
can be computed elsewhere first: --plans writes them for leeway sweep submit.`,
		Example: `  leeway reproduce --list
  leeway reproduce 2309.00079/bilinear-beta
  leeway reproduce 2309.00079 --scale quick`,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(args) },
	}
	f := cmd.Flags()
	f.BoolVar(&r.json, "json", false, "print the results as one JSON object")
	f.BoolVarP(&r.quiet, "quiet", "q", false, "no progress on standard error")
	f.BoolVar(&r.list, "list", false, "list papers and claims, and measure nothing")
	f.BoolVar(&r.again, "again", false, "measure again what was measured before")
	f.BoolVar(&r.strict, "strict", false, "exit with 1 unless every claim is reproduced")
	f.BoolVar(&r.plans, "plans", false, "write the sweeps' plans, and measure nothing")
	f.StringVar(&r.scale, "scale", string(papers.Quick), "quick: minutes on two cores; full: the papers' networks, data and steps")
	f.StringVar(&r.folder, "out", "reproduced", "the folder for results")
	return cmd
}

// wish is a paper with the claims that are asked for, all if there are none.
type wish struct {
	paper *papers.Paper
	only  []string
}

func (r *reproduction) run(args []string) error {
	if !slices.Contains(papers.Scales(), papers.Scale(r.scale)) {
		return misuse(fmt.Sprintf("--scale: there is no scale %q", r.scale), "--scale quick or --scale full")
	}
	wishes, err := r.wishes(args)
	if err != nil {
		return err
	}
	switch {
	case r.list:
		return r.print(wishes)
	case len(args) == 0:
		return misuse("reproduce: PAPER is missing", "leeway reproduce --list, or leeway reproduce "+library()[0].ID)
	case r.plans:
		return r.write(wishes)
	}
	ctx, stop := r.interruptible(r.quiet)
	defer stop()
	var all []*papers.Result
	for _, w := range wishes {
		results, err := r.reproduce(ctx, w)
		if err != nil {
			return err
		}
		all = append(all, results...)
	}
	if r.json {
		if err := r.out.json(map[string]any{"claims": all}); err != nil {
			return err
		}
	}
	if failed := slices.IndexFunc(all, func(r *papers.Result) bool { return r.Verdict != papers.Reproduced }); r.strict && failed >= 0 {
		return &failure{exitFailed, fmt.Sprintf("not every claim was reproduced, first %s/%s: %s", all[failed].Paper, all[failed].ID, all[failed].Verdict),
			"the page, which shows what was measured"}
	}
	return nil
}

// wishes reads PAPER and PAPER/CLAIM; claims of one paper come together.
func (r *reproduction) wishes(args []string) ([]*wish, error) {
	var all []*wish
	for _, paper := range library() {
		if len(args) == 0 {
			all = append(all, &wish{paper: paper})
		}
	}
	for _, arg := range args {
		id, claim, _ := strings.Cut(arg, "/")
		i := slices.IndexFunc(library(), func(p *papers.Paper) bool { return p.ID == id })
		if i < 0 {
			var known []string
			for _, p := range library() {
				known = append(known, p.ID)
			}
			try := "one of " + strings.Join(known, ", ")
			if near := spelling.Nearest(id, known); near != "" {
				try = "leeway reproduce " + near
			}
			return nil, misuse(fmt.Sprintf("reproduce: no paper %q is known", id), try)
		}
		paper := library()[i]
		k := slices.IndexFunc(all, func(w *wish) bool { return w.paper.ID == id })
		if k < 0 {
			k = len(all)
			all = append(all, &wish{paper: paper})
		}
		if claim == "" {
			all[k].only = nil
			continue
		}
		if _, ok := paper.Claim(claim, papers.Scale(r.scale)); !ok {
			var known []string
			for _, c := range paper.Claims(papers.Scale(r.scale)) {
				known = append(known, c.ID)
			}
			try := "leeway reproduce --list " + id
			if near := spelling.Nearest(claim, known); near != "" {
				try = "leeway reproduce " + id + "/" + near
			}
			return nil, misuse(fmt.Sprintf("reproduce: paper %s has no claim %q", id, claim), try)
		}
		all[k].only = append(all[k].only, claim)
	}
	return all, nil
}

// dir is the folder of a paper's reproduction.
func (r *reproduction) dir(paper *papers.Paper) string {
	return filepath.Join(r.folder, paper.ID+"-"+r.scale)
}

// reproduce measures the claims of a paper and writes its page.
func (r *reproduction) reproduce(ctx context.Context, w *wish) ([]*papers.Result, error) {
	dir := r.dir(w.paper)
	if !r.quiet {
		r.err.printf("%s\n", r.err.paint(bold, w.paper.Title))
		r.err.facts([2]string{"paper", w.paper.Authors + ", arXiv " + w.paper.ID}, [2]string{"scale", r.scale}, [2]string{"folder", dir})
	}
	results, err := papers.Reproduce(ctx, w.paper, papers.Settings{
		Scale: papers.Scale(r.scale), Dir: dir, Only: w.only, Again: r.again, Version: version(), Sweep: r.sweep,
		Begin: r.begin, Say: r.say, End: r.end,
	})
	every, pageErr := papers.Results(w.paper, papers.Scale(r.scale), dir)
	var page string
	if pageErr == nil {
		// What was measured this time, also where it failed, is said on the page.
		for i, e := range every {
			if k := slices.IndexFunc(results, func(r *papers.Result) bool { return r.ID == e.ID }); k >= 0 {
				every[i] = results[k]
			}
		}
		page, pageErr = papers.WritePage(w.paper, every, dir)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return nil, &failure{exitInterrupted, fmt.Sprintf("interrupted: %d claims of %s are measured and kept", len(results), w.paper.ID), "the same command again: it goes on"}
	case err != nil:
		return nil, err
	case pageErr != nil:
		return nil, pageErr
	}
	if r.json {
		return results, nil
	}
	r.summary(results, page)
	return results, r.out.done()
}

// summary says how many claims came out how.
func (r *reproduction) summary(results []*papers.Result, page string) {
	counts := map[papers.Verdict]int{}
	for _, result := range results {
		counts[result.Verdict]++
		if r.quiet {
			r.out.printf("%-15s %-28s %s, expected %s\n", result.Verdict, result.ID, result.Measured, result.Expected)
		}
	}
	r.out.printf("%d claims: %d reproduced, %d not reproduced, %d inconclusive\n", len(results), counts[papers.Reproduced], counts[papers.NotReproduced], counts[papers.Inconclusive])
	r.out.printf("page: %s\n", page)
}

func (r *reproduction) begin(i, n int, c papers.Claim) {
	if !r.quiet {
		r.err.printf("\n  %d/%d  %s  %s\n", i+1, n, r.err.paint(bold, c.ID), c.Place)
		r.spoken = time.Now()
	}
}

// say tells how far a measurement is, not more often than people read.
func (r *reproduction) say(text string) {
	if !r.quiet && time.Since(r.spoken) > 5*time.Second {
		r.spoken = time.Now()
		r.err.printf("        … %s\n", text)
	}
}

func (r *reproduction) end(result *papers.Result, before bool) {
	if r.quiet {
		return
	}
	colour := map[papers.Verdict]string{papers.Reproduced: green, papers.NotReproduced: red}[result.Verdict]
	if colour == "" {
		colour = yellow
	}
	when := fmt.Sprintf("%.3g s", result.Seconds)
	if before {
		when = "measured before"
		if result.Version != version() {
			when += " by version " + result.Version + ", --again measures anew"
		}
	}
	r.err.printf("        %s: %s, expected %s  (%s)\n", r.err.paint(colour, string(result.Verdict)), result.Measured, result.Expected, when)
	if result.Reason != "" {
		r.err.printf("        not measured: %s\n", oneLine(result.Reason))
		if result.Hint != "" {
			r.err.printf("        Try: %s\n", oneLine(result.Hint))
		}
	}
}

// sweep runs the sweep of a plan in the reproduction's folder, as leeway sweep run
// does, and returns what it found.
func (r *reproduction) sweep(ctx context.Context, dir, name, text string, _ func(string)) (*compare.Sweep, error) {
	plan, err := config.ParsePlan([]byte(text), name+".yaml", nil)
	if err != nil {
		return nil, err
	}
	d, err := sweep.Create(filepath.Join(dir, plan.Name), plan, version())
	if err != nil {
		return nil, err
	}
	if err := d.Continue(); err != nil {
		return nil, err
	}
	// Cells may have failed for want of data that are there now.
	if _, err := d.Retry(); err != nil {
		return nil, err
	}
	status, err := d.Status(0)
	if err != nil {
		return nil, err
	}
	if !r.quiet && !status.Complete() {
		r.err.printf("        sweep %s: %d cells, %d have a result\n", name, status.Cells, status.Done)
	}
	watch := newSweepProgress(r.err, r.quiet, status)
	_, err = sweep.Pool(ctx, d, sweep.PoolSettings{Settings: sweep.Settings{Wait: true, Version: version(), End: watch.end}})
	watch.finish()
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return d.Comparison()
}

// write writes the plans of the sweeps.
func (r *reproduction) write(wishes []*wish) error {
	for _, w := range wishes {
		if w.paper.Plans == nil {
			r.out.printf("%s runs no sweeps\n", w.paper.ID)
			continue
		}
		plans := w.paper.Plans(papers.Scale(r.scale))
		folder := filepath.Join(r.dir(w.paper), "plans")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return misuse("cannot make the folder of plans: "+reason(err), "another --out")
		}
		for _, name := range sorted(plans) {
			path := filepath.Join(folder, name+".yaml")
			if err := replace(path, []byte(plans[name])); err != nil {
				return err
			}
			r.out.printf("leeway sweep submit %s --out %s\n", quoted(path), quoted(filepath.Join(r.dir(w.paper), "sweeps")))
		}
	}
	return r.out.done()
}

// reason is why the system refused.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error() + ": " + p.Path
	}
	return err.Error()
}
