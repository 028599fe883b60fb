package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// kind is the shape of a node.
type kind int

const (
	scalar kind = iota
	mapping
	list
)

// node is a value of a config as written, whatever it was written in. Scalars
// stay text until a reader knows which type it wants: YAML libraries disagree
// on whether 1e-4 is a number.
type node struct {
	origin
	kind    kind
	text    string // of a scalar
	quoted  bool   // a scalar that is text whatever it looks like
	inset   int    // columns from the origin to the text; -1 where the text is not there as it is
	entries []entry
	items   []*node
}

// entry is a key of a mapping, the place of the key, and its value.
type entry struct {
	key   string
	at    origin
	value *node
}

// get returns the entry with a key, or nil.
func (n *node) get(key string) *entry {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return &n.entries[i]
		}
	}
	return nil
}

// find returns the node at a path of keys joined by dots, or nil.
func (n *node) find(path string) *node {
	for key := range strings.SplitSeq(path, ".") {
		e := n.get(key)
		if e == nil {
			return nil
		}
		n = e.value
	}
	return n
}

// add appends an entry.
func (n *node) add(key string, at origin, value *node) {
	n.entries = append(n.entries, entry{key, at, value})
}

// set puts a value at a path, making the mappings on the way and replacing what
// is there. Everything new is from the value's origin.
func (n *node) set(path []string, value *node) {
	e := n.get(path[0])
	if e == nil {
		n.add(path[0], value.origin, &node{origin: value.origin, kind: mapping})
		e = &n.entries[len(n.entries)-1]
	}
	if len(path) == 1 {
		e.at, e.value = value.origin, value
		return
	}
	if old := e.value; old.kind != mapping {
		e.at, e.value = value.origin, &node{origin: value.origin, kind: mapping}
		if old.kind == scalar && old.text == exact { // the word stands for the section
			e.value.add("kind", value.origin, &node{origin: value.origin, text: exact})
		}
	}
	e.value.set(path[1:], value)
}

// drop removes a key.
func (n *node) drop(key string) {
	n.entries = slices.DeleteFunc(n.entries, func(e entry) bool { return e.key == key })
}

// walk calls f for the node and all below it.
func (n *node) walk(f func(*node)) {
	f(n)
	for _, e := range n.entries {
		e.value.walk(f)
	}
	for _, i := range n.items {
		i.walk(f)
	}
}

// mark sets the origin of the node and of all below it.
func (n *node) mark(o origin) {
	n.walk(func(m *node) {
		m.origin = o
		for i := range m.entries {
			m.entries[i].at = o
		}
	})
}

// clone is a deep copy.
func (n *node) clone() *node {
	c := *n
	c.entries, c.items = slices.Clone(n.entries), slices.Clone(n.items)
	for i := range c.entries {
		c.entries[i].value = c.entries[i].value.clone()
	}
	for i := range c.items {
		c.items[i] = c.items[i].clone()
	}
	return &c
}

var (
	wholeNumber   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	decimalNumber = regexp.MustCompile(`^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
	notANumber    = regexp.MustCompile(`(?i)^[-+]?\.?(nan|inf|infinity)$`)
)

// null reports whether nothing is written there.
func (n *node) null() bool {
	return n.kind == scalar && !n.quoted && (n.text == "" || n.text == "~" || strings.EqualFold(n.text, "null"))
}

// boolean reports whether true or false is written there.
func (n *node) boolean() bool {
	return n.kind == scalar && !n.quoted && (n.text == "true" || n.text == "false")
}

// got is the value in words, for messages.
func (n *node) got() string {
	switch {
	case n.kind == mapping:
		return "a mapping"
	case n.kind == list:
		return "a list"
	case n.null():
		return "nothing"
	case !n.quoted && (n.boolean() || decimalNumber.MatchString(n.text) || notANumber.MatchString(n.text)):
		return clip(n.text)
	}
	return strconv.Quote(clip(n.text))
}
