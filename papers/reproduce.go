package papers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// Settings of a reproduction.
type Settings struct {
	Scale Scale // Quick if empty
	// Dir is the folder of the reproduction; it is made.
	Dir string
	// Only these claims are measured, all if empty.
	Only []string
	// Again measures what was measured before.
	Again   bool
	Threads int // all cores if 0
	Version string
	// Sweep runs sweeps; without it claims that need one are not measured.
	Sweep Sweeper
	// Begin and End are called around each claim, Say with words of progress; nil
	// is silence.
	Begin func(i, n int, c Claim)
	Say   func(string)
	End   func(*Result, bool)
}

// Reproduce measures the claims of a paper one after the other and stores each
// result; what is stored already is not measured again. It returns the results so
// far with ctx's error when ctx ends. A measurement that fails or lacks its data
// is a result without a value, with the reason, and is tried again next time.
func Reproduce(ctx context.Context, paper *Paper, s Settings) ([]*Result, error) {
	if s.Scale == "" {
		s.Scale = Quick
	}
	if s.Threads <= 0 {
		s.Threads = runtime.GOMAXPROCS(0)
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	lab := &Lab{Scale: s.Scale, Threads: s.Threads, dir: s.Dir, sweep: s.Sweep, say: s.Say}
	if paper.Plans != nil {
		lab.plans = paper.Plans(s.Scale)
	}
	claims := slices.DeleteFunc(paper.Claims(s.Scale), func(c Claim) bool { return len(s.Only) > 0 && !slices.Contains(s.Only, c.ID) })
	var results []*Result
	for i, c := range claims {
		if err := ctx.Err(); err != nil {
			return results, err
		}
		if s.Begin != nil {
			s.Begin(i, len(claims), c)
		}
		r, before, err := s.one(ctx, paper, c, lab)
		if err != nil {
			return results, err
		}
		results = append(results, r)
		if s.End != nil {
			s.End(r, before)
		}
	}
	return results, nil
}

// one measures a claim or reads what was measured before.
func (s *Settings) one(ctx context.Context, paper *Paper, c Claim, lab *Lab) (r *Result, before bool, err error) {
	if !s.Again {
		if r, err = stored(s.Dir, paper, c, s.Scale); r != nil || err != nil {
			return r, r != nil, err
		}
	}
	began := time.Now()
	finding, err := c.Measure(ctx, lab)
	if ended := ctx.Err(); ended != nil {
		return nil, false, ended
	}
	var pictures []picture
	if err == nil {
		r = judged(paper, c, s.Scale, finding)
		if pictures, err = finding.drawn(); err != nil {
			return nil, false, err
		}
	} else {
		r = unmeasured(paper, c, s.Scale)
		r.Reason = err.Error()
		if hinted, ok := err.(interface{ Hint() string }); ok {
			r.Hint = hinted.Hint()
		}
	}
	r.Seconds, r.Version, r.When = time.Since(began).Seconds(), s.Version, time.Now().UTC().Truncate(time.Second)
	return r, false, r.save(s.Dir, pictures)
}

// Results reads what a folder holds of a paper's claims: a result for each claim,
// one without a value where nothing was measured yet.
func Results(paper *Paper, scale Scale, dir string) ([]*Result, error) {
	var results []*Result
	for _, c := range paper.Claims(scale) {
		r, err := stored(dir, paper, c, scale)
		if err != nil {
			return nil, err
		}
		if r == nil {
			r = unmeasured(paper, c, scale)
			r.Reason = "not measured yet"
		}
		results = append(results, r)
	}
	return results, nil
}

// PageFile is the name of a reproduction's page in its folder.
const PageFile = "index.html"

// WritePage writes the page of a reproduction into its folder and returns its path.
func WritePage(paper *Paper, results []*Result, dir string) (string, error) {
	text, err := page(paper, results, dir)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, PageFile)
	return path, replace(path, text)
}
