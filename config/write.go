package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Resolved is the config as YAML with every default written out. [Parse] reads
// it back to the same values and the same hash.
func (c *Config) Resolved() []byte {
	var b bytes.Buffer
	writeYAML(&b, encode(reflect.ValueOf(c).Elem()), "")
	return b.Bytes()
}

// Section is the optimizer as a section of a config, on one line, without a schedule and
// decays that do nothing.
func (o *Optimizer) Section() string {
	n, decays := o.write(), o.Kind == "adamw" || o.Kind == "nadamw" // by default
	n.entries = slices.DeleteFunc(n.entries, func(e entry) bool {
		return e.key == "schedule" && o.Schedule.Constant() || e.value.text == "0" && (e.key == "l2" || e.key == "weight_decay" && !decays)
	})
	return "optimizer: " + flowYAML(n)
}

// JSON is what Resolved is, as one JSON object, for a run's record.
func (c *Config) JSON() []byte {
	var b bytes.Buffer
	writeJSON(&b, encode(reflect.ValueOf(c).Elem()))
	return b.Bytes()
}

// MarshalJSON implements [json.Marshaler] by [Config.JSON].
func (c *Config) MarshalJSON() ([]byte, error) { return c.JSON(), nil }

// FromJSON reads what [Config.JSON] wrote, to the same values and the same hash.
func FromJSON(text []byte) (*Config, error) {
	tree, err := parseJSON(text)
	if err != nil {
		return nil, &Error{What: "the recorded config is not valid JSON: " + err.Error(), Try: "the record as the run wrote it"}
	}
	return finish("", tree, nil)
}

// UnmarshalJSON implements [json.Unmarshaler] by [FromJSON].
func (c *Config) UnmarshalJSON(text []byte) error {
	read, err := FromJSON(text)
	if err != nil {
		return err
	}
	*c = *read
	return nil
}

// unhashed are the keys that do not change what a run computes.
var unhashed = []string{"name", "out", "checkpoint", "verify"}

// unhashedOfObjective are those of the section objective.
var unhashedOfObjective = []string{"threads", "timeout", "log"}

// Hash identifies what the config computes: 64 hexadecimal digits, the SHA-256
// of its JSON without name, out, checkpoint, verify, and threads, timeout and log of the
// objective. The rows of a CSV file do not enter it, only the file's path, and of an
// external model only the command; see [Problem.SameModel].
func (c *Config) Hash() string {
	n := encode(reflect.ValueOf(c).Elem())
	n.entries = slices.DeleteFunc(n.entries, func(e entry) bool { return slices.Contains(unhashed, e.key) })
	for _, key := range unhashedOfObjective {
		n.find("objective").drop(key)
	}
	var b bytes.Buffer
	writeJSON(&b, n)
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}

// plainText needs no quotes in YAML, wherever it stands.
var plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*$`)

// reserved are plain words that YAML does not take for text.
var reserved = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

// writeYAML writes a mapping, one key a line; a section that fits goes on the
// line of its key.
func writeYAML(b *bytes.Buffer, n *node, indent string) {
	const width = 120
	for _, e := range n.entries {
		line := indent + e.key + ": " + flowYAML(e.value)
		if e.value.kind == mapping && (len(line) > width || indent == "" && e.key == "objective") {
			b.WriteString(indent + e.key + ":\n")
			writeYAML(b, e.value, indent+"  ")
			continue
		}
		b.WriteString(line + "\n")
	}
}

func flowYAML(n *node) string {
	var parts []string
	switch n.kind {
	case mapping:
		for _, e := range n.entries {
			parts = append(parts, e.key+": "+flowYAML(e.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case list:
		for _, i := range n.items {
			parts = append(parts, flowYAML(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if n.quoted && (!plainText.MatchString(n.text) || slices.Contains(reserved, strings.ToLower(n.text))) {
		return strconv.Quote(n.text) // its escapes are all YAML's too
	}
	return n.text
}

func writeJSON(b *bytes.Buffer, n *node) {
	switch n.kind {
	case mapping:
		b.WriteByte('{')
		for i, e := range n.entries {
			comma(b, i)
			writeJSON(b, textNode(e.key))
			b.WriteByte(':')
			writeJSON(b, e.value)
		}
		b.WriteByte('}')
	case list:
		b.WriteByte('[')
		for i, item := range n.items {
			comma(b, i)
			writeJSON(b, item)
		}
		b.WriteByte(']')
	default:
		if !n.quoted {
			b.WriteString(n.text)
			return
		}
		text, err := json.Marshal(n.text)
		if err != nil {
			panic(err) // a string always has a JSON form
		}
		b.Write(text)
	}
}

func comma(b *bytes.Buffer, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}
