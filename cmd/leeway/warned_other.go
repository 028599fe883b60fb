//go:build !unix

package main

import "context"

// warned is the context itself: this system has no such signal.
func warned(ctx context.Context) (context.Context, func()) { return ctx, func() {} }
