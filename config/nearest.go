package config

import (
	"strings"

	"leeway/internal/spelling"
)

// suggest says which of the names was probably meant, and lists them all.
func suggest(name string, names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	all := strings.Join(names, ", ")
	best := spelling.Nearest(name, names)
	if best == "" {
		return "one of " + all
	}
	return best + " (there are " + all + ")"
}
