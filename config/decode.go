package config

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// reader turns a tree into a config.
type reader struct {
	file string // for messages
	root *node
}

// reads is implemented by sections whose keys depend on what they hold.
type reads interface {
	read(r *reader, n *node, path string) error
}

// field is a key of a section and the variable that it sets.
type field struct {
	key   string
	value reflect.Value
}

// fields lists the keys of a settings struct by its yaml tags, those of
// embedded structs in their place.
func fields(v reflect.Value) []field {
	var all []field
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case f.Anonymous && option == "inline":
			all = append(all, fields(v.Field(i))...)
		case f.IsExported() && key != "" && key != "-":
			all = append(all, field{key, v.Field(i)})
		}
	}
	return all
}

// keysOf are the keys of the struct that dst points to.
func keysOf(dst any) []string {
	var keys []string
	for _, f := range fields(reflect.ValueOf(dst).Elem()) {
		keys = append(keys, f.key)
	}
	return keys
}

// section checks that n is a mapping of some of the keys. owner is what has
// those keys, for the message ("adam"), or empty.
func (r *reader) section(n *node, path, owner string, keys []string) error {
	if n.kind != mapping {
		return r.fail(n.origin, path, "want a mapping of keys to values, got "+n.got(), "one of the keys "+strings.Join(keys, ", "))
	}
	for _, e := range slices.Clone(n.entries) {
		switch {
		case slices.Contains(keys, e.key):
		case e.at.builtin:
			n.drop(e.key) // gives way to the override that made it meaningless
		default:
			return r.unknown(n, e, path, owner, keys)
		}
	}
	return nil
}

// unknown is the error about a key that its section does not have. If the key
// stands in a file and an override chose the kind, it says so.
func (r *reader) unknown(n *node, e entry, path, owner string, keys []string) error {
	what := "unknown key"
	if owner != "" {
		what += " of " + owner
	}
	for _, chooser := range []string{"kind", "problem"} {
		k := n.get(chooser)
		if k != nil && k.at.override != "" && e.at.override == "" {
			return r.fail(e.at, join(path, clip(e.key)), what+", which "+r.place(k.at)+" asks for",
				fmt.Sprintf("%s={%s: %s}, which replaces the section, with the keys you need", path, chooser, owner))
		}
	}
	return r.fail(e.at, join(path, clip(e.key)), what, suggest(e.key, keys))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// keys decodes the given keys of a section into the struct that dst points to.
// A key that is not written leaves its variable as it is.
func (r *reader) keys(n *node, path string, dst any, keys []string) error {
	for _, f := range fields(reflect.ValueOf(dst).Elem()) {
		if e := n.get(f.key); e != nil && slices.Contains(keys, f.key) {
			if err := r.decode(e.value, join(path, f.key), f.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// decode sets a variable from a node.
func (r *reader) decode(n *node, path string, v reflect.Value) error {
	switch dst := v.Addr().Interface().(type) {
	case reads:
		return dst.read(r, n, path)
	case encoding.TextUnmarshaler:
		return r.decodeName(n, path, dst, v)
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		if err := r.decode(n, path, p.Elem()); err != nil {
			return err
		}
		v.Set(p)
		return nil
	case reflect.Struct:
		dst := v.Addr().Interface()
		if err := r.section(n, path, "", keysOf(dst)); err != nil {
			return err
		}
		return r.keys(n, path, dst, keysOf(dst))
	case reflect.Slice:
		if n.kind != list {
			return r.fail(n.origin, path, "want a list, got "+n.got(), "square brackets, even around a single value")
		}
		s := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
		for i, item := range n.items {
			if err := r.decode(item, fmt.Sprintf("%s[%d]", path, i), s.Index(i)); err != nil {
				return err
			}
		}
		v.Set(s)
		return nil
	}
	return r.decodeScalar(n, path, v)
}

func (r *reader) decodeScalar(n *node, path string, v reflect.Value) error {
	want := func(what, try string) error {
		return r.fail(n.origin, path, "want "+what+", got "+n.got(), try)
	}
	plain := n.kind == scalar && !n.quoted
	switch v.Kind() {
	case reflect.Bool:
		if !n.boolean() {
			return want("true or false", "true or false, without quotes")
		}
		v.SetBool(n.text == "true")
	case reflect.String:
		if n.kind != scalar || n.null() {
			return want("a text", "a word, or a text in quotes")
		}
		v.SetString(n.text)
	case reflect.Int, reflect.Uint64:
		if !plain || !wholeNumber.MatchString(n.text) {
			return want("a whole number", "digits only, such as 100")
		}
		if v.Kind() == reflect.Uint64 {
			x, err := strconv.ParseUint(strings.TrimPrefix(n.text, "+"), 10, 64)
			if err != nil {
				return want("a whole number from 0 to 18446744073709551615", "a number in this range")
			}
			v.SetUint(x)
			return nil
		}
		x, err := strconv.ParseInt(n.text, 10, 64)
		if err != nil {
			return want("a whole number that 64 bits hold", "a smaller number")
		}
		v.SetInt(x)
	case reflect.Float64:
		if plain && notANumber.MatchString(n.text) {
			return want("a finite number", "a number such as 0.001 or 1e-3")
		}
		if !plain || !decimalNumber.MatchString(n.text) {
			return want("a number", "a number such as 0.001 or 1e-3, without quotes")
		}
		x, err := strconv.ParseFloat(n.text, 64)
		if err != nil || math.IsInf(x, 0) {
			return want("a finite number", "a number that float64 holds, up to 1.8e308")
		}
		v.SetFloat(x)
	default:
		panic("config: no reading of a " + v.Type().String())
	}
	return nil
}

// decodeName sets one of the named constants of package optim.
func (r *reader) decodeName(n *node, path string, dst encoding.TextUnmarshaler, v reflect.Value) error {
	if n.kind != scalar || dst.UnmarshalText([]byte(n.text)) != nil {
		return r.fail(n.origin, path, "unknown value, got "+n.got(), suggest(n.text, constants(v.Type())))
	}
	return nil
}

// constants are the names of a type that counts from 0. Beyond the last one,
// its String method writes the type's name and the number in parentheses.
func constants(t reflect.Type) []string {
	var names []string
	for x := reflect.New(t).Elem(); ; x.SetInt(x.Int() + 1) {
		name := x.Interface().(fmt.Stringer).String()
		if strings.HasSuffix(name, ")") {
			return names
		}
		names = append(names, name)
	}
}
