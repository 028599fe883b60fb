package data

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// read opens a file, has its unpacked content read by parse, and holds it
// against the file's sum, if one is known. A wrong sum comes before an error of
// parse: it is the cause.
func (f *files) read(name string, parse func(r io.Reader, name string) error) error {
	path, packed := f.path(name)
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("data: %s: %w. Try: leeway data get %s", f.name, err, f.name)
	}
	defer file.Close()
	var r io.Reader = file
	if packed {
		if r, err = gzip.NewReader(file); err != nil {
			return fmt.Errorf("data: %s: %s: %w. Try: removing it, and leeway data get %s", f.name, path, err, f.name)
		}
	}
	sum := sha256.New()
	r = io.TeeReader(r, sum)
	failed := parse(r, path)
	if _, err := io.Copy(io.Discard, r); failed == nil && err != nil {
		failed = fmt.Errorf("data: %s: %s: %w. Try: removing it, and leeway data get %s", f.name, path, err, f.name)
	}
	got := hex.EncodeToString(sum.Sum(nil))
	if want := f.sum(name); want != "" && got != want {
		return fmt.Errorf("data: %s: %s is not the published file (SHA-256 %.12s..., want %.12s...). Try: removing it, and leeway data get %s", f.name, path, got, want, f.name)
	}
	return failed
}

func (f *files) sum(name string) string {
	for _, file := range f.form {
		if file.name == name {
			return file.sum
		}
	}
	return ""
}

// idx reads images and labels.
func (f *files) idx(images, labels string) (*Samples, error) {
	var s *Samples
	err := f.read(images, func(r io.Reader, path string) error {
		return f.read(labels, func(l io.Reader, _ string) (err error) {
			s, err = ReadIDX(r, l, path)
			return err
		})
	})
	return s, err
}

// cifarArchive reads the one file in which a set is published.
func (f *files) cifarArchive(kind CIFAR) (train, test *Samples, err error) {
	err = f.read(f.form[0].name, func(r io.Reader, path string) (err error) {
		train, test, err = ReadCIFARArchive(r, path, kind)
		return err
	})
	return train, test, err
}

// cifarRecords reads the unpacked files, in the order of the form.
func (f *files) cifarRecords(kind CIFAR) (train, test *Samples, err error) {
	var parts [2]cifar
	for _, file := range f.form {
		part := &parts[cifarPart(file.name)]
		if err := f.read(file.name, func(r io.Reader, path string) error { return part.read(r, path, kind) }); err != nil {
			return nil, nil, err
		}
	}
	if train, err = parts[0].samples(f.dir+", training part", kind); err != nil {
		return nil, nil, err
	}
	test, err = parts[1].samples(f.dir+", test part", kind)
	return train, test, err
}
