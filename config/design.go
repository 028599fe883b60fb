package config

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// assignment sets a path.
type assignment struct {
	path  string
	value *node
}

// factor is one of the things that a design crosses: a list of settings, each of
// one path or several.
type factor struct {
	levels [][]assignment
	paths  []string
}

// design is the cross product of factors.
type design []factor

// settings is the number of settings, capped far above what is allowed.
func (d design) settings() int {
	n := 1
	for _, f := range d {
		n *= len(f.levels)
		if n > 10*maxCells {
			return n
		}
	}
	return n
}

// setting is the i-th; the last factor varies fastest.
func (d design) setting(i int) []assignment {
	picked := make([][]assignment, len(d))
	for k := len(d) - 1; k >= 0; k-- {
		picked[k] = d[k].levels[i%len(d[k].levels)]
		i /= len(d[k].levels)
	}
	return slices.Concat(picked...)
}

// paths are those that the design sets, in order.
func (d design) paths() []string {
	var all []string
	for _, f := range d {
		for _, p := range f.paths {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// design reads axes, list, samples and draw. Axes with random values are drawn
// together if samples says how often, else they are crossed like the others.
func (e *expansion) design(sweep *node) (design, error) {
	samples, stream := 0, uint64(0)
	if n := sweep.find("samples"); n != nil {
		if err := e.number(n, "sweep.samples", &samples); err != nil {
			return nil, err
		}
		if samples < 1 || samples > maxCells {
			return nil, e.fail(n.origin, "sweep.samples", fmt.Sprintf("want a number from 1 to %d, got %d", maxCells, samples), "samples: 50")
		}
	}
	if n := sweep.find("draw"); n != nil {
		if err := e.number(n, "sweep.draw", &stream); err != nil {
			return nil, err
		}
	}
	var d design
	if axes := sweep.find("axes"); axes != nil {
		if axes.kind != mapping || len(axes.entries) == 0 {
			return nil, e.fail(axes.origin, "sweep.axes", "want a mapping of paths to values, got "+axes.got(), "axes: {optimizer.beta2: [0.9, 0.99, 0.999]}")
		}
		joint := factor{levels: make([][]assignment, samples)}
		for _, a := range axes.entries {
			if err := e.settable(a.key, a.at, "sweep.axes"); err != nil {
				return nil, err
			}
			values, random, err := e.values(a, samples, stream)
			if err != nil {
				return nil, err
			}
			if random && samples > 0 {
				joint.paths = append(joint.paths, a.key)
				for i, v := range values {
					joint.levels[i] = append(joint.levels[i], assignment{a.key, v})
				}
				continue
			}
			f := factor{paths: []string{a.key}}
			for _, v := range values {
				f.levels = append(f.levels, []assignment{{a.key, v}})
			}
			d = append(d, f)
		}
		if samples > 0 {
			if len(joint.paths) == 0 {
				return nil, e.fail(sweep.find("samples").origin, "sweep.samples", "no axis has random values", "an axis such as optimizer.lr: {log_uniform: [1e-4, 1e-2]}")
			}
			d = append(d, joint)
		}
	} else if samples > 0 {
		return nil, e.fail(sweep.find("samples").origin, "sweep.samples", "no axis has random values", "an axis such as optimizer.lr: {log_uniform: [1e-4, 1e-2]}")
	}
	if l := sweep.find("list"); l != nil {
		f, err := e.listed(l)
		if err != nil {
			return nil, err
		}
		for _, p := range f.paths {
			if slices.Contains(d.paths(), p) {
				return nil, e.fail(l.origin, "sweep.list", p+" is an axis too", "setting it in one of the two")
			}
		}
		d = append(d, *f)
	}
	return d, nil
}

// listed reads joint settings: a list of mappings of paths to values.
func (e *expansion) listed(l *node) (*factor, error) {
	if l.kind != list || len(l.items) == 0 {
		return nil, e.fail(l.origin, "sweep.list", "want a list of mappings of paths to values, got "+l.got(), "list: [{optimizer.lr: 1e-3, optimizer.beta2: 0.99}, ...]")
	}
	f := &factor{}
	for i, item := range l.items {
		if item.kind != mapping || len(item.entries) == 0 {
			return nil, e.fail(item.origin, fmt.Sprintf("sweep.list[%d]", i), "want a mapping of paths to values, got "+item.got(), "{optimizer.lr: 1e-3, optimizer.beta2: 0.99}")
		}
		var level []assignment
		for _, a := range item.entries {
			if err := e.settable(a.key, a.at, fmt.Sprintf("sweep.list[%d]", i)); err != nil {
				return nil, err
			}
			if !slices.Contains(f.paths, a.key) {
				f.paths = append(f.paths, a.key)
			}
			level = append(level, assignment{a.key, a.value})
		}
		f.levels = append(f.levels, level)
	}
	return f, nil
}

// settable refuses paths that a sweep cannot vary.
func (e *expansion) settable(path string, at origin, section string) error {
	keys := strings.Split(path, ".")
	switch {
	case keys[0] == "seed":
		return e.fail(at, section+"."+path, "the seed is no axis: results are averages over seeds", "sweep.seeds: 5")
	case slices.Contains(unhashed, keys[0]) || path == "objective.threads":
		return e.fail(at, section+"."+clip(path), "this does not change what a run computes", "an axis that does, such as optimizer.beta2")
	case slices.Contains(keys, ""):
		return e.fail(at, section+"."+clip(path), "the key is not a path", "keys joined by dots, such as optimizer.lr")
	case !slices.Contains(keysOf(plain()), keys[0]):
		return e.fail(at, section+"."+clip(path), "a config has no such key", suggest(keys[0], keysOf(plain())))
	}
	return nil
}

// number decodes a number of the plan.
func (e *expansion) number(n *node, path string, dst any) error {
	return e.decodeScalar(n, path, reflect.ValueOf(dst).Elem())
}

// kinds of axes that are written as a mapping, and whether they are random.
var ranges = map[string]bool{"grid": false, "log_grid": false, "uniform": true, "log_uniform": true, "choice": true}

// values reads the values of an axis; random ones are drawn, samples of them if
// that is not 0, from a stream of the axis alone, so that more draws and other axes
// leave the earlier ones as they are.
func (e *expansion) values(a entry, samples int, stream uint64) (values []*node, random bool, err error) {
	path := "sweep.axes." + a.key
	const try = "a list such as [0.9, 0.99], or {log_grid: [1e-4, 1e-2], n: 5}, {grid: ..}, {uniform: ..}, {log_uniform: ..}, {choice: [..], n: 5}"
	n := a.value
	if n.kind == list && len(n.items) > 0 {
		return n.items, false, nil
	}
	if n.kind != mapping {
		return nil, false, e.fail(n.origin, path, "want values, got "+n.got(), try)
	}
	if err := e.section(n, path, "", []string{"grid", "log_grid", "uniform", "log_uniform", "choice", "n"}); err != nil {
		return nil, false, err
	}
	var kind *entry
	for i := range n.entries {
		if _, ok := ranges[n.entries[i].key]; !ok {
			continue
		}
		if kind != nil {
			return nil, false, e.fail(n.entries[i].at, path, "both "+kind.key+" and "+n.entries[i].key, "one of them")
		}
		kind = &n.entries[i]
	}
	if kind == nil {
		return nil, false, e.fail(n.origin, path, "it says nothing about the values", try)
	}
	random = ranges[kind.key]
	count := samples
	if !random || samples == 0 {
		c := n.find("n")
		if c == nil {
			return nil, false, e.fail(n.origin, path, "n is missing, the number of values", fmt.Sprintf("{%s: %s, n: 5}", kind.key, clip(flowYAML(kind.value))))
		}
		if err := e.number(c, path+".n", &count); err != nil {
			return nil, false, err
		}
		if count < 1 || count > maxCells {
			return nil, false, e.fail(c.origin, path+".n", fmt.Sprintf("want a number from 1 to %d, got %d", maxCells, count), "n: 5")
		}
	}
	h := fnv.New64a()
	h.Write([]byte(a.key))
	rng := rand.New(rand.NewPCG(stream, h.Sum64()))
	if kind.key == "choice" {
		if kind.value.kind != list || len(kind.value.items) == 0 {
			return nil, false, e.fail(kind.value.origin, path+".choice", "want a list of values, got "+kind.value.got(), "choice: [relu, tanh]")
		}
		for range count {
			values = append(values, kind.value.items[rng.IntN(len(kind.value.items))])
		}
		return values, true, nil
	}
	low, high, err := e.ends(kind, path+"."+kind.key)
	if err != nil {
		return nil, false, err
	}
	for i := range count {
		u := 0.5
		if random {
			u = rng.Float64()
		} else if count > 1 {
			u = float64(i) / float64(count-1)
		}
		x := low + u*(high-low)
		if strings.HasPrefix(kind.key, "log") {
			x = math.Exp(math.Log(low) + u*(math.Log(high)-math.Log(low)))
		}
		// Four digits are as many as a hyperparameter has use for, and can be read.
		text := strconv.FormatFloat(x, 'g', 4, 64)
		values = append(values, &node{origin: n.origin, text: text})
	}
	return values, random, nil
}

// ends are the two ends of a range.
func (e *expansion) ends(kind *entry, path string) (low, high float64, err error) {
	v := kind.value
	if v.kind != list || len(v.items) != 2 {
		return 0, 0, e.fail(v.origin, path, "want two ends, got "+v.got(), kind.key+": [1e-4, 1e-2]")
	}
	if err := e.number(v.items[0], path+"[0]", &low); err != nil {
		return 0, 0, err
	}
	if err := e.number(v.items[1], path+"[1]", &high); err != nil {
		return 0, 0, err
	}
	switch {
	case low >= high:
		return 0, 0, e.fail(v.origin, path, fmt.Sprintf("the range from %g to %g is empty", low, high), "the smaller end first")
	case strings.HasPrefix(kind.key, "log") && low <= 0:
		return 0, 0, e.fail(v.items[0].origin, path, fmt.Sprintf("a logarithmic range needs positive ends, got %g", low), "an end above zero, or "+strings.TrimPrefix(kind.key, "log_"))
	}
	return low, high, nil
}
