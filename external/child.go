package external

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// grace is how long a process may take to end after it was told that there are no
// more questions. Tests shorten it.
var grace = 3 * time.Second

// child is a command with which one talks over its standard input and output.
type child struct {
	cmd    *exec.Cmd
	in     pipe     // its standard input
	out    *os.File // its standard output
	stderr *tail
	log    *os.File
	ended  chan struct{} // closed when it has been waited for
	err    error         // how it ended, after that

	mu     sync.Mutex
	reaped bool // its number may be another process's
}

// startChild starts the command. It does not outlive this process: it sees the end
// of its input, and where the system can (Linux) it is killed.
func startChild(s *Settings) (*child, error) {
	c := &child{stderr: &tail{}, ended: make(chan struct{})}
	if s.Log != "" {
		f, err := os.OpenFile(s.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return nil, &foreignError{"the log cannot be opened: " + cause(err), "objective.log: a file that can be written, or none"}
		}
		c.log, c.stderr.log = f, f
	}
	if s.Directory != "" {
		if info, err := os.Stat(s.Directory); err != nil || !info.IsDir() {
			c.closeLog()
			return nil, &foreignError{fmt.Sprintf("there is no folder %q to run it in", s.Directory), "objective.directory: a folder that exists, or none"}
		}
	}
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		c.closeLog()
		return nil, err
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		ourOut.Close()
		c.closeLog()
		return nil, err
	}
	widen(ourIn)
	c.cmd = exec.Command(s.Command[0], s.Command[1:]...)
	c.cmd.Dir = s.Directory
	c.cmd.Env = append(os.Environ(), fmt.Sprintf("LEEWAY_PROTOCOL=%d", Version))
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = theirIn, theirOut, c.stderr
	c.cmd.WaitDelay = grace // for grandchildren that keep standard error open
	c.cmd.SysProcAttr = attributes()
	c.in, c.out = newPipe(ourOut), ourIn
	started := make(chan error)
	go func() {
		// Linux ties the death signal to the thread that started the process, so
		// this thread has to stay.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		if awaitEnd(c.cmd.Process) {
			c.killGroup() // what it started, while its number is its own
			c.setReaped()
		}
		c.err = c.cmd.Wait()
		c.setReaped()
		close(c.ended)
	}()
	err = <-started
	theirIn.Close()
	theirOut.Close()
	if err != nil {
		ourOut.Close()
		ourIn.Close()
		c.closeLog()
		return nil, err
	}
	return c, nil
}

func (c *child) closeLog() {
	if c.log != nil {
		c.log.Close()
	}
}

// abort kills the process and everything that it started.
func (c *child) abort() {
	c.killGroup()
	c.in.Close()
	c.out.Close()
}

func (c *child) setReaped() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reaped = true
}

// killGroup kills the process and what it started, if its number is still its own.
func (c *child) killGroup() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reaped {
		killGroup(c.cmd.Process)
	}
}

// close waits for the end of the process, which knows that it should end.
func (c *child) close() {
	c.in.Close()
	select {
	case <-c.ended:
	case <-time.After(grace):
	}
	c.abort()
	<-c.ended
	c.closeLog()
}

// fate is how the process ended, or "" if it is not known to have ended. Its output
// closes a moment before it can be waited for.
func (c *child) fate() string {
	select {
	case <-c.ended:
	case <-time.After(grace):
		return ""
	}
	if c.err == nil {
		return "the process ended"
	}
	return "the process ended: " + c.err.Error()
}
