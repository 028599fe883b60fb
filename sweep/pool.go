package sweep

import (
	"context"
	"runtime"
	"sync"

	"leeway/config"
)

// PoolSettings of a pool; the zero value is the usual.
type PoolSettings struct {
	// Workers of the pool; 0 is one a core, no more than there are cells without a
	// result, and one alone where the objective is behind an address, which serves one
	// asker at a time.
	Workers int
	// Settings of each worker. Threads 0 shares the cores between the workers.
	Settings
}

// Pool computes a sweep by several workers in this process, until nothing is left
// or ctx ends. It returns how many cells they finished and the first error; after
// one the other workers save what they have and end too.
func Pool(ctx context.Context, d *Dir, s PoolSettings) (int, error) {
	cores := runtime.GOMAXPROCS(0)
	if s.Workers <= 0 {
		s.Workers = cores
		if status, err := d.Status(s.Lease); err == nil {
			s.Workers = max(1, min(cores, status.Missing+status.Running))
		}
		if d.oneServer() {
			s.Workers = 1
		}
	}
	if s.Threads <= 0 {
		s.Threads = max(1, cores/s.Workers)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.complete = make(chan struct{})
	var (
		once     sync.Once
		group    sync.WaitGroup
		mu       sync.Mutex
		finished int
		first    error
	)
	for range s.Workers {
		group.Go(func() {
			n, err := Work(ctx, d, s.Settings)
			once.Do(func() { close(s.complete) })
			mu.Lock()
			defer mu.Unlock()
			finished += n
			if err != nil {
				if first == nil {
					first = err
				}
				cancel()
			}
		})
	}
	group.Wait()
	return finished, first
}

// oneServer reports whether the cells ask a process at an address.
func (d *Dir) oneServer() bool {
	if len(d.Cells) == 0 {
		return false
	}
	c, err := config.FromJSON(d.Cells[0].Config)
	return err == nil && c.Objective.Address != ""
}
