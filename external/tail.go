package external

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// tail keeps the end of what is written to it, and hands everything on to a log if
// there is one.
type tail struct {
	mu   sync.Mutex
	kept []byte
	log  io.Writer
}

// Bytes and lines of the tail.
const (
	tailBytes = 4096
	tailLines = 4
)

// Write implements io.Writer. It never fails: a full disk under the log must not
// stop the process.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.log != nil {
		if _, err := t.log.Write(p); err != nil {
			t.log = nil
		}
	}
	t.kept = append(t.kept, p[max(0, len(p)-tailBytes):]...)
	if over := len(t.kept) - tailBytes; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

// lines are the last lines, joined.
func (t *tail) lines() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []string
	for line := range strings.SplitSeq(string(bytes.TrimSpace(t.kept)), "\n") {
		line = strings.TrimSpace(line)
		if strings.Trim(line, "^~ ") != "" { // not the marks under a line of a traceback
			all = append(all, line[:min(len(line), 300)])
		}
	}
	all = all[max(0, len(all)-tailLines):]
	return strings.ToValidUTF8(strings.Join(all, " / "), "?")
}
