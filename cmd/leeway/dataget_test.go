//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"leeway/data"
)

// Command and downloader together against a server of the test's own, which
// takes the place of the set's: the set has one file here, and its content is
// the truth.
func TestDataGet(t *testing.T) {
	file := bytes.Repeat([]byte("0123456789"), 30_000)
	sum := sha256.Sum256(file)
	var handler http.HandlerFunc
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(w, r) }))
	defer server.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, "cifar-100", "file")
	for _, variable := range []string{"HOME", "XDG_CACHE_HOME", "LEEWAY_DATA"} {
		t.Setenv(variable, t.TempDir())
	}
	t.Chdir(t.TempDir())
	defer func(before func(context.Context, string, data.GetSettings) (data.Location, error)) { getData = before }(getData)
	onProgress := func(ctx context.Context, done int64) {}
	getData = func(ctx context.Context, name string, s data.GetSettings) (data.Location, error) {
		d := data.Download{
			URLs: []string{server.URL}, Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(file)),
			Progress: func(done, total int64) { s.Progress("file", done, total); onProgress(ctx, done) },
		}
		return data.Location{Name: name, Dir: filepath.Dir(path), Files: []string{"file"}}, d.Run(ctx)
	}
	whole := func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "file", time.Time{}, bytes.NewReader(file))
	}
	run := func(args ...string) (code int, out, errs string) {
		var o, e bytes.Buffer
		code = execute(append([]string{"data", "get", "cifar-100"}, args...), &o, &e)
		return code, o.String(), e.String()
	}

	handler = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	if code, _, errs := run("-q"); code != exitMisuse || !strings.Contains(errs, "404 Not Found") || !strings.Contains(errs, "\nTry: ") {
		t.Errorf("a server without the file: exit code %d\n%s", code, errs)
	}
	handler = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("another file")) }
	if code, _, errs := run("-q"); code != exitMisuse || !strings.Contains(errs, "SHA-256") {
		t.Errorf("another file: exit code %d\n%s", code, errs)
	}

	// Ctrl-C after the first piece: exit code 3, the piece is kept, no file is
	// there; the same command goes on behind the piece.
	handler = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "300000")
		_, _ = w.Write(file[:5000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	onProgress = func(ctx context.Context, done int64) {
		if done == 5000 {
			interruptMyself(ctx)
		}
	}
	code, _, errs := run()
	part, err := os.ReadFile(path + ".part")
	if code != exitInterrupted || !strings.Contains(errs, "Try: the same command again") || err != nil || !bytes.Equal(part, file[:5000]) {
		t.Errorf("interrupted: exit code %d, %d bytes are kept, error %v\n%s", code, len(part), err, errs)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("half a file has its name")
	}
	onProgress = func(context.Context, int64) {}
	asked := ""
	handler = func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Range")
		whole(w, r)
	}
	code, out, errs := run()
	got, err := os.ReadFile(path)
	if code != 0 || asked != "bytes=5000-" || err != nil || !bytes.Equal(got, file) {
		t.Errorf("exit code %d, asked for %q, error %v\n%s", code, asked, err, errs)
	}
	if want := "cifar-100 is in " + filepath.Dir(path) + " now, as it was published (SHA-256).\n"; out != want {
		t.Errorf("got %q", out)
	}
	if lines := strings.Count(errs, "\n"); !strings.HasPrefix(errs, "  file  ") || !strings.HasSuffix(errs, "  file  300 kB of 300 kB\n") || lines > 12 {
		t.Errorf("progress is\n%s", errs)
	}

	var g gotten
	if code, out, errs := run("--json", "-q"); code != 0 || errs != "" || json.Unmarshal([]byte(out), &g) != nil || !g.Downloaded || g.Dir != filepath.Dir(path) || g.Rows != 50000 {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

// On a terminal there is a bar, which is gone at the end.
func TestTransferOnATerminal(t *testing.T) {
	var b bytes.Buffer
	s := newScreen(&b)
	s.live = true
	p := &transfer{screen: s}
	p.update("one.gz", 10, 100)
	p.update("one.gz", 100, 100)
	p.update("two.gz", 1, 0)
	p.finish()
	p.finish()
	if text := b.String(); !strings.Contains(text, "one.gz") || strings.Contains(text, "  one.gz  100 bytes of 100 bytes\n") {
		t.Errorf("%q", text)
	}
}

// A set on this machine is read, so that what get says of it is true: these are
// records in the format of CIFAR-10, fewer than are published, as a network and
// a user's own files have them.
func TestSetsInFolders(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("LEEWAY_DATA", dir)
	t.Chdir(t.TempDir())
	for i, name := range []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"} {
		var b bytes.Buffer
		for r := range 8 {
			b.WriteByte(byte((r + i) % 10))
			for pixel := range 3072 {
				b.WriteByte(byte(pixel*(r+1) + 31*i))
			}
		}
		if err := os.MkdirAll(filepath.Join(dir, "cifar-10-batches-bin"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "cifar-10-batches-bin", name), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	run := func(args ...string) int {
		out.Reset()
		errs.Reset()
		return execute(args, &out, &errs)
	}
	if code := run("data", "get", "cifar-10"); code != 0 || out.String() != "cifar-10 is on this machine: "+filepath.Join(dir, "cifar-10-batches-bin")+"\n" {
		t.Errorf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	if code := run("data", "list"); code != 0 || !strings.Contains(out.String(), "in "+filepath.Join(dir, "cifar-10-batches-bin")) {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
	network := "objective={model: {kind: resnet, width: 2}, data: {kind: cifar-10, train: 8, test: 4, augment: {flip: true, crop: 4, copies: 2}}, batch: {size: 8}, dtype: float32}"
	args := []string{"run", network, "processes=[discrete]", "steps=3", "out=" + t.TempDir(), "-q"}
	if code := run(args...); code != 0 || !strings.Contains(strings.Join(strings.Fields(out.String()), " "), "8 rows to train (in 2 copies, flipped and cropped by 4) and 4") {
		t.Errorf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	if code := run("run", strings.Replace(network, "train: 8", "train: 41", 1)); code != exitMisuse || !strings.Contains(errs.String(), "41 rows for training, but there are 40\nTry: 1 to 40") {
		t.Errorf("exit code %d\n%s", code, errs.String())
	}
	if err := os.Truncate(filepath.Join(dir, "cifar-10-batches-bin", "data_batch_3.bin"), 5000); err != nil {
		t.Fatal(err)
	}
	if code := run("data", "get", "cifar-10"); code != exitMisuse || !strings.Contains(errs.String(), "data_batch_3.bin: byte 3073: a record ends after 1927 of 3073 bytes") {
		t.Errorf("exit code %d\n%s", code, errs.String())
	}
}
