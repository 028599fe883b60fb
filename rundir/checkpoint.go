package rundir

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"leeway/safetensors"
)

// Keys of a checkpoint's metadata that are this package's own.
const (
	keyFormat = "checkpoint" // the number of the format, "1"
	keyStep   = "step"
	keySum    = "sha256" // of the file with zeros in place of these 64 digits
)

// sumPrefix stands before the digest in a file. It occurs nowhere in a header
// but there: in a string its quotation marks would be escaped.
const sumPrefix = `"` + keySum + `":"`

var noSum = strings.Repeat("0", 2*sha256.Size)

// Checkpoint is the state of a run at a step.
type Checkpoint struct {
	Step    int
	Tensors map[string][]float64
	Meta    map[string]string
	// Skipped are the errors of later checkpoints that are damaged, one each.
	Skipped []error
}

// encodeCheckpoint returns the bytes of a checkpoint: tensors as F64 of one
// dimension, names sorted, and a digest that covers every byte of the file.
func encodeCheckpoint(step int, tensors map[string][]float64, meta map[string]string) ([]byte, error) {
	content := &safetensors.File{Metadata: map[string]string{
		keyFormat: "1", keyStep: strconv.Itoa(step), keySum: noSum,
	}}
	if step < 0 {
		return nil, fmt.Errorf("step %d is negative", step)
	}
	for key, text := range meta {
		if _, taken := content.Metadata[key]; taken {
			return nil, fmt.Errorf("the metadata's key %q is reserved", key)
		}
		content.Metadata[key] = text
	}
	size := 1 << 12
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		content.Tensors = append(content.Tensors, safetensors.Tensor{Name: name, Data: tensors[name]})
		size += 8 * len(tensors[name])
	}
	text := bytes.NewBuffer(make([]byte, 0, size))
	if err := safetensors.Encode(text, content); err != nil {
		return nil, err
	}
	data := text.Bytes()
	at := bytes.Index(data, []byte(sumPrefix)) + len(sumPrefix)
	copy(data[at:], digest(data, at))
	return data, nil
}

// digest is the SHA-256 of the file in hexadecimal digits, with zeros in place
// of the 64 digits at byte at.
func digest(data []byte, at int) string {
	sum := sha256.New()
	sum.Write(data[:at])
	sum.Write([]byte(noSum))
	sum.Write(data[at+len(noSum):])
	return hex.EncodeToString(sum.Sum(nil))
}

// decodeCheckpoint reads what encodeCheckpoint wrote. The digest comes first:
// nothing of a damaged file is looked at.
func decodeCheckpoint(data []byte) (*Checkpoint, error) {
	at := bytes.Index(data, []byte(sumPrefix)) + len(sumPrefix)
	if at < len(sumPrefix) || at+len(noSum) > len(data) {
		return nil, errors.New("there is no checksum in it: cut off, or not a checkpoint")
	}
	if got := digest(data, at); got != string(data[at:at+len(noSum)]) {
		return nil, errors.New("its checksum does not match: cut off or damaged")
	}
	content, err := safetensors.Decode(data)
	if err != nil {
		return nil, err
	}
	if format := content.Metadata[keyFormat]; format != "1" {
		return nil, fmt.Errorf("unknown format %q: written by another version", format)
	}
	c := &Checkpoint{Tensors: make(map[string][]float64, len(content.Tensors)), Meta: content.Metadata}
	if c.Step, err = strconv.Atoi(content.Metadata[keyStep]); err != nil || c.Step < 0 {
		return nil, fmt.Errorf("%q is not a step", content.Metadata[keyStep])
	}
	for _, t := range content.Tensors {
		c.Tensors[t.Name] = t.Data
	}
	for _, key := range []string{keyFormat, keyStep, keySum} {
		delete(c.Meta, key)
	}
	return c, nil
}
