package external

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes put the command into a process group of its own, so that an interrupt
// of the terminal does not reach it, and let it die with the thread that started it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// pipeBytes is the size of a pipe, sixteen times the usual one: fewer switches
// between the two processes for large arrays.
const pipeBytes = 1 << 20

// widen asks for a larger pipe; the usual one does too.
func widen(f *os.File) {
	conn, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
}
