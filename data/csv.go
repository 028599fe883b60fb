package data

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ReadCSV reads a numeric table: comma-separated, one row a line, all rows of
// the same length, the last column the class as a whole number. Classes are
// 0 ... C-1 and each occurs. A first line without any number is a header and
// names the features. Empty lines are skipped.
//
// Everything else is an error that names line and column: a field that is no
// number, NaN, an infinity or a number out of range, a short or long row, a
// class that is missing. name is what the set and messages are called. Memory
// stays in proportion to the input.
func ReadCSV(r io.Reader, name string) (*Set, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\uFEFF" {
		_, _ = in.Discard(3) // the byte order mark of spreadsheet programs
	}
	records := csv.NewReader(in)
	records.ReuseRecord = true
	records.TrimLeadingSpace = true
	records.FieldsPerRecord = -1 // checked here, with a message of our own
	s := &Set{Name: name}
	t := table{name: name, set: s}
	for first := true; ; first = false {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, syntax(name, err)
		}
		t.line, _ = records.FieldPos(0)
		if first {
			s.D = len(record) - 1
			if s.D < 1 {
				return nil, t.fail(1, "is the only one", "features and then the class, separated by commas")
			}
			if header(record) {
				s.FeatureNames = copyNames(record[:s.D])
				continue
			}
		}
		if err := t.add(record); err != nil {
			return nil, err
		}
	}
	if err := t.finish(); err != nil {
		return nil, err
	}
	return s, nil
}

// table is a set that is being read.
type table struct {
	name   string
	set    *Set
	line   int // of the record at hand
	latest int // the largest class so far
	where  int // its line
}

func (t *table) fail(column int, what, try string) error {
	return fmt.Errorf("data: %s: line %d: column %d %s. Try: %s", t.name, t.line, column, what, try)
}

// add appends one row.
func (t *table) add(record []string) error {
	s := t.set
	if len(record) != s.D+1 {
		return t.fail(min(len(record), s.D+1), fmt.Sprintf("ends a row of %d fields, the first has %d", len(record), s.D+1), "rows of one length")
	}
	for j, field := range record[:s.D] {
		v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return t.fail(j+1, fmt.Sprintf("is out of range (%.40q)", field), "a number that float64 holds")
		case err != nil:
			return t.fail(j+1, fmt.Sprintf("is no number (%.40q)", field), "a decimal number; text belongs in the first line only, and there in every field")
		case math.IsNaN(v) || math.IsInf(v, 0):
			return t.fail(j+1, fmt.Sprintf("is %v", v), "removing or imputing the row")
		}
		s.X = append(s.X, v)
	}
	class, err := strconv.ParseUint(strings.TrimSpace(record[s.D]), 10, 31)
	if err != nil {
		return t.fail(s.D+1, fmt.Sprintf("is no class (%.40q)", record[s.D]), "whole numbers 0, 1, 2, ... in the last column")
	}
	if s.Y = append(s.Y, int(class)); int(class) > t.latest {
		t.latest, t.where = int(class), t.line
	}
	return nil
}

// finish counts rows and classes. A largest class beyond the number of rows
// leaves some class without rows; it is refused before anything is allocated.
func (t *table) finish() error {
	s := t.set
	s.N, s.Classes = len(s.Y), t.latest+1
	t.line = t.where
	switch {
	case s.N == 0:
		return fmt.Errorf("data: %s: no rows. Try: at least one line of numbers", t.name)
	case s.Classes > s.N:
		return t.fail(s.D+1, fmt.Sprintf("is class %d, but with %d rows some class below it has none", t.latest, s.N), "classes 0, 1, 2, ... without gaps")
	}
	for c, n := range s.Counts() {
		if n == 0 {
			return t.fail(s.D+1, fmt.Sprintf("is class %d, but no row has class %d", t.latest, c), "classes 0, 1, 2, ... without gaps")
		}
	}
	return nil
}

// header tells whether every field is a name: neither a number nor empty.
func header(record []string) bool {
	for _, field := range record {
		field = strings.TrimSpace(field)
		if _, err := strconv.ParseFloat(field, 64); field == "" || err == nil || errors.Is(err, strconv.ErrRange) {
			return false
		}
	}
	return true
}

// copyNames copies the fields out of the reader's buffer.
func copyNames(fields []string) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.Clone(strings.TrimSpace(f))
	}
	return names
}

// syntax says what encoding/csv refused, or passes on an error of the reader.
func syntax(name string, err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fmt.Errorf("data: %s: line %d: byte %d: %w. Try: plain numbers without quotes", name, p.Line, p.Column, p.Err)
	}
	return fmt.Errorf("data: %s: %w", name, err)
}
