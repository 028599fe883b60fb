package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"leeway/sweep"
)

// sweepProgress shows how far a sweep is: a bar on a terminal, elsewhere a line
// now and then. Failures are said at once.
type sweepProgress struct {
	screen *screen
	quiet  bool
	total  int

	mu     sync.Mutex
	began  time.Time
	first  int // cells with a result at the beginning
	ended  int
	failed int
	spoken time.Time
	shown  int // tenths that have been announced
	bars   *mpb.Progress
	bar    *mpb.Bar
}

func newSweepProgress(w *screen, quiet bool, s *sweep.Status) *sweepProgress {
	ended := s.Done + s.Failed
	p := &sweepProgress{screen: w, quiet: quiet, total: s.Cells, began: time.Now(), first: ended, ended: ended, spoken: time.Now(), shown: 10 * ended / max(s.Cells, 1)}
	if !quiet && w.live && ended < s.Cells {
		p.bars = mpb.New(mpb.WithOutput(w.Writer), mpb.WithWidth(w.columns), mpb.ForceAutoRefresh(), mpb.WithRefreshRate(120*time.Millisecond))
		p.bar = p.bars.New(int64(s.Cells), mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("━").Padding("─"), mpb.BarWidth(30), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Any(func(s decor.Statistics) string { return fmt.Sprintf("  cell %d of %d  ", s.Current, s.Total) })),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return fmt.Sprintf("  %-34s", p.pace()) })))
		p.bar.SetCurrent(int64(ended))
	}
	return p
}

// end is called at the end of every cell, by several workers.
func (p *sweepProgress) end(c *sweep.Cell, r *sweep.Result) {
	if r == nil {
		return
	}
	p.mu.Lock()
	p.ended++
	failed := r.Status == sweep.Failed
	if failed {
		p.failed++
	}
	tenths := 10 * p.ended / p.total
	speak := !p.quiet && p.bar == nil && (tenths > p.shown || time.Since(p.spoken) > silence)
	if speak {
		p.shown, p.spoken = tenths, time.Now()
	}
	ended, n := p.ended, p.failed
	p.mu.Unlock()
	if failed && n <= 3 {
		p.screen.printf("%s cell %s failed: %s\n", p.screen.paint(yellow, "leeway: warning:"), c, oneLine(r.Reason))
	}
	if p.bar != nil {
		p.bar.SetCurrent(int64(ended))
	}
	if speak {
		p.screen.printf("  cell %*d of %d  %s\n", len(fmt.Sprint(p.total)), ended, p.total, p.pace())
	}
}

// pace is the rate and what remains at that rate.
func (p *sweepProgress) pace() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := time.Since(p.began).Seconds()
	if p.ended <= p.first || elapsed <= 0 {
		return ""
	}
	rate := float64(p.ended-p.first) / elapsed
	return fmt.Sprintf("%s cells/min  %s left", factor(60*rate), remaining(float64(p.total-p.ended)/rate))
}

// finish takes the bar away.
func (p *sweepProgress) finish() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}
