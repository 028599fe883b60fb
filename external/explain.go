package external

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
)

// explain breaks the connection off and puts what went wrong into a sentence.
func (c *conn) explain(q *question, err error) *Fault {
	f := &Fault{Peer: c.peer, Doing: q.words()}
	var foreign *foreignError
	var refused *refusedError
	switch {
	case c.expired.Load():
		f.What = fmt.Sprintf("no answer within %s", c.timeout)
		f.Try = "a longer objective.timeout, in seconds, if the process only needs more time"
	case errors.As(err, &foreign):
		f.What = foreign.text
		f.Try = "nothing but answers on standard output (prints belong to standard error; in Python, import leeway before anything prints), and the client that belongs to this leeway: leeway client python"
	case errors.As(err, &refused):
		f.What = "it says: " + refused.text
		f.Try = "mending the model; its standard error, which objective.log keeps, tells more"
	case c.child == nil:
		f.What = "the connection broke: " + cause(err)
		f.Try = "starting the process that serves this address again"
	default:
		f.What = c.child.fate()
		f.Try = "the command by itself, in the same folder: it should wait for questions"
		if f.What == "" {
			f.What = "it closed its output but goes on running: " + cause(err)
		}
	}
	c.abort()
	if c.child != nil {
		c.child.fate() // so that its last words have arrived
		f.Stderr = c.child.stderr.lines()
	}
	return f
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
