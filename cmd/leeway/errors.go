package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"leeway/expression"
	"leeway/internal/spelling"
)

// Exit codes.
const (
	exitDone        = 0
	exitFailed      = 1 // the work ran and a stated check failed
	exitMisuse      = 2 // bad use or bad input
	exitInterrupted = 3 // stopped before the end
)

// failure ends a command with an exit code and a sentence.
type failure struct {
	code      int
	what, try string
}

func (f *failure) Error() string { return f.what }

// Hint says what to do about it.
func (f *failure) Hint() string { return f.try }

// misuse is a failure by bad use or bad input.
func misuse(what, try string) error { return &failure{exitMisuse, what, try} }

// finish reports an error and returns the exit code.
func (a *app) finish(err error) int {
	if err == nil {
		return exitDone
	}
	code := exitMisuse
	var f *failure
	switch {
	case errors.As(err, &f):
		code = f.code
	case errors.Is(err, context.Canceled):
		code, err = exitInterrupted, &failure{exitInterrupted, "stopped before the end, and nothing was kept", "the same command again"}
	}
	what, try := sentences(err)
	a.err.printf("%s %s\n", a.err.paint(red, "leeway:"), oneLine(what))
	var formula *expression.Error
	if errors.As(err, &formula) {
		a.err.printf("%s\n", marked(formula, a.err.columns))
	}
	a.advise(try)
	return code
}

// complain writes one sentence and what to do about it.
func (a *app) complain(what, try string) {
	a.err.printf("%s %s\n", a.err.paint(red, "leeway:"), oneLine(what))
	a.advise(try)
}

// advise writes what to do, if there is something.
func (a *app) advise(try string) {
	if try != "" {
		a.err.printf("%s %s\n", a.err.paint(bold, "Try:"), oneLine(try))
	}
}

// marked is a formula with a caret under the character that is wrong, both cut to
// what a screen shows of them.
func marked(e *expression.Error, columns int) string {
	line, _, _ := strings.Cut(e.Marked(), "\n")
	text := []rune(strings.ToValidUTF8(line, "?"))
	at := min(e.Column-1, len(text))
	const margin = 4
	width := max(columns-margin, 20)
	low := max(0, min(at-width/2, len(text)-width))
	text = text[low:min(low+width, len(text))]
	return "    " + string(text) + "\n" + strings.Repeat(" ", margin+at-low) + "^"
}

// sentences splits an error into what is wrong and what to do: its Hint, or
// what its text has after "Try: ".
func sentences(err error) (what, try string) {
	what, try, _ = strings.Cut(err.Error(), ". Try: ")
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		try = hinted.Hint()
	}
	return what, try
}

// oneLine keeps a message on one line, whatever is quoted in it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// panicked reports a mistake of the program.
func (a *app) panicked(p any) int {
	first, _, _ := strings.Cut(fmt.Sprint(p), "\n")
	a.complain("a mistake of the program, not yours: "+first,
		"the same command with LEEWAY_DEBUG=1 shows where; please report it with what that prints")
	if os.Getenv("LEEWAY_DEBUG") == "1" {
		a.err.printf("%v\n%s", p, debug.Stack())
	}
	return exitMisuse
}

// flagError puts the errors of the flag library into our words.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		given := "--" + name
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			given = "-" + letters
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		what := fmt.Sprintf("%s has no flag %s", nameOf(cmd), given)
		if near := spelling.Nearest(name, names); near != "" {
			return misuse(what, "--"+near)
		}
		return misuse(what, "one of --"+strings.Join(names, ", --"))
	case errors.As(err, &missing):
		name := missing.GetFlag().Name
		return misuse(fmt.Sprintf("--%s wants a value", name), fmt.Sprintf("--%s %s", name, strings.ToUpper(missing.GetFlag().Value.Type())))
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		want := map[string]string{"float64": "a number", "int": "a whole number", "bool": "true or false"}[f.Value.Type()]
		return misuse(fmt.Sprintf("--%s wants %s, got %q", f.Name, want, invalid.GetValue()), strings.TrimSpace("--"+f.Name+" "+f.DefValue))
	}
	return misuse(err.Error(), cmd.CommandPath()+" --help")
}
