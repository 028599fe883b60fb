package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Download brings one file from the web. What arrives is written under the name
// Path with .part added; only when its sum is right and it has reached the disk
// does it get its own name, so that Path is never half a file. A download that
// broke off, whenever that was, goes on where it ended.
type Download struct {
	// URLs are addresses of the file; the next one is tried when one fails.
	URLs []string
	// Path of the file to be. Missing folders are made.
	Path string
	// SHA256 of the file, in hexadecimal.
	SHA256 string
	// Bytes is the size of the file, as far as it is known; more than twice as
	// many are refused.
	Bytes int64
	// Progress is called with the bytes that are there, of how many; may be nil.
	Progress func(done, total int64)
	// Client; nil: one that heeds HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
	Client *http.Client
	// Stall is how long a connection may be silent; 0: a minute.
	Stall time.Duration

	// For tests; nil: wait, and time.AfterFunc.
	pause func(ctx context.Context, failures int) error
	watch func(stall time.Duration, silent func()) timer
}

// timer calls its function a time after it was last set.
type timer interface {
	Reset(stall time.Duration) bool
	Stop() bool
}

// tries is how often in a row an address may fail without a new byte.
const tries = 3

// Run downloads the file, unless it is there already with the right sum. A
// broken connection is taken up again, up to three times without a new byte. A
// file that was put together from parts and has the wrong sum is brought once
// more from its beginning. What has arrived is kept when it returns an error
// other than a wrong sum.
func (d Download) Run(ctx context.Context) error {
	switch sum, err := sumOf(d.Path); {
	case err == nil && sum == d.SHA256:
		return nil
	case err == nil:
		return d.fail("is there, but is not the file that is published (SHA-256 %.12s..., want %.12s...). Try: removing it, then the same again", sum, d.SHA256)
	case !errors.Is(err, fs.ErrNotExist):
		return d.fail("%w. Try: a folder that can be read", err)
	}
	if err := os.MkdirAll(filepath.Dir(d.Path), 0o777); err != nil {
		return d.fail("%w. Try: LEEWAY_DATA=FOLDER, one that can be written to", err)
	}
	if d.Stall == 0 {
		d.Stall = time.Minute
	}
	if d.Client == nil {
		d.Client = &http.Client{}
	}
	if d.pause == nil {
		d.pause = wait
	}
	if d.watch == nil {
		d.watch = func(stall time.Duration, silent func()) timer { return time.AfterFunc(stall, silent) }
	}
	err := errors.New("no address")
	for _, url := range d.URLs {
		if err = d.from(ctx, url); err == nil {
			return nil
		}
		var local *fs.PathError
		if errors.As(err, &local) {
			return d.fail("%w. Try: room on the disk and leave to write there, then the same again: it goes on from where it is", err)
		}
		if ctx.Err() != nil {
			return d.fail("stopped: %w. Try: the same again, it goes on from where it is", context.Cause(ctx))
		}
	}
	return d.fail("cannot be downloaded: %w. Try: the same again later (it goes on from where it is), or putting the file there by hand", err)
}

func (d Download) fail(format string, args ...any) error {
	return fmt.Errorf("data: %s "+format, append([]any{d.Path}, args...)...)
}

func (d Download) part() string { return d.Path + ".part" }

// from downloads the file from one address.
func (d Download) from(ctx context.Context, url string) error {
	again := false
	for failures := 0; ; {
		before := sizeOf(d.part())
		err := d.attempt(ctx, url)
		if err == nil {
			sum, err := sumOf(d.part())
			if err != nil {
				return err
			}
			if sum == d.SHA256 {
				return d.keep()
			}
			if err := os.Remove(d.part()); err != nil {
				return err
			}
			if before == 0 || again {
				return fmt.Errorf("%s sends another file than the published one: its SHA-256 begins with %.12s, want %.12s", url, sum, d.SHA256)
			}
			again = true // the parts do not belong together
			continue
		}
		var passing *passingError
		if !errors.As(err, &passing) || ctx.Err() != nil {
			return err
		}
		if failures++; sizeOf(d.part()) > before {
			failures = 1
		}
		if failures == tries {
			return err
		}
		if err := d.pause(ctx, failures); err != nil {
			return err
		}
	}
}

// wait gives a server that failed time: 1 s, then 2 s.
func wait(ctx context.Context, failures int) error {
	select {
	case <-time.After(time.Duration(failures) * time.Second):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// keep gives the whole file its name, after it has reached the disk.
func (d Download) keep() error {
	f, err := os.OpenFile(d.part(), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(d.part(), d.Path); err != nil {
		return &fs.PathError{Op: "rename", Path: d.part(), Err: err}
	}
	if dir, err := os.Open(filepath.Dir(d.Path)); err == nil {
		_ = dir.Sync() // not every system can; the name is then written a little later
		_ = dir.Close()
	}
	return nil
}

// sumOf is the SHA-256 of a file, in hexadecimal.
func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// sizeOf is the size of a file, 0 if there is none.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
