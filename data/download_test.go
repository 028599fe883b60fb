package data

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The truth in all of these is the server's own file.
func TestDownload(t *testing.T) {
	b := content(300_000)
	other := content(300_001)[1:]
	wrongRange := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", "bytes 0-299999/300000")
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(b)
	}
	for _, c := range []struct {
		label    string
		part     []byte // what an earlier try left
		handlers []http.HandlerFunc
		asked    []string
	}{
		{"in one go", nil, []http.HandlerFunc{whole(b)}, []string{""}},
		{"the rest", b[:1000], []http.HandlerFunc{whole(b)}, []string{"bytes=1000-"}},
		{"all is there", b, []http.HandlerFunc{whole(b)}, []string{"bytes=300000-"}},
		{"broken at the beginning", nil, []http.HandlerFunc{breaking(b, 0), breaking(b, 0), whole(b)}, []string{"", "", ""}},
		{"server busy", nil, []http.HandlerFunc{status(503), status(429), whole(b)}, []string{"", "", ""}},
		{"no ranges", b[:1000], []http.HandlerFunc{without(b, len(b))}, []string{"bytes=1000-"}},
		{"no ranges, broken", nil, []http.HandlerFunc{without(b, 70000), without(b, len(b))}, nil},
		{"a part of another file", other[:1000], []http.HandlerFunc{whole(b)}, []string{"bytes=1000-", ""}},
		{"a longer part", slices.Concat(b, b), []http.HandlerFunc{whole(b)}, []string{"bytes=600000-", ""}},
		{"another range", b[:1000], []http.HandlerFunc{wrongRange, whole(b)}, []string{"bytes=1000-", ""}},
	} {
		t.Run(c.label, func(t *testing.T) {
			s := serve(t, c.handlers...)
			d := download(t, b, s.URL)
			d.Bytes = 0 // unknown
			if c.part != nil {
				if err := os.MkdirAll(filepath.Dir(d.Path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(d.part(), c.part, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			arrived(t, d, b)
			if got := s.asked(); c.asked != nil && !slices.Equal(got, c.asked) {
				t.Errorf("asked for the ranges %q, want %q", got, c.asked)
			}
			// Once there, it is not asked for again.
			before := len(s.asked())
			if err := d.Run(t.Context()); err != nil || len(s.asked()) != before {
				t.Errorf("asked again, error %v", err)
			}
		})
	}
}

// A connection that breaks again and again but brings something each time is
// taken up each time, where it broke.
func TestDownloadOverManyConnections(t *testing.T) {
	b := content(200_000)
	s := serve(t, breaking(b, 30_000))
	d := download(t, b, s.URL)
	var last, total int64
	d.Progress = func(done, of int64) {
		if done <= last {
			t.Errorf("progress from %d to %d", last, done)
		}
		last, total = done, of
	}
	if err := d.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	arrived(t, d, b)
	if n := len(s.asked()); last != 200_000 || total != 200_000 || n < 7 {
		t.Errorf("progress ends at %d of %d after %d connections", last, total, n)
	}
}

func TestDownloadFails(t *testing.T) {
	b := content(100_000)
	forever := func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(b); err != nil {
				return
			}
		}
	}
	for _, c := range []struct {
		label   string
		handler http.HandlerFunc
		want    string
		left    bool // a part, to go on from
		asked   int
	}{
		{"missing", status(404), "404 Not Found", false, 1},
		{"server down", status(500), "500 Internal Server Error", false, 3},
		{"wrong sum", whole(content(99_000)), "SHA-256", false, 1},
		{"always broken at one place", without(b, 5000), "unexpected EOF", true, 3},
		{"endless", forever, "more than 1048576 bytes", true, 1},
	} {
		t.Run(c.label, func(t *testing.T) {
			s := serve(t, c.handler)
			d := download(t, b, s.URL)
			err := d.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), d.Path) || !strings.Contains(err.Error(), "Try: ") {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if _, err := os.Stat(d.Path); err == nil {
				t.Error("there is a file")
			}
			if left := sizeOf(d.part()) > 0; left != c.left {
				t.Errorf("a part is left: %v", left)
			}
			if n := len(s.asked()); n != c.asked {
				t.Errorf("asked %d times, want %d", n, c.asked)
			}
		})
	}
	t.Run("next address", func(t *testing.T) {
		bad, good := serve(t, status(404)), serve(t, whole(b))
		d := download(t, b, "://no address", "http://"+strings.TrimPrefix(bad.URL, "http://"), good.URL)
		if err := d.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		arrived(t, d, b)
	})
	t.Run("no address", func(t *testing.T) {
		if err := download(t, b).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no address") {
			t.Errorf("error %v", err)
		}
	})
}
