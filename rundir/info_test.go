package rundir

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInfo(t *testing.T) {
	d := newRun(t)
	want := Info{
		Format: Format, Name: "toy", Hash: testHash, Version: "v0.1.0", Machine: ThisMachine(),
		Created: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC),
		Config:  json.RawMessage(`{"name":"toy","a<b":[1,2.5e-7]}`), Status: "diverged",
		Summary:    json.RawMessage(`{"distance":{"flow-2":"NaN"}}`),
		Parameters: 2, Problem: "Rosenbrock & co, 2 parameters", Citations: []string{"@article{x,\n title={y}}"},
	}
	given := want
	given.Format, given.Hash = 0, "" // WriteInfo's to set
	if err := d.WriteInfo(given); err != nil {
		t.Fatal(err)
	}
	got, err := d.ReadInfo()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	text, _ := os.ReadFile(d.join(InfoFile))
	for _, part := range []string{
		`"format": 1,`, `"hash": "` + testHash + `",`, `"created": "2026-11-23T01:02:03Z",`, `"a<b": [`,
		`"os": "`, `"arch": "`, `"cpus": `, `"go": "go`, `"parameters": 2,`, `Rosenbrock & co`,
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("run.json does not have %s:\n%s", part, text)
		}
	}

	// Nothing known yet: summary is null, citations and config are empty.
	if err := d.WriteInfo(Info{Name: "toy", Status: "running"}); err != nil {
		t.Fatal(err)
	}
	text, _ = os.ReadFile(d.join(InfoFile))
	for _, part := range []string{`"summary": null`, `"citations": []`, `"config": {}`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("run.json does not have %s:\n%s", part, text)
		}
	}
	if got, err := d.ReadInfo(); err != nil || got.Summary != nil {
		t.Error(got, err)
	}
}

func TestWriteInfoRefuses(t *testing.T) {
	d := newRun(t)
	before, _ := os.ReadFile(d.join(InfoFile))
	isClear(t, d.WriteInfo(Info{Name: "toy"}), "status")
	isClear(t, d.WriteInfo(Info{Name: "toy", Status: "done", Config: json.RawMessage("{")}), "cannot be written")
	isClear(t, d.WriteInfo(Info{Name: "toy", Status: "done", Config: json.RawMessage("[]")}), "not an object")
	if after, _ := os.ReadFile(d.join(InfoFile)); string(after) != string(before) {
		t.Errorf("run.json is now %s", after)
	}
}

func TestReadInfoRefuses(t *testing.T) {
	d := newRun(t)
	good, err := os.ReadFile(d.join(InfoFile))
	if err != nil {
		t.Fatal(err)
	}
	replace := func(old, new string) string { return strings.Replace(string(good), old, new, 1) }
	for want, text := range map[string]string{
		"unexpected end of JSON input":    "",
		"unknown format: it has 7":        replace(`"format": 1`, `"format": 7`),
		"no format number":                replace(`"format": 1,`, ``),
		"cannot unmarshal string":         replace(`"parameters": 0`, `"parameters": "0"`),
		"has not 64 hexadecimal digits":   replace(testHash, testHash[:63]),
		"lacks a name or a status":        replace(`"name": "toy"`, `"name": ""`),
		"config is not an object":         replace("{\n    \"steps\": 400\n  }", "null"),
		"run.json:1:1: invalid character": "x",
		"after top-level value":           string(good) + "x",
	} {
		if text == string(good) {
			t.Errorf("%s: nothing was replaced in %s", want, good)
		}
		if err := os.WriteFile(d.join(InfoFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := d.ReadInfo()
		isClear(t, err, want, d.join(InfoFile))
	}
	// Every proper prefix is refused, except that the last newline may be missing.
	for n := range len(good) - 1 {
		if _, err := parseInfo(good[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a run.json", n, len(good))
		}
	}
	// A later program may add a field.
	if _, err := parseInfo([]byte(replace(`"name"`, `"new": {}, "name"`))); err != nil {
		t.Error(err)
	}
	os.Remove(d.join(InfoFile))
	if _, err := d.ReadInfo(); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	os.Mkdir(d.join(InfoFile), 0o755)
	_, err = d.ReadInfo()
	isClear(t, err, "cannot read run.json")
}

// Any bytes give an error or an Info that is written and read as itself.
func FuzzParseInfo(f *testing.F) {
	f.Add([]byte(`{"format":1,"name":"a","hash":"` + testHash + `","status":"done","config":{},"created":"2026-11-23T01:02:03Z"}`))
	f.Add([]byte(`{"format":1,"name":"a","hash":"` + testHash + `","status":"done","config":{"a":[]},"summary":{"b":1}}`))
	f.Add([]byte(`{"format":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		info, err := parseInfo(text)
		if err != nil {
			return
		}
		again, err := json.Marshal(info)
		if err != nil {
			return // a year that RFC 3339 cannot write
		}
		got, err := parseInfo(again)
		if err != nil {
			t.Fatal(err)
		}
		final, err := json.Marshal(got)
		if err != nil || string(final) != string(again) {
			t.Fatalf("%s became %s (%v)", again, final, err)
		}
	})
}
