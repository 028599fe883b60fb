package main

import (
	"slices"
	"strings"

	"leeway/config"
	"leeway/explain"
	"leeway/optim"
)

// explanation writes what hyperparameters imply, for people.
func (s *screen) explanation(e *explain.Explanation, o *config.Optimizer) {
	s.printf("%s\n", s.paint(bold, titleOf(o)))
	if e.Definition != "" {
		s.head("The rule")
		for step := range strings.SplitSeq(e.Definition, "; ") {
			s.prose(step)
		}
	}
	s.head("The bias")
	coefficient := ""
	if e.Factors == nil { // else the sentence has them all
		coefficient = coefficientWords(e)
	}
	s.facts(
		[2]string{"coefficient", coefficient},
		[2]string{"where", decayWords(e)},
		[2]string{"gradients", regimeWords(e)},
		[2]string{"neutral at", neutralWords(e)},
	)
	s.prose(e.Sentence)
	if e.Noise != nil {
		s.head("In mini-batches")
		s.prose(e.Noise.Sentence)
	}
	if e.ModifiedLoss != "" {
		s.head("The loss that is followed instead")
		s.prose(e.ModifiedLoss)
		s.prose(e.ModifiedLossNote)
	}
	s.head("How far to trust this")
	s.facts(
		[2]string{"memory", short(e.MemorySteps, 6) + " steps"},
		[2]string{"rate", "gradients may change by " + short(e.TrustedRate, 3) + " of their size per unit of time n h"},
	)
	s.prose(e.Trust)
}

// titleOf names an optimizer with its hyperparameters; of a custom one with those
// that the rule itself, which follows, has by name only.
func titleOf(o *config.Optimizer) string {
	rule, ok := o.Rule.(*optim.Custom)
	if !ok {
		return optimizerLine(o, nil)
	}
	title := "custom: lr " + short(o.LR, -1)
	if !o.Schedule.Constant() {
		title += ", schedule " + scheduleWords(o)
	}
	for _, c := range rule.Constants {
		title += ", " + c.Name + " " + short(c.Value, -1)
	}
	return title
}

// decayWords says what a and b are made of, for the rules where that is short.
func decayWords(e *explain.Explanation) string {
	switch {
	case slices.Contains([]string{"adam", "adamw"}, e.Optimizer):
		return "a = (1 + beta1)/(1 - beta1), b = (1 + beta2)/(1 - beta2)"
	case e.Optimizer == "rmsprop":
		return "a = 1, b = (1 + beta2)/(1 - beta2)"
	}
	return ""
}

// neutralWords names the decays that make the coefficient zero.
func neutralWords(e *explain.Explanation) string {
	text := ""
	if e.Definition != "" { // its decays have other names
		return text
	}
	if e.NeutralBeta2 != nil {
		text = "beta2 = " + short(*e.NeutralBeta2, 6)
	}
	if e.NeutralBeta1 != nil {
		text += ", or beta1 = " + short(*e.NeutralBeta1, 6)
	}
	return text
}
