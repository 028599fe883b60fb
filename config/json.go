package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// parseJSON reads JSON into a tree without places, numbers as they are written.
func parseJSON(text []byte) (*node, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	n, err := readJSON(d, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the object")
	}
	return n, nil
}

func readJSON(d *json.Decoder, depth int) (*node, error) {
	if depth == 0 {
		return nil, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		return readJSONGroup(d, t, depth-1)
	case string:
		return textNode(t), nil
	case json.Number:
		return &node{text: t.String()}, nil
	case bool:
		return &node{text: strconv.FormatBool(t)}, nil
	}
	return &node{text: "null"}, nil
}

func readJSONGroup(d *json.Decoder, open json.Delim, depth int) (*node, error) {
	n := &node{kind: list}
	if open == '{' {
		n.kind = mapping
	}
	for d.More() {
		key := ""
		if n.kind == mapping {
			t, err := d.Token()
			if err != nil {
				return nil, err
			}
			key, _ = t.(string)
			if n.get(key) != nil {
				return nil, fmt.Errorf("duplicate key %q", clip(key))
			}
		}
		value, err := readJSON(d, depth)
		if err != nil {
			return nil, err
		}
		if n.kind == mapping {
			n.add(key, origin{}, value)
		} else {
			n.items = append(n.items, value)
		}
	}
	_, err := d.Token() // the closing bracket
	return n, err
}
