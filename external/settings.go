package external

import (
	"fmt"
	"net"
	"strings"
	"time"
)

// Settings say whom to ask. One of Command and Address is needed.
type Settings struct {
	// Command is started; it reads questions from standard input and writes answers
	// to standard output.
	Command []string
	// Directory in which it runs; empty for the present one.
	Directory string
	// Address of a process that is served already: unix:PATH or tcp:HOST:PORT with
	// a loopback host.
	Address string
	// Timeout is the time for one answer, the first one included; 0 is 10 minutes.
	Timeout time.Duration
	// Differences forms Hessian-vector products from differences of gradients even
	// where the process has them.
	Differences bool
	// NoSharedMemory sends arrays through the pipe.
	NoSharedMemory bool
	// Log is a file to which the command's standard error is appended; empty for none.
	Log string
}

// DefaultTimeout is the time for an answer where the settings name none.
const DefaultTimeout = 10 * time.Minute

// network splits the address.
func (s *Settings) network() (network, address string, err error) {
	kind, rest, ok := strings.Cut(s.Address, ":")
	switch {
	case ok && kind == "unix" && rest != "":
		return "unix", rest, nil
	case ok && kind == "tcp":
		host, _, err := net.SplitHostPort(rest)
		if err == nil && host != "localhost" {
			if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
				err = fmt.Errorf("%.60q is not this machine", host)
			}
		}
		if err != nil {
			return "", "", fmt.Errorf("the address %.80q: %w", s.Address, err)
		}
		return "tcp", rest, nil
	}
	return "", "", fmt.Errorf("the address %.80q is neither unix:PATH nor tcp:127.0.0.1:PORT", s.Address)
}

// CheckAddress says what is wrong with an address.
func CheckAddress(address string) error {
	_, _, err := (&Settings{Address: address}).network()
	return err
}

// peer names whom is asked.
func (s *Settings) peer() string {
	if s.Address != "" {
		return s.Address
	}
	return command(s.Command)
}
