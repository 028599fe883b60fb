package config

import (
	"fmt"
	"slices"

	"leeway/trace"
)

// plan decides what is measured and when. A preset chooses quantities and
// schedules; a list of quantities, one schedule for all, and schedules of single
// quantities take precedence over it in this order.
func (r *reader) plan(c *Config) error {
	keys := measureKeys{Preset: trace.Standard, Top: 1}
	n := r.root.find("measure")
	if n == nil {
		n = &node{kind: mapping}
	}
	if err := r.readMeasure(&keys, n, "measure"); err != nil {
		return err
	}
	w, err := c.workload()
	if err != nil {
		return err
	}
	common := slices.ContainsFunc([]string{"every", "log", "at"}, func(key string) bool { return n.get(key) != nil })
	var plan []trace.Measure
	switch listed := n.get("quantities") != nil; {
	case listed && common:
		plan = trace.Each(keys.when(), keys.Quantities...)
	case listed:
		plan = trace.Schedules(keys.Quantities, w)
	default:
		plan = trace.Preset(keys.Preset, w)
		if common {
			plan = trace.PresetAt(keys.Preset, w, keys.when())
		}
	}
	for _, own := range keys.Schedule {
		if i := slices.IndexFunc(plan, func(p trace.Measure) bool { return p.Quantity == own.Quantity }); i >= 0 {
			plan[i] = own
		} else {
			plan = append(plan, own)
		}
	}
	order := Quantities()
	slices.SortStableFunc(plan, func(a, b trace.Measure) int {
		return slices.Index(order, a.Quantity) - slices.Index(order, b.Quantity)
	})
	c.Measure.Plan = plan
	return nil
}

// write is the plan with every schedule; a common one stands for all.
func (m *Measure) write() *node {
	n := &node{kind: mapping}
	whole := func(x int) *node { return &node{text: fmt.Sprint(x)} }
	write := func(to *node, w trace.When) {
		switch {
		case w.At != nil:
			at := &node{kind: list}
			for _, step := range w.At {
				at.items = append(at.items, whole(step))
			}
			to.add("at", origin{}, at)
		case w.Log > 0:
			to.add("log", origin{}, whole(w.Log))
		default:
			to.add("every", origin{}, whole(w.Every))
		}
	}
	names, schedules, common := &node{kind: list}, &node{kind: mapping}, true
	for _, p := range m.Plan {
		names.items = append(names.items, textNode(p.Quantity))
		one := &node{kind: mapping}
		write(one, p.When)
		schedules.add(p.Quantity, origin{}, one)
		common = common && p.When.String() == m.Plan[0].When.String()
	}
	if common && len(m.Plan) > 0 {
		write(n, m.Plan[0].When)
	}
	n.add("quantities", origin{}, names)
	if !common {
		n.add("schedule", origin{}, schedules)
	}
	n.add("top", origin{}, whole(m.Top))
	if len(m.Below) > 0 {
		below := &node{kind: list}
		for _, x := range m.Below {
			below.items = append(below.items, &node{text: fmt.Sprint(x)})
		}
		n.add("below", origin{}, below)
	}
	return n
}

// workload is what costs depend on.
func (c *Config) workload() (trace.Workload, error) {
	rule, err := c.Optimizer.Rule.Rule()
	if err != nil {
		return trace.Workload{}, err // Check has been through this
	}
	o := &c.Objective
	w := trace.Workload{
		Steps: c.Steps, Batches: o.batches(), Processes: c.Processes,
		Network: o.Model.network(), Margins: o.separates(), RobustMargin: o.withstands(), Modified: c.Modify.Bias != 0,
		Integrator:     c.IntegratorFor(!o.models() || o.Model.smooth() && !o.Attacked()),
		MomentSubsteps: c.Moments.Substeps, Top: c.Measure.Top,
	}
	w.Optimizer.Rule, w.Optimizer.LR, w.Optimizer.Schedule = rule, c.Optimizer.known(), c.Optimizer.Schedule
	if o.models() {
		w.Rows, w.TestRows = o.Data.rowsToTrain(), o.Data.Test
		if o.Attack != nil {
			w.Attacked, w.RobustLoss = o.Attack.cost(), o.Attack.Train
		}
	}
	return w, nil
}
