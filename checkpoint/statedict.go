package checkpoint

import (
	"fmt"
	"slices"
	"strings"
)

// stateDict is the state_dict of an optimizer as it was found in a file.
type stateDict struct {
	groups []object
	state  object // by parameter; nil if it is elsewhere
	name   string // of the optimizer, empty if nothing names it
}

// nameKeys are the entries that name an optimizer.
var nameKeys = []string{"optimizer", "optimizer_class", "optimizer_name", "class"}

// findStateDict finds the state_dict of an optimizer in a JSON value: the value
// itself, the value of one of its entries ("optimizer_state_dict"), a list of groups,
// or the settings of a single group. It returns nil where there is none.
func findStateDict(v any) (*stateDict, error) {
	switch v := v.(type) {
	case []any:
		if groups := groupsOf(v); groups != nil {
			return &stateDict{groups: groups, name: text(groups[0], nameKeys...)}, nil
		}
	case object:
		if d := direct(v); d != nil {
			return d, nil
		}
		var found *stateDict
		var names []string
		for key, member := range v {
			m, ok := member.(object)
			if !ok {
				continue
			}
			if d := direct(m); d != nil && d.groups != nil {
				if d.name == "" {
					d.name = text(v, nameKeys...)
				}
				found, names = d, append(names, clip(key))
			}
		}
		if len(names) > 1 {
			slices.Sort(names)
			return nil, refuse("a file with one of them", "there are %d optimizers, %s", len(names), strings.Join(names, ", "))
		}
		if found != nil {
			return found, nil
		}
		if _, ok := v["lr"]; ok { // a group without anything around it
			return &stateDict{groups: []object{v}, name: text(v, nameKeys...)}, nil
		}
	}
	return nil, nil
}

// direct is a state_dict that an object is itself.
func direct(o object) *stateDict {
	list, ok := o["param_groups"].([]any)
	if !ok {
		return nil
	}
	groups := groupsOf(list)
	if groups == nil {
		return nil
	}
	state, _ := o["state"].(object)
	d := &stateDict{groups: groups, state: state, name: text(o, nameKeys...)}
	if d.name == "" {
		d.name = text(groups[0], nameKeys...)
	}
	return d
}

// groupsOf are the objects of a list, each with a learning rate; nil if it is none of
// those.
func groupsOf(list []any) []object {
	var groups []object
	for _, v := range list {
		o, ok := v.(object)
		if _, has := o["lr"]; !ok || !has {
			return nil
		}
		groups = append(groups, o)
	}
	return groups
}

// states are the names of the states, of all parameters.
func (d *stateDict) states() []string {
	var all []string
	for _, v := range d.state {
		o, _ := v.(object)
		for name := range o {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// read makes groups of a state_dict. kind is the optimizer if it is known, states the
// names of its states.
func (d *stateDict) read(kind string, states []string) ([]*Group, error) {
	var all []*Group
	for i, values := range d.groups {
		where := ""
		if len(d.groups) > 1 {
			where = fmt.Sprintf("param_groups[%d].", i)
		}
		k, unsure, err := kind, false, error(nil)
		if k == "" {
			if k, unsure, err = byKeys(values, states); err != nil {
				return nil, err
			}
			if unsure {
				k = adamW
			}
		}
		g, err := newGroup(k, values, where)
		if err != nil {
			return nil, err
		}
		if unsure {
			g.Notes = append(g.Notes, "The keys fit Adam and AdamW, which differ in what weight_decay means; this is AdamW, whose decay stands beside the gradient. --optimizer adam reads it as Adam's.")
		}
		if quantized(d.name) {
			g.Notes = append(g.Notes, "Its states are kept in few bits; their rounding is no part of this.")
		}
		g.Name, g.Indices, g.params = d.name, []int{i}, map[string]bool{}
		params, _ := values["params"].([]any)
		for _, p := range params {
			g.params[fmt.Sprint(p)] = true
		}
		if same := slices.IndexFunc(all, g.equal); same >= 0 {
			all[same].Indices = append(all[same].Indices, i)
			for p := range g.params {
				all[same].params[p] = true
			}
			continue
		}
		all = append(all, g)
	}
	return all, nil
}
