package report

import (
	"bytes"
	"encoding/xml"
	"html"
	"regexp"
	"testing"
)

// Colours of the inlined figures follow the page: none is left as a number.
func TestInlinedFiguresFollowTheScheme(t *testing.T) {
	figures, err := Figures(toyRun())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if left := regexp.MustCompile(`#[0-9A-F]{6}`).FindString(string(schemed(f.SVG))); left != "" {
			t.Errorf("%s: colour %s is in no scheme", f.Name, left)
		}
	}
}

func TestFigures(t *testing.T) {
	run := toyRun()
	figures, err := Figures(run)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range figures {
		if names[f.Name] || f.Title == "" || f.Caption == "" || f.Alt == "" {
			t.Errorf("%+v is incomplete or occurs twice", f.Name)
		}
		names[f.Name] = true
		if err := xml.Unmarshal(f.SVG, new(struct{})); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if !bytes.Contains(f.SVG, []byte("<title>"+html.EscapeString(f.Title)+"</title>")) {
			t.Errorf("%s has no title", f.Name)
		}
	}
	var pdf bytes.Buffer
	if err := figures[len(figures)-1].WritePDF(&pdf); err != nil || !names["paths"] || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Errorf("paths as PDF: %v", err)
	}
	if none, err := Figures(Run{}); len(none) != 0 || err != nil {
		t.Error("figures of nothing")
	}
}
