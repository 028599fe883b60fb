//go:build !unix

package main

import "context"

func interruptMyself(context.Context)  {}
func interruptAndHang(context.Context) {}
func hangUpMyself(context.Context)     {}
func killMyself(context.Context)       {}
