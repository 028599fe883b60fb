package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// writes is the counterpart of reads.
type writes interface{ write() *node }

func textNode(text string) *node { return &node{text: text, quoted: true} }

// encodeKeys is the section of the given keys of the struct that src points to.
func encodeKeys(src any, keys []string) *node {
	n := &node{kind: mapping}
	for _, f := range fields(reflect.ValueOf(src).Elem()) {
		if slices.Contains(keys, f.key) && (f.value.Kind() != reflect.Pointer || !f.value.IsNil()) {
			n.add(f.key, origin{}, encode(f.value))
		}
	}
	return n
}

// encode is what decode reads back to the same bits.
func encode(v reflect.Value) *node {
	switch src := v.Addr().Interface().(type) {
	case writes:
		return src.write()
	case encoding.TextUnmarshaler:
		return textNode(v.Interface().(fmt.Stringer).String())
	}
	switch v.Kind() {
	case reflect.Pointer:
		return encode(v.Elem())
	case reflect.Struct:
		src := v.Addr().Interface()
		return encodeKeys(src, keysOf(src))
	case reflect.Slice:
		n := &node{kind: list}
		for i := range v.Len() {
			n.items = append(n.items, encode(v.Index(i)))
		}
		return n
	case reflect.Bool:
		return &node{text: strconv.FormatBool(v.Bool())}
	case reflect.String:
		return textNode(v.String())
	case reflect.Int:
		return &node{text: strconv.FormatInt(v.Int(), 10)}
	case reflect.Uint64:
		return &node{text: strconv.FormatUint(v.Uint(), 10)}
	case reflect.Float64:
		return &node{text: strconv.FormatFloat(v.Float(), 'g', -1, 64)}
	}
	panic("config: no writing of a " + v.Type().String())
}
