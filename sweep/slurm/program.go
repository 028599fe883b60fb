package slurm

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"leeway/sweep"
)

// Keep copies a program to the sweep directory, where all nodes see it and where it
// stays what it was when it was submitted, and returns the copy's absolute path.
// The same program is copied once.
func Keep(dir, program string) (string, error) {
	text, err := os.ReadFile(program)
	if err != nil {
		return "", &sweep.Error{What: "cannot read the program, to copy it for the nodes", Where: program, Err: err, Try: "go build ./cmd/leeway, and that program"}
	}
	sum := sha256.Sum256(text)
	path, err := filepath.Abs(filepath.Join(dir, Folder, "leeway-"+hex.EncodeToString(sum[:6])))
	if err != nil {
		return "", cannotWrite(dir, err)
	}
	stat, err := os.Stat(path)
	if err == nil && stat.Size() == int64(len(text)) && stat.Mode()&0o111 != 0 {
		return path, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", cannotWrite(path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", cannotWrite(filepath.Dir(path), err)
	}
	return path, replace(path, text, 0o755)
}
