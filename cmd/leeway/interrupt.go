package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible is a context that ends with the first Ctrl-C or SIGTERM. From
// then on signals do again what they do by themselves, so that a second one ends
// the process at once, however long the present step takes. The function must
// be called at the end.
func (a *app) interruptible(quiet bool) (context.Context, func()) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	said := make(chan struct{})
	hear := context.AfterFunc(ctx, func() {
		defer close(said)
		stop()
		if !quiet && !a.err.live { // a terminal's bar says it itself
			a.err.printf("  stopping; Ctrl-C again ends at once\n")
		}
	})
	return ctx, func() {
		if !hear() {
			<-said
		}
		stop()
	}
}
