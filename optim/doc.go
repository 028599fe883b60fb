// Package optim holds update rules: how gradient descent, heavy ball, Adam and
// their relatives turn gradients into a step.
//
// Every rule is written once, as a few accumulators and a readout. An
// accumulator ([Average]) is a decaying average of a function of the gradient;
// the readout is an elementwise map from the accumulators and the parameters to
// a direction F, and the step is
//
//	theta <- theta - h_n F,  h_n = LR * Schedule.Factor(n).
//
// From that one definition [State] takes the steps, and package bea derives the
// memoryless maps, the corrections and the modified flows, so that adding an
// optimizer is one short file and nobody derives a correction by hand.
//
// The settings structs ([Adam], [Lion], ...) are taken literally: a zero Beta1
// is beta1 = 0. [Default] gives the customary hyperparameters of a kind.
package optim
