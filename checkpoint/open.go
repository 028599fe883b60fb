package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"leeway/optim"
)

// Checkpoint is what was read of an optimizer.
type Checkpoint struct {
	// Files are those that were read.
	Files []string
	// Groups are the groups of parameters with different settings, at least one.
	Groups []*Group
	// Schedule is that of the Trainer's arguments, else constant.
	Schedule optim.Schedule
	// Notes are sentences on the schedule and the states.
	Notes []string

	tensors []tensor
}

// Open reads the optimizer out of a file, or of the files of a folder. kind, if not
// empty, is which optimizer it is, for files that do not tell; it also stands for the
// one that a file names. Errors are of type [*Error].
func Open(path, kind string) (*Checkpoint, error) {
	if kind != "" {
		var err error
		if kind, err = identify(kind); err != nil {
			return nil, named(err, path)
		}
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		c, err := openFolder(path, kind)
		if err != nil {
			return nil, named(err, path)
		}
		return c, nil
	}
	main, err := open(path)
	if err != nil {
		return nil, named(err, path)
	}
	if main.empty() {
		return nil, named(refuse(expected, "nothing in it is an optimizer's"), path)
	}
	beside, _, _ := folder(filepath.Dir(path)) // what cannot be read there is not asked for
	beside = slices.DeleteFunc(beside, func(f *file) bool { return filepath.Clean(f.path) == filepath.Clean(path) })
	c, err := join(main, beside, kind)
	if err != nil {
		return nil, named(err, path)
	}
	return c, nil
}

// expected is what can be read.
const expected = `JSON with "param_groups", which json.dump(optimizer.state_dict()["param_groups"], file) writes, a safetensors file with it in its metadata, training_args.json or trainer_state.json`

// openFolder reads what a folder holds: the state_dict if there is one, else what the
// Trainer wrote.
func openFolder(path, kind string) (*Checkpoint, error) {
	found, pickle, err := folder(path)
	if err != nil {
		return nil, err
	}
	for _, is := range []func(*file) bool{
		func(f *file) bool { return f.stateDict != nil },
		func(f *file) bool { return f.arguments != nil },
		func(f *file) bool { return len(f.tensors) > 0 },
		func(f *file) bool { return f.progress != nil && (kind != "" || pickle == "") },
	} {
		var all []*file
		for _, f := range found {
			if is(f) {
				all = append(all, f)
			}
		}
		if len(all) > 1 {
			var names []string
			for _, f := range all {
				names = append(names, filepath.Base(f.path))
			}
			return nil, refuse("one of these files", "there are optimizers in %s", strings.Join(names, ", "))
		}
		if len(all) == 1 {
			beside := slices.DeleteFunc(found, func(f *file) bool { return f == all[0] })
			return join(all[0], beside, kind)
		}
	}
	if pickle != "" {
		return nil, named(pickled(pickle), pickle)
	}
	return nil, refuse(expected, "no file in it is an optimizer's")
}

// join makes a checkpoint of a file and of what stands beside it.
func join(main *file, beside []*file, kind string) (*Checkpoint, error) {
	c := &Checkpoint{Files: []string{main.path}, tensors: main.tensors}
	arguments := find(beside, "", func(f *file) bool { return f.arguments != nil })
	switch {
	case main.stateDict != nil:
		if len(c.tensors) == 0 {
			c.addTensors(find(beside, main.path, func(f *file) bool { return len(f.tensors) > 0 && f.stateDict == nil }))
		}
		return c, c.readStateDict(main.stateDict, arguments, kind)
	case main.arguments != nil:
		return c, c.readTrainer(main, beside, kind)
	case main.progress != nil && arguments != nil:
		c.Files = []string{arguments.path}
		return c, c.readTrainer(arguments, append(beside, main), kind)
	case main.progress != nil:
		g, err := readProgress(main.progress).group(kind)
		if err != nil {
			return nil, err
		}
		c.Groups = []*Group{g}
		return c, nil
	}
	if settings := find(beside, main.path, func(f *file) bool { return f.stateDict != nil && len(f.tensors) == 0 }); settings != nil {
		c.Files = append(c.Files, settings.path)
		return c, c.readStateDict(settings.stateDict, arguments, kind)
	}
	if arguments != nil {
		c.Files = append(c.Files, arguments.path)
		return c, c.readTrainer(arguments, beside, kind)
	}
	return nil, refuse(`a JSON file of the same name with "param_groups", or the same in its metadata`, "the states of an optimizer, but not its settings")
}

// find is the file among others that fits: one of the same name up to the ending as
// path, else the only one.
func find(among []*file, path string, fits func(*file) bool) *file {
	stem := func(path string) string { return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) }
	var found []*file
	for _, f := range among {
		if fits(f) {
			if path != "" && stem(f.path) == stem(path) {
				return f
			}
			found = append(found, f)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// addTensors takes the states of a file, if there is one.
func (c *Checkpoint) addTensors(f *file) {
	if f != nil {
		c.tensors = append(c.tensors, f.tensors...)
		c.Files = append(c.Files, f.path)
	}
}

// readStateDict reads the groups of a state_dict. Which optimizer it is, the arguments
// of the Trainer may tell.
func (c *Checkpoint) readStateDict(d *stateDict, arguments *file, kind string) error {
	if kind == "" && d.name == "" && arguments != nil {
		if d.name = text(arguments.arguments, "optim"); d.name != "" {
			c.Files = append(c.Files, arguments.path)
		}
	}
	if kind == "" && d.name != "" {
		var err error
		if kind, err = identify(d.name); err != nil {
			return err
		}
	}
	states := d.states()
	for _, t := range c.tensors {
		if !slices.Contains(states, t.state) {
			states = append(states, t.state)
		}
	}
	var err error
	c.Groups, err = d.read(kind, states)
	return err
}

// readTrainer reads the arguments of the Trainer, and the number of steps from its
// state where that is there.
func (c *Checkpoint) readTrainer(arguments *file, beside []*file, kind string) error {
	g, err := readArguments(arguments.arguments, kind)
	if err != nil {
		return err
	}
	c.Groups = []*Group{g}
	steps := whole(arguments.arguments["max_steps"])
	if state := find(beside, "", func(f *file) bool { return f.progress != nil }); state != nil {
		c.Files = append(c.Files, state.path)
		p := readProgress(state.progress)
		if steps == 0 {
			steps = p.steps
		}
		c.Notes = append(c.Notes, fmt.Sprintf("The Trainer was at %s.", p.words()))
	}
	var note string
	if c.Schedule, note = readSchedule(arguments.arguments, g.LR, steps); note != "" {
		c.Notes = append(c.Notes, note)
	}
	return nil
}
