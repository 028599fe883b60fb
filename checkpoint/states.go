package checkpoint

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"leeway/bea"
	"leeway/optim"
	"leeway/safetensors"
)

// tensor is a state of one parameter, in a safetensors file or read from JSON.
type tensor struct {
	param, state string
	values       []float64 // from JSON
	path         string    // of the file otherwise
	entry        safetensors.Entry
}

// blocks gives all numbers to visit, some at a time.
func (t *tensor) blocks(visit func([]float64) error) error {
	if t.path == "" {
		return visit(t.values)
	}
	f, err := os.Open(t.path)
	if err != nil {
		return err
	}
	defer f.Close()
	return t.entry.Blocks(f, visit)
}

// stateNames are the states that optimizers of PyTorch and bitsandbytes keep.
var stateNames = []string{"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_inf", "square_avg", "grad_avg", "momentum_buffer", "mu_product", "exp_avg_sq_row", "exp_avg_sq_col", "state1", "state2", "sum"}

// splitName splits the name of a tensor into the parameter's key and the state:
// "state.0.exp_avg", "0/exp_avg" and "exp_avg.0" are all exp_avg of 0. The state is
// empty if the name is of no state.
func splitName(name string) (param, state string) {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '/' || r == ':' })
	if len(parts) < 2 {
		return "", ""
	}
	switch first, last := parts[0], parts[len(parts)-1]; {
	case slices.Contains(stateNames, last):
		parts, state = parts[:len(parts)-1], last
	case slices.Contains(stateNames, first):
		parts, state = parts[1:], first
	default:
		return "", ""
	}
	for len(parts) > 1 && slices.Contains([]string{"state", "optimizer", "optimizer_state", "states"}, parts[0]) {
		parts = parts[1:]
	}
	return strings.Join(parts, "."), state
}

// stateTensors are the states in the JSON of a state_dict.
func stateTensors(state object) []tensor {
	var all []tensor
	for param, v := range state {
		o, _ := v.(object)
		for name, value := range o {
			if slices.Contains(stateNames, name) {
				if values, ok := flat(nil, value); ok {
					all = append(all, tensor{param: param, state: name, values: values})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b tensor) int { return strings.Compare(a.param+"\x00"+a.state, b.param+"\x00"+b.state) })
	return all
}

// flat appends the numbers of nested lists; false for anything else.
func flat(dst []float64, v any) ([]float64, bool) {
	switch v := v.(type) {
	case float64:
		return append(dst, v), true
	case []any:
		for _, x := range v {
			var ok bool
			if dst, ok = flat(dst, x); !ok {
				return dst, false
			}
		}
		return dst, true
	case string:
		switch v {
		case "NaN":
			return append(dst, math.NaN()), true
		case "Infinity":
			return append(dst, math.Inf(1)), true
		}
	}
	return dst, false
}

// States is what the second moments of a group say. Shares are of its coordinates.
type States struct {
	// FirstStep and LastStep are the smallest and the largest number of steps that a
	// parameter has made, 0 where the file does not tell.
	FirstStep int `json:"first_step"`
	LastStep  int `json:"last_step"`
	// Coordinates are those with a second moment.
	Coordinates int `json:"coordinates"`
	// Zero is the share without a second moment above 0: no gradient came there.
	Zero float64 `json:"zero"`
	// BelowEps is the share whose root of the second moment, corrected where the
	// optimizer corrects it, is below eps, where steps are no longer normalised.
	BelowEps float64 `json:"below_eps"`
	// BelowSwitch is the share of roots below the gradient at which the bias changes
	// its side, 0 if there is none.
	BelowSwitch float64 `json:"below_switch"`
	// NotFinite is the share of second moments that are NaN, infinite or negative.
	NotFinite float64 `json:"not_finite,omitempty"`
}

// Measure reads the states of a group and holds them against the eps of a rule, which
// is the group's own or the same with some settings changed. It returns nil where the
// files hold no second moments of the group.
func (c *Checkpoint) Measure(g *Group, rule *optim.Rule) (*States, error) {
	if !rule.SecondMoment() {
		return nil, nil
	}
	steps := map[string]float64{}
	s := &States{}
	for i := range c.tensors {
		t := &c.tensors[i]
		if t.state != "step" || !c.owns(g, t) {
			continue
		}
		err := t.blocks(func(block []float64) error {
			if n := block[0]; len(block) == 1 && n >= 1 && n < 1<<53 {
				steps[t.param] = n
				if s.LastStep = max(s.LastStep, int(n)); s.FirstStep == 0 || int(n) < s.FirstStep {
					s.FirstStep = int(n)
				}
			}
			return nil
		})
		if err != nil {
			return nil, named(err, t.path)
		}
	}
	v := rule.Averages[1]
	line := bea.CoefficientsOf(rule, -1).Switch
	var zero, below, under, strange int
	for i := range c.tensors {
		t := &c.tensors[i]
		if !slices.Contains([]string{"exp_avg_sq", "square_avg", "state2"}, t.state) || !c.owns(g, t) {
			continue
		}
		if t.path != "" && (t.entry.DType == "U8" || t.entry.DType == "I8") {
			continue // codes of a table, and no numbers
		}
		weight := 1.0
		if n := steps[t.param]; v.Corrected && rule.EpsMode != optim.OutsideUncorrected && n > 0 {
			weight = v.TotalWeight(int(n) - 1)
		}
		err := t.blocks(func(block []float64) error {
			s.Coordinates += len(block)
			for _, x := range block {
				if !(x >= 0) || math.IsInf(x, 1) {
					strange++
					continue
				}
				root := math.Sqrt(x / weight)
				if x == 0 {
					zero++
				}
				if root < rule.Eps {
					below++
				}
				if root < line {
					under++
				}
			}
			return nil
		})
		if err != nil {
			return nil, named(err, t.path)
		}
	}
	if s.Coordinates == 0 {
		return nil, nil
	}
	share := func(n int) float64 { return float64(n) / float64(s.Coordinates) }
	s.Zero, s.BelowEps, s.BelowSwitch, s.NotFinite = share(zero), share(below), share(under), share(strange)
	return s, nil
}

// owns reports whether a state is of a parameter of a group: by its key, or because
// there is no other group.
func (c *Checkpoint) owns(g *Group, t *tensor) bool {
	return len(c.Groups) == 1 || g.params[t.param]
}

// Unowned is a note on states that belong to none of several groups, empty where there
// are none.
func (c *Checkpoint) Unowned() string {
	n := 0
	for i := range c.tensors {
		if !slices.ContainsFunc(c.Groups, func(g *Group) bool { return c.owns(g, &c.tensors[i]) }) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d tensors of states carry names that no group lists under params, and are left out.", n)
}
