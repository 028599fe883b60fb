package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Load reads the config in the file called path, or the built-in one if path is
// empty, with overrides applied in order. Errors are of type [*Error].
func Load(path string, overrides []string) (*Config, error) {
	if path == "" {
		return finish("", &node{kind: mapping}, overrides)
	}
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(text, path, overrides)
}

// readFile reads no more than is needed to see that a file is too large.
func readFile(path string) ([]byte, error) {
	const try = "the path of a YAML file, or no config at all for the built-in one"
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Error{File: path, What: "there is no such file", Try: try}
		}
		return nil, &Error{File: path, What: "cannot be opened: " + cause(err), Try: try}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, &Error{File: path, What: "cannot be read: " + cause(err), Try: try}
	}
	return text, nil
}

// cause is the system's part of an error, without the path.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// Parse is [Load] on text; filename is for messages.
func Parse(text []byte, filename string, overrides []string) (*Config, error) {
	tree, err := parseYAML(filename, text)
	if err != nil {
		return nil, err
	}
	if tree == nil {
		return nil, &Error{File: filename, Line: 1, Column: 1, What: "the config is empty",
			Try: "at least one key, such as steps: 400, or no config at all for the built-in one"}
	}
	return finish(filename, tree, overrides)
}

// With is the config with further overrides, as if they had been given after
// those that it was made with.
func (c *Config) With(overrides ...string) (*Config, error) {
	if c.tree == nil {
		return nil, &Error{What: "the config was not made by this package", Try: "Default or Parse"}
	}
	return finish(c.file, c.tree.clone(), overrides)
}

// finish makes a config from a tree, which it keeps.
func finish(file string, tree *node, overrides []string) (*Config, error) {
	r, err := merged(file, tree, overrides)
	if err != nil {
		return nil, err
	}
	return r.resolve()
}

// merged completes a tree by sections of the built-in config, and applies
// overrides.
func merged(file string, tree *node, overrides []string) (*reader, error) {
	r := &reader{file: file, root: tree}
	if tree.kind != mapping {
		return r, nil // resolve says what is wrong
	}
	defaults, err := parseYAML("", []byte(builtin))
	if err != nil {
		return nil, err
	}
	defaults.mark(origin{builtin: true})
	for _, e := range defaults.entries {
		if tree.get(e.key) == nil {
			tree.add(e.key, e.at, e.value)
		}
	}
	return r, r.override(overrides)
}

// resolve makes a config of the reader's tree, which it keeps.
func (r *reader) resolve() (*Config, error) {
	tree := r.root
	c := plain()
	c.file, c.tree = r.file, tree
	if sweep := tree.get("sweep"); sweep != nil {
		return nil, r.fail(sweep.at, "sweep", "this config describes a sweep, not one run", "leeway sweep run with it")
	}
	if err := r.section(tree, "", "", keysOf(c)); err != nil {
		return nil, err
	}
	if err := r.keys(tree, "", c, keysOf(c)); err != nil {
		return nil, err
	}
	if err := r.complete(c); err != nil {
		return nil, err
	}
	if err := r.check(c); err != nil {
		return nil, err
	}
	if err := r.plan(c); err != nil {
		return nil, err
	}
	if err := r.checkMeasured(c); err != nil {
		return nil, err
	}
	return c, nil
}

// complete fills in what depends on several sections, and brings lists into
// one order, so that what runs alike is written alike.
func (r *reader) complete(c *Config) error {
	if c.Optimizer.Kind == steepest && r.root.find("processes") == nil {
		c.Processes = []string{"discrete"} // it has no other
	}
	if !slices.Contains(c.Processes, "discrete") {
		c.Processes = append(c.Processes, "discrete")
	}
	if err := r.choice(c.Processes, "processes", Processes()); err != nil {
		return err
	}
	c.Processes = sorted(c.Processes, Processes())
	if kind := c.Optimizer.Schedule.Kind; (kind == "cosine" || kind == "linear") && r.root.find("optimizer.schedule.steps") == nil {
		c.Optimizer.Schedule.Steps = float64(c.Steps)
	}
	if r.root.find("name") == nil {
		c.Name = c.defaultName()
	}
	return nil
}

// choice checks that every entry of a list is one of the names, and only once.
func (r *reader) choice(given []string, path string, names []string) error {
	for i, g := range given {
		o := r.origin(path)
		if n := r.root.find(path); n != nil && i < len(n.items) {
			o = n.items[i].origin
		}
		if !slices.Contains(names, g) {
			return r.fail(o, path, fmt.Sprintf("unknown name %q", clip(g)), suggest(g, names))
		}
		if slices.Contains(given[:i], g) {
			return r.fail(o, path, g+" is listed twice", "removing one of the two")
		}
	}
	return nil
}

// sorted is given in the order of names.
func sorted(given, names []string) []string {
	s := slices.Clone(given)
	slices.SortFunc(s, func(a, b string) int { return slices.Index(names, a) - slices.Index(names, b) })
	return s
}

// defaultName is made of data or problem, model, and optimizer.
func (c *Config) defaultName() string {
	o := &c.Objective
	parts := []string{o.Problem, c.Optimizer.Kind}
	if o.External.Is() {
		parts[0] = externalName
	}
	if o.models() {
		source := o.Data.Kind
		if path := o.Data.Path; path != "" {
			source = plainName(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), source)
		}
		model := map[string]string{"cross-entropy": "softmax", "mse": "least-squares"}[o.Loss]
		if model == "" {
			model = o.Loss
		}
		if o.Model.network() {
			model = o.Model.Kind
		}
		if o.Attacked() {
			model = "robust-" + model
		}
		parts = []string{source, model, c.Optimizer.Kind}
	}
	return strings.Join(parts, "-")
}

// plainName is s with everything that a name may not hold replaced, or the other
// name if nothing is left.
func plainName(s, other string) string {
	s = strings.Map(func(c rune) rune {
		if c < 128 && nameLetter(byte(c)) {
			return c
		}
		return '-'
	}, s)
	s = strings.TrimLeft(s, ".-")
	if s == "" {
		return other
	}
	return s[:min(len(s), 60)]
}
