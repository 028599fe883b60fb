package config

import (
	"fmt"
	"strings"
)

// Error is something wrong with a config, at a place in it.
type Error struct {
	// File is the file's name as given; empty for an override and for what a
	// program built itself.
	File string
	// Line and Column count from 1, columns in characters. Both are 0 where
	// there is no place: a missing file, a config read back from JSON.
	Line, Column int
	// What is wrong, in one sentence that begins with the key.
	What string
	// Try is what to do about it.
	Try string
	// Cause is the error that this one is made of, if there is one: of a formula
	// the *expression.Error, which can mark the character.
	Cause error
}

// Error is "file:line:column: what", without the parts that are not known.
func (e *Error) Error() string {
	switch {
	case e.File == "":
		return e.What
	case e.Line == 0:
		return e.File + ": " + e.What
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.What)
}

// Hint is what to do about it, for a line that begins with "Try: ".
func (e *Error) Hint() string { return e.Try }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Cause }

// origin is where a key or a value was written.
type origin struct {
	line, column int    // in the file; 0 if it is not from one
	override     string // the override that it is from, if any
	builtin      bool   // it is from the built-in config
}

// known reports whether there is a place to point at.
func (o origin) known() bool { return o.line > 0 || o.override != "" }

// before reports whether o was written before p; overrides come after the file.
func (o origin) before(p origin) bool {
	if (o.override == "") != (p.override == "") {
		return o.override == ""
	}
	return o.line < p.line || o.line == p.line && o.column < p.column
}

// fail makes the error about the key at path that was written at o.
func (r *reader) fail(o origin, path, what, try string) *Error {
	if path != "" {
		what = path + ": " + what
	}
	if o.override == "" {
		return &Error{File: r.file, Line: o.line, Column: o.column, What: what, Try: try}
	}
	key, _, _ := strings.Cut(o.override, "=")
	if key == path {
		what = strings.TrimPrefix(what, path+": ")
	}
	return &Error{What: "override " + clip(o.override) + ": " + what, Try: try}
}

// at is fail for a value found out of order after reading. It points at the
// value, or if a default stands there, at the section that it belongs to.
func (r *reader) at(path, what, try string) *Error {
	return r.fail(r.origin(path), path, what, try)
}

// origin is the place of the value at path, or of the nearest section around it.
func (r *reader) origin(path string) origin {
	for p := path; p != ""; {
		if n := r.root.find(p); n != nil && n.known() {
			return n.origin
		}
		p = p[:max(strings.LastIndexByte(p, '.'), 0)]
	}
	return origin{}
}

// place is an origin in words, for messages that name a second place.
func (r *reader) place(o origin) string {
	switch {
	case o.override != "":
		return "override " + clip(o.override)
	case o.line > 0:
		return fmt.Sprintf("line %d, column %d", o.line, o.column)
	}
	return "the built-in config"
}

// clip keeps a message readable whatever is quoted in it.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}
