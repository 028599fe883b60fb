package config

import (
	"reflect"
	"strconv"
)

// Classes are a number of classes to be made, or the choice of some of a set's:
// class Chosen[i] of the set becomes class i, and the others' rows are left out.
// The zero value keeps all.
type Classes struct {
	Number int
	Chosen []int
}

// everyClass is how the choice of all classes is written.
const everyClass = "all"

func (c *Classes) read(r *reader, n *node, path string) error {
	*c = Classes{}
	switch {
	case n.kind == list:
		return r.decode(n, path, reflect.ValueOf(&c.Chosen).Elem())
	case n.kind == scalar && n.text == everyClass:
		return nil
	}
	return r.decode(n, path, reflect.ValueOf(&c.Number).Elem())
}

func (c *Classes) write() *node {
	switch {
	case c.Chosen != nil:
		n := &node{kind: list}
		for _, class := range c.Chosen {
			n.items = append(n.items, &node{text: strconv.Itoa(class)})
		}
		return n
	case c.Number != 0:
		return &node{text: strconv.Itoa(c.Number)}
	}
	return textNode(everyClass)
}
