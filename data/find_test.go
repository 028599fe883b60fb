package data

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// toy is a publication made for these tests: six training and four test images
// of 2 x 2 pixels, served by s.
func toy(s *server) (p publication, packed map[string][]byte) {
	contents := [4][]byte{
		idxBytes(content(24), 6, 2, 2), idxBytes([]uint8{0, 1, 2, 0, 1, 2}, 6),
		idxBytes(content(16), 4, 2, 2), idxBytes([]uint8{2, 2, 1, 0}, 4),
	}
	var sums, packedSums [4]string
	var sizes [4]int64
	packed = map[string][]byte{}
	for i, b := range contents {
		z := zipped(b)
		sums[i], packedSums[i], sizes[i] = sumOfBytes(b), sumOfBytes(z), int64(len(z))
		packed[idxFiles[i]+".gz"] = z
	}
	address := ""
	if s != nil {
		address = s.URL + "/"
	}
	return publication{
		Information: Information{Name: "toy", N: 6, Test: 4, D: 4, Classes: 3, Shape: []int{2, 2, 1}},
		folders:     []string{"toy", "Toy/raw"},
		install:     "apt-get install dataset-toy",
		forms:       idxForm(sums),
		remotes:     idxRemotes(sizes, packedSums, address),
		read:        idx("a", "b", "c"),
	}, packed
}

// published makes p known under its name for the time of a test.
func published(t *testing.T, p publication) {
	t.Helper()
	before := publications
	publications = append(slices.Clone(publications), p)
	t.Cleanup(func() { publications = before })
}

// alone makes dir the only place with data sets.
func alone(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("LEEWAY_DATA", dir)
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Chdir(t.TempDir())
	return dir
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestDirectories(t *testing.T) {
	dir := alone(t)
	got := Directories()
	if len(got) != 3 || got[0] != dir || !strings.HasSuffix(got[1], filepath.Join("leeway", "data")) || got[2] != "data" {
		t.Errorf("%q", got)
	}
	t.Setenv("LEEWAY_DATA", "")
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	if got := Directories(); got[len(got)-1] != "data" {
		t.Errorf("%q", got)
	}
}

// Get from a server, Find in a folder, Load: the rows are those of the files.
func TestGetFindLoad(t *testing.T) {
	dir := alone(t)
	var packed map[string][]byte
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		whole(packed[strings.TrimPrefix(r.URL.Path, "/")])(w, r)
	})
	p, files := toy(s)
	packed = files
	published(t, p)

	var absent *NotFoundError
	_, err := Find("toy")
	if !errors.As(err, &absent) || !slices.Contains(absent.Looked, filepath.Join(dir, "toy")) || len(absent.Looked) != 6 {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{"toy is not on this machine", filepath.Join(dir, "Toy", "raw"), "Try: leeway data get toy, or apt-get install dataset-toy"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	if _, _, err := Load("toy", Settings{}); !errors.As(err, &absent) {
		t.Errorf("error %v", err)
	}

	seen := map[string]int64{}
	l, err := Get(t.Context(), "toy", GetSettings{Progress: func(file string, done, total int64) {
		if seen[file] = done; done > total {
			t.Errorf("%s: %d of %d", file, done, total)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if l.Dir != filepath.Join(dir, "toy") || !l.Checked || l.BuiltIn || len(l.Files) != 4 || l.Files[0] != "train-images-idx3-ubyte.gz" || len(seen) != 4 {
		t.Errorf("%+v", l)
	}
	asked := len(s.asked())
	if _, err := Get(t.Context(), "toy", GetSettings{}); err != nil || len(s.asked()) != asked {
		t.Errorf("downloaded again, error %v", err)
	}
	if elsewhere, err := Get(t.Context(), "toy", GetSettings{Dir: t.TempDir()}); err != nil || elsewhere.Dir == l.Dir {
		t.Errorf("into another folder: %+v, error %v", elsewhere, err)
	}

	train, test, err := Load("toy", Settings{Train: 5, Test: 2, Scaling: Raw})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range train.X {
		if v != float64(content(24)[i]) {
			t.Fatalf("training value %d is %v", i, v)
		}
	}
	if train.N != 5 || test.N != 2 || train.Name != "toy" || !slices.Equal(test.Y, []int{2, 2}) || train.ClassNames[2] != "c" || !slices.Equal(train.Shape, []int{2, 2, 1}) {
		t.Errorf("%+v", train)
	}
	a, b, err := LoadSamples("toy", Settings{Classes: []int{2, 0}, Test: All, Shuffle: true})
	if err != nil || a.N != 4 || b.N != 3 || a.Classes != 2 {
		t.Errorf("two classes: %d and %d rows, error %v", a.N, b.N, err)
	}
	if a, b, err := LoadSamples("toy", Settings{}); err != nil || a.N != 6 || b.N != 0 {
		t.Errorf("training rows alone: error %v", err)
	}
	for want, s := range map[string]Settings{
		"7 rows for training, but there are 6. Try: 1 to 6": {Train: 7},
		"5 rows for testing, but there are 4. Try: 0 to 4":  {Test: 5},
		"-2 rows for testing":                               {Test: -2},
		"no class 3":                                        {Classes: []int{3}},
		"unknown scaling":                                   {Scaling: "x"},
	} {
		if _, _, err := Load("toy", s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", s, err, want)
		}
	}
}

func TestFindAlongTheWay(t *testing.T) {
	dir := alone(t)
	p, packed := toy(nil)
	published(t, p)
	// Half a set is named, and passed by for a whole one, here packed and not.
	write(t, filepath.Join(dir, "toy", idxFiles[0]+".gz"), packed[idxFiles[0]+".gz"])
	for i, name := range idxFiles {
		b, suffix := packed[name+".gz"], ".gz"
		if i%2 == 0 {
			r, err := unzipped(strings.NewReader(string(b)))
			if err != nil {
				t.Fatal(err)
			}
			if b, err = readExactly(r, len(b)*2); len(b) == 0 {
				t.Fatal(err)
			}
			suffix = ""
		}
		write(t, filepath.Join("data", "Toy", "raw", name+suffix), b)
	}
	l, err := Find("toy")
	if err != nil {
		t.Fatal(err)
	}
	if l.Dir != filepath.Join("data", "Toy", "raw") || l.Files[0] != idxFiles[0] || l.Files[1] != idxFiles[1]+".gz" {
		t.Errorf("%+v", l)
	}
	if want := "(without " + strings.Join(idxFiles[1:], ", ") + ")"; !strings.Contains(l.Looked[0], want) || l.Looked[len(l.Looked)-1] != l.Dir {
		t.Errorf("looked in %q", l.Looked)
	}
	if _, _, err := LoadSamples("toy", Settings{Test: All}); err != nil {
		t.Error(err)
	}
	// A system's package comes last.
	p.installed = []string{filepath.Join("data", "Toy", "raw")}
	if l, err := p.locate(nil); err != nil || l.Dir != p.installed[0] {
		t.Errorf("%+v, error %v", l, err)
	}
}

// A folder that cannot be written to, and a server that has nothing.
func TestGetFails(t *testing.T) {
	dir := alone(t)
	p, _ := toy(serve(t, status(404)))
	published(t, p)
	if _, err := Get(t.Context(), "toy", GetSettings{}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("error %v", err)
	}
	write(t, filepath.Join(dir, "file"), nil)
	if _, err := Get(t.Context(), "toy", GetSettings{Dir: filepath.Join(dir, "file")}); err == nil || !strings.Contains(err.Error(), "Try: ") {
		t.Errorf("error %v", err)
	}
	if l, err := Get(context.Background(), "digits", GetSettings{}); err != nil || !l.BuiltIn {
		t.Errorf("%+v, error %v", l, err)
	}
	if _, err := Get(context.Background(), "digts", GetSettings{}); err == nil || !strings.HasSuffix(err.Error(), "Try: digits") {
		t.Errorf("error %v", err)
	}
}

// What is said of the published sets hangs together: a sum for each download,
// sizes that add up, names in order.
func TestPublished(t *testing.T) {
	names := Published()
	if !slices.IsSorted(names) || len(names) != 4 {
		t.Errorf("%q", names)
	}
	sum := regexp.MustCompile(`^[0-9a-f]{64}$`)
	seen := map[string]bool{}
	for _, p := range publications {
		i, err := Info(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		bytes := int64(0)
		for _, r := range p.remotes {
			if bytes += r.bytes; !sum.MatchString(r.sum) || seen[r.sum] || len(r.at) == 0 {
				t.Errorf("%s: %s", p.Name, r.name)
			}
			for _, a := range r.at {
				if !strings.HasSuffix(a, r.name) || !strings.HasPrefix(a, "http") {
					t.Errorf("%s: address %s", p.Name, a)
				}
			}
		}
		for _, f := range p.forms[0] {
			if !sum.MatchString(f.sum) || seen[f.sum] {
				t.Errorf("%s: %s", p.Name, f.name)
			}
			seen[f.sum] = true
		}
		if i.Download != bytes || i.D != i.Shape[0]*i.Shape[1]*i.Shape[2] || i.BuiltIn || i.Test != 10000 || !strings.HasPrefix(i.Citation, "@") || i.Preparation == "" || i.Licence == "" {
			t.Errorf("%+v", i)
		}
	}
	for _, name := range Names() {
		if l, err := Find(name); err != nil || !l.BuiltIn {
			t.Errorf("%+v, error %v", l, err)
		}
		if i, _ := Info(name); !i.BuiltIn || i.Download != 0 {
			t.Errorf("%+v", i)
		}
	}
	if _, err := Find("cifar"); err == nil || !strings.HasSuffix(err.Error(), "Try: cifar-10") {
		t.Errorf("error %v", err)
	}
}
