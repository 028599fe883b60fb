//go:build unix

package external

import (
	"os"
	"syscall"
)

// killGroup kills a process with its process group.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
