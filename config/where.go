package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// condition is a filter of a plan: two expressions and a comparison between them.
//
//	condition  = sum ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum
//	sum        = product { ("+" | "-") product }
//	product    = factor { ("*" | "/") factor }
//	factor     = number | name | "-" factor | "(" sum ")" | quoted text
//
// A name is a path of the config, or its last part where only one path that the
// plan sets, or else only one of the config, ends in it.
type condition struct {
	text        string
	at          origin
	left, right *term
	operator    string
}

// term is a node of an expression.
type term struct {
	operator    byte // 0 for a leaf
	left, right *term
	number      float64
	name, quote string
	quoted      bool
}

// conditions reads where: one condition or a list of them, all of which must hold.
func (e *expansion) conditions(n *node) ([]*condition, error) {
	if n == nil {
		return nil, nil
	}
	items := []*node{n}
	if n.kind == list {
		items = n.items
	}
	var all []*condition
	for _, item := range items {
		if item.kind != scalar || item.null() {
			return nil, e.fail(item.origin, "sweep.where", "want a condition, got "+item.got(), "where: beta2 >= beta1")
		}
		c := &condition{text: item.text, at: item.origin}
		if err := c.parse(); err != nil {
			return nil, e.fail(item.origin, "sweep.where", fmt.Sprintf("%q: %v", clip(item.text), err), "a comparison such as beta2 >= beta1 or lr * steps < 10")
		}
		all = append(all, c)
	}
	return all, nil
}

// keeps reports whether all conditions hold for a cell, given as written and, if it
// is valid, as resolved.
func (e *expansion) keeps(written, resolved *node) (bool, error) {
	for _, c := range e.where {
		holds, err := c.holds(func(name string) (*node, error) { return e.lookup(name, written, resolved) })
		if err != nil {
			return false, e.fail(c.at, "sweep.where", fmt.Sprintf("%q: %v", clip(c.text), err), "the path of a key that all cells have, such as optimizer.beta2")
		}
		if !holds {
			return false, nil
		}
	}
	return true, nil
}

// lookup finds the value of a name.
func (e *expansion) lookup(name string, written, resolved *node) (*node, error) {
	trees := []*node{resolved, written, e.baseTree}
	for _, tree := range trees {
		if n := tree.find(name); tree != nil && n != nil && n.kind == scalar {
			return n, nil
		}
	}
	ends := func(paths []string) []string {
		var found []string
		for _, p := range paths {
			if strings.HasSuffix(p, "."+name) && !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
		return found
	}
	found := ends(e.plan.Axes)
	for _, tree := range trees {
		if len(found) == 0 && tree != nil {
			found = ends(leaves(tree, ""))
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("there is no value called %s", clip(name))
	case 1:
		if found[0] != name {
			return e.lookup(found[0], written, resolved)
		}
	}
	return nil, fmt.Errorf("%s may be %s", clip(name), strings.Join(found, " or "))
}

// leaves are the paths of all scalars below a node.
func leaves(n *node, path string) []string {
	if n.kind == scalar {
		return []string{path}
	}
	var all []string
	for _, e := range n.entries {
		all = append(all, leaves(e.value, join(path, e.key))...)
	}
	return all
}

// holds evaluates the condition.
func (c *condition) holds(lookup func(string) (*node, error)) (bool, error) {
	a, err := c.left.value(lookup)
	if err != nil {
		return false, err
	}
	b, err := c.right.value(lookup)
	if err != nil {
		return false, err
	}
	if a.quoted != b.quoted {
		return false, fmt.Errorf("a number and a text are compared")
	}
	if a.quoted {
		switch c.operator {
		case "==":
			return a.quote == b.quote, nil
		case "!=":
			return a.quote != b.quote, nil
		}
		return false, fmt.Errorf("texts have no order: only == and != compare them")
	}
	// Paths of decimals meet in roundings: 0.1 + 0.2 is meant to equal 0.3.
	x, y := a.number, b.number
	equal := math.Abs(x-y) <= 1e-12*math.Max(math.Abs(x), math.Abs(y))
	switch c.operator {
	case "==":
		return equal, nil
	case "!=":
		return !equal, nil
	case "<":
		return x < y && !equal, nil
	case "<=":
		return x < y || equal, nil
	case ">":
		return x > y && !equal, nil
	}
	return x > y || equal, nil
}

// value evaluates a term to a leaf.
func (t *term) value(lookup func(string) (*node, error)) (*term, error) {
	if t.operator == 0 {
		if t.name == "" {
			return t, nil
		}
		n, err := lookup(t.name)
		if err != nil {
			return nil, err
		}
		if x, err := strconv.ParseFloat(n.text, 64); err == nil && !n.quoted {
			return &term{number: x}, nil
		}
		return &term{quote: n.text, quoted: true}, nil
	}
	a, err := t.left.value(lookup)
	if err != nil {
		return nil, err
	}
	b, err := t.right.value(lookup)
	if err != nil {
		return nil, err
	}
	if a.quoted || b.quoted {
		return nil, fmt.Errorf("a text is no number to calculate with")
	}
	x := a.number
	switch t.operator {
	case '+':
		x += b.number
	case '-':
		x -= b.number
	case '*':
		x *= b.number
	case '/':
		x /= b.number
	}
	return &term{number: x}, nil
}
