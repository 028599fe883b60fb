package checkpoint

import (
	"fmt"
	"math"

	"leeway/optim"
)

// isArguments reports whether a JSON object is the Trainer's training_args.json.
func isArguments(o object) bool {
	if _, ok := o["learning_rate"]; !ok {
		return false
	}
	for _, key := range []string{"adam_beta1", "adam_epsilon", "lr_scheduler_type", "optim"} {
		if _, ok := o[key]; ok {
			return true
		}
	}
	return false
}

// isProgress reports whether a JSON object is the Trainer's trainer_state.json.
func isProgress(o object) bool {
	_, ok := o["log_history"].([]any)
	return ok
}

// readArguments is the optimizer that the Trainer builds of its arguments: kind, if
// not empty, stands for the one that they name.
func readArguments(a object, kind string) (*Group, error) {
	name := text(a, "optim")
	if adafactor, _ := a["adafactor"].(bool); adafactor {
		name = "adafactor"
	}
	assumed := name == "" && kind == ""
	if assumed {
		name = "adamw_torch"
	}
	if kind == "" {
		var err error
		if kind, err = identify(name); err != nil {
			return nil, err
		}
	}
	s := &settings{values: a}
	values := object{"lr": s.number("learning_rate", 5e-5), "weight_decay": s.optional("weight_decay")}
	switch kind {
	case adam, adamW, adamWHF, nadam, nadamW:
		values["betas"] = []any{s.number("adam_beta1", 0.9), s.number("adam_beta2", 0.999)}
		values["eps"] = s.number("adam_epsilon", 1e-8)
	case lion: // from the same two arguments
		values["betas"] = []any{s.number("adam_beta1", 0.9), s.number("adam_beta2", 0.999)}
	case rmsprop: // PyTorch's own, whatever the arguments of Adam are
		values["alpha"], values["eps"] = 0.99, 1e-8
	case sgd:
		values["momentum"] = 0.0
	}
	if s.err != nil {
		return nil, s.err
	}
	g, err := newGroup(kind, values, "")
	if err != nil {
		return nil, err
	}
	g.Name = name
	if assumed {
		g.Notes = append(g.Notes, "The file does not name the optimizer: this is AdamW, the Trainer's customary one.")
	}
	if len(s.missing) > 0 {
		g.Notes = append(g.Notes, (&settings{missing: s.missing}).notes()...)
	}
	if values["weight_decay"] != 0.0 {
		g.Notes = append(g.Notes, "The Trainer spares biases and norms the weight decay.")
	}
	if clip, _ := scalar(a["max_grad_norm"]); clip > 0 {
		g.Notes = append(g.Notes, fmt.Sprintf("The Trainer scales gradients down where their norm is above %g (max_grad_norm), which is no part of this.", clip))
	}
	if extra := text(a, "optim_args"); extra != "" {
		g.Notes = append(g.Notes, fmt.Sprintf("optim_args are not read: %s.", clip(extra)))
	}
	if quantized(name) {
		g.Notes = append(g.Notes, "Its states are kept in few bits; their rounding is no part of this.")
	}
	return g, nil
}

// progress is what a trainer_state.json tells.
type progress struct {
	step, steps        int // done, and in all; 0 if not known
	peak, last, lowest float64
	rates              int // how many learning rates were logged
}

func readProgress(o object) progress {
	p := progress{step: whole(o["global_step"]), steps: whole(o["max_steps"]), lowest: math.Inf(1)}
	history, _ := o["log_history"].([]any)
	for _, v := range history {
		entry, _ := v.(object)
		if rate, ok := scalar(entry["learning_rate"]); ok && rate >= 0 {
			p.peak, p.last, p.lowest, p.rates = max(p.peak, rate), rate, min(p.lowest, rate), p.rates+1
		}
	}
	return p
}

// whole is a positive whole number, 0 for anything else.
func whole(v any) int {
	x, ok := scalar(v)
	if !ok || x < 1 || x > 1e15 || x != math.Trunc(x) {
		return 0
	}
	return int(x)
}

// words say what a trainer_state.json holds.
func (p progress) words() string {
	steps := fmt.Sprintf("step %d", p.step)
	if p.steps > 0 {
		steps += fmt.Sprintf(" of %d", p.steps)
	}
	if p.rates == 0 {
		return steps + " and no learning rate"
	}
	return fmt.Sprintf("learning rates up to %g, the last %g, and %s", p.peak, p.last, steps)
}

// group is what can be said of the optimizer with the user's word for its kind: the
// highest learning rate that was logged, and customary settings.
func (p progress) group(kind string) (*Group, error) {
	if kind == "" {
		return nil, refuse("training_args.json in the same folder, or --optimizer adamw with --beta1, --beta2, --eps and --weight-decay",
			"a trainer_state.json holds %s, but neither the optimizer nor its decays, eps and weight decay", p.words())
	}
	if p.peak == 0 {
		return nil, refuse("--lr with the learning rate, and no --from", "log_history: there is no learning rate above 0, and nothing else in a trainer_state.json is an optimizer's")
	}
	g, err := newGroup(kind, object{"lr": p.peak}, "")
	if err != nil {
		return nil, err
	}
	g.Notes = append(g.Notes, fmt.Sprintf("A trainer_state.json holds %s; nothing else here is from it.", p.words()))
	return g, nil
}

// readSchedule is the schedule that the Trainer builds of its arguments for so many
// steps (0: not known), and what is to be said about it.
func readSchedule(a object, lr float64, steps int) (optim.Schedule, string) {
	kind := text(a, "lr_scheduler_type")
	if kind == "" {
		kind = "linear"
	}
	warmup, _ := scalar(a["warmup_steps"])
	if ratio, ok := scalar(a["warmup_ratio"]); ok && warmup <= 0 {
		warmup = ratio
	}
	if warmup > 0 && warmup < 1 {
		warmup = math.Ceil(warmup * float64(steps))
	}
	more, _ := a["lr_scheduler_kwargs"].(object)
	number := func(key string, customary float64) float64 {
		if x, ok := scalar(more[key]); ok {
			return x
		}
		return customary
	}
	s := optim.Schedule{Kind: "constant", Warmup: max(warmup, 0)}
	final := 0.0
	switch {
	case kind == "constant":
		return optim.Schedule{Kind: kind}, ""
	case kind == "constant_with_warmup":
		return s, ""
	case kind == "linear":
	case kind == "polynomial" && number("power", 1) == 1:
		final, kind = number("lr_end", 1e-7)/lr, "linear"
	case kind == "cosine" && number("num_cycles", 0.5) == 0.5:
	case kind == "cosine_with_min_lr":
		final, kind = number("min_lr_rate", number("min_lr", 0)/lr), "cosine"
	default:
		return s, fmt.Sprintf("The schedule %s has no counterpart here and is left out.", clip(kind))
	}
	if steps == 0 {
		return s, fmt.Sprintf("The schedule %s is left out: the number of steps follows from epochs and data, which the file does not hold.", kind)
	}
	s.Kind, s.Steps, s.Final = kind, float64(steps), final
	if s.Warmup > 0 {
		return s, fmt.Sprintf("The Trainer's schedule begins to fall after the warmup, the %s one here at step 0.", kind)
	}
	return s, ""
}
