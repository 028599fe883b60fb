package report

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"leeway/trace"
)

// pageOf writes the page of a run. With LEEWAY_REPORT_OUT set to a folder, it
// also leaves the page there to be looked at.
func pageOf(t testing.TB, run Run) string {
	t.Helper()
	var buf bytes.Buffer
	if err := Write(&buf, run); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("LEEWAY_REPORT_OUT"); dir != "" {
		name := regexp.MustCompile(`\W+`).ReplaceAllString(t.Name(), "-")
		if err := os.WriteFile(dir+"/"+name+".html", buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return buf.String()
}

// mustHold fails for every text that the page lacks.
func mustHold(t *testing.T, page string, texts ...string) {
	t.Helper()
	plain := html.UnescapeString(page)
	for _, text := range texts {
		if !strings.Contains(page, text) && !strings.Contains(plain, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
}

// anchors lists the figures of a page in their order.
func anchors(page string) []string {
	var names []string
	for _, m := range regexp.MustCompile(`<figure id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		names = append(names, m[1])
	}
	return names
}

func TestPageOfToy(t *testing.T) {
	run := toyRun()
	if p := run.Summary.Processes["flow-2"]; p.Step <= 0 || p.Step >= 700 {
		t.Fatalf("flow-2 should run away within the run, not at step %d", p.Step)
	}
	page := pageOf(t, run)
	mustHold(t, page,
		"<h1>toy-bilinear</h1>", "bilinear toy", // title
		run.Summary.Trust.Sentence, run.Summary.Bias.Sentence, // verdict
		"−46.7", "6.38 × 10⁻⁵", "does not hold", `class="badge poor"`, // key numbers, colour and word
		"<span>eps_mode</span> <strong>inside</strong>", "√(v + ε), as in the paper", // the convention
		run.Summary.Processes["flow-2"].Reason, "ran away at step",
		"E - (h/2) 46.7 |grad E|_1", "for gradients far above sqrt(eps)",
		"counted up to step", "9\u202f100", "120 ms",
		"How to read this", "Perturbed one-norm", "Trust number", // glossary
		"beta2: 0.97", "leeway run toy-bilinear.yaml optimizer.beta2=0.97", "@inproceedings{cattaneo2024adam,",
		"linux/amd64", "0.1.0",
	)
	want := "distance perturbed-one-norm loss regimes bias-ratio trust trust-share drift-cosine drift-ratio paths"
	if got := strings.Join(anchors(page), " "); got != want {
		t.Errorf("figures %s, want %s", got, want)
	}
	if strings.Contains(page, "Nearest process</p>\n      <p class=\"value\">flow-2") {
		t.Error("a process that ran away is praised as the nearest")
	}
	for _, alt := range regexp.MustCompile(`aria-label="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if strings.TrimSpace(alt[1]) == "" {
			t.Error("an empty text for those who cannot see a figure")
		}
	}
}

func TestPageOfDigits(t *testing.T) {
	page := pageOf(t, digitsRun(41))
	mustHold(t, page, "<h1>digits-mlp</h1>", `class="badge good"`, "holds", "times nearer than flow-1", "Test accuracy", "93 %",
		"halves the distance of flow-1, memoryless-1 and moments-1 (order 1)", "quarters that of flow-2, memoryless-2 and moments-2 (order 2)")
	if strings.Contains(page, `id="paths"`) {
		t.Error("paths of a problem with thousands of parameters")
	}
}

func TestMissingColumnsLeaveOutFigures(t *testing.T) {
	run := digitsRun(5)
	run.Columns = []string{"step", "t", "discrete/loss", "flow-1/loss", "flow-1/distance", "discrete/penalized_share"}
	run.Data["flow-1/distance"] = []float64{math.NaN(), math.NaN()} // measured, but never a number
	page := pageOf(t, run)
	if got := strings.Join(anchors(page), " "); got != "loss" {
		t.Errorf("figures %q, want the loss alone", got)
	}
}

func TestEmptyRun(t *testing.T) {
	page := pageOf(t, Run{})
	mustHold(t, page, "A run without a name", "This run holds no summary yet.", "No quantity was measured.")
	run := Run{Summary: trace.Summary{Status: trace.StatusDiverged, Diverged: "the loss became infinite at step 12"}}
	mustHold(t, pageOf(t, run), "The optimizer itself diverged: the loss became infinite at step 12.", `class="badge poor"`)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriteReturnsTheWritersError(t *testing.T) {
	if err := Write(broken{}, Run{}); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

// The vendored library is the published one, unchanged, and its licence is kept.
func TestVendoredLibrary(t *testing.T) {
	for text, want := range map[string]string{
		uplotJS:      "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		uplotCSS:     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
		uplotLicense: "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(text))); got != want {
			t.Errorf("sha256 %s, want %s", got, want)
		}
	}
	mustHold(t, pageOf(t, Run{}), "Copyright (c) 2022 Leon Sorokin", "MERCHANTABILITY")
}
