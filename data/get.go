package data

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
)

// GetSettings say how a set is brought. The zero value takes the first of
// [Directories].
type GetSettings struct {
	// Dir is the directory of data sets; the set gets a folder in it.
	Dir string
	// Progress is called with the bytes of a file that are there; may be nil.
	Progress func(file string, done, total int64)
	// Client as in [Download].
	Client *http.Client
}

// Get makes the published set called name available: it downloads the files
// that are missing, checks their SHA-256 and returns where they are. A set that
// [Find] finds is not brought again, a built-in one is always there. A download
// that breaks off goes on when Get is called again. See [Download] for the
// errors; an unknown name is an error that gives the nearest one.
func Get(ctx context.Context, name string, s GetSettings) (Location, error) {
	for i := range publications {
		if publications[i].Name == name {
			return publications[i].get(ctx, Directories(), s)
		}
	}
	return Find(name)
}

func (p *publication) get(ctx context.Context, directories []string, s GetSettings) (Location, error) {
	if s.Dir == "" {
		s.Dir = directories[0]
	} else {
		directories = []string{s.Dir}
	}
	if l, err := p.locate(directories); err == nil {
		return l, nil
	}
	for _, r := range p.remotes {
		d := Download{URLs: r.at, Path: filepath.Join(s.Dir, p.folders[0], r.name), SHA256: r.sum, Bytes: r.bytes, Client: s.Client}
		if s.Progress != nil {
			d.Progress = func(done, total int64) { s.Progress(r.name, done, total) }
		}
		if err := d.Run(ctx); err != nil {
			if p.install != "" {
				err = fmt.Errorf("%w, or %s", err, p.install) // it ends in what to try
			}
			return Location{}, err
		}
	}
	return p.locate(directories)
}
