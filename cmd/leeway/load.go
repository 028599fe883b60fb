package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/spf13/cobra"

	"leeway/config"
	"leeway/rundir"
)

// configArgs is how the arguments of commands that take a config are written.
const configArgs = "[CONFIG] [key=value ...]"

// oneConfig checks the arguments of such a command.
func oneConfig(cmd *cobra.Command, args []string) error {
	paths := 0
	for _, arg := range args {
		if isOverride(arg) {
			continue
		}
		if paths++; paths > 1 {
			return misuse(fmt.Sprintf("%s: %q is a second config", nameOf(cmd), arg), "one config, and key=value for what is to be different")
		}
	}
	return nil
}

// isOverride tells key=value from the path of a config.
func isOverride(arg string) bool {
	key, _, ok := strings.Cut(arg, "=")
	return ok && !strings.ContainsAny(key, `/\`)
}

// load reads the config that the arguments name, with their overrides. Without
// a config it is the built-in one with the given defaults, unless the overrides
// choose another objective, to which they do not fit.
func load(args []string, defaults ...string) (*config.Config, error) {
	path, overrides := "", []string(nil)
	for _, arg := range args {
		if isOverride(arg) {
			overrides = append(overrides, arg)
			if strings.HasPrefix(arg, "objective=") || strings.HasPrefix(arg, "objective.problem=") {
				defaults = nil
			}
		} else {
			path = arg
		}
	}
	if path == "" {
		return config.Load("", append(defaults, overrides...))
	}
	if stat, err := os.Stat(path); err == nil && stat.IsDir() {
		if _, err := os.Stat(filepath.Join(path, rundir.InfoFile)); err == nil {
			return nil, misuse(path+" is a run directory, not a config", "leeway resume "+path)
		}
		return nil, misuse(path+" is a directory, not a config", "the path of a YAML file, or no config at all for the built-in one")
	}
	return config.Load(path, overrides)
}

// optimizerLine names an optimizer with all its hyperparameters; of an exact step the
// number, if it is known.
func optimizerLine(o *config.Optimizer, e *config.Estimate) string {
	parts := []string{"lr " + short(o.LR, -1)}
	switch {
	case e != nil:
		parts[0] = "lr " + short(e.Step, 6) + " (exact)"
	case o.Exact != nil && o.LR == 0:
		parts[0] = "lr exact"
	}
	if !o.Schedule.Constant() {
		parts = append(parts, "schedule "+scheduleWords(o))
	}
	for _, h := range hyperparameters(o.Rule) {
		parts = append(parts, h.name+" "+h.value)
	}
	return o.Kind + ": " + strings.Join(parts, ", ")
}

// estimateWords say what an exact step was computed from, or nothing.
func estimateWords(e *config.Estimate) string {
	if e == nil {
		return ""
	}
	return e.String()
}

// scheduleWords is a schedule as its JSON without quotation marks.
func scheduleWords(o *config.Optimizer) string {
	text, err := json.Marshal(o.Schedule)
	if err != nil {
		return o.Schedule.Kind
	}
	return strings.NewReplacer(`"`, "", ":", " ", ",", ", ").Replace(string(text))
}

// hyperparameter is one of an optimizer's, by its name in a config.
type hyperparameter struct{ name, value string }

// hyperparameters lists those of a settings struct of package optim, in its
// order.
func hyperparameters(definition any) []hyperparameter {
	var list []hyperparameter
	v := reflect.Indirect(reflect.ValueOf(definition))
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			list = append(list, hyperparameters(v.Field(i).Interface())...)
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		value := fmt.Sprint(v.Field(i).Interface())
		if v.Field(i).Kind() == reflect.Float64 {
			value = short(v.Field(i).Float(), -1)
		}
		list = append(list, hyperparameter{name, value})
	}
	return list
}
