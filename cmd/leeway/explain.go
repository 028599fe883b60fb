package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"leeway/config"
	"leeway/explain"
	"leeway/internal/spelling"
	"leeway/optim"
)

func (a *app) explainCommand() *cobra.Command {
	var asJSON bool
	var noise float64
	cmd := &cobra.Command{
		Use:   "explain " + configArgs,
		Short: "Say what an optimizer's hyperparameters imply, without data",
		Long: `Says what hyperparameters alone imply: whether the optimizer works for or against
small gradients and how strongly, at which gradient that changes, which decay
would make it neutral, and how far the theory behind this can be trusted.

The hyperparameters come from flags, or from the optimizer of a config.`,
		Example: `  leeway explain --optimizer adam --lr 1e-3 --beta1 0.9 --beta2 0.999 --eps 1e-8
  leeway explain --optimizer heavy-ball --beta 0.9 --form polyak
  leeway explain examples/toy.yaml optimizer.beta2=0.95`,
		Args: oneConfig,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := explained(cmd, args)
			if err != nil {
				return err
			}
			opt, err := optim.New(o.Rule, o.LR, o.Schedule)
			if err != nil {
				return rangeError(err)
			}
			e := explain.Of(opt)
			if cmd.Flags().Changed("noise") {
				n, err := noisy(opt.Rule, noise)
				if err != nil {
					return err
				}
				e.Noise = n
			}
			if asJSON {
				return a.out.json(e)
			}
			a.out.explanation(&e, o)
			return a.out.done()
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	f.Float64Var(&noise, "noise", 0, "variance of a component of the mini-batch gradient over its squared mean: what batches of that noise do")
	f.String("optimizer", "adam", "one of "+strings.Join(optim.Kinds(), ", "))
	f.Float64("lr", 1e-3, "learning rate h")
	f.Float64("beta1", 0.9, "decay of the average of gradients")
	f.Float64("beta2", 0.999, "decay of the average of squared gradients")
	f.Float64("beta", 0.9, "decay of the momentum")
	f.Float64("eps", 1e-8, "stability constant")
	f.String("eps-mode", "inside", "where eps stands: inside, outside or outside_uncorrected")
	f.String("form", "ema", "form of the momentum: ema or polyak")
	f.Bool("bias-correction", true, "divide averages by their weights so far")
	f.Float64("weight-decay", 0, "decoupled weight decay")
	f.Float64("l2", 0, "coupled weight decay")
	return cmd
}

// noisy explains a rule at a noise scale.
func noisy(rule *optim.Rule, scale float64) (*explain.Noise, error) {
	if !(scale >= 0 && scale <= 1e6) {
		return nil, misuse(fmt.Sprintf("--noise: want a number from 0 to 1e6, got %g", scale), "--noise 0.5; a run that measures noise_scale tells")
	}
	n, ok := explain.OfNoise(rule, scale)
	if !ok {
		return nil, misuse("--noise: the expected bias of mini-batches is known here for adam and adamw alone, not for "+rule.Name, "without --noise, or --optimizer adam")
	}
	return &n, nil
}

// explained is the optimizer that flags or a config describe.
func explained(cmd *cobra.Command, args []string) (*config.Optimizer, error) {
	given := map[string]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "json" && f.Name != "noise" {
			given[f.Name] = f.Value.String()
		}
	})
	if len(args) == 0 {
		return fromFlags(given)
	}
	if len(given) > 0 {
		return nil, misuse("explain: a config and flags for hyperparameters exclude each other", "key=value after the config, such as optimizer.beta2=0.95")
	}
	c, err := load(args)
	if err != nil {
		return nil, err
	}
	return &c.Optimizer, nil
}

// fromFlags is the optimizer of a kind, with its customary hyperparameters
// where no flag was given.
func fromFlags(given map[string]string) (*config.Optimizer, error) {
	o := &config.Optimizer{Kind: "adam", LR: 1e-3}
	if kind, ok := given["optimizer"]; ok {
		o.Kind = kind
	}
	if !slices.Contains(optim.Kinds(), o.Kind) {
		what, all := fmt.Sprintf("--optimizer: there is no optimizer %q", o.Kind), strings.Join(optim.Kinds(), ", ")
		if near := spelling.Nearest(o.Kind, optim.Kinds()); near != "" {
			return nil, misuse(what, "--optimizer "+near+" (there are "+all+")")
		}
		return nil, misuse(what, "one of "+all)
	}
	var err error
	if o.Rule, err = optim.Default(o.Kind); err != nil {
		return nil, err
	}
	own := []string{"lr"}
	for _, h := range hyperparameters(o.Rule) {
		own = append(own, flagOf(h.name))
	}
	for name, value := range given {
		if name == "optimizer" {
			continue
		}
		if !slices.Contains(own, name) {
			what := fmt.Sprintf("%s has no hyperparameter %s", o.Kind, name)
			all := "--" + strings.Join(own, ", --")
			if near := spelling.Nearest(name, own); near != "" {
				return nil, misuse(what, "--"+near+" (there are "+all+")")
			}
			return nil, misuse(what, "one of "+all)
		}
		if err := set(o, name, value); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// words are the hyperparameters that are not numbers, with what they may be.
var words = map[string]string{"eps-mode": "inside, outside or outside_uncorrected", "form": "ema or polyak"}

// set gives a hyperparameter the value of its flag.
func set(o *config.Optimizer, flag, value string) error {
	want, word := words[flag]
	text := []byte(value)
	if word {
		text = []byte(strconv.Quote(value))
	} else {
		want = "a finite number"
	}
	if !json.Valid(text) { // NaN, an infinity
		return misuse(fmt.Sprintf("--%s: want %s, got %s", flag, want, value), "a number in its range")
	}
	if flag == "lr" {
		return json.Unmarshal(text, &o.LR)
	}
	object := fmt.Sprintf("{%q: %s}", strings.ReplaceAll(flag, "-", "_"), text)
	if err := json.Unmarshal([]byte(object), o.Rule); err != nil {
		return misuse(fmt.Sprintf("--%s: want %s, got %s", flag, want, text), "--"+flag+" "+strings.Fields(strings.ReplaceAll(want, ",", " "))[0])
	}
	return nil
}

// flagOf is the flag of a hyperparameter.
func flagOf(name string) string { return strings.ReplaceAll(name, "_", "-") }

// rangeError is a hyperparameter out of range, by the name that it has in a
// config and, with hyphens, as a flag.
func rangeError(err error) error {
	var r *optim.RangeError
	if errors.As(err, &r) {
		return misuse(fmt.Sprintf("--%s: want %s, got %v", flagOf(r.Name), r.Want, r.Value), "a number in this range")
	}
	return err
}
