package external

import (
	"fmt"
	"io"
	"strings"
)

// maxNoise is how much a command may print before its first answer.
const maxNoise = 1 << 20

// skipNoise passes over what a command prints before its first answer, which goes to
// noise, and returns r with the beginning of that answer put back. Training scripts
// greet; after the first answer there must be no more of it.
func skipNoise(r io.Reader, noise io.Writer) (io.Reader, error) {
	mark := magic[:3]
	var b [1]byte
	seen := 0 // bytes of the mark
	for total := 0; total < maxNoise; total++ {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return nil, err
		}
		if b[0] == mark[seen] {
			if seen++; seen == len(mark) {
				return io.MultiReader(strings.NewReader(mark), r), nil
			}
			continue
		}
		if _, err := io.WriteString(noise, mark[:seen]); err != nil {
			return nil, err
		}
		if seen = 0; b[0] == mark[0] { // no part of the mark but its first byte begins it again
			seen = 1
			continue
		}
		if _, err := noise.Write(b[:]); err != nil {
			return nil, err
		}
	}
	return nil, &foreignError{fmt.Sprintf("it printed more than %d bytes before its first answer", maxNoise), tryQuiet}
}
