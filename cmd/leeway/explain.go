package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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
	var from string
	cmd := &cobra.Command{
		Use:   "explain " + configArgs,
		Short: "Say what an optimizer's hyperparameters imply, without data",
		Long: `Says what hyperparameters alone imply: whether the optimizer works for or against
small gradients and how strongly, at which gradient that changes, which decay
would make it neutral, and how far the theory behind this can be trusted.

The hyperparameters come from flags, from the optimizer of a config, or with --from
out of what a training run has left: the state_dict of a PyTorch optimizer as JSON,
with or without its states in a safetensors file, training_args.json or
trainer_state.json of Hugging Face's Trainer, or the folder that holds them. Flags
then stand for what the file says.`,
		Example: `  leeway explain --optimizer adam --lr 1e-3 --beta1 0.9 --beta2 0.999 --eps 1e-8
  leeway explain --optimizer heavy-ball --beta 0.9 --form polyak
  leeway explain examples/toy.yaml optimizer.beta2=0.95
  leeway explain --from training_args.json
  leeway explain --from optimizer.json --optimizer adamw --beta2 0.95`,
		Args: oneConfig,
		RunE: func(cmd *cobra.Command, args []string) error {
			noisily := func(rule *optim.Rule) (*explain.Noise, error) {
				if !cmd.Flags().Changed("noise") {
					return nil, nil
				}
				return noisy(rule, noise)
			}
			given := hyperparameterFlags(cmd)
			if cmd.Flags().Changed("from") {
				if len(args) > 0 {
					return misuse("explain: a config and --from exclude each other", "one of them")
				}
				return a.explainFrom(from, given, asJSON, noisily)
			}
			o, err := explained(given, args)
			if err != nil {
				return err
			}
			opt, err := optim.New(o.Rule, o.LR, o.Schedule)
			if err != nil {
				return rangeError(err)
			}
			e := explain.Of(opt)
			if e.Noise, err = noisily(opt.Rule); err != nil {
				return err
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
	f.StringVar(&from, "from", "", "file or folder of a training run to read the hyperparameters from")
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

// hyperparameterFlags are the hyperparameters that were given as flags.
func hyperparameterFlags(cmd *cobra.Command) map[string]string {
	given := map[string]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"json", "noise", "from"}, f.Name) {
			given[f.Name] = f.Value.String()
		}
	})
	return given
}

// explained is the optimizer that flags or a config describe.
func explained(given map[string]string, args []string) (*config.Optimizer, error) {
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
	if c.Optimizer.Exact != nil {
		return nil, misuse("explain: optimizer.lr is exact, which is a number only together with data: explain knows hyperparameters alone", "optimizer.lr=1e-3, or the number that leeway run says it takes")
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
	return o, apply(o, given)
}

// apply gives an optimizer the hyperparameters of flags, by name.
func apply(o *config.Optimizer, given map[string]string) error {
	own := []string{"lr"}
	for _, h := range hyperparameters(o.Rule) {
		if _, number := strconv.ParseFloat(h.value, 64); number != nil && o.Kind == "custom" {
			continue // a formula is no flag
		}
		own = append(own, flagOf(h.name))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given[name]
		if name == "optimizer" {
			continue
		}
		if !slices.Contains(own, name) {
			what := fmt.Sprintf("%s has no hyperparameter %s", o.Kind, name)
			all := "--" + strings.Join(own, ", --")
			if near := spelling.Nearest(name, own); near != "" {
				return misuse(what, "--"+near+" (there are "+all+")")
			}
			return misuse(what, "one of "+all)
		}
		if err := set(o, name, value); err != nil {
			return err
		}
	}
	return nil
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
