package checkpoint

import (
	"fmt"
	"reflect"

	"leeway/optim"
)

// Group is a group of parameters with settings of its own, or several with the same.
type Group struct {
	// Indices are the groups of the file that have these settings, counted from 0.
	Indices []int
	// Name is the optimizer as the file calls it, empty where it does not.
	Name string
	// Kind, LR and Rule are the optimizer as a config has it.
	Kind string
	LR   float64
	Rule optim.Definition
	// Notes are sentences on what is not as PyTorch has it, or not known.
	Notes []string

	params map[string]bool // keys of the parameters in the states
}

// pytorchEps is the note on where eps stands.
const pytorchEps = "PyTorch adds eps to the root and not under it, sqrt(v) + eps: that is eps_mode outside."

// newGroup reads the settings of one group, of an optimizer that is read as kind.
func newGroup(kind string, values object, where string) (*Group, error) {
	s := &settings{values: values, where: where}
	g := &Group{LR: s.number("lr", 1e-3)}
	initial, given := scalar(values["initial_lr"])
	switch {
	case given && g.LR == 0 && initial > 0:
		g.LR = initial
		g.Notes = append(g.Notes, fmt.Sprintf("The schedule has brought lr to 0; this is its initial_lr, %g.", initial))
	case given && initial != g.LR:
		g.Notes = append(g.Notes, fmt.Sprintf("A schedule has brought lr from %g to this.", initial))
	}
	if s.flag("maximize", false) {
		g.Notes = append(g.Notes, "It maximizes: the loss that is spoken of here is minus its objective.")
	}
	if err := g.build(kind, s); err != nil {
		return nil, err
	}
	if s.err != nil {
		return nil, s.err
	}
	g.Notes = append(g.Notes, s.notes()...)
	return g, nil
}

// build makes the rule, in PyTorch's conventions.
func (g *Group) build(kind string, s *settings) error {
	switch kind {
	case adam, adamW, adamWHF:
		return g.adam(kind, s)
	case nadam, nadamW:
		g.nadam(kind, s)
	case rmsprop:
		return g.rmsprop(s)
	case sgd:
		return g.sgd(s)
	case lion:
		beta1, beta2 := s.pair("betas", 0.9, 0.99)
		s.optional("eps")
		g.Kind = lion
		g.Rule = &optim.Lion{Beta1: beta1, Beta2: beta2, Regularization: optim.Regularization{WeightDecay: s.optional("weight_decay")}}
	}
	return nil
}

// adam is Adam and AdamW. Adam's decay is part of the gradient.
func (g *Group) adam(kind string, s *settings) error {
	beta1, beta2 := s.pair("betas", 0.9, 0.999)
	o := optim.Adam{
		Beta1: beta1, Beta2: beta2, Eps: s.number("eps", 1e-8), EpsMode: optim.Outside,
		BiasCorrection: s.flag("bias_correction", true) && s.flag("correct_bias", true),
	}
	decay := s.optional("weight_decay")
	s.flag("decoupled_weight_decay", false)
	if s.flag("amsgrad", false) && s.err == nil {
		return refuse(fmt.Sprintf("leeway explain --optimizer %s --lr %g --beta1 %g --beta2 %g --eps %g --eps-mode outside, which is the same without the maximum", kind[:min(len(kind), len(adamW))], g.LR, beta1, beta2, o.Eps),
			"%samsgrad is true: AMSGrad divides by the largest second moment so far, which no average is", s.where)
	}
	if kind == adamWHF {
		o.EpsMode = optim.OutsideUncorrected
		g.Notes = append(g.Notes, "Transformers' own AdamW adds eps to the root of the uncorrected second moment: that is eps_mode outside_uncorrected.")
	} else {
		g.Notes = append(g.Notes, pytorchEps)
	}
	if kind == adam {
		o.L2 = decay
		g.Kind, g.Rule = adam, &o
		return nil
	}
	o.WeightDecay = decay
	w := optim.AdamW(o)
	g.Kind, g.Rule = adamW, &w
	return nil
}

func (g *Group) nadam(kind string, s *settings) {
	beta1, beta2 := s.pair("betas", 0.9, 0.999)
	o := optim.NAdam{Beta1: beta1, Beta2: beta2, Eps: s.number("eps", 1e-8), EpsMode: optim.Outside, BiasCorrection: true}
	g.Notes = append(g.Notes, pytorchEps, "PyTorch's NAdam lets beta1 grow towards its value and corrects gradient and memory by different powers; NAdam here is what it becomes late in a run.")
	s.optional("momentum_decay")
	if decay := s.optional("weight_decay"); s.flag("decoupled_weight_decay", kind == nadamW) {
		o.WeightDecay = decay
		w := optim.NAdamW(o)
		g.Kind, g.Rule = nadamW, &w
	} else {
		o.L2 = decay
		g.Kind, g.Rule = nadam, &o
	}
}

func (g *Group) rmsprop(s *settings) error {
	o := optim.RMSProp{Beta2: s.number("alpha", 0.99), Eps: s.number("eps", 1e-8), EpsMode: optim.Outside}
	o.L2 = s.optional("weight_decay")
	g.Notes = append(g.Notes, pytorchEps)
	if m := s.optional("momentum"); m != 0 && s.err == nil {
		return refuse("--optimizer rmsprop --beta2 ... without --from for RMSProp without momentum", "%smomentum is %g: this RMSprop averages its steps, and averages here are of gradients", s.where, m)
	}
	if !s.flag("centered", false) {
		g.Kind, g.Rule = rmsprop, &o
		return nil
	}
	g.Kind, g.Rule = "custom", &optim.Custom{
		Accumulators: optim.Accumulators{
			{Name: "v", Of: "g^2", Decay: o.Beta2, New: 1},
			{Name: "w", Of: "g", Decay: o.Beta2, New: 1},
		},
		Direction: "g / (sqrt(v - w^2) + eps)", Constants: optim.Constants{{Name: "eps", Value: o.Eps}},
		Regularization: o.Regularization,
	}
	return nil
}

// sgd is PyTorch's SGD: its momentum is m <- mu m + g, Polyak's form.
func (g *Group) sgd(s *settings) error {
	beta, dampening := s.number("momentum", 0), s.optional("dampening")
	l2 := optim.Regularization{L2: s.optional("weight_decay")}
	switch nesterov := s.flag("nesterov", false); {
	case s.err != nil:
	case beta == 0:
		g.Kind, g.Rule = "gd", &optim.GD{Regularization: l2}
	case dampening != 0:
		return refuse(fmt.Sprintf("leeway explain --optimizer heavy-ball --form polyak --beta %g --lr %.6g --l2 %g, the same but for the first gradient", beta, g.LR*(1-dampening), l2.L2),
			"%sdampening is %g: PyTorch dampens all gradients but the first, which no average does", s.where, dampening)
	case nesterov:
		g.Kind, g.Rule = "nesterov", &optim.Nesterov{Beta: beta, Regularization: l2}
	default:
		g.Kind, g.Rule = "heavy-ball", &optim.HeavyBall{Beta: beta, Form: optim.PolyakForm, Regularization: l2}
	}
	return nil
}

// equal reports whether two groups have the same settings.
func (g *Group) equal(other *Group) bool {
	return g.Kind == other.Kind && g.LR == other.LR && reflect.DeepEqual(g.Rule, other.Rule) && reflect.DeepEqual(g.Notes, other.Notes)
}
