package data

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Text is a text as tokens, one for each of its characters.
type Text struct {
	// Name is what messages call the text.
	Name string
	// Vocabulary holds the distinct characters in the order of their code
	// points; token t is Vocabulary[t].
	Vocabulary []rune
	// Tokens are the text.
	Tokens []int32
}

// ReadText reads a text in UTF-8. A byte order mark at its beginning is
// dropped; line ends are characters as others are. Bytes that are not UTF-8 and
// a text of fewer than two characters are errors that name the place. Memory
// stays in proportion to the file.
func ReadText(r io.Reader, name string) (*Text, error) {
	content, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("data: %s: byte %d: %w", name, len(content), err)
	}
	if len(content) > mostBytes {
		return nil, fmt.Errorf("data: %s: more than %d bytes. Try: a part of it", name, mostBytes)
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	if at := invalid(content); at >= 0 {
		line := 1 + bytes.Count(content[:at], []byte("\n"))
		return nil, fmt.Errorf("data: %s: line %d: byte %d is not UTF-8 (%#x). Try: iconv -t utf-8", name, line, at, content[at])
	}
	t := &Text{Name: name, Tokens: make([]int32, 0, utf8.RuneCount(content))}
	seen := map[rune]int32{}
	for _, c := range string(content) {
		if _, ok := seen[c]; !ok {
			seen[c] = 0
			t.Vocabulary = append(t.Vocabulary, c)
		}
	}
	slices.Sort(t.Vocabulary)
	for i, c := range t.Vocabulary {
		seen[c] = int32(i)
	}
	for _, c := range string(content) {
		t.Tokens = append(t.Tokens, seen[c])
	}
	if len(t.Tokens) < 2 {
		return nil, fmt.Errorf("data: %s: a text of %d characters. Try: at least 2, so that one follows the other", name, len(t.Tokens))
	}
	return t, nil
}

// invalid is the place of the first byte that is not UTF-8, or -1.
func invalid(content []byte) int {
	for i := 0; i < len(content); {
		if content[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, size := utf8.DecodeRune(content[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// Encode turns s into tokens. A character that the vocabulary lacks is an error.
func (t *Text) Encode(s string) ([]int32, error) {
	tokens := make([]int32, 0, utf8.RuneCountInString(s))
	for at, c := range s {
		i := sort.Search(len(t.Vocabulary), func(i int) bool { return t.Vocabulary[i] >= c })
		if i == len(t.Vocabulary) || t.Vocabulary[i] != c {
			return nil, fmt.Errorf("data: %s: the character %q at byte %d does not occur in the text. Try: other words", t.Name, c, at)
		}
		tokens = append(tokens, int32(i))
	}
	return tokens, nil
}

// Decode turns tokens into characters. It panics if there is no such token.
func (t *Text) Decode(tokens []int32) string {
	var s strings.Builder
	for _, token := range tokens {
		s.WriteRune(t.Vocabulary[token])
	}
	return s.String()
}

// Windows cuts the text into sequences of length tokens, each beginning stride
// tokens after the one before (stride 0: length, so that they do not overlap).
// The tokens that follow are what is to be predicted. What is left at the end
// is dropped.
//
// A negative stride, a length below 1 or with which not one sequence fits, and
// more than 2^30 tokens in all are errors.
func (t *Text) Windows(length, stride int) (*Sequences, error) {
	if stride == 0 {
		stride = length
	}
	switch {
	case length < 1 || stride < 0:
		return nil, fmt.Errorf("data: %s: windows of %d characters, %d apart. Try: at least 1", t.Name, length, stride)
	case length >= len(t.Tokens):
		return nil, fmt.Errorf("data: %s: windows of %d characters and the one after, but the text has %d. Try: at most %d", t.Name, length, len(t.Tokens), len(t.Tokens)-1)
	}
	n := (len(t.Tokens)-1-length)/stride + 1
	if n > largest/length {
		return nil, fmt.Errorf("data: %s: %d windows of %d characters are more than %d tokens. Try: a larger stride", t.Name, n, length, largest)
	}
	s := &Sequences{Name: t.Name, N: n, Length: length, Vocab: len(t.Vocabulary)}
	s.X, s.Y = make([]int32, 0, n*length), make([]int, 0, n*length)
	for i := range n {
		from := i * stride
		s.X = append(s.X, t.Tokens[from:from+length]...)
		for _, next := range t.Tokens[from+1 : from+length+1] {
			s.Y = append(s.Y, int(next))
		}
	}
	return s, nil
}
