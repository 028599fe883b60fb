// Package python holds the client for Python, so that the program can hand it out.
package python

import _ "embed" // for the client

// Client is leeway.py.
//
//go:embed leeway.py
var Client []byte
