package expression

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is what is wrong with the text of an expression, and where.
type Error struct {
	// Text is the expression as given.
	Text string
	// Column is the character that is meant, counted from 1. It is one past the
	// last where something is missing at the end.
	Column int
	// What is wrong, in words.
	What string
	// Try is what to do about it.
	Try string
}

// Error says what is wrong, and quotes the neighbourhood of the character.
func (e *Error) Error() string {
	return fmt.Sprintf("%s at character %d of %q", e.What, e.Column, e.around())
}

// Hint is what to do about it, for a line that begins with "Try: ".
func (e *Error) Hint() string { return e.Try }

// Marked is the text, on one line, and below it a line with a caret under the
// character that is meant.
func (e *Error) Marked() string {
	line := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, e.Text)
	return line + "\n" + strings.Repeat(" ", max(e.Column-1, 0)) + "^"
}

// around is the text, or if it is long, what stands near the character.
func (e *Error) around() string {
	const side = 30
	r := []rune(e.Text)
	if len(r) <= 2*side {
		return e.Text
	}
	low, high := max(e.Column-1-side, 0), min(e.Column-1+side, len(r))
	text := string(r[low:high])
	if low > 0 {
		text = "..." + text
	}
	if high < len(r) {
		text += "..."
	}
	return text
}

// at makes the error about the byte at offset of a text.
func at(text string, offset int, what, try string) *Error {
	return &Error{Text: text, Column: utf8.RuneCountInString(text[:offset]) + 1, What: what, Try: try}
}
