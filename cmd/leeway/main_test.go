package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"leeway/external/externaltest"
	"leeway/rundir"
)

// TestMain makes the program a command of its own, leeway-process, for what only
// a process can show: signals, exit codes, broken pipes.
func TestMain(m *testing.M) {
	externaltest.Main()
	testscript.Main(m, map[string]func(){
		"leeway-process": func() {
			hookOf(os.Getenv)
			main()
		},
	})
}

// hookOf sets what happens at signs of progress, as the environment says:
//
//	PANIC_AT=n      the program has a mistake that shows at step n
//	INTERRUPT_AT=n  Ctrl-C at step n, and nothing more until it has been noticed
//	KILL_AT=n       the process dies at step n (see signals_test.go)
//	HANGUP_AT=n     the terminal closes at step n
//	HANG_AT=n       Ctrl-C at step n, which never ends
func hookOf(getenv func(string) string) {
	at := func(name string, do func(context.Context)) func(context.Context, int) {
		n, err := strconv.Atoi(getenv(name))
		return func(ctx context.Context, step int) {
			if err == nil && step >= n {
				do(ctx)
			}
		}
	}
	hooks := []func(context.Context, int){
		at("PANIC_AT", func(context.Context) { panic("index out of range in a test\ngoroutine 1") }),
		at("INTERRUPT_AT", interruptMyself), at("HANGUP_AT", hangUpMyself), at("KILL_AT", killMyself), at("HANG_AT", interruptAndHang),
	}
	afterProgress = func(ctx context.Context, step int) {
		for _, hook := range hooks {
			hook(ctx, step)
		}
	}
}

// serial runs scripts one after the other: they change the working directory.
type serial struct{ *testing.T }

func (serial) Parallel()     {}
func (serial) Verbose() bool { return testing.Verbose() }
func (t serial) Run(name string, f func(testscript.T)) {
	t.T.Run(name, func(t *testing.T) { f(serial{t}) })
}

// The scripts say what each command prints and with which code it exits, for
// good and bad input. Commands run in this process, so that their coverage
// counts; `exec leeway-process` runs a process.
func TestScripts(t *testing.T) {
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(home)
	t.Setenv("LEEWAY_DEBUG", "")
	testscript.RunT(serial{t}, testscript.Params{
		Dir: filepath.Join(home, "testdata"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"leeway":    scriptLeeway,
			"exits":     scriptExits,
			"masked":    scriptMasked,
			"hash":      scriptHash,
			"samestate": scriptSameState,
			"cut":       scriptCut,
			"swap":      scriptSwap,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// here runs a command line in this process and returns its exit code.
func here(ts *testscript.TestScript, args []string) int {
	ts.Check(os.Chdir(ts.MkAbs(".")))
	hookOf(ts.Getenv)
	return execute(args, ts.Stdout(), ts.Stderr())
}

// scriptLeeway is `leeway ARGS`, which must exit with 0.
func scriptLeeway(ts *testscript.TestScript, neg bool, args []string) {
	if code := here(ts, args); code != 0 || neg {
		ts.Fatalf("leeway %s: exit code %d", strings.Join(args, " "), code)
	}
}

// scriptExits is `exits CODE ARGS`.
func scriptExits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if code := here(ts, args[1:]); code != want {
		ts.Fatalf("leeway %s: exit code %d, want %d", strings.Join(args[1:], " "), code, want)
	}
}

// scriptHash is `hash VAR PATTERN`: sets a variable to the hash at the end of the
// run directory that the pattern matches.
func scriptHash(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%d directories are %s", len(found), args[1])
	}
	ts.Setenv(args[0], found[0][len(found[0])-6:])
}

// What differs from machine to machine and version to version: times, rounding
// errors, dates, and the hashes of configs.
var (
	timeForm     = regexp.MustCompile(` +\d+(\.\d+)? s\b`)
	percentForm  = regexp.MustCompile(`\d+(\.\d+)? % on top`)
	roundingForm = regexp.MustCompile(`\d(\.\d+)?e-1[0-9]`)
	dateForm     = regexp.MustCompile(`20\d\d-\d\d-\d\d`)
	hashForm     = regexp.MustCompile(`(runs/\w+)-[0-9a-f]{6}`)
)

// scriptMasked is `masked FILE`: the last output, without what differs from
// machine to machine.
func scriptMasked(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile("stdout")
	text = timeForm.ReplaceAllString(text, " T")
	text = percentForm.ReplaceAllString(text, "P % on top")
	text = roundingForm.ReplaceAllString(text, "~0")
	text = dateForm.ReplaceAllString(text, "DATE")
	text = hashForm.ReplaceAllString(text, "$1-HASH")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// timesForm is what a resumed run says differently from an uninterrupted one.
var timesForm = regexp.MustCompile(`"(seconds|leading)":[-0-9.e]+`)

// scriptSameState is `samestate DIR DIR`: both runs are at the same point, bit
// by bit: measurements, and all of the last checkpoint but the times.
func scriptSameState(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(sameState(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

func sameState(first, second string) error {
	var states []string
	for _, path := range []string{first, second} {
		dir, err := rundir.Open(path)
		if err != nil {
			return err
		}
		c, err := dir.LoadCheckpoint()
		if err != nil {
			return err
		}
		measured, err := os.ReadFile(filepath.Join(path, rundir.MetricsFile))
		if err != nil {
			return err
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "%s\nstep %d\n", measured, c.Step)
		for _, name := range sortedKeys(c.Tensors) {
			fmt.Fprintf(&b, "%s %x\n", name, c.Tensors[name]) // %x is exact
		}
		for _, key := range sortedKeys(c.Meta) {
			fmt.Fprintf(&b, "%s %s\n", key, timesForm.ReplaceAllString(c.Meta[key], ""))
		}
		states = append(states, b.String())
	}
	if states[0] != states[1] {
		a, b := strings.Split(states[0], "\n"), strings.Split(states[1], "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return fmt.Errorf("the runs differ:\n%.600s\n%.600s", a[i], b[i])
			}
		}
		return fmt.Errorf("the runs have %d and %d lines of state", len(a), len(b))
	}
	return nil
}

// scriptCut is `cut FILE BYTES`: takes bytes off the end of a file. The file may
// be a pattern.
func scriptCut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file %s", args[0])
	}
	for _, file := range files {
		stat, err := os.Stat(file)
		ts.Check(err)
		ts.Check(os.Truncate(file, max(stat.Size()-n, 0)))
	}
}

// scriptSwap is `swap FILE OLD NEW`: replaces text in a file, which must be
// there.
func scriptSwap(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
