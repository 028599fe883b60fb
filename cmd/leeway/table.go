package main

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// cell is an entry of a table, with its colour.
type cell struct{ text, colour string }

func plain(texts ...string) []cell {
	cells := make([]cell, len(texts))
	for i, t := range texts {
		cells[i] = cell{text: t}
	}
	return cells
}

// table writes rows in aligned columns: the first and those named in left from
// the left, the others from the right. A column with a title and nothing under
// it is left out.
type table struct {
	titles []string
	left   map[int]bool
	rows   [][]cell
}

func (t *table) add(cells ...cell) { t.rows = append(t.rows, cells) }

func (t *table) write(s *screen) {
	width := make([]int, len(t.titles))
	used := make([]bool, len(t.titles))
	for _, row := range t.rows {
		for i, c := range row {
			width[i] = max(width[i], utf8.RuneCountInString(c.text))
			used[i] = used[i] || c.text != ""
		}
	}
	for i, title := range t.titles {
		width[i] = max(width[i], utf8.RuneCountInString(title))
	}
	head := make([]cell, len(t.titles))
	for i, title := range t.titles {
		head[i] = cell{title, dim}
	}
	for _, row := range append([][]cell{head}, t.rows...) {
		var line, gap strings.Builder
		for i, c := range row {
			if !used[i] {
				continue
			}
			space := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c.text))
			if i > 0 && !t.left[i] {
				gap.WriteString(space)
				space = ""
			}
			if c.text != "" { // spaces only where something follows
				line.WriteString("  " + gap.String() + s.paint(c.colour, c.text))
				gap.Reset()
				gap.WriteString(space)
			} else {
				gap.WriteString("  " + space)
			}
		}
		s.printf("%s\n", line.String())
	}
}

// short writes a number with so many significant digits.
func short(x float64, digits int) string {
	if math.IsNaN(x) {
		return "-"
	}
	return strconv.FormatFloat(x, 'g', digits, 64)
}

// share writes a share as a percentage.
func share(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return strconv.FormatFloat(100*x, 'f', 1, 64) + " %"
}

// seconds writes a time.
func seconds(x float64) string {
	switch {
	case x < 10:
		return strconv.FormatFloat(x, 'f', 2, 64) + " s"
	case x < 120:
		return strconv.FormatFloat(x, 'f', 0, 64) + " s"
	case x < 7200:
		return strconv.FormatFloat(x/60, 'f', 0, 64) + " min"
	}
	return strconv.FormatFloat(x/3600, 'f', 1, 64) + " h"
}
