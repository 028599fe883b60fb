package data

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A file that is not the published one is refused, whatever is wrong with it.
func TestLoadRefusesOtherFiles(t *testing.T) {
	p, packed := toy(nil)
	published(t, p)
	flipped := zipped(idxBytes(append(content(23), 1), 6, 2, 2))
	for label, c := range map[string]struct {
		file    int
		content []byte
		want    string
	}{
		"a pixel":         {0, flipped, "is not the published file"},
		"test for train":  {1, packed[idxFiles[3]+".gz"], "is not the published file"},
		"no gzip":         {0, []byte("hello"), "Try: removing it"},
		"half a file":     {2, packed[idxFiles[2]+".gz"][:30], "is not the published file"},
		"test labels":     {3, zipped(idxBytes([]uint8{2, 2, 1, 1}, 4)), "is not the published file"},
		"rest after gzip": {0, append(slices.Clone(packed[idxFiles[0]+".gz"]), "rest"...), "unexpected EOF"},
	} {
		dir := alone(t)
		for name, b := range packed {
			write(t, filepath.Join(dir, "toy", name), b)
		}
		write(t, filepath.Join(dir, "toy", idxFiles[c.file]+".gz"), c.content)
		if _, _, err := Load("toy", Settings{Test: All}); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), idxFiles[c.file]) && c.want[:2] == "is" {
			t.Errorf("%s: error %v, want %q", label, err, c.want)
		}
	}
	dir := alone(t)
	for name := range packed {
		if err := os.MkdirAll(filepath.Join(dir, "toy", name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Find("toy"); err == nil {
		t.Error("folders were taken for files")
	}
}

// CIFAR's sets are found as one archive, which has a sum, and unpacked, of which
// there may be fewer rows, in the same format, and not more.
func TestLoadCIFAR(t *testing.T) {
	b := zipped(archive("a/data_batch_1.bin", record(1, 1), "a/test_batch.bin", record(6, 6)))
	p := publication{
		Information: Information{Name: "tiny", N: 2, Test: 1, D: 3072, Classes: 10},
		folders:     []string{"tiny", "."},
		forms:       cifarForms("tiny.tar.gz", sumOfBytes(b), "data_batch_1.bin", "test_batch.bin"),
		read:        cifarReader(CIFAR10),
	}
	published(t, p)
	for label, c := range map[string]struct {
		files   map[string][]byte
		want    string
		checked bool
	}{
		"archive":         {map[string][]byte{"tiny.tar.gz": b}, "", true},
		"other archive":   {map[string][]byte{"tiny.tar.gz": append(slices.Clone(b), 0)}, "is not the published file", true},
		"unpacked":        {map[string][]byte{"data_batch_1.bin": record(1, 1), "tiny/data_batch_1.bin": record(1, 1), "test_batch.bin": record(6, 6)}, "", false},
		"too many rows":   {map[string][]byte{"data_batch_1.bin": record(1, 1), "test_batch.bin": append(record(6, 6), record(6, 6)...)}, "holds 2 rows, the published set 1", false},
		"no rows":         {map[string][]byte{"data_batch_1.bin": nil, "test_batch.bin": record(6, 6)}, "training part: no records", false},
		"damaged records": {map[string][]byte{"data_batch_1.bin": record(1, 1), "test_batch.bin": record(6, 66)}, "test_batch.bin: byte 0: label 66", false},
	} {
		dir := alone(t)
		for name, content := range c.files {
			write(t, filepath.Join(dir, name), content)
		}
		l, err := Find("tiny")
		if err != nil || l.Checked != c.checked {
			t.Errorf("%s: %+v, error %v", label, l, err)
		}
		train, test, err := LoadSamples("tiny", Settings{Test: 1})
		switch {
		case c.want == "" && (err != nil || train.Y[0] != 1 || test.Y[0] != 6):
			t.Errorf("%s: error %v", label, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want %q", label, err, c.want)
		}
	}
}
