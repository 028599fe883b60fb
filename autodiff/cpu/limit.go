package cpu

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// fit lays the plan out. It is an error if the program would take more bytes than
// the limit.
func (p *plan) fit(limit int) error {
	if limit <= 0 {
		limit = machineMemory()
	}
	p.layOut()
	s := &p.stats
	s.BufferBytes, s.SumBytes, s.ScratchBytes = p.bytes, p.work, p.scratch
	var largest *storage
	for _, a := range p.storages {
		if a.origin == fromBuffer {
			s.BytesWithoutReuse += a.bytes
		}
		if a.own && a.last >= 0 {
			s.ConstantBytes += a.bytes
		}
		if (a.origin == fromBuffer || a.own) && (largest == nil || a.bytes > largest.bytes) {
			largest = a
		}
	}
	s.PeakBytes = s.BufferBytes + s.SumBytes + s.ScratchBytes + s.ConstantBytes
	if s.PeakBytes > limit {
		return fmt.Errorf("cpu: compile: the program needs %.3g GB and the limit is %.3g GB; the largest of its arrays is %v. Try: a smaller physical batch",
			float64(s.PeakBytes)/1e9, float64(limit)/1e9, largest.value)
	}
	return nil
}

// machineMemory is what this process may use, as far as the system tells: the
// machine's memory or what a container leaves of it. Elsewhere it is 64 GiB.
var machineMemory = sync.OnceValue(func() int {
	known := 64 << 30
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if n, ok := memTotal(string(text)); ok {
			known = n
		}
	}
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(path); err == nil {
			if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && n > 0 {
				known = min(known, n)
			}
		}
	}
	return known
})

// memTotal reads the line "MemTotal: 16318280 kB" of /proc/meminfo.
func memTotal(text string) (bytes int, ok bool) {
	for line := range strings.Lines(text) {
		var kB int
		if _, err := fmt.Sscanf(line, "MemTotal: %d kB", &kB); err == nil && kB > 0 {
			return kB << 10, true
		}
	}
	return 0, false
}
