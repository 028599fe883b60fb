package report

import (
	"html"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"leeway/figure"
	"leeway/trace"
	"pgregory.net/rapid"
)

// The page must not reach for anything outside of itself.
func TestPageLoadsNothing(t *testing.T) {
	for _, run := range []Run{toyRun(), digitsRun(41), {}} {
		page := pageOf(t, run)
		if found := leaks(page); len(found) > 0 {
			t.Errorf("could load something: %q", found)
		}
		mustHold(t, page, `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"`)
	}
	// The test can fail.
	for _, page := range []string{`<img src="https://example.org/x.png">`, `<link href=//example.org/x.css>`, `<style>@import "x"</style>`, `<script>fetch("x")</script>`} {
		if len(leaks(page)) == 0 {
			t.Errorf("%s is taken for harmless", page)
		}
	}
}

// leaks lists what in a page could load something.
func leaks(page string) []string {
	found := regexp.MustCompile(`(?i)@import|url\s*\(|<(iframe|object|embed|base)\b|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts`).FindAllString(page, -1)
	attributes := regexp.MustCompile(`(?i)\b(src|href|srcset|action|poster|data)\s*=\s*["']?([^"'\s>]+)`)
	for _, m := range attributes.FindAllStringSubmatch(stripScripts(page), -1) {
		if !strings.HasPrefix(m[2], "#") && !strings.HasPrefix(m[2], "data:") {
			found = append(found, m[0])
		}
	}
	return found
}

// stripScripts removes what is between script tags.
func stripScripts(page string) string {
	return regexp.MustCompile(`(?s)<script.*?</script>`).ReplaceAllString(page, "")
}

// hostile is text that would act on a page that does not escape it.
const hostile = `</script><script>alert(1)</script></title></style><img src=x onerror=alert(2)>"'&<!--`

func TestHostileTextIsInert(t *testing.T) {
	run := toyRun()
	clean := pageOf(t, run)
	run.Title, run.Problem, run.Config, run.Version, run.Machine, run.Command = hostile, hostile, hostile, hostile, hostile, hostile
	run.Citations = []string{hostile}
	run.Summary.Theory.Sentence, run.Summary.Theory.ModifiedLoss, run.Summary.Theory.ModifiedLossNote = hostile, hostile, hostile
	run.Summary.Theory.Optimizer, run.Summary.Theory.EpsMode, run.Summary.Theory.RegimeLargeGradient = hostile, hostile, hostile
	run.Summary.Trust.Verdict, run.Summary.Trust.Sentence, run.Summary.Status, run.Summary.Diverged = hostile, hostile, hostile, hostile
	run.Summary.Processes[hostile] = trace.ProcessSummary{Status: hostile, Reason: hostile}
	run.Summary.Distance[hostile] = 1
	run.Columns = append(run.Columns, hostile+"/x", "a</script><b>/loss", "a</script><b>/theta_1", "a</script><b>/theta_2")
	for _, quantity := range []string{"loss", "theta_1", "theta_2"} {
		run.Data["a</script><b>/"+quantity] = run.Data["discrete/"+quantity]
	}
	run.Contours.Marks = append(run.Contours.Marks, figure.Mark{X: 1, Y: 1, Label: hostile})
	run.Contours.Curves[0].Name = hostile
	page := pageOf(t, run)
	for tag, pattern := range map[string]string{
		"scripts": `(?i)<script\b`, "ends of scripts": `(?i)</script`, "images": `(?i)<img\b`, "styles": `(?i)</?style\b`, "titles": `(?i)</?title\b`, "bold": `(?i)<b>`,
	} {
		re := regexp.MustCompile(pattern)
		want := len(re.FindAllString(clean, -1))
		if got := len(re.FindAllString(page, -1)); got != want {
			t.Errorf("%s: %d, want %d as on a harmless page", tag, got, want)
		}
	}
	mustHold(t, page, html.EscapeString(`</script><script>alert(1)`))
}

// Whatever the columns hold, there is a page.
func TestAnythingCanBeReported(t *testing.T) {
	number := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1}))
	names := []string{"step", "t", "x", "/", "weird/loss", "flow-1/distance", "flow-2/loss", "discrete/loss", "discrete/theta_1", "discrete/theta_2",
		"discrete/penalized_share", "discrete/anti_penalized_share", "discrete/trust_max", "discrete/drift_ratio"}
	status := rapid.SampledFrom([]string{"", trace.StatusDone, trace.StatusRunaway, trace.StatusDiverged, trace.StatusStiff, "?"})
	rapid.Check(t, func(t *rapid.T) {
		run := Run{
			Title: rapid.String().Draw(t, "title"), Columns: rapid.SliceOf(rapid.SampledFrom(names)).Draw(t, "columns"),
			Data: map[string][]float64{}, Citations: rapid.SliceOf(rapid.String()).Draw(t, "citations"),
		}
		for _, name := range names {
			if rapid.Bool().Draw(t, "present") {
				run.Data[name] = rapid.SliceOfN(number, 0, 6).Draw(t, name)
			}
		}
		run.Summary.Processes = map[string]trace.ProcessSummary{"flow-1": {Status: status.Draw(t, "status"), Order: rapid.IntRange(-1, 3).Draw(t, "order")}}
		run.Summary.Distance = map[string]trace.Number{"flow-1": trace.Number(number.Draw(t, "d1")), "flow-2": trace.Number(number.Draw(t, "d2")), "z": trace.Number(number.Draw(t, "d3"))}
		run.Summary.Theory.A, run.Summary.Theory.SwitchGradient = number.Draw(t, "a"), number.Draw(t, "switch")
		if rapid.Bool().Draw(t, "contours") {
			run.Contours = &Contours{XMin: number.Draw(t, "xmin"), XMax: number.Draw(t, "xmax"), YMax: 1, Loss: [][]float64{{1, 2}, {3, number.Draw(t, "loss")}}}
		}
		if err := Write(io.Discard, run); err != nil {
			t.Fatal(err)
		}
		if _, err := Figures(run); err != nil {
			t.Fatal(err)
		}
	})
}
