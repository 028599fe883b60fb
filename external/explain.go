package external

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strings"
)

// explain breaks the connection off and puts what went wrong into a sentence.
func (c *conn) explain(q *question, err error) *Fault {
	f := &Fault{Peer: c.peer, Doing: q.words()}
	var foreign *foreignError
	var refused *refusedError
	switch {
	case c.expired.Load() && q.kind == KindHello && c.socket != nil:
		f.What = fmt.Sprintf("no answer within %s", c.patience(q))
		f.Try = "an address of its own for every leeway: whoever serves this one is busy with another, or does not speak the protocol"
	case c.expired.Load():
		f.What = fmt.Sprintf("no answer within %s", c.timeout)
		f.Try = "a longer objective.timeout, in seconds, if the process only needs more time"
	case errors.As(err, &foreign):
		f.What, f.Try = foreign.text, foreign.try
	case errors.As(err, &refused):
		f.What = "it says: " + refused.text
		f.Try = "mending the model; its standard error, which objective.log keeps, tells more"
	case c.child == nil:
		f.What = "the connection broke: " + cause(err)
		f.Try = "starting the process that serves this address again"
	default:
		f.What = c.child.fate()
		f.Try = "the command by itself, in the same folder: it should wait for questions"
		if q.kind == KindHello {
			f.Try = "mending what its standard error says, until the command by itself, in the same folder, waits for questions"
		}
		if f.What == "" {
			f.What = "it closed its output but goes on running: " + cause(err)
		}
	}
	c.abort()
	if c.child != nil {
		c.child.fate() // so that its last words have arrived
		if f.Stderr = c.child.stderr.lines(); refused != nil && strings.Contains(f.Stderr, firstLine(refused.text)) {
			f.Stderr = "" // it says the same
		}
	}
	return f
}

// firstLine is the first line of a text, or what is short of it.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line[:min(len(line), 100)]
}

// words are what a question asks for.
func (q *question) words() string {
	switch q.kind {
	case KindHello:
		return "the first question"
	case KindMemory:
		return "offering shared memory"
	case KindStart:
		return "the start"
	case KindGradient:
		return fmt.Sprintf("the gradient of batch %d", q.argument)
	case KindProduct:
		return fmt.Sprintf("a Hessian-vector product of batch %d", q.argument)
	case KindMetrics:
		return "loss and accuracy"
	}
	return "a question"
}

// cause is the system's part of an error.
func cause(err error) string {
	var path *fs.PathError
	var call *os.SyscallError
	var op *net.OpError
	var name *exec.Error
	switch {
	case errors.As(err, &name):
		return fmt.Sprintf("%s: %v", name.Name, name.Err)
	case errors.As(err, &call):
		return call.Err.Error()
	case errors.As(err, &op):
		return op.Err.Error()
	case errors.As(err, &path):
		return path.Path + ": " + path.Err.Error()
	}
	return err.Error()
}
