package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The truth is a real browser: every chart of the page must be drawn, without an
// error in its console. It needs Chromium and the slow suite.
func TestPageInBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil || os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("needs LEEWAY_SLOW=1 and chromium")
	}
	for name, run := range map[string]Run{"toy": toyRun(), "digits": digitsRun(41)} {
		page := pageOf(t, run)
		dom, console := browse(t, chromium, page)
		if strings.Contains(console, "CONSOLE") {
			t.Errorf("%s: the console says\n%s", name, console)
		}
		want := strings.Count(page, `<figure id=`)
		if got := strings.Count(dom, `class="u-over"`); got == 0 || got+strings.Count(dom, "<svg") < want {
			t.Errorf("%s: %d charts drawn of %d", name, got, want)
		}
	}
	// The negative half: a page whose script fails is noticed.
	bad := strings.Replace(pageOf(t, toyRun()), "</body>", "<script>nothing.there()</script></body>", 1)
	bad = withoutPolicy(bad)
	if _, console := browse(t, chromium, bad); !strings.Contains(console, "CONSOLE") {
		t.Error("an error of a script does not show")
	}
}

// withoutPolicy lets a page run scripts that it did not come with.
func withoutPolicy(page string) string {
	i := strings.Index(page, `<meta http-equiv="Content-Security-Policy"`)
	if i < 0 {
		return page
	}
	return page[:i] + page[i+strings.Index(page[i:], ">")+1:]
}

// browse loads a page from a file and returns its document after its scripts ran,
// and what the browser logged.
func browse(t *testing.T, chromium, page string) (dom, console string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--virtual-time-budget=5000", "--enable-logging=stderr", "--dump-dom", "file://"+file)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, log.String())
	}
	return out.String(), log.String()
}
