package papers

import "sync"

// Shared is what several claims of a paper are measured from: made once in a
// laboratory and known there by its key. What failed is made again.
func Shared[T any](l *Lab, key string, make func() (T, error)) (T, error) {
	l.mu.Lock()
	known, ok := l.shared[key]
	l.mu.Unlock()
	if ok {
		return known.(T), nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shared == nil {
		l.shared = map[string]any{}
	}
	l.shared[key] = made
	return made, nil
}

// Each calls do for 0 to n-1, on up to so many threads, and returns the error of the
// lowest of them. What do writes for its own i does not depend on the threads.
func Each(n, threads int, do func(i int) error) error {
	errs := make([]error, n)
	room, jobs := make(chan struct{}, max(threads, 1)), sync.WaitGroup{}
	for i := range n {
		room <- struct{}{}
		jobs.Go(func() {
			defer func() { <-room }()
			errs[i] = do(i)
		})
	}
	jobs.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
