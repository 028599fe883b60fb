package external

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// shared is memory that the other process maps too: theta, v and the result.
type shared struct {
	file   *os.File
	data   []byte
	stride int
}

// newShared makes such memory for arrays of some bytes each. It has no name in any
// file system, so nothing is left behind whatever happens.
func newShared(bytes uint64) (*shared, error) {
	const page = 1 << 12
	stride := (int(bytes) + page - 1) / page * page
	fd, err := unix.MemfdCreate("leeway", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, err
	}
	m := &shared{file: os.NewFile(uintptr(fd), "leeway"), stride: stride}
	if err := unix.Ftruncate(fd, int64(3*stride)); err != nil {
		m.file.Close()
		return nil, err
	}
	// Nobody can make it smaller, so that no access to it can fail.
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW); err != nil {
		m.file.Close()
		return nil, err
	}
	if m.data, err = unix.Mmap(fd, 0, 3*stride, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		m.file.Close()
		return nil, err
	}
	return m, nil
}

// markBytes is the length of the mark; an array's place is a page at least.
const markBytes = 16

// offer is what the other process is told.
func (m *shared) offer() Memory {
	_, _ = rand.Read(m.data[:markBytes]) // never fails
	return Memory{
		Path: fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), m.file.Fd()), Stride: m.stride, Size: 3 * m.stride,
		Mark: hex.EncodeToString(m.data[:markBytes]),
	}
}

// mapped ends the need for the file; the memory stays.
func (m *shared) mapped() { m.file.Close() }

func (m *shared) close() {
	m.file.Close()
	if m.data != nil {
		_ = unix.Munmap(m.data)
		m.data = nil
	}
}
