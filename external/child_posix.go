//go:build unix && !linux

package external

import (
	"os"
	"syscall"
)

// attributes put the command into a process group of its own, so that an interrupt
// of the terminal does not reach it. It ends at the end of its input.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// awaitEnd cannot wait without taking the process's number away.
func awaitEnd(*os.Process) bool { return false }
