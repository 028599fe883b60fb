package external

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// question is a question and the place of its answer.
type question struct {
	kind     Kind
	argument uint64
	text     []byte    // payload that is text
	a, b     []float64 // or arrays

	scalars []float64 // of the answer, always in its payload
	dst     []float64 // array of the answer
	reply   *[]byte   // or text
}

// conn puts questions, one at a time.
type conn struct {
	mu      sync.Mutex
	peer    string
	timeout time.Duration
	child   *child   // or
	socket  net.Conn // either of them
	in      io.Reader
	out     io.Writer
	wire    *wire
	memory  *shared

	number  uint64
	header  [headerBytes]byte
	timer   *time.Timer
	expired atomic.Bool
	fault   error // of the first question that failed, or that it is closed
	closed  bool
}

// dial starts the command or connects to the address.
func dial(s *Settings) (*conn, error) {
	c := &conn{peer: s.peer(), timeout: s.Timeout, wire: newWire(Float64)}
	if c.timeout <= 0 {
		c.timeout = DefaultTimeout
	}
	c.timer = time.AfterFunc(time.Hour, c.expire)
	c.timer.Stop()
	if s.Address != "" {
		network, address, err := s.network()
		if err != nil {
			return nil, &Fault{Peer: c.peer, Doing: "connecting", What: err.Error(), Try: "unix:/tmp/model.sock or tcp:127.0.0.1:5555"}
		}
		c.socket, err = net.DialTimeout(network, address, min(c.timeout, hurry))
		if err != nil {
			return nil, &Fault{Peer: c.peer, Doing: "connecting", What: cause(err), Try: "starting the process that serves this address first"}
		}
		c.in, c.out = c.socket, c.socket
		return c, nil
	}
	if len(s.Command) == 0 {
		return nil, &Fault{Peer: "external", Doing: "starting", What: "there is neither a command nor an address", Try: "command: [python3, model.py]"}
	}
	var err error
	if c.child, err = startChild(s); err != nil {
		f := &Fault{Peer: c.peer, Doing: "starting the command", What: cause(err), Try: "a command that runs in this folder, such as [python3, model.py]"}
		if told := (*foreignError)(nil); errors.As(err, &told) {
			f.What, f.Try = told.text, told.try
		}
		return nil, f
	}
	c.in, c.out = c.child.out, c.child.in
	return c, nil
}

// expire ends a question that takes too long.
func (c *conn) expire() {
	c.expired.Store(true)
	c.abort()
}

// abort breaks the connection off.
func (c *conn) abort() {
	if c.child != nil {
		c.child.abort()
	} else {
		c.socket.Close()
	}
}

// ask puts a question and waits for its answer. The first error is kept and is the
// answer to all further questions.
func (c *conn) ask(q *question) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault != nil {
		return c.fault
	}
	c.timer.Reset(c.patience(q))
	err := c.exchange(q)
	if !c.timer.Stop() && err == nil {
		// The answer came with the last moment: the connection is broken off.
		c.expired.Store(true)
		err = errLate
	}
	if err != nil {
		c.fault = c.explain(q, err)
		return c.fault
	}
	return nil
}

// errLate is that of an answer as it was given up.
var errLate = errors.New("the answer came too late")

// hurry is the time for the first answer of a socket's other side, which runs already.
const hurry = 30 * time.Second

// patience is the time for an answer.
func (c *conn) patience(q *question) time.Duration {
	if q.kind == KindHello && c.socket != nil {
		return min(c.timeout, hurry)
	}
	return c.timeout
}

// exchange sends a question and reads its answer.
func (c *conn) exchange(q *question) error {
	c.number++
	unsent := c.send(q)
	h, err := c.head(q)
	var foreign *foreignError
	switch {
	case err == nil && h.kind == KindError: // it may have said why before it went
		return c.refused(h)
	case unsent != nil && !errors.As(err, &foreign):
		return unsent
	case err != nil:
		return err
	case h.kind != q.kind || h.number != c.number:
		return &foreignError{fmt.Sprintf("it answered question %d of kind %d, but was asked question %d of kind %d", h.number, h.kind, c.number, q.kind), tryClient}
	}
	return c.receive(q, h)
}

// head reads the beginning of an answer; before the first one a command may print.
func (c *conn) head(q *question) (header, error) {
	from := c.in
	if q.kind == KindHello && c.child != nil {
		var err error
		if from, err = skipNoise(c.in, c.child.stderr); err != nil {
			return header{}, err
		}
	}
	return readHeader(from, c.header[:])
}

func (c *conn) send(q *question) error {
	h := header{kind: q.kind, number: c.number, argument: q.argument, length: uint64(len(q.text))}
	if c.shares(q) {
		h.flags = flagShared
		c.put(0, q.a)
		c.put(1, q.b)
	} else {
		h.length += uint64(len(q.a)+len(q.b)) * uint64(c.wire.dtype.size())
	}
	h.put(c.header[:])
	if _, err := c.out.Write(c.header[:]); err != nil {
		return err
	}
	if len(q.text) > 0 {
		if _, err := c.out.Write(q.text); err != nil {
			return err
		}
	}
	if h.flags&flagShared != 0 {
		return nil
	}
	if err := c.wire.write(c.out, q.a); err != nil {
		return err
	}
	return c.wire.write(c.out, q.b)
}

// shares reports whether the arrays of a question go through shared memory.
func (c *conn) shares(q *question) bool {
	return c.memory != nil && (q.a != nil || q.dst != nil)
}

// receive reads the payload of an answer, whose length must be what was asked for.
func (c *conn) receive(q *question, h header) error {
	if q.reply != nil {
		if h.flags != 0 {
			return &foreignError{fmt.Sprintf("it answered with text and the flags %d", h.flags), tryClient}
		}
		var err error
		*q.reply, err = readText(c.in, h.length)
		return err
	}
	shared := c.shares(q) && q.dst != nil
	if (h.flags&flagShared != 0) != shared {
		return &foreignError{"it answered in shared memory where the payload was asked for, or the other way round", tryClient}
	}
	want := uint64(8 * len(q.scalars))
	if !shared {
		want += uint64(len(q.dst)) * uint64(c.wire.dtype.size())
	}
	if h.length != want {
		return &foreignError{fmt.Sprintf("it answered with %d bytes, %d are wanted (%s)", h.length, want, c.wanted(q)), tryClient}
	}
	if len(q.scalars) > 0 {
		if _, err := io.ReadFull(c.in, bytesOf(q.scalars)); err != nil {
			return err
		}
	}
	if shared {
		c.get(2, q.dst)
		return nil
	}
	return c.wire.read(c.in, q.dst)
}

// wanted describes an answer.
func (c *conn) wanted(q *question) string {
	text := fmt.Sprintf("%d %s", len(q.dst), c.wire.dtype)
	if len(q.scalars) > 0 {
		text = fmt.Sprintf("%d float64 and %s", len(q.scalars), text)
	}
	return text
}

// refusedError is an answer that says why there is none.
type refusedError struct{ text string }

func (e *refusedError) Error() string { return e.text }

func (c *conn) refused(h header) error {
	text, err := readText(c.in, h.length)
	if err != nil {
		return err
	}
	return &refusedError{string(text[:min(len(text), 300)])}
}

// close ends the connection in order.
func (c *conn) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	if c.fault == nil {
		c.number++
		c.timer.Reset(grace)
		// The other side may be gone already, which is as well.
		_ = c.send(&question{kind: KindBye})
		c.timer.Stop()
		c.fault = errors.New("external: the objective is closed")
	}
	if c.child != nil {
		c.child.close()
	} else {
		c.socket.Close()
	}
	if c.memory != nil {
		c.memory.close()
		c.memory = nil
	}
	return nil
}
