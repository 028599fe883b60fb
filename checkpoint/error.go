package checkpoint

import "fmt"

// Error is what cannot be read out of a file, or has no counterpart here.
type Error struct {
	// Path is the file or folder.
	Path string
	// What is wrong, in one sentence that begins with the key, if there is one.
	What string
	// Try is what to do about it.
	Try string
}

// Error is "path: what".
func (e *Error) Error() string { return e.Path + ": " + e.What }

// Hint is what to do about it, for a line that begins with "Try: ".
func (e *Error) Hint() string { return e.Try }

// refuse is an error without a path, which [Open] fills in.
func refuse(try, what string, args ...any) *Error {
	return &Error{What: fmt.Sprintf(what, args...), Try: try}
}
