package external

import (
	"os"

	"golang.org/x/sys/unix"
)

// pipeBytes is the size of a pipe, sixteen times the usual one: fewer switches
// between the two processes for large arrays.
const pipeBytes = 1 << 20

// pipe is the writing end of a pipe.
type pipe struct{ *os.File }

// newPipe enlarges a pipe; the usual size does too.
func newPipe(f *os.File) pipe {
	widen(f)
	return pipe{f}
}

func widen(f *os.File) {
	if conn, err := f.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
	}
}

// lend writes p without copying it into the pipe: the pipe refers to its pages until
// they have been read, which the answer to a question shows. Until then p must not
// change.
func (w pipe) lend(p []byte) error {
	conn, err := w.SyscallConn()
	if err != nil {
		return err
	}
	for len(p) > 0 {
		var n int
		var fault error
		err := conn.Write(func(fd uintptr) bool {
			piece := unix.Iovec{Base: &p[0]}
			piece.SetLen(len(p))
			n, fault = unix.Vmsplice(int(fd), []unix.Iovec{piece}, unix.SPLICE_F_NONBLOCK)
			return fault != unix.EAGAIN
		})
		switch {
		case err != nil:
			return err
		case fault == unix.EINTR:
		case fault == unix.ENOSYS || fault == unix.EPERM: // forbidden in some containers
			_, err := w.Write(p)
			return err
		case fault != nil:
			return os.NewSyscallError("vmsplice", fault)
		default:
			p = p[n:]
		}
	}
	return nil
}
