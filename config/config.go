package config

import "leeway/optim"

// Config describes one run completely. [Load], [Parse], [Default] and
// [FromJSON] make valid ones; whoever changes a field afterwards calls
// [Config.Check], as [Config.Build] does.
type Config struct {
	// Name is the first part of the run directory's name.
	Name      string    `yaml:"name"`
	Objective Objective `yaml:"objective"`
	Optimizer Optimizer `yaml:"optimizer"`
	// Processes run side by side, in the order of [Processes]; the first is
	// always discrete, the optimizer itself.
	Processes []string `yaml:"processes"`
	// Steps of the optimizer.
	Steps int `yaml:"steps"`
	// Seed decides the random start, the order of batches, and the shuffling
	// of the data; each draws from a stream of its own.
	Seed uint64 `yaml:"seed"`
	// Out is the folder in which run directories are made.
	Out        string     `yaml:"out"`
	Measure    Measure    `yaml:"measure"`
	Stop       Stop       `yaml:"stop"`
	Modify     Modify     `yaml:"modify"`
	Checkpoint Checkpoint `yaml:"checkpoint"`
	Integrator Integrator `yaml:"integrator"`
	Moments    Moments    `yaml:"moments"`
	// Coefficients of the corrections: FiniteN or Asymptotic.
	Coefficients string `yaml:"coefficients"`
	// Runaway says what happens to a flow that leaves the theorem's useful
	// range: RunawayStop or RunawayIgnore.
	Runaway string `yaml:"runaway"`
	Verify  Verify `yaml:"verify"`

	// Profile measures the time of every kernel of a network. It is no key of a
	// config: a program sets it before [Config.Build].
	Profile bool `yaml:"-"`

	file string // for messages
	tree *node  // the places of the values, for messages; may be nil
	// recalled is the exact step that the run took before, if it did.
	recalled *Estimate
}

// Checkpoint says when the state is saved: when either is due.
type Checkpoint struct {
	Every   int     `yaml:"every"`   // steps between checkpoints
	Minutes float64 `yaml:"minutes"` // the longest time between two
}

// Integrator settings of the flows.
type Integrator struct {
	Method    string  `yaml:"method"`    // one of [Methods]; see [Config.IntegratorFor]
	Tolerance float64 `yaml:"tolerance"` // of the local error, for dopri5
	Substeps  int     `yaml:"substeps"`  // per optimizer step, for the others
}

// Moments are settings of the flows that keep the accumulators as states.
type Moments struct {
	Substeps int `yaml:"substeps"` // per optimizer step; 0 is automatic
}

// Verify are settings of the order check, which starts where the promised order
// shows already: at a smaller learning rate than a run.
type Verify struct {
	Halvings int     `yaml:"halvings"` // of the learning rate
	LR       float64 `yaml:"lr"`       // the largest learning rate, 0 for the optimizer's
	Steps    int     `yaml:"steps"`    // at that rate, 0 for those of a run
}

// Optimizer is a learning rate, its schedule, and the hyperparameters of a kind.
type Optimizer struct {
	Kind string // one of [OptimizerKinds]
	LR   float64
	// Exact, if not nil, takes the place of LR, which is then 0: [Config.Build]
	// computes the learning rate.
	Exact    *Exact
	Schedule optim.Schedule
	// Rule holds the hyperparameters: a pointer to the settings struct of the
	// kind, as from [optim.Default]; of the kind custom an [*optim.Custom].
	Rule optim.Definition
}

// Values of Config.Coefficients and Config.Runaway.
const (
	FiniteN       = "finite-n"
	Asymptotic    = "asymptotic"
	RunawayStop   = "stop"
	RunawayIgnore = "ignore"
)

// Processes are the names of all processes, in the order in which runs list
// them.
func Processes() []string {
	return []string{"discrete", "flow-1", "flow-2", "memoryless-1", "memoryless-2", "moments-1", "moments-2"}
}

// Methods are the names of the integration methods.
func Methods() []string { return []string{automatic, "dopri5", "rk4", "heun", "euler"} }

// plain is a config with every default that depends on nothing else.
func plain() *Config {
	return &Config{
		Processes:    []string{"discrete", "flow-1", "flow-2", "moments-2"},
		Steps:        400,
		Out:          "runs",
		Measure:      Measure{Top: 1},
		Checkpoint:   Checkpoint{Every: 100, Minutes: 10},
		Integrator:   Integrator{Method: automatic, Tolerance: 1e-9, Substeps: 1},
		Coefficients: FiniteN,
		Runaway:      RunawayStop,
		Verify:       Verify{Halvings: 4},
	}
}

// builtin has what plain leaves open. The optimizer lies where the theorem
// holds: with beta2 0.999 and eps 1e-8 at this learning rate it does not.
const builtin = `
objective:
  model: {kind: mlp, hidden: [32, 32], activation: tanh}
  data: {kind: digits}
optimizer: {kind: adam, lr: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-4, eps_mode: inside, bias_correction: true}
`

// Default is the built-in config: an MLP of two hidden layers on the first 1,000
// digits, 797 for testing, by full-batch Adam.
func Default() *Config {
	c, err := Load("", nil)
	if err != nil {
		panic("config: the built-in config is invalid: " + err.Error())
	}
	return c
}
