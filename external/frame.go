package external

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
)

// Version of the protocol.
const Version = 1

// A question and its answer are frames: 32 bytes, then a payload.
//
//	 0  4 bytes  "LWY1"
//	 4  uint16   kind, see [Kind]; an answer has that of its question, or KindError
//	 6  uint16   flags: bit 0, the arrays are in shared memory and not in the payload
//	 8  uint64   number of the question, from 1; an answer repeats it
//	16  uint64   argument: the batch, or which rows
//	24  uint64   bytes of the payload
//
// All numbers are little-endian.
const (
	magic       = "LWY1"
	headerBytes = 32
)

// Kind is what a frame asks or answers.
type Kind uint16

// Kinds of frames.
const (
	KindHello    Kind = 1   // JSON, see Hello: JSON, see Description
	KindMemory   Kind = 2   // JSON, see Memory: nothing
	KindStart    Kind = 3   // nothing: theta
	KindGradient Kind = 4   // theta: the loss as a float64, the gradient
	KindProduct  Kind = 5   // theta, v: the Hessian times v
	KindMetrics  Kind = 6   // theta: loss and accuracy as two float64
	KindBye      Kind = 7   // nothing, and no answer
	KindError    Kind = 255 // only as an answer: a sentence in UTF-8
)

// flagShared says that arrays are in shared memory.
const flagShared = 1

// maxText bounds payloads that are text.
const maxText = 16 << 20

// header is the beginning of a frame.
type header struct {
	kind     Kind
	flags    uint16
	number   uint64
	argument uint64
	length   uint64
}

// put writes the header into 32 bytes.
func (h header) put(dst []byte) {
	copy(dst, magic)
	binary.LittleEndian.PutUint16(dst[4:], uint16(h.kind))
	binary.LittleEndian.PutUint16(dst[6:], h.flags)
	binary.LittleEndian.PutUint64(dst[8:], h.number)
	binary.LittleEndian.PutUint64(dst[16:], h.argument)
	binary.LittleEndian.PutUint64(dst[24:], h.length)
}

// foreignError says what an answer is that it should not be, and what to do about it.
type foreignError struct{ text, try string }

func (e *foreignError) Error() string { return e.text }

// What to do about bytes that are no frame, and about frames that are not as they
// should be.
const (
	tryQuiet  = "nothing but answers on standard output: prints belong to standard error (in Python, import leeway before anything prints)"
	tryClient = "the client that belongs to this leeway: leeway client python > leeway.py"
)

// readHeader reads the beginning of an answer. Bytes that are none are a
// [*foreignError], which quotes them.
func readHeader(r io.Reader, buffer []byte) (header, error) {
	buffer = buffer[:headerBytes]
	n, err := io.ReadAtLeast(r, buffer, len(magic))
	if err != nil {
		return header{}, err
	}
	if string(buffer[:3]) != magic[:3] {
		return header{}, &foreignError{"what it wrote is not the protocol: " + strconv.Quote(string(printable(buffer[:n]))), tryQuiet}
	}
	if buffer[3] != magic[3] {
		return header{}, &foreignError{fmt.Sprintf("it speaks version %q of the protocol, leeway speaks version %d", buffer[3], Version), tryClient}
	}
	if _, err := io.ReadFull(r, buffer[n:]); err != nil {
		return header{}, err
	}
	return header{
		kind:     Kind(binary.LittleEndian.Uint16(buffer[4:])),
		flags:    binary.LittleEndian.Uint16(buffer[6:]),
		number:   binary.LittleEndian.Uint64(buffer[8:]),
		argument: binary.LittleEndian.Uint64(buffer[16:]),
		length:   binary.LittleEndian.Uint64(buffer[24:]),
	}, nil
}

// printable cuts a text at its first line's end.
func printable(b []byte) []byte {
	for i, c := range b {
		if c == '\n' && i > 0 {
			return b[:i]
		}
	}
	return b
}

// readText reads a payload that is text.
func readText(r io.Reader, length uint64) ([]byte, error) {
	if length > maxText {
		return nil, &foreignError{fmt.Sprintf("it announced a text of %d bytes, more than %d", length, maxText), tryClient}
	}
	// The announced length may be a lie: memory grows with what arrives.
	text, err := io.ReadAll(io.LimitReader(r, int64(length)))
	if err == nil && uint64(len(text)) < length {
		err = io.ErrUnexpectedEOF
	}
	return text, err
}
