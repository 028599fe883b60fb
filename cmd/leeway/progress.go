package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"leeway/trace"
)

// progress shows how far a run is: a bar on a terminal, elsewhere a line every
// tenth of the run, and every few seconds at least.
type progress struct {
	ctx     context.Context
	screen  *screen
	runner  *trace.Runner
	quiet   bool
	resumed bool // the run was begun before

	began  time.Time
	first  int // step at which this session began
	shown  int // tenths of the run that have been announced
	spoken time.Time
	bars   *mpb.Progress
	bar    *mpb.Bar
	loss   atomic.Uint64 // for the goroutine that draws
}

// silence is the longest time without a line.
const silence = 10 * time.Second

// afterProgress is called after each sign of progress; tests interrupt there.
var afterProgress = func(ctx context.Context, step int) {}

func newProgress(ctx context.Context, s *session) *progress {
	return &progress{ctx: ctx, screen: s.err, runner: s.runner, quiet: s.quiet, resumed: s.begun != nil}
}

// warn is told about damaged checkpoints, before the first update.
func (p *progress) warn(text string) {
	p.screen.printf("%s %s\n", p.screen.paint(yellow, "leeway: warning:"), oneLine(text))
}

// update is called by the run now and then.
func (p *progress) update() {
	step := p.runner.Step()
	if p.began.IsZero() {
		p.begin(step)
	}
	if !p.quiet {
		p.show(step)
	}
	afterProgress(p.ctx, step)
}

func (p *progress) begin(step int) {
	p.began, p.spoken, p.first = time.Now(), time.Now(), step
	p.shown = 10 * step / p.runner.Steps()
	if p.quiet {
		return
	}
	if step > 0 {
		p.screen.printf("  goes on from step %d of %d\n", step, p.runner.Steps())
	} else if p.resumed {
		p.screen.printf("  begins anew: no checkpoint was saved\n")
	}
	if p.screen.live {
		p.draw()
	}
}

func (p *progress) show(step int) {
	if p.bar != nil {
		p.loss.Store(math.Float64bits(p.runner.Loss()))
		p.bar.SetCurrent(int64(step))
		return
	}
	total := p.runner.Steps()
	if tenths := 10 * step / total; tenths > p.shown || time.Since(p.spoken) > silence {
		p.shown, p.spoken = tenths, time.Now()
		p.screen.printf("  step %*d of %d  loss %-9s %s\n", len(fmt.Sprint(total)), step, total, short(p.runner.Loss(), 4), p.pace(step))
	}
}

// pace is the rate and what remains at that rate.
func (p *progress) pace(step int) string {
	elapsed := time.Since(p.began).Seconds()
	if step <= p.first || elapsed <= 0 {
		return ""
	}
	rate := float64(step-p.first) / elapsed
	return fmt.Sprintf("%s steps/s  %s left", factor(rate), remaining(float64(p.runner.Steps()-step)/rate))
}

// remaining is a time in whole seconds, minutes or tenths of hours.
func remaining(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.0f s", math.Ceil(x))
	}
	return seconds(x)
}

// draw begins the bar. It is gone when the run is at its end: what it said is
// in the summary.
func (p *progress) draw() {
	total := int64(p.runner.Steps())
	p.bars = mpb.New(mpb.WithOutput(p.screen.Writer), mpb.WithWidth(p.screen.columns), mpb.ForceAutoRefresh(), mpb.WithRefreshRate(120*time.Millisecond))
	p.bar = p.bars.New(total, mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("━").Padding("─"),
		mpb.BarWidth(30), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(s decor.Statistics) string {
			return fmt.Sprintf("  step %*d of %d  ", len(fmt.Sprint(s.Total)), s.Current, s.Total)
		})),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string {
			if p.ctx.Err() != nil {
				return "  stopping; Ctrl-C again ends at once"
			}
			loss := math.Float64frombits(p.loss.Load())
			if int(s.Current) <= p.first {
				return strings.Repeat(" ", 36) // as wide as what follows, so that the bar keeps its length
			}
			return fmt.Sprintf("  %-34s", fmt.Sprintf("loss %-9s  %s", short(loss, 4), p.pace(int(s.Current))))
		})))
}

// finish takes the bar away. It may be called without any update before.
func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}
