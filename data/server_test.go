package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// content is what the servers of these tests have: bytes without a pattern of
// small period, so that parts in the wrong place show.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(mix(uint64(i)))
	}
	return b
}

func sumOfBytes(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// server answers from a list of handlers, the last one for good, and notes the
// ranges that it was asked for.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	ranges []string
}

func serve(t *testing.T, handlers ...http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		handler := handlers[min(len(s.ranges), len(handlers)-1)]
		s.ranges = append(s.ranges, r.Header.Get("Range"))
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ranges)
}

// whole serves a file as the standard library does, with ranges.
func whole(b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "file", time.Time{}, bytes.NewReader(b))
	}
}

// breaking sends n bytes of what is asked for and breaks the connection.
func breaking(b []byte, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		from, status := 0, http.StatusOK
		if asked := r.Header.Get("Range"); asked != "" {
			_, _ = fmt.Sscanf(asked, "bytes=%d-", &from)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(b)-1, len(b)))
			status = http.StatusPartialContent
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(b)-from))
		w.WriteHeader(status)
		_, _ = w.Write(b[from:min(from+n, len(b))])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// without serves the file without ranges, all of it or the first n bytes.
func without(b []byte, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		breakOrNot := breaking(b, n)
		if n == len(b) {
			breakOrNot = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
		}
		breakOrNot(w, r)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// download is one of b from the server into an empty folder, which does not
// wait between tries.
func download(t *testing.T, b []byte, urls ...string) Download {
	return Download{
		URLs: urls, Path: filepath.Join(t.TempDir(), "sets", "file"), SHA256: sumOfBytes(b), Bytes: int64(len(b)),
		pause: func(context.Context, int) error { return nil },
	}
}

// arrived checks that the file is whole and nothing lies beside it.
func arrived(t *testing.T, d Download, b []byte) {
	t.Helper()
	got, err := os.ReadFile(d.Path)
	if err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes of %d arrived, error %v", len(got), len(b), err)
	}
	if _, err := os.Stat(d.part()); err == nil {
		t.Error("the part is left behind")
	}
}
