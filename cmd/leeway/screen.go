package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"
)

// screen is an output with what is known of it. Errors of writing are kept, so
// that a full disk is not taken for success.
type screen struct {
	io.Writer
	live    bool // a terminal
	colours bool
	columns int

	mu     sync.Mutex
	failed error
}

// Widths of text: never wider than people read, and one for what is no
// terminal, so that files look the same everywhere.
const (
	widest      = 100
	narrowest   = 40
	widthOfPipe = 88
)

func newScreen(w io.Writer) *screen {
	s := &screen{Writer: w, columns: widthOfPipe}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return s
	}
	s.live = true
	s.colours = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
		s.columns = min(max(columns, narrowest), widest)
	}
	return s
}

// Write implements [io.Writer], also for several goroutines.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.Writer.Write(p)
	if err != nil && s.failed == nil {
		s.failed = err
	}
	return n, err
}

func (s *screen) printf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// done is the error of writing, if there was one.
func (s *screen) done() error {
	if s.failed == nil {
		return nil
	}
	return misuse(fmt.Sprintf("cannot write the result: %v", s.failed), "another place for the output")
}

// json writes a value as one indented JSON object.
func (s *screen) json(value any) error {
	enc := json.NewEncoder(s)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil && s.failed == nil {
		return fmt.Errorf("cannot write the result as JSON: %w", err)
	}
	return s.done()
}

// Colours of a terminal, by their numbers.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colours text where the screen has colours.
func (s *screen) paint(colour, text string) string {
	if !s.colours || colour == "" || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// head writes the title of a section.
func (s *screen) head(text string) { s.printf("\n%s\n", s.paint(bold, text)) }

// prose writes a paragraph, wrapped and indented by two spaces.
func (s *screen) prose(text string) {
	if text != "" {
		s.printf("%s\n", wrap(text, s.columns, "  ", "  "))
	}
}

// facts writes lines of a label and a text, the texts under each other. A fact
// without a text is left out.
func (s *screen) facts(pairs ...[2]string) {
	width := 0
	for _, p := range pairs {
		if p[1] != "" {
			width = max(width, utf8.RuneCountInString(p[0]))
		}
	}
	for _, p := range pairs {
		if p[1] == "" {
			continue
		}
		label := p[0] + strings.Repeat(" ", width-utf8.RuneCountInString(p[0]))
		text := wrap(p[1], s.columns, strings.Repeat(" ", width+4), strings.Repeat(" ", width+4))
		s.printf("  %s  %s\n", s.paint(dim, label), strings.TrimLeft(text, " "))
	}
}

// wrap breaks text into lines of so many columns, but never before a percent
// sign; a word that is longer stands alone.
func wrap(text string, columns int, first, rest string) string {
	var b strings.Builder
	b.WriteString(first)
	at := utf8.RuneCountInString(first)
	const glue = "\x00"
	for i, word := range strings.Fields(strings.ReplaceAll(text, " %", glue+"%")) {
		word = strings.ReplaceAll(word, glue, " ")
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > columns:
			b.WriteString("\n" + rest)
			at = utf8.RuneCountInString(rest)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	return b.String()
}
