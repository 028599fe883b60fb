package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object. Numbers are float64; NaN and infinities, which Python
// writes into JSON though they are none, are the texts "NaN", "Infinity" and
// "-Infinity".
type object = map[string]any

// decode reads one JSON value as Python's json module writes it.
func decode(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not a text in UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(quoted(data)))
	var v any
	if err := dec.Decode(&v); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = errors.New("it ends too early")
		}
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("something stands after the JSON value")
	}
	return v, nil
}

// quoted puts Python's NaN, Infinity and -Infinity in quotation marks.
func quoted(data []byte) []byte {
	if !bytes.Contains(data, []byte("NaN")) && !bytes.Contains(data, []byte("Infinity")) {
		return data
	}
	var out []byte
	for i := 0; i < len(data); {
		if data[i] == '"' { // a text is copied whole
			j := i + 1
			for ; j < len(data) && data[j] != '"'; j++ {
				if data[j] == '\\' {
					j++
				}
			}
			j = min(j+1, len(data))
			out, i = append(out, data[i:j]...), j
			continue
		}
		word := ""
		for _, w := range []string{"NaN", "-Infinity", "Infinity"} {
			if bytes.HasPrefix(data[i:], []byte(w)) {
				word = w
				break
			}
		}
		if word != "" {
			out, i = append(out, strconv.Quote(word)...), i+len(word)
			continue
		}
		out, i = append(out, data[i]), i+1
	}
	return out
}

// scalar is a number, or the one number of a list, as tensors without dimensions and
// of one element are written.
func scalar(v any) (float64, bool) {
	for {
		list, ok := v.([]any)
		if !ok || len(list) != 1 {
			break
		}
		v = list[0]
	}
	x, ok := v.(float64)
	return x, ok
}

// text is the value of the first of some keys that is a text, without spaces around.
func text(o object, keys ...string) string {
	for _, key := range keys {
		if s, ok := o[key].(string); ok && strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// shown is a JSON value in a message.
func shown(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return clip(string(raw))
}

// clip keeps a message readable whatever is quoted in it.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}
