package bea

import "leeway/optim"

// ModifiedLoss is a loss that an optimizer follows in place of the one it was
// given.
type ModifiedLoss struct {
	Formula string // in plain text
	Note    string // when it holds
}

// ModifiedLossOf is the modified loss of a rule, if it has one.
func ModifiedLossOf(rule *optim.Rule) (ModifiedLoss, bool) { return ModifiedLoss{}, false }
