// Package docs holds no code: its test runs every command that README.md and
// the pages here print, so that none of them can rot.
package docs

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// command is a line of a shell block.
type command struct {
	file string
	line int
	text string
	exit int // the exit code that the page promises, 0 without a word
}

// exits finds the promised exit code at the end of a line: "# exits 1".
var exits = regexp.MustCompile(`\s+# exits (\d+)$`)

// commands reads the lines of all ```sh blocks of a page.
func commands(t *testing.T, file string) []command {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var found []command
	inside := false
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```sh"
		case inside && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#"):
			c := command{file: filepath.Base(file), line: i + 1, text: line}
			if m := exits.FindStringSubmatch(line); m != nil {
				c.exit, _ = strconv.Atoi(m[1])
			}
			found = append(found, c)
		}
	}
	return found
}

// pages are README.md and everything here.
func pages(t *testing.T) []string {
	t.Helper()
	here, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{"../README.md"}, here...)
}

// tests is how the README says the tests are run. It is the surrounding run
// itself, so it is looked for and not run again.
const tests = "go test ./..."

func TestReadmeNamesTheTwoCommands(t *testing.T) {
	found := map[string]bool{}
	for _, c := range commands(t, "../README.md") {
		found[c.text] = true
	}
	for _, want := range []string{"go run ./cmd/leeway run", tests} {
		if !found[want] {
			t.Errorf("README.md does not print %q", want)
		}
	}
}

// Every printed command is run in a copy of the tree, page by page, in order,
// and must end with the exit code that the page promises.
func TestPrintedCommandsRun(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("set LEEWAY_SLOW=1 to run every printed command")
	}
	tree := t.TempDir()
	if out, err := exec.Command("bash", "-c", fmt.Sprintf("cd .. && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t %q", tree)).CombinedOutput(); err != nil {
		t.Fatalf("copying the tree: %v\n%s", err, out)
	}
	needs := pythonNeeds()
	count := 0
	for _, page := range pages(t) {
		for _, c := range commands(t, page) {
			if c.text == tests {
				continue
			}
			if needs != "" && strings.Contains(c.text, "external") {
				t.Logf("%s:%d: %s: not run, python3 has no %s", c.file, c.line, c.text, needs)
				continue
			}
			count++
			run := exec.Command("bash", "-c", c.text)
			run.Dir = tree
			var out bytes.Buffer
			run.Stdout, run.Stderr = &out, &out
			err := run.Run()
			if code := exitCode(run, out.Bytes()); code != c.exit {
				t.Errorf("%s:%d: %s\nexit code %d, the page promises %d (%v)\n%s", c.file, c.line, c.text, code, c.exit, err, out.String())
			}
		}
	}
	t.Logf("%d commands", count)
}

// status is the line with which "go run" reports the exit code of the program
// it ran: it ends with 1 itself whatever that code is.
var status = regexp.MustCompile(`(?m)^exit status (\d+)\n?\z`)

// exitCode is the exit code of a command that has run and printed out, under
// "go run" that of the program.
func exitCode(run *exec.Cmd, out []byte) int {
	code := run.ProcessState.ExitCode()
	if m := status.FindSubmatch(out); code == 1 && m != nil {
		code, _ = strconv.Atoi(string(m[1]))
	}
	return code
}

// pythonNeeds is what python3 lacks for the models in Python, or "".
func pythonNeeds() string {
	for _, module := range []string{"numpy", "torch"} {
		if exec.Command("python3", "-c", "import "+module).Run() != nil {
			return module
		}
	}
	return ""
}
