// Package external asks another process for an objective: loss and gradient of
// each batch, and where that process has them Hessian-vector products, a start and
// the loss and accuracy on further rows. Whatever can read and write bytes can so
// be asked every question of leeway.
//
// [Open] starts a command and talks to it over its standard input and output, or
// connects to a socket that is served already. docs/protocol.md is the protocol,
// clients/python/leeway.py its implementation for Python.
//
// An [Objective] puts one question at a time, however many goroutines use it and
// its clones. What goes wrong on the other side is a [*Fault]; after the first one
// the connection is closed and every further question has the same answer.
package external
