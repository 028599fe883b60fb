// Package checkpoint reads an optimizer's settings out of what PyTorch and Hugging
// Face's Trainer leave on disk: the state_dict of an optimizer as JSON, alone or with
// its states in a safetensors file, and the Trainer's training_args.json and
// trainer_state.json.
//
// [Open] takes a file or a folder, finds out which optimizer it is, from a name or from
// the keys of its settings, and makes of each group of parameters an [optim.Definition]
// with PyTorch's conventions: eps beside the root and not in it, momentum as a decaying
// sum, weight decay in the gradient (Adam, SGD, RMSprop) or beside it (AdamW, Lion).
// What has no counterpart here is an [*Error] in one sentence; what is only worth
// knowing is a note. [Checkpoint.Measure] reads states, if there are any.
//
// Pickled files (.pt, .bin) are not read, since reading them runs code.
package checkpoint
