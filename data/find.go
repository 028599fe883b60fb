package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Directories lists where data sets are looked for: the folder that the
// environment variable LEEWAY_DATA names, leeway/data in the user's folder of
// caches, and data in the present folder. [Get] writes into the first.
func Directories() []string {
	var all []string
	if dir := os.Getenv("LEEWAY_DATA"); dir != "" {
		all = append(all, dir)
	}
	if dir, err := os.UserCacheDir(); err == nil {
		all = append(all, filepath.Join(dir, "leeway", "data"))
	}
	return append(all, "data")
}

// Location says where a set is.
type Location struct {
	// Name of the set.
	Name string
	// BuiltIn sets are part of the program and have no folder.
	BuiltIn bool
	// Dir is the folder, Files are the names of the files in it.
	Dir   string
	Files []string
	// Checked tells whether the files' contents are held against published
	// sums when they are read. (Those of CIFAR's unpacked files are not known
	// for certain.)
	Checked bool
	// Looked lists the folders that were looked into, up to Dir, and what they
	// lacked.
	Looked []string
}

// NotFoundError says that a published set is not on this machine.
type NotFoundError struct {
	// Name of the set, and the folders that were looked into, with what they
	// lacked.
	Name   string
	Looked []string
	// Install is a command that gets it in another way, or empty.
	Install string
}

// Error names the set, the folders and the commands that get it.
func (e *NotFoundError) Error() string {
	try := "leeway data get " + e.Name
	if e.Install != "" {
		try += ", or " + e.Install
	}
	return fmt.Sprintf("data: %s is not on this machine (looked in %s). Try: %s", e.Name, strings.Join(e.Looked, ", "), try)
}

// Find tells where the set called name is. A published set that is nowhere is a
// [NotFoundError], an unknown name an error that gives the nearest one.
func Find(name string) (Location, error) {
	for _, e := range catalogue {
		if e.Name == name {
			return Location{Name: name, BuiltIn: true, Checked: true}, nil
		}
	}
	for i := range publications {
		if publications[i].Name == name {
			return publications[i].locate(Directories())
		}
	}
	return Location{}, unknown(name)
}

func (p *publication) locate(directories []string) (Location, error) {
	found, looked, err := p.find(directories)
	if err != nil {
		return Location{}, err
	}
	l := Location{Name: p.Name, Dir: found.dir, Looked: looked, Checked: true}
	for _, f := range found.form {
		path, _ := found.path(f.name)
		l.Files = append(l.Files, filepath.Base(path))
		l.Checked = l.Checked && f.sum != ""
	}
	return l, nil
}

// find looks for the files, in each folder for every form of the set.
func (p *publication) find(directories []string) (*files, []string, error) {
	var places, looked []string
	for _, d := range directories {
		for _, f := range p.folders {
			places = append(places, filepath.Join(d, filepath.FromSlash(f)))
		}
	}
	for _, dir := range append(places, p.installed...) {
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() {
			looked = append(looked, dir)
			continue
		}
		lacks := ""
		for _, form := range p.forms {
			f := &files{name: p.Name, dir: dir, form: form}
			missing := f.missing()
			if len(missing) == 0 {
				return f, append(looked, dir), nil
			}
			if len(missing) < len(form) { // some of it is there
				lacks = " (without " + strings.Join(missing, ", ") + ")"
			}
		}
		looked = append(looked, dir+lacks)
	}
	return nil, looked, &NotFoundError{Name: p.Name, Looked: looked, Install: p.install}
}

// files are those of a form of a set, in one folder.
type files struct {
	name, dir string
	form      []file
}

// path is that of a file, packed or not, and whether it is packed; "" if there
// is neither.
func (f *files) path(name string) (path string, packed bool) {
	for _, suffix := range []string{"", ".gz"} {
		path := filepath.Join(f.dir, name+suffix)
		if info, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) && (err != nil || info.Mode().IsRegular()) {
			return path, suffix != ""
		}
	}
	return "", false
}

func (f *files) missing() []string {
	var names []string
	for _, file := range f.form {
		if path, _ := f.path(file.name); path == "" {
			names = append(names, file.name)
		}
	}
	return names
}
