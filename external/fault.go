package external

import (
	"fmt"
	"strings"
)

// Fault is something wrong with the other process or with what it answered.
type Fault struct {
	// Peer is the command, or the address.
	Peer string
	// Doing is the question that was open: "the gradient of batch 3".
	Doing string
	// What went wrong.
	What string
	// Stderr is the end of what the process wrote to standard error; empty for a
	// socket.
	Stderr string
	// Try is what to do about it.
	Try string
	// Unreached says that the process did not come so far as to describe itself: nothing
	// is known of its model.
	Unreached bool
}

func (e *Fault) Error() string {
	text := fmt.Sprintf("objective: %s: %s: %s", e.Peer, e.Doing, e.What)
	if e.Stderr != "" {
		text += fmt.Sprintf("; the end of its standard error: %q", e.Stderr)
	}
	return text
}

// Hint is what to do about it, for a line that begins with "Try: ".
func (e *Fault) Hint() string { return e.Try }

// command is a command as one would type it.
func command(words []string) string {
	var parts []string
	for _, w := range words {
		if w == "" || strings.ContainsAny(w, " \t\n'\"$\\*?&|;<>()") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, " ")
}
