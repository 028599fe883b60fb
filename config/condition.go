package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// parse reads the text of a condition.
func (c *condition) parse() error {
	p := &conditionParser{rest: c.text}
	var err error
	if c.left, err = p.sum(0); err != nil {
		return err
	}
	for _, op := range []string{"<=", ">=", "==", "!=", "<", ">"} {
		if p.take(op) {
			c.operator = op
			break
		}
	}
	if c.operator == "" {
		return p.unexpected("a comparison (<, <=, >, >=, ==, !=)")
	}
	if c.right, err = p.sum(0); err != nil {
		return err
	}
	if p.space(); p.rest != "" {
		return p.unexpected("the end")
	}
	return nil
}

// conditionParser reads what is left of a condition.
type conditionParser struct{ rest string }

func (p *conditionParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// take skips a symbol if it stands next.
func (p *conditionParser) take(symbol string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, symbol)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *conditionParser) unexpected(want string) error {
	if p.rest == "" {
		return fmt.Errorf("want %s at its end", want)
	}
	return fmt.Errorf("want %s before %q", want, clip(p.rest))
}

func (p *conditionParser) sum(depth int) (*term, error) {
	return p.chain(depth, "+-", p.product)
}

func (p *conditionParser) product(depth int) (*term, error) {
	return p.chain(depth, "*/", p.factor)
}

// chain reads operands joined by any of the operators, from the left.
func (p *conditionParser) chain(depth int, operators string, operand func(int) (*term, error)) (*term, error) {
	t, err := operand(depth)
	for err == nil {
		p.space()
		if p.rest == "" || !strings.Contains(operators, p.rest[:1]) {
			return t, nil
		}
		operator := p.rest[0]
		p.rest = p.rest[1:]
		var right *term
		right, err = operand(depth)
		t = &term{operator: operator, left: t, right: right}
	}
	return nil, err
}

func (p *conditionParser) factor(depth int) (*term, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("brackets more than %d deep", maxDepth)
	}
	if p.take("(") {
		t, err := p.sum(depth + 1)
		if err == nil && !p.take(")") {
			err = p.unexpected("a closing bracket")
		}
		return t, err
	}
	if p.take("-") {
		t, err := p.factor(depth + 1)
		return &term{operator: '-', left: &term{}, right: t}, err
	}
	for _, quote := range []string{`"`, "'"} {
		if p.take(quote) {
			text, rest, ok := strings.Cut(p.rest, quote)
			if !ok {
				return nil, fmt.Errorf("a quotation mark is not closed")
			}
			p.rest = rest
			return &term{quote: text, quoted: true}, nil
		}
	}
	p.space()
	end := strings.IndexFunc(p.rest, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '.' })
	if end < 0 {
		end = len(p.rest)
	}
	// The sign of an exponent belongs to the number.
	if word := p.rest[:end]; end < len(p.rest) && (p.rest[end] == '-' || p.rest[end] == '+') && len(word) > 1 && strings.HasSuffix(strings.ToLower(word), "e") && unicode.IsDigit(rune(word[0])) {
		for end++; end < len(p.rest) && unicode.IsDigit(rune(p.rest[end])); end++ {
		}
	}
	word := p.rest[:end]
	switch {
	case word == "":
		return nil, p.unexpected("a number or a name")
	case decimalNumber.MatchString(word):
		x, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is too large", clip(word))
		}
		p.rest = p.rest[end:]
		return &term{number: x}, nil
	case !unicode.IsLetter([]rune(word)[0]):
		return nil, p.unexpected("a number or a name")
	}
	p.rest = p.rest[end:]
	return &term{name: word}, nil
}
