// Package config is what a run is made from: a YAML file, strictly read, with
// every default written out.
//
// [Load] reads a file, applies key=value overrides, and refuses what does not
// fit: an unknown key, a wrong type, a value out of range. Every refusal is an
// [*Error] that says where in the file it is and what to try. [Config.Resolved]
// writes the config back with all defaults, [Config.Hash] identifies the run
// that it describes, and [Config.Build] turns it into the objective, the batch
// order, the starting point and the optimizer.
//
// What a file leaves out is as in the built-in config ([Default]): a file
// without the section objective or optimizer gets that section from it. Within
// a section that the file does have, missing keys have the customary values of
// the kind that the section names.
//
// # Overrides
//
// An override is PATH=VALUE, the path being the keys from the top joined by
// dots, the value YAML: optimizer.beta2=0.99, processes=[discrete, flow-1].
// They are applied in order, before anything is checked. A whole section can be
// replaced: optimizer={kind: gd, lr: 0.1}.
//
// An override of a kind (optimizer.kind=gd, objective.problem=bilinear) may
// leave keys behind that the new kind does not have. Those of the built-in
// config give way; a key that stands in the user's file does not, since the
// user wrote it and would not see it go: that is an error, which shows how to
// replace the section.
//
// This is the only package that knows YAML.
package config
