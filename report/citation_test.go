package report

import (
	"regexp"
	"strings"
	"testing"
)

// Every entry must be BibTeX that a program can read: balanced braces, a known
// kind, an author, a title and a year.
func TestCitationsAreBibTeX(t *testing.T) {
	keys := CitationKeys()
	list, err := Citations(keys...)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 12 {
		t.Errorf("%d entries", len(list))
	}
	for i, text := range list {
		if !regexp.MustCompile(`^@(article|inproceedings|misc)\{`+keys[i]+`,\n(  [a-z]+ += \{.*\},\n)+\}$`).MatchString(text) || strings.Count(text, "{") != strings.Count(text, "}") {
			t.Errorf("not an entry:\n%s", text)
		}
		for _, field := range []string{"author ", "title ", "year "} {
			if !strings.Contains(text, "\n  "+field) {
				t.Errorf("%s has no %s", keys[i], field)
			}
		}
		for _, r := range text {
			if r > 127 {
				t.Errorf("%s is not plain ASCII", keys[i])
			}
		}
	}
}

func TestCitationsByName(t *testing.T) {
	list, err := Citations("breast_cancer", "digits", "alpaydin1998digits", "breast-cancer")
	if err != nil || len(list) != 2 || !strings.Contains(list[0], "Wolberg") || !strings.Contains(list[1], "Alpaydin") {
		t.Errorf("%v %q", err, list)
	}
	_, err = Citations("kingma2015adam", "nobody2000")
	if err == nil || !strings.Contains(err.Error(), `"nobody2000"`) || !strings.Contains(err.Error(), "Try: ") {
		t.Errorf("error %v", err)
	}
}
