package rundir

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
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

// checkpointFile is the content of a checkpoint's file: tensors as F64 of one
// dimension, and a digest that covers every byte of the file.
func checkpointFile(step int, tensors map[string][]float64, meta map[string]string) (*safetensors.File, error) {
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
	for name, data := range tensors {
		content.Tensors = append(content.Tensors, safetensors.Tensor{Name: name, Data: data})
	}
	// The file is worked out once for the digest and again for whoever wants it,
	// instead of once with all of it in memory.
	sum := sha256.New()
	if err := safetensors.Encode(sum, content); err != nil {
		return nil, err
	}
	content.Metadata[keySum] = hex.EncodeToString(sum.Sum(nil))
	return content, nil
}

// readCheckpoint reads what checkpointFile made, in two passes over the file.
// The digest comes first: nothing of a damaged file is looked at.
func readCheckpoint(r io.ReaderAt, size int64) (*Checkpoint, error) {
	if err := checkDigest(r, size); err != nil {
		return nil, err
	}
	content, err := safetensors.Read(r, size)
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

// checkDigest holds a file against the SHA-256 in its header, which is that of
// the file with zeros in place of the digest's 64 digits.
func checkDigest(r io.ReaderAt, size int64) error {
	const none = "there is no checksum in it: cut off, or not a checkpoint"
	header, err := safetensors.Header(r, size)
	if err != nil {
		return fmt.Errorf("%s (%w)", none, err)
	}
	at := bytes.Index(header, []byte(sumPrefix)) + len(sumPrefix)
	if at < len(sumPrefix) || at+len(noSum) > len(header) {
		return errors.New(none)
	}
	said := string(header[at : at+len(noSum)])
	copy(header[at:], noSum)
	sum := sha256.New()
	sum.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header))))
	sum.Write(header)
	begin := int64(8 + len(header))
	if _, err := io.Copy(sum, io.NewSectionReader(r, begin, size-begin)); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != said {
		return errors.New("its checksum does not match: cut off or damaged")
	}
	return nil
}
