package external

import "syscall"

// attributes put the command into a process group of its own, so that an interrupt
// of the terminal does not reach it, and let it die with the thread that started it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
