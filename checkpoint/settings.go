package checkpoint

import (
	"fmt"
	"slices"
	"strings"
)

// settings reads the hyperparameters of one group, and remembers which keys were asked
// for, which were missing, and the first that is wrong.
type settings struct {
	values  object
	where   string // how the group is called in messages
	asked   []string
	missing []string
	err     error
}

func (s *settings) get(key string) (any, bool) {
	s.asked = append(s.asked, key)
	v, ok := s.values[key]
	return v, ok && v != nil
}

func (s *settings) fail(key, want string, got any) {
	if s.err == nil {
		s.err = refuse(want, "%s%s: want %s, got %s", s.where, key, want, shown(got))
	}
}

// number is the value of a key, or the customary one.
func (s *settings) number(key string, customary float64) float64 {
	v, ok := s.get(key)
	if !ok {
		s.missing = append(s.missing, fmt.Sprintf("%s (%g)", key, customary))
		return customary
	}
	x, ok := scalar(v)
	if !ok {
		s.fail(key, "a number", v)
	}
	return x
}

// optional is a number whose absence is as good as 0.
func (s *settings) optional(key string) float64 {
	if v, ok := s.values[key]; !ok || v == nil {
		s.asked = append(s.asked, key)
		return 0
	}
	return s.number(key, 0)
}

// pair is a list of two numbers.
func (s *settings) pair(key string, first, second float64) (float64, float64) {
	v, ok := s.get(key)
	if !ok {
		s.missing = append(s.missing, fmt.Sprintf("%s (%g and %g)", key, first, second))
		return first, second
	}
	list, ok := v.([]any)
	if ok && len(list) == 2 {
		a, okA := scalar(list[0])
		b, okB := scalar(list[1])
		if okA && okB {
			return a, b
		}
	}
	s.fail(key, "a list of two numbers", v)
	return first, second
}

// flag is a key that may be missing and is then given.
func (s *settings) flag(key string, missing bool) bool {
	v, ok := s.get(key)
	if !ok {
		return missing
	}
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0
	}
	s.fail(key, "true or false", v)
	return missing
}

// silent are keys that say how, and not what, an optimizer computes, or that are read
// elsewhere.
var silent = []string{"params", "param_names", "lr", "initial_lr", "foreach", "capturable", "differentiable", "fused", "maximize", "name", "step", "optimizer", "optimizer_class", "optimizer_name", "class"}

// strange are the keys that were not asked for and that do something, as far as one can
// tell: those that are neither null, false nor 0.
func (s *settings) strange() []string {
	var all []string
	for key, v := range s.values {
		if slices.Contains(silent, key) || slices.Contains(s.asked, key) || v == nil || v == false || v == 0.0 {
			continue
		}
		all = append(all, clip(key))
	}
	slices.Sort(all)
	return all
}

// notes are what is worth knowing about the keys.
func (s *settings) notes() []string {
	var all []string
	if len(s.missing) > 0 {
		all = append(all, "The file leaves out "+strings.Join(s.missing, ", ")+": the values in parentheses are the customary ones.")
	}
	if strange := s.strange(); len(strange) > 0 {
		all = append(all, "Left out here, since their meaning is not known: "+strings.Join(strange, ", ")+".")
	}
	return all
}
