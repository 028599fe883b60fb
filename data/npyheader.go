package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// header reads what comes before the values and returns how many bytes it took.
func (a *Array) header(r io.Reader) (int, error) {
	fail := func(what string) (int, error) {
		return 0, fmt.Errorf("data: %s: %s. Try: numpy.save or numpy.savez", a.Name, what)
	}
	start := make([]byte, 12)
	if n, err := io.ReadFull(r, start[:10]); err != nil {
		return fail(fmt.Sprintf("byte %d: the header ends: %s", n, cause(err)))
	}
	if string(start[:6]) != "\x93NUMPY" {
		return fail(fmt.Sprintf("byte 0: not an array of NumPy (it begins %.12q)", start[:6]))
	}
	at, length := 10, uint32(binary.LittleEndian.Uint16(start[8:]))
	switch version := start[6]; version {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, start[10:]); err != nil {
			return fail(fmt.Sprintf("byte %d: the header ends: %s", at, cause(err)))
		}
		at, length = 12, binary.LittleEndian.Uint32(start[8:])
	default:
		return fail(fmt.Sprintf("byte 6: version %d of the format, known are 1 to 3", version))
	}
	if length > 1<<16 {
		return fail(fmt.Sprintf("byte 8: a header of %d bytes", length))
	}
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return fail(fmt.Sprintf("byte %d: the header ends: %s", at+n, cause(err)))
	}
	if err := a.describe(text); err != nil {
		return fail(fmt.Sprintf("byte %d: %s", at, err))
	}
	if err := a.element(); err != nil {
		return 0, fmt.Errorf("data: %s: %w", a.Name, err)
	}
	return at + int(length), nil
}

// describe reads the header's dictionary, a literal of Python with three keys in
// any order: descr, fortran_order and shape.
func (a *Array) describe(text []byte) error {
	p := literal{rest: string(bytes.TrimSpace(text))}
	seen := map[string]bool{}
	p.want("{")
	for p.err == nil && !p.take("}") {
		key := p.quoted()
		p.want(":")
		if seen[key] {
			return fmt.Errorf("the header has the key %.20q twice", key)
		}
		seen[key] = true
		switch key {
		case "descr":
			a.Type = p.quoted()
		case "fortran_order":
			if !p.take("False") {
				p.want("True")
				seen["Fortran"] = true
			}
		case "shape":
			a.Shape = p.tuple()
		default:
			return p.or(fmt.Errorf("the header has a key %.20q", key))
		}
		if !p.take(",") && p.err == nil && !strings.HasPrefix(p.rest, "}") {
			return errors.New("the header's entries are not separated by commas")
		}
	}
	switch {
	case p.err != nil:
		return p.err
	case p.rest != "":
		return errors.New("the header goes on after its dictionary")
	case !seen["descr"] || !seen["fortran_order"] || !seen["shape"]:
		return errors.New("the header lacks one of descr, fortran_order and shape")
	case seen["Fortran"] && len(a.Shape) > 1:
		return errors.New("the array is in Fortran order (numpy.ascontiguousarray(x) puts it into C order)")
	}
	return nil
}

// element reads the type: byte order, kind and size.
func (a *Array) element() error {
	if len(a.Type) == 3 && strings.Contains("<>|=", a.Type[:1]) {
		a.big, a.kind, a.size = a.Type[0] == '>', a.Type[1], int(a.Type[2]-'0')
		switch a.Type[1:] {
		case "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8":
			return nil
		}
	}
	return fmt.Errorf("elements of type %.20q. Try: x.astype(numpy.float32), or integers", a.Type)
}

// literal reads the few literals of Python that a header is made of.
type literal struct {
	rest string
	err  error
}

func (p *literal) or(err error) error {
	if p.err != nil {
		return p.err
	}
	return err
}

// take skips spaces and then s, if it comes next.
func (p *literal) take(s string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	if p.err != nil || !strings.HasPrefix(p.rest, s) {
		return false
	}
	p.rest = p.rest[len(s):]
	return true
}

func (p *literal) want(s string) {
	if !p.take(s) && p.err == nil {
		p.err = fmt.Errorf("the header has %.20q where %q belongs", p.rest, s)
	}
}

// quoted reads a string without escapes.
func (p *literal) quoted() string {
	quote := "'"
	if p.take(`"`) {
		quote = `"`
	} else {
		p.want("'")
	}
	s, rest, ok := strings.Cut(p.rest, quote)
	if p.err != nil {
		return ""
	}
	if !ok || strings.ContainsAny(s, "\\\n") {
		p.err = fmt.Errorf("the header has a string without an end (%.20q)", p.rest)
		return ""
	}
	p.rest = rest
	return s
}

// tuple reads whole numbers in parentheses: (), (3,) or (3, 4).
func (p *literal) tuple() []int {
	numbers := []int{}
	p.want("(")
	for p.err == nil && !p.take(")") {
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		n, err := strconv.ParseInt(p.rest[:digits], 10, 48)
		if err != nil || len(numbers) == 32 {
			p.err = fmt.Errorf("the header has a shape that is none (%.20q)", p.rest)
			return nil
		}
		p.rest = p.rest[digits:]
		if numbers = append(numbers, int(n)); !p.take(",") && !strings.HasPrefix(p.rest, ")") {
			p.err = fmt.Errorf("the header has a shape without an end (%.20q)", p.rest)
		}
	}
	return numbers
}
