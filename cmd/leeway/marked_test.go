package main

import (
	"errors"
	"strings"
	"testing"

	"leeway/expression"
)

// However long a formula is, the caret stands under the character that is wrong and
// both lines fit the screen.
func TestMarkedFitsTheScreen(t *testing.T) {
	const columns = 60
	for _, before := range []int{0, 1, 20, 40, 100, 197} {
		text := strings.Repeat("g+", before) + "#" + strings.Repeat("+g", 197-before)
		_, err := expression.Parse(text, expression.Scope{Variables: []string{"g"}})
		var wrong *expression.Error
		if !errors.As(err, &wrong) {
			t.Fatalf("%q is read: %v", text, err)
		}
		line, caret, _ := strings.Cut(marked(wrong, columns), "\n")
		if len(line) > columns || len(caret) > columns {
			t.Errorf("%d and %d characters on a screen of %d", len(line), len(caret), columns)
		}
		if at := strings.IndexByte(caret, '^'); at >= len(line) || line[at] != '#' {
			t.Errorf("after %d summands the caret is elsewhere:\n%s\n%s", before, line, caret)
		}
	}
	// One past the end, where something is missing.
	_, err := expression.Parse("g +", expression.Scope{Variables: []string{"g"}})
	if got, want := marked(err.(*expression.Error), columns), "    g +\n       ^"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
