package expression

import (
	"fmt"
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the largest length of an expression, in bytes: formulas of
// optimizers are a line long.
const MaxLength = 1000

// token is a word of an expression: a number, a name, or an operator.
type token struct {
	kind   tokenKind
	text   string // as written; of an operator its sign, ^ for **
	value  float64
	offset int
}

type tokenKind int

const (
	end tokenKind = iota
	numeral
	name
	operator
)

// scan cuts a text into tokens; the last is end.
func scan(text string) ([]token, error) {
	if len(text) > MaxLength {
		return nil, at(text, 0, fmt.Sprintf("an expression of %d bytes", len(text)), fmt.Sprintf("at most %d", MaxLength))
	}
	var tokens []token
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c >= '0' && c <= '9' || c == '.':
			t, err := number(text, i)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
			i += len(t.text)
		case letter(c):
			j := i + 1
			for j < len(text) && (letter(text[j]) || text[j] >= '0' && text[j] <= '9') {
				j++
			}
			tokens = append(tokens, token{kind: name, text: text[i:j], offset: i})
			i = j
		case c == '*' && i+1 < len(text) && text[i+1] == '*':
			tokens = append(tokens, token{kind: operator, text: "^", offset: i})
			i += 2
		case c == '+' || c == '-' || c == '*' || c == '/' || c == '^' || c == '(' || c == ')' || c == ',':
			tokens = append(tokens, token{kind: operator, text: text[i : i+1], offset: i})
			i++
		default:
			return nil, stranger(text, i)
		}
	}
	return append(tokens, token{kind: end, offset: len(text)}), nil
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// number is the number that begins at offset i.
func number(text string, i int) (token, error) {
	j := i
	digits := func() (n int) {
		for j < len(text) && text[j] >= '0' && text[j] <= '9' {
			j, n = j+1, n+1
		}
		return n
	}
	count := digits()
	if j < len(text) && text[j] == '.' {
		j++
		count += digits()
	}
	if count == 0 {
		return token{}, at(text, i, "a point without digits", "a number such as 0.5")
	}
	if j < len(text) && (text[j] == 'e' || text[j] == 'E') {
		mark := j
		j++
		if j < len(text) && (text[j] == '+' || text[j] == '-') {
			j++
		}
		if digits() == 0 {
			return token{}, at(text, mark, "an exponent without digits", "a number such as 1e-8")
		}
	}
	value, err := strconv.ParseFloat(text[i:j], 64)
	if err != nil || math.IsInf(value, 0) {
		return token{}, at(text, i, "the number "+text[i:j]+", which float64 does not hold", "a number up to 1.8e308")
	}
	return token{kind: numeral, text: text[i:j], value: value, offset: i}, nil
}

// replacements are what to write in place of characters that people try.
var replacements = map[rune]string{
	'=': "the right-hand side alone", '²': "^2", '³': "^3", '×': "*", '·': "*", '÷': "/", '−': "-", '√': "sqrt(...)",
	'|': "abs(...)", '[': "(", ']': ")", '{': "(", '}': ")", '<': "min(...) or max(...)", '>': "min(...) or max(...)",
	'%': "numbers, names, + - * / ^ and parentheses", 'ε': "eps", 'β': "beta", 'θ': "theta", ';': ", between arguments",
}

// stranger is the error about a character that no token begins with.
func stranger(text string, i int) error {
	r, size := utf8.DecodeRuneInString(text[i:])
	if r == utf8.RuneError && size <= 1 {
		return at(text, i, "a byte that is not UTF-8", "plain text")
	}
	try, ok := replacements[r]
	if !ok {
		try = "numbers, names, + - * / ^ and parentheses"
	}
	if !unicode.IsPrint(r) {
		return at(text, i, fmt.Sprintf("unexpected character %U", r), try)
	}
	return at(text, i, fmt.Sprintf("unexpected character %q", string(r)), try)
}
