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

// awaitEnd waits for the end of a process, leaves it to be waited for again, and reports
// whether it could.
func awaitEnd(p *os.Process) bool {
	for {
		if err := unix.Waitid(unix.P_PID, p.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != unix.EINTR {
			return err == nil
		}
	}
}
