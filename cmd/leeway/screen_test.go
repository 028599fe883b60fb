package main

import (
	"bytes"
	"context"
	"math"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"leeway/config"
	"leeway/trace"
)

// Wrapped text has the same words in the same order, and no line is longer than
// it must be.
func TestWrapKeepsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zé]{1,12}`)).Draw(t, "words")
		columns := rapid.IntRange(1, 40).Draw(t, "columns")
		indent := strings.Repeat(" ", rapid.IntRange(0, 6).Draw(t, "indent"))
		text := wrap(strings.Join(words, "  "), columns, indent, indent)
		if got := strings.Fields(text); strings.Join(got, " ") != strings.Join(words, " ") {
			t.Fatalf("%q became %q", words, got)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if n := utf8.RuneCountInString(line); n > columns && strings.Contains(strings.TrimSpace(line), " ") {
				t.Fatalf("%q has %d columns, not %d", line, n, columns)
			}
		}
	})
}

// A number and its percent sign stay together.
func TestWrapKeepsPercentSigns(t *testing.T) {
	if got := wrap("in 0.0 % of them", 7, "", ""); got != "in\n0.0 %\nof them" {
		t.Errorf("%q", got)
	}
}

// Columns of a table stand under each other, with colours and without; a column
// with nothing in it is gone, and no line ends in spaces.
func TestTableAligns(t *testing.T) {
	table := table{titles: []string{"name", "value", "empty", "note"}, left: map[int]bool{3: true}}
	table.add(append(plain("a", "1", ""), cell{"fine", green})...)
	table.add(plain("longer", "", "", "x")...)
	table.add(plain("b", "123456", "", "")...)
	var b bytes.Buffer
	s := newScreen(&b)
	table.write(s)
	want := "" +
		"  name     value  note\n" +
		"  a            1  fine\n" +
		"  longer          x\n" +
		"  b       123456\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	b.Reset()
	s.colours = true
	table.write(s)
	if got := uncoloured(b.String()); got != want {
		t.Errorf("coloured\n%swant\n%s", got, want)
	}
}

func uncoloured(text string) string {
	for _, code := range []string{"0", bold, dim, red, green, yellow} {
		text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
	}
	return text
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{short(math.NaN(), 3), "-"}, {share(math.NaN()), "-"}, {share(0.5), "50.0 %"},
		{seconds(0.5), "0.50 s"}, {seconds(60), "60 s"}, {seconds(600), "10 min"}, {seconds(9000), "2.5 h"},
		{factor(1.26), "1.3"}, {factor(123), "120"}, {factor(1.26e7), "1.3e+07"},
		{remaining(0.2), "1 s"}, {remaining(600), "10 min"},
		{quoted("runs/a-1"), "runs/a-1"}, {quoted("my runs/it's"), `'my runs/it'\''s'`},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A process that stopped early is not compared with one that went on: its
// distance is over a shorter stretch.
func TestAgainstComparesLikeWithLike(t *testing.T) {
	s := &trace.Summary{
		Distance:  map[string]trace.Number{"flow-1": 1, "near": 0.25, "far": 4, "same": 1.01, "early": 0.1, "exact": 0},
		Processes: map[string]trace.ProcessSummary{"early": {Step: 3}},
	}
	for name, want := range map[string]string{"flow-1": "", "near": "4 x nearer", "far": "4 x further", "same": "as near", "early": "", "exact": ""} {
		if got := against(s, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	delete(s.Distance, "flow-1")
	if got := against(s, "near"); got != "" {
		t.Errorf("without a flow-1: %q", got)
	}
}

// bufferedSession is a session whose output is a terminal, as far as it knows.
func bufferedSession(t *testing.T, b *bytes.Buffer) *session {
	t.Helper()
	c, err := config.Load("", []string{"objective.problem=bilinear", "steps=200"})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{app: &app{out: newScreen(b), err: newScreen(b)}, config: c}
	s.err.live = true
	if err := s.prepare(); err != nil {
		t.Fatal(err)
	}
	return s
}

// hearing is an output that tells when a text is written to it.
type hearing struct {
	bytes.Buffer
	text  string
	heard chan struct{}
	once  sync.Once
}

func (h *hearing) Write(p []byte) (int, error) {
	n, err := h.Buffer.Write(p)
	if bytes.Contains(p, []byte(h.text)) {
		h.once.Do(func() { close(h.heard) })
	}
	return n, err
}

// The bar of a terminal shows the step and goes when the run ends or is stopped:
// the run waits in its middle until the bar says that it stops.
func TestBar(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h := &hearing{text: "stopping; Ctrl-C again ends at once", heard: make(chan struct{})}
	var b bytes.Buffer
	s := bufferedSession(t, &b)
	s.err.Writer = h
	p := newProgress(ctx, s)
	err := p.runner.Run(ctx, nil, func() {
		p.update()
		if p.runner.Step() < 200 {
			cancel()
			<-h.heard
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	p.finish()
	if text := h.String(); !strings.Contains(text, "of 200") {
		t.Errorf("the bar drew %q", text)
	}
}
