//go:build unix

package externaltest

import (
	"os"
	"syscall"
)

// killSelf ends the process by a signal that it cannot catch.
func killSelf() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
