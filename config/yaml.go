package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A config is a page of text. The limits keep hostile input from costing more
// than a moment: the parser's time grows with the square of the depth, and its
// memory with the square of the number of lines.
const (
	maxSize  = 64 << 10
	maxDepth = 50
	maxLines = 2000
)

// parseYAML reads one document whose root may be anything; nil if it is empty.
func parseYAML(file string, text []byte) (*node, error) {
	r := &reader{file: file}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	if err := r.survey(text); err != nil {
		return nil, err
	}
	tree, err := parseAST(text)
	if err != nil {
		return nil, r.syntax(err)
	}
	var body ast.Node
	for _, d := range tree.Docs {
		switch {
		case d.Body != nil && d.Body.Type() == ast.DirectiveType:
			return nil, r.fail(tokenOrigin(d.Body.GetToken()), "", "directives (%) are not supported", "removing the line")
		case body != nil:
			return nil, r.fail(tokenOrigin(d.Start), "", "a second document begins here, want one", "removing the line --- and what does not belong to this config")
		case d.Body != nil:
			body = d.Body
		}
	}
	if body == nil || body.Type() == ast.CommentGroupType || body.Type() == ast.CommentType {
		return nil, nil
	}
	return r.convert(body)
}

// parseAST calls the YAML library; a panic of its is a syntax error.
func parseAST(text []byte) (tree *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", p)
		}
	}()
	return parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
}

// syntax is an error of the YAML library as one of ours.
func (r *reader) syntax(err error) *Error {
	const try = "a look at the indentation, quotes and brackets there and on the line before"
	var y yaml.Error
	if errors.As(err, &y) {
		return r.fail(tokenOrigin(y.GetToken()), "", "not valid YAML: "+clip(y.GetMessage()), try)
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return r.fail(origin{line: 1, column: 1}, "", "not valid YAML: "+clip(message), try)
}

func tokenOrigin(t *token.Token) origin {
	if t == nil || t.Position == nil {
		return origin{line: 1, column: 1}
	}
	return origin{line: max(t.Position.Line, 1), column: max(t.Position.Column, 1)}
}

// survey refuses what need not be parsed to be refused.
func (r *reader) survey(text []byte) error {
	if len(text) > maxSize {
		return &Error{File: r.file, What: fmt.Sprintf("the config is larger than %d KiB", maxSize>>10), Try: "a config, not a data file"}
	}
	depth, number := 0, 0
	for line := range strings.SplitSeq(string(text), "\n") {
		if number++; number > maxLines {
			return r.fail(origin{line: number, column: 1}, "", fmt.Sprintf("the config has more than %d lines", maxLines), "a config, not a data file; a long list in brackets, on fewer lines")
		}
		at := func(index int) origin {
			return origin{line: number, column: utf8.RuneCountInString(line[:index]) + 1}
		}
		for i, c := range line {
			if c == utf8.RuneError {
				if _, size := utf8.DecodeRuneInString(line[i:]); size == 1 {
					return r.fail(at(i), "", "not UTF-8 text", "saving the file as UTF-8")
				}
			}
			if c == 0 {
				return r.fail(at(i), "", "a zero byte", "a text file")
			}
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			}
			if depth > maxDepth {
				return r.fail(at(i), "", fmt.Sprintf("nested more than %d deep", maxDepth), "closing the brackets before")
			}
		}
		body := strings.TrimLeft(line, " \t")
		indent := line[:len(line)-len(body)]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && body != "" {
			return r.fail(at(tab), "", "a tab in the indentation", "spaces")
		}
		if marks := len(body) - len(strings.TrimLeft(body, "-?&!* \t")); marks > 2*maxDepth {
			return r.fail(at(len(indent)), "", fmt.Sprintf("nested more than %d deep", maxDepth), "one list item a line")
		}
	}
	return nil
}

// convert turns a parsed document into a tree of ours. What a config has no use
// for is refused here.
func (r *reader) convert(n ast.Node) (*node, error) {
	if n == nil {
		return &node{}, nil
	}
	o := tokenOrigin(n.GetToken())
	leaf := func(text string, quoted bool) (*node, error) {
		return &node{origin: o, text: text, quoted: quoted}, nil
	}
	refuse := func(what, try string) (*node, error) { return nil, r.fail(o, "", what, try) }
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.convertMapping(n, o)
	case *ast.MappingValueNode:
		return r.convertMapping(&ast.MappingNode{Values: []*ast.MappingValueNode{n}}, o)
	case *ast.SequenceNode:
		m := &node{origin: o, kind: list}
		for _, v := range n.Values {
			item, err := r.convert(v)
			if err != nil {
				return nil, err
			}
			m.items = append(m.items, item)
		}
		return m, nil
	case *ast.StringNode:
		t := n.GetToken().Type
		quoted := t == token.SingleQuoteType || t == token.DoubleQuoteType
		return &node{origin: o, text: n.Value, quoted: quoted, inset: inset(n.Value, n.GetToken().Origin, quoted)}, nil
	case *ast.LiteralNode:
		return &node{origin: o, text: n.Value.Value, quoted: true, inset: -1}, nil
	case *ast.NullNode, *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return leaf(n.GetToken().Value, false)
	case *ast.AnchorNode, *ast.AliasNode:
		return refuse("anchors and aliases (& and *) are not supported", "writing the value out, or in quotes if it is text")
	case *ast.TagNode:
		return refuse("tags (!) are not supported", "the value without its tag, or in quotes if it is text")
	}
	return refuse("a "+n.Type().YAMLName()+" is not supported here", "plain keys and values")
}

// inset is where a text begins in what is written for it: behind the quotation
// mark if it has one; -1 if it is written in another way, with escapes or over
// several lines.
func inset(text, written string, quoted bool) int {
	written = strings.TrimSpace(written)
	switch {
	case !quoted && written == text:
		return 0
	case quoted && len(written) == len(text)+2 && written[1:len(written)-1] == text:
		return 1
	}
	return -1
}

// convertMapping also refuses a key that occurs twice.
func (r *reader) convertMapping(n *ast.MappingNode, o origin) (*node, error) {
	m := &node{origin: o, kind: mapping}
	for i, v := range n.Values {
		at := tokenOrigin(v.Key.GetToken())
		if i == 0 && !n.IsFlowStyle {
			m.origin = at // the library points at the first colon
		}
		var key string
		switch k := v.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.MergeKeyNode, *ast.MappingKeyNode:
			return nil, r.fail(at, "", "merge keys (<<) and complex keys (?) are not supported", "plain keys")
		default:
			key = v.Key.GetToken().Value
		}
		if first := m.get(key); first != nil {
			return nil, r.fail(at, "", fmt.Sprintf("duplicate key %q, first on line %d", clip(key), first.at.line), "removing one of the two")
		}
		value, err := r.convert(v.Value)
		if err != nil {
			return nil, err
		}
		if value.line == 0 {
			value.origin = at
		}
		m.add(key, at, value)
	}
	return m, nil
}
