package spelling_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"leeway/internal/spelling"
)

// Truth: textbook values of the Levenshtein distance.
func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"kitten", "sitting", 3}, {"", "abc", 3}, {"abc", "", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}, {"β", "b", 1},
		{strings.Repeat("x", 1e6), "", 64},
	} {
		if got := spelling.Distance(c.a, c.b); got != c.want {
			t.Errorf("from %.20q to %q it is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// Truth: what makes a distance a metric.
func TestDistanceIsMetric(t *testing.T) {
	word := rapid.StringN(0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab, bc, ac := spelling.Distance(a, b), spelling.Distance(b, c), spelling.Distance(a, c)
		if ab != spelling.Distance(b, a) || ac > ab+bc || (ab == 0) != (string([]rune(a)) == string([]rune(b))) {
			t.Errorf("%q, %q, %q: %d, %d, %d", a, b, c, ab, bc, ac)
		}
	})
}

func TestNearest(t *testing.T) {
	names := []string{"adam", "adamw", "heavy-ball"}
	for given, want := range map[string]string{
		"ADAM": "adam", "adma": "adam", "adamv": "adam", "heavy": "heavy-ball", "sgd": "", "": "",
		strings.Repeat("x", 1e6): "",
	} {
		if got := spelling.Nearest(given, names); got != want {
			t.Errorf("%.20q: %q, want %q", given, got, want)
		}
	}
}

func ExampleNearest() {
	fmt.Println(spelling.Nearest("Nestrov", []string{"gd", "heavy-ball", "nesterov"}))
	// Output: nesterov
}
