package checkpoint

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"leeway/optim"
	"leeway/safetensors"
)

// seeds are the files that others wrote.
func seeds(f *testing.F, ending string) {
	for _, pattern := range []string{"testdata/*", "testdata/*/*"} {
		files, _ := filepath.Glob(pattern + ending)
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 9000 {
				f.Add(data, "")
				f.Add(data, "adamw")
			}
		}
	}
}

// check reads what was found in a file: never a panic, and an error is one line with a
// hint, or a rule that package optim accepts or refuses as out of range.
func check(t *testing.T, main *file, err error, kind string) {
	var c *Checkpoint
	if err == nil && !main.empty() {
		if kind != "" {
			kind, _ = identify(kind)
		}
		c, err = join(main, nil, kind)
	}
	if err != nil {
		err = named(err, "file")
		var e *Error
		if !errors.As(err, &e) || e.Try == "" || e.What == "" || strings.ContainsAny(e.What, "\n\r") {
			t.Fatalf("%q (try %q)", err, e.Try)
		}
		return
	}
	if c == nil {
		return
	}
	if len(c.Groups) == 0 {
		t.Fatal("no groups")
	}
	for _, g := range c.Groups {
		opt, err := optim.New(g.Rule, g.LR, c.Schedule)
		if err != nil {
			continue // out of range, and said by package optim
		}
		if _, err := c.Measure(g, opt.Rule); err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
		}
	}
	c.Unowned()
}

func FuzzJSON(f *testing.F) {
	seeds(f, ".json")
	f.Add([]byte(`[{"lr": NaN, "betas": [-Infinity, "NaN\""]}]`), "")
	f.Fuzz(func(t *testing.T, data []byte, kind string) {
		main, err := parse("", data)
		check(t, main, err, kind)
	})
}

func FuzzSafetensors(f *testing.F) {
	seeds(f, ".safetensors")
	f.Fuzz(func(t *testing.T, data []byte, kind string) {
		index, err := safetensors.ReadIndex(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return // fuzzed there
		}
		main, err := fromIndex("nosuch.safetensors", index)
		check(t, main, err, kind)
	})
}

// Truth: Python, which writes these words outside texts only.
func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		`[NaN, -Infinity, Infinity]`:    `["NaN", "-Infinity", "Infinity"]`,
		`{"NaN": "a \" NaN", "b": NaN}`: `{"NaN": "a \" NaN", "b": "NaN"}`,
		`["Infinity`:                    `["Infinity`, `["NaN\`: `["NaN\`, `[1]`: `[1]`,
	} {
		if got := string(quoted([]byte(in))); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
