package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"leeway/data"
)

// getData downloads; tests put servers of their own behind it.
var getData = data.Get

// gotten is what --json prints of `data get`.
type gotten struct {
	dataSet
	Downloaded bool `json:"downloaded"`
}

// getDataSet makes a set available and says where it is.
func (a *app) getDataSet(name string, asJSON, quiet bool) error {
	d, err := describe(name)
	if err != nil {
		return err
	}
	g := gotten{dataSet: d}
	switch {
	case d.BuiltIn:
	case d.Found:
		// Reading holds every file against its sum.
		if _, _, err := data.LoadSamples(name, data.Settings{Train: 1, Test: 1}); err != nil {
			return err
		}
	default:
		l, err := a.download(name, quiet)
		if err != nil {
			return err
		}
		g.Found, g.Downloaded, g.Dir, g.Files = true, true, l.Dir, l.Files
	}
	switch {
	case asJSON:
		return a.out.json(g)
	case g.BuiltIn:
		a.out.printf("%s is built in: there is nothing to download.\n", g.Name)
	case g.Downloaded:
		a.out.printf("%s is in %s now, as it was published (SHA-256).\n", g.Name, g.Dir)
	default:
		a.out.printf("%s is on this machine: %s\n", g.Name, g.Dir)
	}
	return a.out.done()
}

// download brings a set; Ctrl-C leaves what has arrived for the next time.
func (a *app) download(name string, quiet bool) (data.Location, error) {
	ctx, stop := a.interruptible(quiet)
	defer stop()
	p := &transfer{screen: a.err, quiet: quiet}
	l, err := getData(ctx, name, data.GetSettings{Progress: p.update})
	p.finish()
	if err != nil && ctx.Err() != nil {
		return data.Location{}, &failure{exitInterrupted, fmt.Sprintf("the download of %s was interrupted; what has arrived is kept", name), "the same command again, it goes on from there"}
	}
	return l, err
}

// transfer shows how far a download is: a bar for each file on a terminal,
// elsewhere a line every tenth of a file, and every few seconds at least.
type transfer struct {
	screen *screen
	quiet  bool

	file   string // the one at hand
	shown  int64  // tenths of it that have been announced
	spoken time.Time
	bars   *mpb.Progress
	bar    *mpb.Bar
	total  atomic.Int64 // for the goroutine that draws
}

// update is called with every piece that arrives.
func (t *transfer) update(file string, done, total int64) {
	if t.quiet {
		return
	}
	total = max(total, done, 1)
	if file != t.file {
		t.finish()
		t.file, t.shown, t.spoken = file, -1, time.Now()
		if t.screen.live {
			t.draw(total)
		}
	}
	t.total.Store(total)
	if t.bar != nil {
		t.bar.SetTotal(total, false) // a server may know better than the list
		t.bar.SetCurrent(done)
		return
	}
	if tenths := 10 * done / total; tenths > t.shown || time.Since(t.spoken) > silence {
		t.shown, t.spoken = tenths, time.Now()
		t.screen.printf("  %s  %s of %s\n", file, bytesOf(done), bytesOf(total))
	}
}

// draw begins the bar of a file. It is gone when the file is there.
func (t *transfer) draw(total int64) {
	t.bars = mpb.New(mpb.WithOutput(t.screen.Writer), mpb.WithWidth(t.screen.columns), mpb.ForceAutoRefresh(), mpb.WithRefreshRate(120*time.Millisecond))
	file := t.file
	t.bar = t.bars.New(total, mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("━").Padding("─"),
		mpb.BarWidth(30), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name("  "+file+"  ")),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string {
			return fmt.Sprintf("  %s of %s", bytesOf(s.Current), bytesOf(t.total.Load()))
		})))
}

// finish takes the bar away. It may be called without any update before.
func (t *transfer) finish() {
	if t.bar != nil {
		t.bar.Abort(true)
		t.bars.Wait()
		t.bar = nil
	}
}
