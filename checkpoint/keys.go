package checkpoint

import "slices"

// byKeys finds out from the keys of a group, and from the names of its states if there
// are any, which optimizer it belongs to. Of Adam and AdamW, whose keys are the same
// in most versions, it says adam; unsure is then true if the group decays weights.
func byKeys(g object, states []string) (kind string, unsure bool, err error) {
	has := func(keys ...string) bool {
		for _, key := range keys {
			if _, ok := g[key]; !ok {
				return false
			}
		}
		return true
	}
	kept := func(state string) bool { return slices.Contains(states, state) }
	betas, _ := g["betas"].([]any)
	foreignName := ""
	switch {
	case has("clip_threshold") || kept("exp_avg_sq_row"):
		foreignName = "adafactor"
	case has("ns_steps"):
		foreignName = "muon"
	case has("history_size"):
		foreignName = "lbfgs"
	case has("lr_decay", "initial_accumulator_value"):
		foreignName = "adagrad"
	case has("rho"):
		foreignName = "adadelta"
	case has("etas"):
		foreignName = "rprop"
	case has("lambd", "t0"):
		foreignName = "asgd"
	case len(betas) == 3 && has("alpha"):
		foreignName = "ademamix"
	case len(betas) == 3:
		foreignName = "adan"
	case kept("exp_inf"):
		foreignName = "adamax"
	case has("momentum_decay"):
		return nadam, false, nil
	case has("correct_bias"):
		return adamWHF, false, nil
	case has("momentum", "dampening"):
		return sgd, false, nil
	case has("alpha", "centered"):
		return rmsprop, false, nil
	case has("betas") && (!has("eps") || kept("exp_avg") && !kept("exp_avg_sq") || kept("state1") && !kept("state2")):
		return lion, false, nil
	case has("betas", "eps") && (has("amsgrad") || has("bias_correction") || kept("state2")):
		return adamFamily(g)
	case has("betas", "eps"):
		return "", false, refuse("--optimizer adam, or adamw, if it is that",
			"param_groups: the keys fit Adam as well as RAdam and Adamax, and no entry names the optimizer")
	default:
		return "", false, refuse("--optimizer with the one that it is, or an entry such as \"optimizer\": \"AdamW\" in the file",
			"param_groups: the keys fit no optimizer that is known here, and no entry names it")
	}
	_, err = identify(foreignName)
	return "", false, err
}

// adamFamily tells Adam from AdamW where a key says so.
func adamFamily(g object) (kind string, unsure bool, err error) {
	if decoupled, ok := g["decoupled_weight_decay"].(bool); ok {
		if decoupled {
			return adamW, false, nil
		}
		return adam, false, nil
	}
	decay, _ := scalar(g["weight_decay"])
	return adam, decay != 0, nil
}
