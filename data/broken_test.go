package data

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDownloadStops(t *testing.T) {
	b := content(100_000)
	// The server sends a piece and falls silent until the client hangs up.
	silent := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(b)))
		_, _ = w.Write(b[:5000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	t.Run("silence", func(t *testing.T) {
		s := serve(t, silent, whole(b))
		d := download(t, b, s.URL)
		// The clock is the test's: it strikes when the piece has arrived.
		var strike func()
		d.watch = func(_ time.Duration, silent func()) timer {
			strike = silent
			return time.NewTimer(time.Hour)
		}
		d.Progress = func(done, _ int64) {
			if done == 5000 {
				strike()
			}
		}
		if err := d.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		arrived(t, d, b)
		if got := s.asked(); !slices.Equal(got, []string{"", "bytes=5000-"}) {
			t.Errorf("asked for %q", got)
		}
		// The real clock, and a server that never says anything: however slow the
		// machine, the clock strikes.
		mute := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		d = download(t, b, mute.URL)
		d.Stall = 20 * time.Millisecond
		if err := d.Run(t.Context()); !errors.Is(err, errStall) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("interrupt", func(t *testing.T) {
		s := serve(t, silent, whole(b))
		d := download(t, b, s.URL)
		ctx, cancel := context.WithCancelCause(t.Context())
		interrupted := errors.New("Ctrl-C")
		d.Progress = func(done, _ int64) {
			if done == 5000 {
				cancel(interrupted)
			}
		}
		if err := d.Run(ctx); !errors.Is(err, interrupted) || !strings.Contains(err.Error(), "it goes on from where it is") {
			t.Errorf("error %v", err)
		}
		if n := sizeOf(d.part()); n != 5000 {
			t.Errorf("%d bytes are kept, want 5000", n)
		}
		d.Progress = nil
		if err := d.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		arrived(t, d, b)
	})
	t.Run("interrupt between tries", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
		d := download(t, b, s.URL)
		d.pause = func(ctx context.Context, failures int) error {
			cancel()
			return wait(ctx, 3600*failures)
		}
		if err := d.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	if err := wait(t.Context(), 0); err != nil {
		t.Errorf("waiting failed: %v", err)
	}
}

func TestDownloadOnThisMachine(t *testing.T) {
	b := content(1000)
	s := serve(t, whole(b))
	t.Run("another file is there", func(t *testing.T) {
		d := download(t, b, s.URL)
		if err := os.MkdirAll(filepath.Dir(d.Path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(d.Path, []byte("mine"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "Try: removing it") {
			t.Errorf("error %v", err)
		}
		if got, _ := os.ReadFile(d.Path); string(got) != "mine" {
			t.Errorf("it was overwritten: %q", got)
		}
	})
	t.Run("a folder in the way", func(t *testing.T) {
		for _, suffix := range []string{"", ".part"} {
			d := download(t, b, s.URL)
			if err := os.MkdirAll(d.Path+suffix, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "Try: ") {
				t.Errorf("%q: error %v", suffix, err)
			}
		}
	})
	t.Run("a file for a folder", func(t *testing.T) {
		d := download(t, b, s.URL)
		if err := os.WriteFile(filepath.Dir(d.Path), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("disk full", func(t *testing.T) {
		if _, err := os.Stat("/dev/full"); err != nil {
			t.Skip(err) // a Linux device that refuses every write
		}
		d := download(t, b, s.URL)
		if err := os.MkdirAll(filepath.Dir(d.Path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/full", d.part()); err != nil {
			t.Skip(err)
		}
		if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no space left on device. Try: room on the disk") {
			t.Errorf("error %v", err)
		}
	})
}
