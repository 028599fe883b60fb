// Package spelling finds the name that a misspelt one was probably meant to be.
package spelling

import "strings"

// compared is how many characters of a name count, so that a name of any length
// is cheap.
const compared = 64

// Nearest is the one of names that given was probably meant to be, or "" where
// more than half of it would have to change. Names are in lower case; the case of
// given does not matter, and its being the beginning of a name counts as one
// mistake.
func Nearest(given string, names []string) string {
	given = strings.ToLower(string(clipped(given)))
	best, least := "", len([]rune(given))/2+1
	for _, name := range names {
		d := Distance(given, name)
		if given != "" && strings.HasPrefix(name, given) {
			d = min(d, 1)
		}
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// Distance is the Levenshtein distance of a and b: the number of characters to
// insert, delete or replace. Only the first 64 of each count.
func Distance(a, b string) int {
	from, to := clipped(a), clipped(b)
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

// clipped is the beginning of a name, as characters.
func clipped(name string) []rune {
	var runes []rune
	for _, r := range name {
		if len(runes) == compared {
			break
		}
		runes = append(runes, r)
	}
	return runes
}
