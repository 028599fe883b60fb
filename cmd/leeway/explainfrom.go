package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"leeway/checkpoint"
	"leeway/config"
	"leeway/explain"
	"leeway/optim"
)

// reading is what explain --from prints with --json.
type reading struct {
	Files  []string       `json:"files"`
	Notes  []string       `json:"notes"`
	Groups []groupReading `json:"groups"`
}

// groupReading is a group of parameters: its settings, and what they imply.
type groupReading struct {
	ParamGroups []int               `json:"param_groups"` // empty where the file has none
	Name        string              `json:"name,omitempty"`
	Config      string              `json:"config"` // the section of a config
	Notes       []string            `json:"notes"`
	Explanation explain.Explanation `json:"explanation"`
	States      *checkpoint.States  `json:"states,omitempty"`

	optimizer *config.Optimizer
}

// explainFrom explains the optimizer that a file of PyTorch's or the Trainer's holds.
// Flags that were given stand for what the file says.
func (a *app) explainFrom(path string, given map[string]string, asJSON bool, noise func(*optim.Rule) (*explain.Noise, error)) error {
	c, err := checkpoint.Open(path, given["optimizer"])
	if err != nil {
		return err
	}
	r := reading{Files: c.Files, Notes: append([]string{}, c.Notes...)}
	if note := c.Unowned(); note != "" {
		r.Notes = append(r.Notes, note)
	}
	for _, g := range c.Groups {
		o := &config.Optimizer{Kind: g.Kind, LR: g.LR, Rule: g.Rule, Schedule: c.Schedule}
		if err := apply(o, given); err != nil {
			return err
		}
		opt, err := optim.New(o.Rule, o.LR, o.Schedule)
		if err != nil {
			return outOfRange(path, g, err)
		}
		e := explain.Of(opt)
		if e.Noise, err = noise(opt.Rule); err != nil {
			return err
		}
		states, err := c.Measure(g, opt.Rule)
		if err != nil {
			return err
		}
		r.Groups = append(r.Groups, groupReading{append([]int{}, g.Indices...), g.Name, o.Section(), append([]string{}, g.Notes...), e, states, o})
	}
	if asJSON {
		return a.out.json(r)
	}
	a.out.reading(&r)
	return a.out.done()
}

// outOfRange is the error about a setting of a file, with the flag that replaces it.
func outOfRange(path string, g *checkpoint.Group, err error) error {
	var e *optim.RangeError
	if !errors.As(err, &e) {
		return err
	}
	what := fmt.Sprintf("%s: %s is %v, want %s", path, e.Name, e.Value, e.Want)
	if len(g.Indices) > 0 && (g.Indices[0] > 0 || len(g.Indices) > 1) {
		what = fmt.Sprintf("%s: param_groups[%d]: %s is %v, want %s", path, g.Indices[0], e.Name, e.Value, e.Want)
	}
	return misuse(what, "--"+flagOf(e.Name)+" with the value to be explained")
}

// reading writes what was read, and the explanation of each group.
func (s *screen) reading(r *reading) {
	s.printf("%s\n", s.paint(bold, "Read from "+strings.Join(r.Files, " and ")))
	for _, note := range r.Notes {
		s.prose(note)
	}
	for i := range r.Groups {
		g := &r.Groups[i]
		s.printf("\n")
		if len(r.Groups) > 1 {
			s.printf("%s\n", s.paint(bold, paramGroups(g.ParamGroups)))
		}
		s.explanation(&g.Explanation, g.optimizer)
		s.states(g)
		if len(g.Notes) > 0 || g.Name != "" {
			s.head("What was read")
			if g.Name != "" {
				s.facts([2]string{"optimizer", g.Name})
			}
			for _, note := range g.Notes {
				s.prose(note)
			}
		}
		s.head("As a config")
		s.printf("%s\n", wrap(g.Config, s.columns, "", "  "))
	}
}

// paramGroups names groups of parameters: "param_groups 0, 2".
func paramGroups(indices []int) string {
	var all []string
	for _, i := range indices {
		all = append(all, strconv.Itoa(i))
	}
	if len(all) == 1 {
		return "param_groups[" + all[0] + "]"
	}
	return "param_groups " + strings.Join(all, ", ")
}

// states writes what the second moments of a group say.
func (s *screen) states(g *groupReading) {
	st := g.States
	if st == nil {
		return
	}
	steps := ""
	if st.LastStep > 0 {
		if steps = strconv.Itoa(st.LastStep); st.FirstStep != st.LastStep {
			steps = fmt.Sprintf("%d to %d, by parameter", st.FirstStep, st.LastStep)
		}
	}
	of := func(x float64, what string) string { return share(x) + " " + what }
	line, never, strange := "", "", ""
	if x := g.Explanation.SwitchGradient; x > 0 {
		line = of(st.BelowSwitch, "have sqrt(v) below "+short(x, 3)+", where the bias changes sides")
	}
	if st.Zero > 0 {
		never = of(st.Zero, "have v = 0: no gradient ever came there")
	}
	if st.NotFinite > 0 {
		strange = of(st.NotFinite, "have a v that is NaN, infinite or negative")
	}
	s.head("What the states say")
	s.facts(
		[2]string{"steps", steps},
		[2]string{"coordinates", strconv.Itoa(st.Coordinates)},
		[2]string{"eps", of(st.BelowEps, "have sqrt(v) below "+short(g.Explanation.Eps, 3)+", where eps and not the gradient sets the step")},
		[2]string{"switch", line},
		[2]string{"never", never},
		[2]string{"broken", strange},
	)
}
