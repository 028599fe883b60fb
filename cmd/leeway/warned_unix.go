//go:build unix

package main

import (
	"context"
	"os/signal"
	"syscall"
)

// warned is a context that ends with SIGUSR1, which schedulers send before they end
// a job.
func warned(ctx context.Context) (context.Context, func()) {
	return signal.NotifyContext(ctx, syscall.SIGUSR1)
}
