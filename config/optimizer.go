package config

import (
	"reflect"
	"slices"

	"leeway/optim"
)

// scheduleKeys are the keys of each kind of schedule.
var scheduleKeys = map[string][]string{
	"constant":   {"kind", "warmup"},
	"polynomial": {"kind", "power", "every", "warmup"},
	"step":       {"kind", "every", "drop", "warmup"},
	"cosine":     {"kind", "steps", "final", "warmup"},

	"linear":      {"kind", "steps", "final", "warmup"},
	"exponential": {"kind", "every", "drop", "warmup"},
	"inverse":     {"kind", "every", "warmup"},
}

// optimizerKeys are those that every kind has.
var optimizerKeys = []string{"kind", "lr", "schedule"}

func (o *Optimizer) read(r *reader, n *node, path string) error {
	*o = Optimizer{Kind: "adam", LR: 1e-3, Schedule: optim.Schedule{Kind: "constant"}}
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "optimizer", &o.Kind, OptimizerKinds()); err != nil {
			return err
		}
	}
	if o.Kind == custom {
		return o.readCustom(r, n, path)
	}
	rule, err := defaultRule(o.Kind)
	if err != nil {
		return r.fail(n.origin, path, err.Error(), suggest(o.Kind, optim.Kinds()))
	}
	o.Rule = rule
	own := keysOf(rule)
	if err := r.section(n, path, o.Kind, slices.Concat(optimizerKeys, own)); err != nil {
		return err
	}
	if err := o.readRate(r, n, path); err != nil {
		return err
	}
	return r.keys(n, path, rule, own)
}

// readRate reads the learning rate and its schedule.
func (o *Optimizer) readRate(r *reader, n *node, path string) error {
	if e := n.get("lr"); e != nil {
		special, err := o.readExact(r, e.value, join(path, "lr"))
		if !special {
			err = r.decode(e.value, join(path, "lr"), reflect.ValueOf(&o.LR).Elem())
		}
		if err != nil {
			return err
		}
	}
	if e := n.get("schedule"); e != nil {
		return readSchedule(r, e.value, join(path, "schedule"), &o.Schedule)
	}
	return nil
}

func readSchedule(r *reader, n *node, path string, s *optim.Schedule) error {
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "schedule", &s.Kind, optim.ScheduleKinds()); err != nil {
			return err
		}
	}
	keys := scheduleKeys[s.Kind]
	if err := r.section(n, path, s.Kind, keys); err != nil {
		return err
	}
	switch s.Kind {
	case "polynomial":
		s.Power, s.Every = 0.5, 1
	case "step":
		s.Every, s.Drop = 100, 0.5
	case "exponential", "inverse":
		s.Every, s.Drop = 100, 0.9
	}
	return r.keys(n, path, s, keys)
}

func (o *Optimizer) write() *node {
	n := &node{kind: mapping}
	n.add("kind", origin{}, textNode(o.Kind))
	n.add("lr", origin{}, o.writeRate())
	schedule := o.Schedule
	if schedule.Kind == "" {
		schedule.Kind = "constant"
	}
	n.add("schedule", origin{}, encodeKeys(&schedule, scheduleKeys[schedule.Kind]))
	if rule, ok := o.Rule.(*optim.Custom); ok {
		n.entries = append(n.entries, writeCustom(rule)...)
	} else if o.Rule != nil {
		n.entries = append(n.entries, encodeKeys(o.Rule, keysOf(o.Rule)).entries...)
	}
	return n
}
