package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible is a context that ends with the first Ctrl-C, SIGTERM or SIGHUP.
// From then on Ctrl-C and SIGTERM do again what they do by themselves, so that a
// second one ends the process at once, however long the present step takes.
//
// A terminal that closes sends SIGHUP to its processes, sometimes twice and from
// both kernel and shell: further ones are no wish to end at once. Where the
// process was begun with SIGHUP ignored, as nohup does, it stays ignored.
//
// The function must be called at the end.
func (a *app) interruptible(quiet bool) (context.Context, func()) {
	line, hangUp := context.Background(), func() {}
	if !signal.Ignored(syscall.SIGHUP) {
		line, hangUp = signal.NotifyContext(line, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(line, os.Interrupt, syscall.SIGTERM)
	said := make(chan struct{})
	hear := context.AfterFunc(ctx, func() {
		defer close(said)
		stop()
		// Nobody is there to read it after a SIGHUP, and writing into a pipe
		// without a reader would end the process before its checkpoint. A
		// terminal's bar says it itself.
		if !quiet && !a.err.live && line.Err() == nil {
			a.err.printf("  stopping; Ctrl-C again ends at once\n")
		}
	})
	return ctx, func() {
		if !hear() {
			<-said
		}
		stop()
		hangUp()
	}
}
