package checkpoint

import (
	"slices"
	"strings"

	"leeway/internal/spelling"
)

// The optimizers that are read. Which rule of package optim one becomes depends on
// its settings too: SGD is gradient descent, heavy ball or Nesterov's momentum.
const (
	adam    = "adam"
	adamW   = "adamw"
	adamWHF = "adamwhf" // transformers' own AdamW, whose eps meets the uncorrected v
	nadam   = "nadam"
	nadamW  = "nadamw"
	rmsprop = "rmsprop"
	sgd     = "sgd"
	lion    = "lion"
)

// known are the names of optimizers, stripped, and what is read as them.
var known = map[string]string{
	"adam": adam, "adamw": adamW, "adamwhf": adamWHF, "nadam": nadam, "nadamw": nadamW,
	"rmsprop": rmsprop, "sgd": sgd, "gd": sgd, "heavyball": sgd, "nesterov": sgd, "momentum": sgd, "lion": lion,
	"fusedadam": adamW, "cpuadam": adamW, "deepspeedcpuadam": adamW, // their adam_w_mode is on by default
}

// foreign are optimizers that have no counterpart: why, and what to try.
var foreign = map[string][2]string{
	"adafactor":  {"keeps means of squared gradients over rows and columns, and not one for each coordinate", "--optimizer adam for what the same decays do without factoring"},
	"adagrad":    {"adds up squared gradients and never forgets one, where averages here decay", "--optimizer rmsprop --beta2 0.999, which forgets slowly"},
	"adadelta":   {"averages its own steps besides gradients", "--optimizer rmsprop, which averages gradients alone"},
	"adamax":     {"keeps a decaying maximum in place of an average", "--optimizer adam, which averages squares"},
	"sparseadam": {"ages its averages where a gradient arrives and nowhere else", "--optimizer adam, which it is where every gradient is dense"},
	"radam":      {"scales its early steps by a factor of their number", "--optimizer adam, which it is late in a run"},
	"rprop":      {"adapts the step of each coordinate by signs", "--optimizer sign-gd without --from"},
	"asgd":       {"averages parameters and not gradients", "--optimizer gd without --from for its steps"},
	"lbfgs":      {"searches along lines and keeps past steps", "an optimizer with averages of gradients, such as adamw"},
	"muon":       {"orthogonalises whole matrices, so that coordinates do not stand alone", "an optimizer that works on each coordinate, such as adamw"},
	"shampoo":    {"multiplies by roots of matrices, so that coordinates do not stand alone", "an optimizer that works on each coordinate, such as adamw"},
	"soap":       {"turns coordinates by matrices", "an optimizer that works on each coordinate, such as adamw"},
	"lamb":       {"scales the step of each tensor by the norms of step and parameters", "--optimizer adamw, which it is up to that scale"},
	"lars":       {"scales the step of each tensor by the norms of step and parameters", "--optimizer heavy-ball without --from, which it is up to that scale"},
	"ademamix":   {"has a second, slower momentum", "examples/custom-ademamix.yaml, which writes it as formulas"},
	"adabelief":  {"divides by the deviation of gradients", "examples/custom-adabelief.yaml, which writes it as formulas"},
	"adan":       {"averages differences of gradients", "examples/custom-adan.yaml, which writes it as formulas"},
}

// foreignParts are what names of further families hold.
var foreignParts = []struct{ part, why, try string }{
	{"galore", "projects gradients to a low rank before they are averaged", "--optimizer adamw for what its decays do without that"},
	{"apollo", "scales channels by averages of projected gradients", "--optimizer adamw for what its decays do without that"},
	{"lomo", "keeps no averages of gradients", "--optimizer gd without --from"},
	{"schedulefree", "averages parameters in place of a schedule", "--optimizer adamw for what its decays do without that"},
	{"grokadam", "amplifies a slow average of gradients", "kind: custom in a config, which writes an optimizer as formulas"},
	{"stableadam", "clips each tensor's step by its root mean square", "--optimizer adamw, which it is without that"},
	{"sophia", "divides by an estimate of the Hessian's diagonal", "an optimizer that averages gradients alone, such as adamw"},
}

// marks are parts of names that say how, and not what, an optimizer computes.
var marks = []string{"paged", "bnb", "8bit", "4bit", "32bit", "torch", "fused", "foreach", "xla", "npu", "apex", "anyprecision"}

// stripped is the name of an optimizer without its module, hyphens and marks:
// "adamw" for torch.optim.adamw.AdamW and for adamw_torch_fused.
func stripped(name string) string {
	name = strings.Trim(name, "<>' ")
	name = strings.TrimPrefix(name, "class '")
	name = strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	name = strings.NewReplacer("_", "", "-", "", " ", "").Replace(name)
	if _, ok := known[name]; ok {
		return name
	}
	for _, mark := range marks {
		name = strings.ReplaceAll(name, mark, "")
	}
	return name
}

// identify is what a named optimizer is read as.
func identify(name string) (string, error) {
	s := stripped(name)
	if kind, ok := known[s]; ok {
		return kind, nil
	}
	if f, ok := foreign[s]; ok {
		return "", refuse(f[1], "the optimizer %s %s, so that no rule here is it", clip(name), f[0])
	}
	for _, f := range foreignParts {
		if strings.Contains(s, f.part) {
			return "", refuse(f.try, "the optimizer %s %s, so that no rule here is it", clip(name), f.why)
		}
	}
	all := []string{"adam", "adamw", "lion", "nadam", "nadamw", "rmsprop", "sgd"}
	try := "--optimizer with the one of " + strings.Join(all, ", ") + " that it is, or kind: custom in a config, which writes an optimizer as formulas"
	if near := spelling.Nearest(s, all); near != "" && !slices.Contains(all, s) {
		try = "--optimizer " + near + ", if it is that; there are " + strings.Join(all, ", ")
	}
	return "", refuse(try, "the optimizer %q is not known here", clip(name))
}

// quantized reports whether a name says that states are kept in few bits.
func quantized(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "8bit") || strings.Contains(name, "4bit")
}
