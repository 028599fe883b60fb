//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package rundir

import "os"

// lockFile does nothing on systems without file locks (a browser's).
func lockFile(*os.File) error { return nil }
