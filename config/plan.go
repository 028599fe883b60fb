package config

import (
	"fmt"
	"slices"
	"strings"
)

// Plan is a sweep: a config with the section sweep, expanded to the cells that it
// describes.
type Plan struct {
	// Name is the config's name, the part of all cells.
	Name string
	// Out is the config's folder for run directories; a sweep has one of its own.
	Out string
	// Text is the plan as it was written.
	Text string
	// Overrides that were given with it.
	Overrides []string
	// Axes are the paths that the plan varies, in its order.
	Axes []string
	// Seeds of each setting.
	Seeds []uint64
	// Cells in order: the first axis varies slowest, the seed fastest. No two are
	// the same run.
	Cells []PlannedCell
	// Filtered is the number of settings that the plan's filters leave out.
	Filtered int
}

// PlannedCell is one run of a sweep.
type PlannedCell struct {
	Config *Config
	// Values are what the plan sets, in the order of the axes; an axis that a
	// list's entry does not set is missing.
	Values []Value
	Seed   uint64
}

// ID names the cell: the hash of its config, which holds the seed.
func (c *PlannedCell) ID() string { return c.Config.Hash() }

// Value is what a plan sets at a path, as text.
type Value struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// maxCells bounds a plan: more is a mistake more often than a wish. Tests lower it.
var maxCells = 100_000

// LoadPlan reads a sweep from a file, with overrides as in [Load]; those of keys
// below sweep change the plan (sweep.seeds=10). Errors are of type [*Error].
func LoadPlan(path string, overrides []string) (*Plan, error) {
	text, err := readFile(path)
	if err != nil {
		if e, ok := err.(*Error); ok {
			e.Try = "the path of a YAML file with a section sweep"
		}
		return nil, err
	}
	return ParsePlan(text, path, overrides)
}

// ParsePlan is [LoadPlan] on text; filename is for messages.
func ParsePlan(text []byte, filename string, overrides []string) (*Plan, error) {
	tree, err := parseYAML(filename, text)
	if err != nil {
		return nil, err
	}
	if tree == nil {
		tree = &node{kind: mapping}
	}
	if tree.kind == mapping && tree.get("sweep") == nil {
		tree.add("sweep", origin{}, &node{kind: mapping}) // overrides may fill it
	}
	r, err := merged(filename, tree, overrides)
	if err != nil {
		return nil, err
	}
	section := tree.get("sweep")
	if tree.kind != mapping || section.value.kind == mapping && len(section.value.entries) == 0 {
		return nil, &Error{File: filename, What: "the config has no section sweep", Try: "sweep: {axes: {optimizer.beta2: [0.9, 0.99, 0.999]}, seeds: 5}"}
	}
	sweep := section.value
	tree.drop("sweep")
	base, err := (&reader{file: filename, root: tree.clone()}).resolve()
	if err != nil {
		return nil, err
	}
	e := &expansion{reader: r, base: base, plan: &Plan{Name: base.Name, Out: base.Out, Text: string(text), Overrides: slices.Clone(overrides)}}
	if err := e.expand(sweep); err != nil {
		return nil, err
	}
	return e.plan, nil
}

// expansion turns a plan into cells.
type expansion struct {
	*reader
	base     *Config
	baseTree *node // of the resolved base, for filters
	plan     *Plan
	where    []*condition
	seen     map[string]bool
}

// expand reads the section sweep and makes its cells.
func (e *expansion) expand(sweep *node) error {
	if err := e.section(sweep, "sweep", "", []string{"axes", "list", "samples", "draw", "seeds", "where"}); err != nil {
		return err
	}
	design, err := e.design(sweep)
	if err != nil {
		return err
	}
	if e.plan.Seeds, err = e.seeds(sweep.find("seeds")); err != nil {
		return err
	}
	if e.where, err = e.conditions(sweep.find("where")); err != nil {
		return err
	}
	if n := design.settings() * len(e.plan.Seeds); n > maxCells || design.settings() > maxCells {
		return e.fail(sweep.origin, "sweep", fmt.Sprintf("the plan has more than %d cells", maxCells), "fewer values or seeds, or several sweeps")
	}
	if e.baseTree, err = parseJSON(e.base.JSON()); err != nil {
		return err
	}
	e.plan.Axes, e.seen = design.paths(), map[string]bool{}
	for i := range design.settings() {
		if err := e.setting(design.setting(i)); err != nil {
			return err
		}
	}
	if len(e.plan.Cells) == 0 {
		return e.fail(sweep.origin, "sweep", "the plan has no cells: where leaves none over", "a wider range of values, or other conditions")
	}
	return nil
}

// setting adds the cells of one setting of the axes, one for each seed, unless a
// filter leaves it out.
func (e *expansion) setting(set []assignment) error {
	for k, seed := range e.plan.Seeds {
		tree := e.root.clone()
		cell := PlannedCell{Seed: seed}
		for _, a := range set {
			tree.set(strings.Split(a.path, "."), a.value.clone())
			cell.Values = append(cell.Values, Value{a.path, strings.TrimSpace(flowYAML(a.value))})
		}
		seedNode := &node{text: fmt.Sprint(seed)}
		tree.set([]string{"seed"}, seedNode)
		if tree.get("name") == nil {
			tree.set([]string{"name"}, textNode(e.plan.Name))
		}
		c, err := (&reader{file: e.file, root: tree}).resolve()
		if k == 0 {
			var resolved *node
			if err == nil {
				if resolved, err = parseJSON(c.JSON()); err != nil {
					return err
				}
			}
			keep, failed := e.keeps(tree, resolved)
			if failed != nil {
				return failed
			}
			if !keep {
				e.plan.Filtered++
				return nil
			}
		}
		if err != nil {
			return e.invalid(err, cell.Values)
		}
		cell.Config = c
		if id := cell.ID(); !e.seen[id] {
			e.seen[id] = true
			e.plan.Cells = append(e.plan.Cells, cell)
		}
	}
	return nil
}

// invalid says at which values the config is not valid.
func (e *expansion) invalid(err error, values []Value) error {
	bad, ok := err.(*Error)
	if !ok || len(values) == 0 {
		return err
	}
	var at []string
	for _, v := range values {
		at = append(at, v.Path+"="+clip(v.Text))
	}
	c := *bad
	c.What += ", in the cell with " + strings.Join(at, ", ")
	if c.Try != "" {
		c.Try += "; or leave such cells out by sweep.where"
	}
	return &c
}

// seeds are those of a plan: so many from the config's own on, or a list.
func (e *expansion) seeds(n *node) ([]uint64, error) {
	first := e.base.Seed
	if n == nil {
		return []uint64{first}, nil
	}
	var seeds []uint64
	if n.kind == list {
		for i, item := range n.items {
			var seed uint64
			if err := e.number(item, fmt.Sprintf("sweep.seeds[%d]", i), &seed); err != nil {
				return nil, err
			}
			if slices.Contains(seeds, seed) {
				return nil, e.fail(item.origin, "sweep.seeds", fmt.Sprintf("%d is listed twice", seed), "removing one of the two")
			}
			seeds = append(seeds, seed)
		}
	} else {
		var count int
		if err := e.number(n, "sweep.seeds", &count); err != nil {
			return nil, err
		}
		if count < 1 || count > maxCells {
			return nil, e.fail(n.origin, "sweep.seeds", fmt.Sprintf("want a number of seeds from 1 to %d, got %d", maxCells, count), "seeds: 5, or a list such as [0, 7, 11]")
		}
		for i := range count {
			seeds = append(seeds, first+uint64(i))
		}
	}
	if len(seeds) == 0 {
		return nil, e.fail(n.origin, "sweep.seeds", "no seeds", "seeds: 5, or a list such as [0, 7, 11]")
	}
	return seeds, nil
}
