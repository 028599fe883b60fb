package config

import (
	"strings"
	"unicode/utf8"
)

// suggest says which of the names was probably meant, and lists them all.
func suggest(name string, names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	all := strings.Join(names, ", ")
	best, least := "", utf8.RuneCountInString(name)/2+1
	for _, n := range names {
		if d := edits(strings.ToLower(clip(name)), n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return "one of " + all
	}
	return best + " (there are " + all + ")"
}

// edits is the Levenshtein distance of a and b.
func edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, d := range to {
			change := diagonal
			if c != d {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
