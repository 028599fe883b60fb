package config

import (
	"errors"
	"strings"
)

// override applies overrides to the root of a config, in order.
func (r *reader) override(overrides []string) error {
	for _, text := range overrides {
		path, value, ok := strings.Cut(text, "=")
		if !ok {
			return &Error{What: "override " + clip(text) + ": no = in it", Try: "key=value, such as optimizer.lr=1e-3"}
		}
		keys := strings.Split(path, ".")
		for _, key := range keys {
			if key == "" || strings.TrimSpace(key) != key {
				return &Error{What: "override " + clip(text) + ": the key is not a path", Try: "keys joined by dots, such as optimizer.lr=1e-3"}
			}
		}
		n, err := parseYAML("", []byte(value))
		if err != nil {
			e := &Error{What: err.Error()}
			if errors.As(err, &e) {
				e = &Error{What: "override " + clip(text) + ": " + e.What, Try: "quotes around the value if it is text"}
			}
			return e
		}
		if n == nil {
			return &Error{What: "override " + clip(text) + ": no value", Try: path + "=VALUE"}
		}
		n.mark(origin{override: text})
		r.root.set(keys, n)
	}
	return nil
}
