package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mistake is a config with something wrong, and the exact words about it: what
// a user sees is part of the interface, so it is held word by word.
type mistake struct {
	name      string
	text      string
	overrides []string
	want, try string
}

const (
	steps      = "steps: 5\n"
	emptyTry   = "at least one key, such as steps: 400, or no config at all for the built-in one"
	syntaxTry  = "a look at the indentation, quotes and brackets there and on the line before"
	adamKeys   = "(there are kind, lr, schedule, beta1, beta2, eps, eps_mode, bias_correction, weight_decay, l2)"
	topKeys    = "name, objective, optimizer, processes, steps, seed, out, measure, stop, modify, checkpoint, integrator, moments, coefficients, runaway, verify"
	processTry = "(there are discrete, flow-1, flow-2, memoryless-1, memoryless-2, moments-1, moments-2)"
	modelNames = "linear, mlp, cnn, lenet, resnet, vit, transformer"
	dataNames  = "digits, breast-cancer, fashion-mnist, mnist, cifar-10, cifar-100, csv, npz, folder, gaussian, mixture, rademacher, teacher, markov, text"
	digitsData = "data: {kind: digits}"
	modelTry   = "problem: bilinear, or model: {kind: linear} with data: {kind: digits}, or kind: external with a command"
	batchTry   = "{size: 100, order: shuffled} or {count: 5, order: cyclic}"
)

var mistakes = []mistake{
	// Keys.
	{"unknown key", "stepz: 4\n", nil, `f.yaml:1:1: stepz: unknown key`, "steps (there are " + topKeys + ")"},
	{"unknown key, nothing near", "wibble_wobble: 4\n", nil, `f.yaml:1:1: wibble_wobble: unknown key`, "one of " + topKeys},
	{"unknown key of a kind", "optimizer:\n  kind: adam\n  lr: 1e-3\n  beta3: 0.9\n", nil, `f.yaml:4:3: optimizer.beta3: unknown key of adam`, "beta1 " + adamKeys},
	{"key of another kind", "optimizer: {kind: gd, beta1: 0.9}\n", nil, `f.yaml:1:23: optimizer.beta1: unknown key of gd`, "one of kind, lr, schedule, weight_decay, l2"},
	{"key of another problem", "objective: {problem: bilinear, condition: 3}\n", nil, `f.yaml:1:32: objective.condition: unknown key of bilinear`, "one of problem, batch, start, start_scale, dtype"},
	{"key of another schedule", "optimizer: {schedule: {kind: cosine, power: 3}}\n", nil, `f.yaml:1:38: optimizer.schedule.power: unknown key of cosine`, "one of kind, steps, final, warmup"},
	{"key in a section", "measure:\n  # how often\n  evry: 3\n", nil, `f.yaml:3:3: measure.evry: unknown key`, "every (there are preset, every, log, at, quantities, schedule, top, below)"},
	{"duplicate key", "steps: 1\n\nsteps: 2\n", nil, `f.yaml:3:1: duplicate key "steps", first on line 1`, "removing one of the two"},
	{"duplicate key in a section", "measure: {every: 1, every: 2}\n", nil, `f.yaml:1:21: duplicate key "every", first on line 1`, "removing one of the two"},

	// Types.
	{"text for a whole number", "steps: many\n", nil, `f.yaml:1:8: steps: want a whole number, got "many"`, "digits only, such as 100"},
	{"quoted number", "steps: \"400\"\n", nil, `f.yaml:1:8: steps: want a whole number, got "400"`, "digits only, such as 100"},
	{"fraction for a whole number", "steps: 1.5\n", nil, `f.yaml:1:8: steps: want a whole number, got 1.5`, "digits only, such as 100"},
	{"a whole number too large", "steps: 99999999999999999999\n", nil, `f.yaml:1:8: steps: want a whole number that 64 bits hold, got 99999999999999999999`, "a smaller number"},
	{"a negative seed", "seed: -1\n", nil, `f.yaml:1:7: seed: want a whole number from 0 to 18446744073709551615, got -1`, "a number in this range"},
	{"nothing for a section", "optimizer:\nsteps: 3\n", nil, `f.yaml:1:11: optimizer: want a mapping of keys to values, got nothing`, "one of the keys kind, lr, schedule, beta1, beta2, eps, eps_mode, bias_correction, weight_decay, l2"},
	{"list for a section", "measure: [1]\n", nil, `f.yaml:1:10: measure: want a mapping of keys to values, got a list`, "one of the keys preset, every, log, at, quantities, schedule, top, below"},
	{"list for a data section", "objective: {data: [1]}\n", nil, `f.yaml:1:19: objective.data: want a mapping of keys to values, got a list`, "one of the keys kind, classes, seed, train, test, normalize, shuffle, shrink, augment"},
	{"text for an objective", "objective: mlp\n", nil, `f.yaml:1:12: objective: want a mapping of keys to values, got "mlp"`, "one of the keys problem, model, data, kind"},
	{"list at the top", "- 1\n", nil, `f.yaml:1:1: want a mapping of keys to values, got a list`, "one of the keys " + topKeys},
	{"text at the top", "hello\n", nil, `f.yaml:1:1: want a mapping of keys to values, got "hello"`, "one of the keys " + topKeys},
	{"number for a switch", "optimizer: {bias_correction: 1}\n", nil, `f.yaml:1:30: optimizer.bias_correction: want true or false, got 1`, "true or false, without quotes"},
	{"switch for a number", "optimizer: {lr: true}\n", nil, `f.yaml:1:17: optimizer.lr: want a number, got true`, "a number such as 0.001 or 1e-3, without quotes"},
	{"text for a list", "processes: discrete\n", nil, `f.yaml:1:12: processes: want a list, got "discrete"`, "square brackets, even around a single value"},
	{"nothing for a text", "name: ~\n", nil, `f.yaml:1:7: name: want a text, got nothing`, "a word, or a text in quotes"},
	{"text in a list of numbers", "objective:\n  problem: bilinear\n  start:\n    - 1\n    - x\n", nil, `f.yaml:5:7: objective.start[1]: want a number, got "x"`, "a number such as 0.001 or 1e-3, without quotes"},

	// Steepest descent.
	{"steepest with flows", "optimizer: {kind: steepest, norm: 1}\nprocesses: [discrete, flow-1]\n", nil, `f.yaml:2:12: processes: steepest descent in a norm has no flow or map here, since a component of its step depends on all of the gradient`, "processes: [discrete], or optimizer: {kind: gd} or {kind: sign-gd}"},
	{"steepest with a bias", "optimizer: {kind: steepest}\nsteps: 5\nmodify: {bias: -1}\n", nil, `f.yaml:3:16: modify.bias: steepest descent in a norm has no flow or map here, since a component of its step depends on all of the gradient`, "no modify.bias"},
	{"steepest with trust", "optimizer: {kind: steepest}\nprocesses: [discrete]\nmeasure: {quantities: [trust]}\n", nil, `f.yaml:3:23: measure.quantities: trust needs an elementwise optimizer, which steepest is not`, "no trust, or optimizer: {kind: gd}"},
	{"kkt without decay", "measure: {quantities: [kkt]}\n", nil, `f.yaml:1:23: measure.quantities: kkt needs decoupled weight decay`, "optimizer.weight_decay=0.1, or no kkt"},
	{"norm of steepest", "optimizer: {kind: steepest, norm: 3}\n", nil, `f.yaml:1:35: optimizer.norm: unknown value, got 3`, "one of 2, 1, inf"},

	// The exact step.
	{"exact, misspelt", "optimizer: {lr: exakt}\n", nil, `f.yaml:1:17: optimizer.lr: want a number or exact, got "exakt"`, "exact, or a number such as 0.001 or 1e-3"},
	{"exact of another kind", "optimizer: {lr: {kind: exat}}\n", nil, `f.yaml:1:24: optimizer.lr.kind: unknown learning rate "exat"`, "exact"},
	{"exact with another key", "optimizer: {lr: {kind: exact, point: 3}}\n", nil, `f.yaml:1:31: optimizer.lr.point: unknown key of exact`, "points (there are kind, points, products, factor)"},
	{"exact with a negative factor", "optimizer: {lr: {kind: exact, factor: -1}}\n", nil, `f.yaml:1:39: optimizer.lr.factor: want a finite number > 0, got -1`, "1"},
	{"exact without starts", "optimizer: {lr: {kind: exact, points: 0}}\n", nil, `f.yaml:1:39: optimizer.lr.points: want a whole number from 1 to 10000, got 0`, "1"},
	{"exact without products", "optimizer: {lr: {kind: exact, products: -1}}\n", nil, `f.yaml:1:41: optimizer.lr.products: want a whole number from 1 to 1000000, got -1`, "1"},
	{"exact without a kind", "optimizer: {lr: {factor: 2}}\n", nil, `f.yaml:1:17: optimizer.lr: want a number or exact, got a mapping without a kind`, "{kind: exact}, or a number such as 0.001 or 1e-3"},
	{"factor of a number", "optimizer: {lr: 0.1}\n", []string{"optimizer.lr.factor=2"}, `override optimizer.lr.factor=2: optimizer.lr: want a number or exact, got a mapping without a kind`, "{kind: exact}, or a number such as 0.001 or 1e-3"},
	{"step of an attack", "objective: {model: {kind: mlp}, attack: {radius: 1, step: 0}}\n", nil, `f.yaml:1:59: objective.attack.step: want a finite number > 0, got 0`, "no step, which is a fifth of the radius"},
	{"exact of lion", "optimizer: {kind: lion, lr: exact}\n", nil, `f.yaml:1:29: optimizer.lr: the exact step is Adam's, not that of lion`, "kind: adam, or a number such as 1e-3 for lr"},
	{"exact with a schedule", "optimizer: {lr: exact, schedule: {kind: cosine}}\n", nil, `f.yaml:1:17: optimizer.lr: the exact step is constant, and here is a schedule`, "no schedule, or a number such as 1e-3 for lr"},
	{"exact with decay", "optimizer: {lr: exact, l2: 0.1}\n", nil, `f.yaml:1:17: optimizer.lr: the exact step is for the loss alone, without weight decay`, "weight_decay: 0 and l2: 0, or a number such as 1e-3 for lr"},

	// NaN and infinities.
	{"NaN", "optimizer:\n  lr: .nan\n", nil, `f.yaml:2:7: optimizer.lr: want a finite number, got .nan`, "a number such as 0.001 or 1e-3"},
	{"NaN as programs print it", "optimizer:\n  lr: NaN\n", nil, `f.yaml:2:7: optimizer.lr: want a finite number, got NaN`, "a number such as 0.001 or 1e-3"},
	{"minus infinity", "optimizer: {eps: -.inf}\n", nil, `f.yaml:1:18: optimizer.eps: want a finite number, got -.inf`, "a number such as 0.001 or 1e-3"},
	{"overflow", "optimizer: {eps: 1e999}\n", nil, `f.yaml:1:18: optimizer.eps: want a finite number, got 1e999`, "a number that float64 holds, up to 1.8e308"},

	// Ranges, found after reading.
	{"steps", "seed: 3\nsteps: 0\n", nil, `f.yaml:2:8: steps: want a whole number from 1 to 1000000000, got 0`, "1"},
	{"measure.every", "measure: {every: 0}\n", nil, `f.yaml:1:18: measure.every: want a whole number from 1 to 1000000000, got 0`, "10"},
	{"stop.accuracy", "stop: {accuracy: 95}\n", nil, `f.yaml:1:18: stop.accuracy: want a number from 0 up to 1, got 95`, "0.95"},
	{"stop.accuracy unmeasured", "stop: {accuracy: 0.9}\nmeasure: {quantities: [loss]}\n", nil, `f.yaml:1:18: stop.accuracy: this needs the quantity accuracy, which is not measured`, "measure.quantities with accuracy"},
	{"stop.loss", "stop: {loss: -1}\n", nil, `f.yaml:1:14: stop.loss: want a finite number >= 0, got -1`, "0.01"},
	{"modify.bias", "modify: {bias: 1e4}\n", nil, `f.yaml:1:16: modify.bias: want a number from -1000 to 1000, got 10000`, "-1"},
	{"checkpoint.minutes", "checkpoint: {minutes: 0}\n", nil, `f.yaml:1:23: checkpoint.minutes: want a number > 0, got 0`, "10"},
	{"checkpoint.every", "checkpoint: {every: -3}\n", nil, `f.yaml:1:21: checkpoint.every: want a whole number from 1 to 1000000000, got -3`, "1"},
	{"tolerance", "integrator:\n  tolerance: 0\n", nil, `f.yaml:2:14: integrator.tolerance: want a number from 1e-14 to 0.1, got 0`, "1e-9"},
	{"integrator.substeps", "integrator: {substeps: 0}\n", nil, `f.yaml:1:24: integrator.substeps: want a whole number from 1 to 1000000, got 0`, "1"},
	{"moments.substeps", "moments: {substeps: -1}\n", nil, `f.yaml:1:21: moments.substeps: want a whole number from 0 to 1000000, got -1`, "0"},
	{"halvings", "verify: {halvings: 1}\n", nil, `f.yaml:1:20: verify.halvings: want a whole number from 2 to 12, got 1`, "2"},
	{"verify lr", "verify: {lr: -1}\n", nil, `f.yaml:1:14: verify.lr: want a finite number >= 0, got -1`, "1e-4"},
	{"verify steps", "verify: {steps: -5}\n", nil, `f.yaml:1:17: verify.steps: want a whole number from 0 to 1000000000, got -5`, "0"},
	{"halvings above", "verify: {halvings: 40}\n", nil, `f.yaml:1:20: verify.halvings: want a whole number from 2 to 12, got 40`, "12"},
	{"learning rate", "optimizer:\n  kind: adam\n  lr: -1\n", nil, `f.yaml:3:7: optimizer.lr: want a finite number > 0, got -1`, "a number in this range"},
	{"beta1", "optimizer:\n  kind: adam\n  beta1: 1.5\n", nil, `f.yaml:3:10: optimizer.beta1: want a number in [0, 1), got 1.5`, "a number in this range"},
	{"weight decay", "optimizer: {kind: lion, weight_decay: -1}\n", nil, `f.yaml:1:39: optimizer.weight_decay: want a finite number >= 0, got -1`, "a number in this range"},
	{"schedule", "optimizer: {schedule: {kind: step, every: 0}}\n", nil, `f.yaml:1:43: optimizer.schedule.every: want a finite number > 0, got 0`, "a number in this range"},
	{"name", "name: a/b\n", nil, `f.yaml:1:7: name: want up to 100 letters, digits, dots, hyphens and underscores, got "a/b"`, "a-b"},
	{"hidden name", "name: .git\n", nil, `f.yaml:1:7: name: want up to 100 letters, digits, dots, hyphens and underscores, got ".git"`, "git"},
	{"out", "out: ''\n", nil, `f.yaml:1:6: out: want the path of a folder, got ""`, "runs"},
	{"dimension", "objective: {problem: quadratic, dimension: 0}\n", nil, `f.yaml:1:44: objective.dimension: want a whole number from 1 to 100000, got 0`, "1"},
	{"rosenbrock's dimension", "objective: {problem: rosenbrock, dimension: 1}\n", nil, `f.yaml:1:45: objective.dimension: want a whole number from 2 to 1000, got 1`, "2"},
	{"a dimension beyond memory", "objective: {problem: rosenbrock, dimension: 9000000000000000000}\n", nil, `f.yaml:1:45: objective.dimension: want a whole number from 2 to 1000, got 9000000000000000000`, "1000"},
	{"sines' dimension", "objective: {problem: sines, dimension: 1000000000}\n", nil, `f.yaml:1:40: objective.dimension: want a whole number from 1 to 200, got 1000000000`, "200"},
	{"condition", "objective: {problem: quadratic, condition: 0.5}\n", nil, `f.yaml:1:44: objective.condition: want a finite number >= 1, got 0.5`, "100"},
	{"length of the start", "objective: {problem: bilinear, start: [1]}\n", nil, `f.yaml:1:39: objective.start: want 2 numbers, one a parameter, got 1`, "zeros, or normal"},
	{"length of a model's start", "objective: {data: {}, start: [1]}\n", nil, `f.yaml:1:30: objective.start: want 640 numbers, one a parameter, got 1`, "zeros, or normal"},
	{"scale of the start", "objective: {problem: sines, start_scale: 0}\n", nil, `f.yaml:1:42: objective.start_scale: want a finite number > 0, got 0`, "0.1"},
	{"scale without need", "objective: {problem: bilinear, start_scale: 2}\n", nil, `f.yaml:1:32: objective.start_scale: only a normal start has a scale`, "start: normal"},
	{"attack radius", "objective: {data: {kind: breast-cancer}, attack: {radius: -1}}\n", nil, `f.yaml:1:59: objective.attack.radius: want a finite number >= 0, got -1`, "0.1"},

	// Names.
	{"optimizer", "optimizer:\n  kind: adm\n", nil, `f.yaml:2:9: optimizer.kind: unknown optimizer "adm"`, "adam (there are gd, heavy-ball, nesterov, rmsprop, adam, adamw, nadam, nadamw, sign-gd, signum, lion, lion-k, steepest, custom)"},
	{"eps_mode", "optimizer: {eps_mode: insde}\n", nil, `f.yaml:1:23: optimizer.eps_mode: unknown value, got "insde"`, "inside (there are inside, outside, outside_uncorrected)"},
	{"momentum form", "optimizer: {kind: heavy-ball, form: [ema]}\n", nil, `f.yaml:1:37: optimizer.form: unknown value, got a list`, "one of ema, polyak"},
	{"schedule kind", "optimizer: {schedule: {kind: cosin}}\n", nil, `f.yaml:1:30: optimizer.schedule.kind: unknown schedule "cosin"`, "cosine (there are constant, polynomial, step, cosine, linear, exponential, inverse)"},
	{"problem", "objective: {problem: bilinaer}\n", nil, `f.yaml:1:22: objective.problem: unknown problem "bilinaer"`, "bilinear (there are bilinear, quadratic, cubic, rosenbrock, sines)"},
	{"model", "objective: {model: {kind: mpl}}\n", nil, `f.yaml:1:27: objective.model.kind: unknown model "mpl"`, "one of " + modelNames},
	{"model, nearly", "objective: {model: {kind: res-net}}\n", nil, `f.yaml:1:27: objective.model.kind: unknown model "res-net"`, "resnet (there are " + modelNames + ")"},
	{"data", "objective: {data: {kind: digit}}\n", nil, `f.yaml:1:26: objective.data.kind: unknown data set "digit"`, "digits (there are " + dataNames + ")"},
	{"activation", "objective: {model: {kind: mlp, activation: rulu}}\n", nil, `f.yaml:1:44: objective.model.activation: unknown activation "rulu"`, "relu (there are relu, tanh, gelu, softplus, sigmoid, identity)"},
	{"initialisation", "objective: {model: {kind: mlp}, init: kaiming}\n", nil, `f.yaml:1:39: objective.init: unknown initialisation "kaiming"`, "kaiming_uniform (there are default, kaiming_uniform, kaiming_normal, xavier_uniform, xavier_normal, normal, trunc_normal, uniform, zeros, ones)"},
	{"loss", "objective: {data: {}, loss: crossentropy}\n", nil, `f.yaml:1:29: objective.loss: unknown loss "crossentropy"`, "cross-entropy (there are cross-entropy, logistic, mse, exponential)"},
	{"norm", "objective: {data: {kind: breast-cancer}, attack: {norm: 3, radius: 1}}\n", nil, `f.yaml:1:57: objective.attack.norm: unknown norm "3"`, "one of inf, 2, 1"},
	{"order", "objective: {data: {}, batch: {count: 5, order: random}}\n", nil, `f.yaml:1:48: objective.batch.order: unknown order "random"`, "one of cyclic, shuffled, iid"},
	{"start", "objective: {problem: bilinear, start: zero}\n", nil, `f.yaml:1:39: objective.start: unknown start "zero"`, "zeros (there are zeros, normal), or a list of numbers"},
	{"start of another kind", "objective: {problem: bilinear, start: {a: 1}}\n", nil, `f.yaml:1:39: objective.start: want a name such as zeros, or a list of numbers, got a mapping`, "zeros"},
	{"dtype", "objective: {problem: bilinear, dtype: float16}\n", nil, `f.yaml:1:39: objective.dtype: unknown type "float16"`, "float64"},
	{"float32", "objective:\n  data: {kind: digits}\n  dtype: float32\n", nil, `f.yaml:3:10: objective.dtype: problems in closed form and the linear model compute in float64 only, got float32`, "dtype: float64, or a network"},
	{"process", "processes: [flow-1, flow-3]\n", nil, `f.yaml:1:21: processes: unknown name "flow-3"`, "flow-1 " + processTry},
	{"process twice", "processes:\n  - flow-1\n  - flow-1\n", nil, `f.yaml:3:5: processes: flow-1 is listed twice`, "removing one of the two"},
	{"quantity", "measure: {quantities: [los]}\n", nil, `f.yaml:1:24: measure.quantities: unknown name "los"`, "loss (there are loss, accuracy, test_loss, train_accuracy, robust_accuracy, robust_train_accuracy, one_norm, perturbed_one_norm, two_norm, gradient_size, parameter_norm, kkt, margin, robust_margin, bias, trust, noise_scale, sharpness, preconditioned_sharpness, hessian_trace, density)"},
	{"no quantities", "measure: {quantities: []}\n", nil, `f.yaml:1:23: measure.quantities: the list is empty`, "[loss]"},
	{"method", "integrator: {method: rk45}\n", nil, `f.yaml:1:22: integrator.method: unknown method "rk45"`, "rk4 (there are auto, dopri5, rk4, heun, euler)"},
	{"coefficients", "coefficients: finite\n", nil, `f.yaml:1:15: coefficients: unknown value "finite"`, "finite-n (there are finite-n, asymptotic)"},
	{"runaway", "runaway: go\n", nil, `f.yaml:1:10: runaway: unknown value "go"`, "one of stop, ignore"},

	// What does not go together.
	{"problem and model", "objective:\n  model: {kind: linear}\n  problem: bilinear\n", nil, `f.yaml:3:3: objective.problem: a problem and a model exclude each other; the model is from line 2, column 3`, "one of the two; objective={...} replaces the section"},
	{"model and problem", "objective: {problem: bilinear, model: {kind: linear}}\n", nil, `f.yaml:1:32: objective.model: a problem and a model exclude each other; the problem is from line 1, column 13`, "one of the two; objective={...} replaces the section"},
	{"neither", "objective: {}\n", nil, `f.yaml:1:12: objective: neither a problem nor a model`, modelTry},
	{"train beyond the data", "objective: {data: {train: 2700}}\n", nil, `f.yaml:1:27: objective.data.train: 2700 rows to train on, but digits has 1797`, "train: 1797"},
	{"test beyond the data", "objective:\n  data:\n    train: 1700\n    test: 100\n", nil, `f.yaml:4:11: objective.data.test: 100 rows to test on after 1700 to train on, but digits has 1797`, "test: 97"},
	{"only test beyond the data", "objective: {data: {kind: breast-cancer, test: 600}}\n", nil, `f.yaml:1:47: objective.data.test: 600 rows to test on after 400 to train on, but breast-cancer has 569`, "test: 169"},
	{"no rows to train on", "objective: {data: {train: 0}}\n", nil, `f.yaml:1:27: objective.data.train: want a whole number from 1 to 1000000000, got 0`, "1"},
	{"csv without path", "objective: {data: {kind: csv}}\n", nil, `f.yaml:1:19: objective.data: a csv file needs path`, "path: FILE, the class in the last column, and train: N, the number of rows to train on"},
	{"path without csv", "objective: {data: {kind: digits, path: x.csv}}\n", nil, `f.yaml:1:34: objective.data.path: unknown key of digits`, "one of kind, classes, seed, train, test, normalize, shuffle, shrink, augment"},
	{"loss for two classes", "objective: {data: {kind: digits}, loss: logistic}\n", nil, `f.yaml:1:41: objective.loss: logistic is for two classes, digits has 10`, "loss: cross-entropy"},
	{"attack on least squares", "objective:\n  data: {kind: breast-cancer}\n  loss: mse\n  attack: {radius: 0.1}\n", nil, `f.yaml:4:11: objective.attack: the loss mse of a linear model has no robust form here`, "loss: logistic or loss: exponential, or model: {kind: mlp, hidden: []}"},
	{"steps on a linear model", "objective: {data: {kind: breast-cancer}, attack: {radius: 1, steps: 3}}\n", nil, `f.yaml:1:62: objective.attack.steps: the worst case of a linear model is exact and takes no steps`, "an attack with norm and radius alone, or a network"},
	{"norm on a network", "objective: {model: {kind: mlp}, attack: {norm: 2, radius: 1}}\n", nil, `f.yaml:1:48: objective.attack.norm: networks are attacked within a bound on every value alone, got the norm 2`, "norm: inf"},
	{"attack on batch norms", "objective: {model: {kind: resnet}, attack: {radius: 1}}\n", nil, `f.yaml:1:44: objective.attack: batch norms let rows depend on each other, and an attack is on each alone`, "model: {kind: lenet}, or no attack"},
	{"attack on text", "objective: {model: {kind: transformer}, data: {kind: markov}, attack: {radius: 1}}\n", nil, `f.yaml:1:71: objective.attack: tokens cannot be moved a little`, "no attack, or a model of rows of numbers"},
	{"bounds of an attack", "objective: {model: {kind: mlp}, attack: {radius: 1, bounds: [1, 0]}}\n", nil, `f.yaml:1:61: objective.attack.bounds: want a lower and an upper bound, got [1 0]`, "bounds: [0, 1], or []"},
	{"steps of an attack", "objective: {model: {kind: mlp}, attack: {radius: 1, steps: 0}}\n", nil, `f.yaml:1:60: objective.attack.steps: want a whole number from 1 to 1000, got 0`, "1"},
	{"accuracy without an attack", "measure: {quantities: [robust_accuracy]}\n", nil, `f.yaml:1:23: measure.quantities: robust_accuracy needs rows to test on, and an attack`, "attack: {radius: 0.1}, or no robust_accuracy"},
	{"teacher larger than the rows", "objective: {data: {kind: teacher, shape: [9], sparse_teacher: 20}, loss: logistic}\n", nil, `f.yaml:1:63: objective.data.sparse_teacher: want a whole number from 0 to 9, got 20`, "9"},
	{"shrinking numbers", "objective: {data: {kind: csv, path: x, shape: [4], train: 2, shrink: 2}}\n", nil, `f.yaml:1:70: objective.data.shrink: only images shrink, the rows of csv are plain numbers`, "no shrink"},
	{"shrinking too much", "objective: {data: {kind: digits, shrink: 9}}\n", nil, `f.yaml:1:42: objective.data.shrink: 9 pixels in a square, but the images are of 8x8`, "2"},
	{"scale of a start", "objective: {model: {kind: mlp}, init_scale: 0}\n", nil, `f.yaml:1:45: objective.init_scale: want a finite number > 0, got 0`, "1"},
	{"scale of zeros", "objective: {model: {kind: mlp}, start: zeros, init_scale: 2}\n", nil, `f.yaml:1:47: objective.init_scale: only the start init draws the weights of each layer`, "start: init"},
	{"attack without radius", "objective: {data: {kind: breast-cancer}, attack: {norm: 2}}\n", nil, `f.yaml:1:50: objective.attack: an attack needs a radius`, "radius: 0.1"},
	{"batch size", "objective: {data: {}, batch: {size: 2000}}\n", nil, `f.yaml:1:37: objective.batch.size: 2000 rows a batch, but there are 1000 to train on`, "up to 1000, or full"},
	{"batch size 0", "objective: {data: {}, batch: {size: 0}}\n", nil, `f.yaml:1:37: objective.batch.size: want a whole number >= 1, got 0`, "full"},
	{"batch count", "objective: {data: {}, batch: {count: 2000}}\n", nil, `f.yaml:1:38: objective.batch.count: 2000 batches of 1000 rows`, "up to 1000"},
	{"batch count 0", "objective: {data: {}, batch: {count: 0}}\n", nil, `f.yaml:1:38: objective.batch.count: want a whole number >= 1, got 0`, "full"},
	{"size and count", "objective: {data: {}, batch: {size: 5, count: 5}}\n", nil, `f.yaml:1:30: objective.batch: both a size and a count`, "one of the two"},
	{"neither size nor count", "objective: {data: {}, batch: {order: iid}}\n", nil, `f.yaml:1:30: objective.batch: neither a size nor a count`, batchTry},
	{"batch as a number", "objective: {data: {}, batch: 100}\n", nil, `f.yaml:1:30: objective.batch: want full or a mapping, got 100`, "full, " + batchTry},
	{"batches of a single loss", "objective: {problem: bilinear, batch: {count: 5}}\n", nil, `f.yaml:1:39: objective.batch: bilinear is a single loss`, "batch: full, or problem: sines"},
	{"rows of sines", "objective: {problem: sines, batch: {size: 5}}\n", nil, `f.yaml:1:43: objective.batch.size: sines has no rows to count, only batches`, "{count: 5, order: cyclic}"},
	{"too many sines", "objective: {problem: sines, batch: {count: 500}}\n", nil, `f.yaml:1:44: objective.batch.count: want a whole number from 1 to 100, got 500`, "100"},
	{"accuracy of a problem", "objective: {problem: bilinear}\nmeasure: {quantities: [accuracy]}\n", nil, `f.yaml:2:23: measure.quantities: accuracy needs rows to test on`, "test: 100 in the section data, or no accuracy"},
	{"asymptotic mini-batches", "objective: {data: {}, batch: {size: 300}}\ncoefficients: asymptotic\n", nil, `f.yaml:2:15: coefficients: asymptotic ones are for the full batch, here are 4 batches`, "coefficients: finite-n"},
	{"asymptotic schedule", "optimizer: {schedule: {kind: cosine}}\ncoefficients: asymptotic\n", nil, `f.yaml:2:15: coefficients: asymptotic ones are for a constant learning rate`, "coefficients: finite-n"},

	// Networks.
	{"key of another model", "objective: {model: {kind: mlp, intercept: true}}\n", nil, `f.yaml:1:32: objective.model.intercept: unknown key of mlp`, "one of kind, hidden, activation, bias"},
	{"key of a network", "objective: {model: {kind: linear, hidden: [3]}}\n", nil, `f.yaml:1:35: objective.model.hidden: unknown key of linear`, "one of kind, intercept"},
	{"key of networks", "objective: {model: {kind: linear}, threads: 2}\n", nil, `f.yaml:1:36: objective.threads: unknown key of linear`, "one of model, data, loss, attack, batch, start, start_scale, dtype"},
	{"override of the model", "objective:\n  model: {kind: mlp}\n  threads: 2\n", []string{"objective.model.kind=linear"}, `f.yaml:3:3: objective.threads: unknown key of linear`, "one of model, data, loss, attack, batch, start, start_scale, dtype"},
	{"start of a network", "objective: {data: {}, start: init}\n", nil, `f.yaml:1:30: objective.start: unknown start "init"`, "one of zeros, normal, or a list of numbers"},
	{"initialisation without need", "objective: {model: {kind: mlp}, start: zeros, init: normal}\n", nil, `f.yaml:1:47: objective.init: only the start init draws the weights of each layer`, "start: init"},
	{"width 0", "objective: {model: {kind: mlp, hidden: [3, 0]}}\n", nil, `f.yaml:1:40: objective.model.hidden: want a whole number from 1 to 65536, got 0`, "1"},
	{"no channels", "objective: {model: {kind: cnn, channels: []}}\n", nil, `f.yaml:1:42: objective.model.channels: want 1 to 100 numbers, got 0`, "[32, 32]"},
	{"dense", "objective: {model: {kind: cnn, dense: -1}}\n", nil, `f.yaml:1:39: objective.model.dense: want a whole number from 1 to 65536, got -1`, "1"},
	{"depth", "objective: {model: {kind: resnet, depth: 34}}\n", nil, `f.yaml:1:42: objective.model.depth: want 18, 50 or 101 layers, got 34`, "18"},
	{"blocks", "objective: {model: {kind: vit, depth: 0}}\n", nil, `f.yaml:1:39: objective.model.depth: want a whole number from 1 to 100, got 0`, "1"},
	{"heads", "objective:\n  model: {kind: transformer, dim: 20, heads: 6}\n  data: {kind: markov}\n", nil, `f.yaml:2:46: objective.model.heads: 6 heads do not divide a width of 20`, "5"},
	{"a transformer of digits", "objective: {model: {kind: transformer}}\n", nil, `f.yaml:1:12: objective.data: a transformer reads text, which digits is not`, "data: {kind: markov}, or {kind: text, path: FILE, train: N}"},
	{"an MLP of text", "objective: {model: {kind: mlp}, data: {kind: markov}}\n", nil, `f.yaml:1:20: objective.model: text is for a language model, not for mlp`, "model: {kind: transformer}"},
	{"images of features", "objective: {model: {kind: cnn}, data: {kind: gaussian, shape: [64]}}\n", nil, `f.yaml:1:39: objective.data: a cnn sees images, and the rows have no height and width`, "shape: [8, 8, 1] in the section data: height, width and channels of a row"},
	{"images of tumours", "objective: {model: {kind: vit}, data: {kind: breast-cancer}}\n", nil, `f.yaml:1:39: objective.data: a vit sees images, which breast-cancer has not`, digitsData + ", or model: {kind: mlp}"},
	{"loss of a language model", "objective: {model: {kind: transformer}, data: {kind: markov}, loss: mse}\n", nil, `f.yaml:1:69: objective.loss: the loss of a language model is the cross-entropy, got mse`, "loss: cross-entropy"},
	{"loss of a network for two classes", "objective: {model: {kind: mlp}, loss: logistic}\n", nil, `f.yaml:1:39: objective.loss: logistic is for two classes, digits has 10`, "loss: cross-entropy"},
	{"type of a network", "objective: {model: {kind: mlp}, dtype: float16}\n", nil, `f.yaml:1:40: objective.dtype: unknown type "float16"`, "float64 (there are float64, float32)"},
	{"physical batch", "objective: {model: {kind: mlp}, physical_batch: 0}\n", nil, `f.yaml:1:49: objective.physical_batch: want a whole number from 1 to 1000000, got 0`, "1"},
	{"threads", "objective: {model: {kind: mlp}, threads: -1}\n", nil, `f.yaml:1:42: objective.threads: want a whole number from 0 to 1024, got -1`, "0"},
	{"shape", "objective: {data: {kind: gaussian, shape: [2, 3]}}\n", nil, `f.yaml:1:43: objective.data.shape: want [features] or [height, width, channels], got 2 numbers`, "[8, 8, 1]"},
	{"size in a shape", "objective: {data: {kind: gaussian, shape: [0]}}\n", nil, `f.yaml:1:43: objective.data.shape: want a whole number from 1 to 65536, got 0`, "1"},
	{"classes", "objective: {data: {kind: gaussian, classes: 1}}\n", nil, `f.yaml:1:45: objective.data.classes: want a whole number from 2 to 16384, got 1`, "2"},
	{"rows beyond memory", "objective: {data: {kind: gaussian, shape: [1024], train: 2000000}}\n", nil, `f.yaml:1:58: objective.data.train: 2000000 rows of 1024 values are more than 1073741824`, "1048576"},
	{"vocabulary", "objective: {data: {kind: markov, vocab: 1}}\n", nil, `f.yaml:1:41: objective.data.vocab: want a whole number from 2 to 16384, got 1`, "2"},
	{"length of the text", "objective: {data: {kind: markov, length: 0}}\n", nil, `f.yaml:1:42: objective.data.length: want a whole number from 1 to 16384, got 0`, "1"},
	{"shuffling what is random", "objective: {data: {kind: gaussian, shuffle: true}}\n", nil, `f.yaml:1:36: objective.data.shuffle: unknown key of gaussian`, "one of kind, shape, classes, seed, train, test"},
	{"a seed of nothing", "objective: {data: {kind: text, path: x, train: 1, seed: 1}}\n", nil, `f.yaml:1:51: objective.data.seed: unknown key of text`, "one of kind, path, length, train, test"},
	{"npz without rows", "objective: {data: {kind: npz, path: x.npz}}\n", nil, `f.yaml:1:19: objective.data: an npz file needs train`, "path: FILE, with the arrays x and y, and train: N, the number of rows to train on"},
	{"folder without path", "objective: {data: {kind: folder, train: 3}}\n", nil, `f.yaml:1:19: objective.data: a folder of images needs path`, "path: FOLDER, in it one folder for each class, and train: N, the number of images to train on"},
	{"text without path", "objective: {model: {kind: transformer}, data: {kind: text}}\n", nil, `f.yaml:1:47: objective.data: a text needs path`, "path: FILE, in UTF-8, and train: N, the number of sequences to train on"},
	{"rows that are published", "objective: {data: {kind: mnist, train: 70000}}\n", nil, `f.yaml:1:40: objective.data.train: 70000 rows to train on, but mnist has 60000`, "train: 60000"},
	{"rows to test on that are published", "objective: {data: {kind: mnist, classes: [5, 1], test: 5000}}\n", nil, `f.yaml:1:56: objective.data.test: 5000 rows to test on, but mnist has 2027 of these classes`, "test: 2027"},
	{"rows of classes", "objective: {data: {kind: digits, classes: [0, 1], train: 400}}\n", nil, `f.yaml:1:58: objective.data.train: 400 rows to train on, but digits has 360 of these classes`, "train: 360"},
	{"one class", "objective: {data: {kind: digits, classes: [3]}}\n", nil, `f.yaml:1:43: objective.data.classes: want at least two classes, got 1`, "[0, 1], or all"},
	{"a class twice", "objective: {data: {kind: digits, classes: [3, 3]}}\n", nil, `f.yaml:1:43: objective.data.classes: class 3 is given twice`, "each class once"},
	{"a class that is not", "objective: {data: {kind: digits, classes: [3, 10]}}\n", nil, `f.yaml:1:43: objective.data.classes: want a whole number from 0 to 9, got 10`, "9"},
	{"a number of classes of a set", "objective: {data: {kind: digits, classes: 3}}\n", nil, `f.yaml:1:43: objective.data.classes: want a list of the classes to keep, or all, got 3`, "[0, 1]"},
	{"a choice of made classes", "objective: {data: {kind: mixture, classes: [0, 1]}}\n", nil, `f.yaml:1:44: objective.data.classes: want a whole number, the classes that mixture makes, got a list`, "10"},
	{"all of no classes", "objective: {data: {kind: gaussian, classes: all}}\n", nil, `f.yaml:1:45: objective.data.classes: want a whole number, the classes that gaussian makes, got "all"`, "10"},
	{"classes as a text", "objective: {data: {kind: digits, classes: some}}\n", nil, `f.yaml:1:43: objective.data.classes: want a whole number, got "some"`, "digits only, such as 100"},
	{"two classes for a loss", "objective: {data: {kind: mnist, classes: [0, 1, 2]}, loss: logistic}\n", nil, `f.yaml:1:60: objective.loss: logistic is for two classes, mnist has 3`, "loss: cross-entropy"},
	{"normalization", "objective: {data: {normalize: standrd}}\n", nil, `f.yaml:1:31: objective.data.normalize: unknown normalization "standrd"`, "standard (there are none, unit, symmetric, standard, global, channel, feature)"},
	{"augmentation of features", "objective: {data: {kind: csv, path: x, train: 3, augment: {flip: true}}}\n", nil, `f.yaml:1:59: objective.data.augment: flips and crops are for images, the rows of csv are plain numbers`, "shape: [8, 8, 1] in the section data, if the rows are images, or no augment"},
	{"augmentation by nothing", "objective: {data: {augment: {copies: 3}}}\n", nil, `f.yaml:1:29: objective.data.augment: neither flips nor crops`, "{flip: true, crop: 4}, or no augment"},
	{"crop", "objective: {data: {augment: {crop: -1}}}\n", nil, `f.yaml:1:36: objective.data.augment.crop: want a whole number from 0 to 1024, got -1`, "0"},
	{"copies", "objective: {data: {augment: {flip: true, copies: 0}}}\n", nil, `f.yaml:1:50: objective.data.augment.copies: want a whole number from 1 to 10000, got 0`, "1"},
	{"copies beyond memory", "objective: {data: {kind: cifar-10, train: 50000, augment: {flip: true, copies: 10}}}\n", nil, `f.yaml:1:43: objective.data.train: 502000 rows of 3072 values are more than 1073741824`, "349525"},
	{"batch of copies", "objective: {data: {train: 10, augment: {flip: true, copies: 2}}, batch: {size: 21}}\n", nil, `f.yaml:1:80: objective.batch.size: 21 rows a batch, but there are 20 to train on`, "up to 20, or full"},
	{"resize", "objective: {data: {kind: folder, path: x, train: 1, resize: [3]}}\n", nil, `f.yaml:1:61: objective.data.resize: want [height, width], got 1 numbers`, "[32, 32]"},
	{"channels of pictures", "objective: {data: {kind: folder, path: x, train: 1, channels: 2}}\n", nil, `f.yaml:1:63: objective.data.channels: want 3, or 1 for grey images, got 2`, "3"},
	{"spread", "objective: {data: {kind: mixture, spread: -1}}\n", nil, `f.yaml:1:43: objective.data.spread: want a finite number >= 0, got -1`, "1"},
	{"initialisation of biases", "objective: {model: {kind: mlp}, init_bias: kaiming_normal}\n", nil, `f.yaml:1:44: objective.init_bias: unknown initialisation "kaiming_normal"`, "trunc_normal (there are default, normal, trunc_normal, uniform, zeros, ones)"},
	{"the key before normalize", "objective: {data: {kind: digits, standardize: true}}\n", nil, `f.yaml:1:34: objective.data.standardize: unknown key of digits`, "one of kind, classes, seed, train, test, normalize, shuffle, shrink, augment"},

	// YAML.
	{"empty", "", nil, `f.yaml:1:1: the config is empty`, emptyTry},
	{"only comments", "# nothing\n\n", nil, `f.yaml:1:1: the config is empty`, emptyTry},
	{"bracket", "processes: [flow-1\nsteps: 3\n", nil, `f.yaml:2:1: not valid YAML: ',' or ']' must be specified`, syntaxTry},
	{"quote", "seed: 3\nname: 'x\n", nil, `f.yaml:2:7: not valid YAML: could not find end character of single-quoted text`, syntaxTry},
	{"reserved", "seed: 3\nname: @x\n", nil, `f.yaml:2:7: not valid YAML: '@' is a reserved character`, syntaxTry},
	{"documents", "steps: 1\n---\nsteps: 2\n", nil, `f.yaml:2:1: a second document begins here, want one`, "removing the line --- and what does not belong to this config"},
	{"anchor", "steps: &a 1\n", nil, `f.yaml:1:8: anchors and aliases (& and *) are not supported`, "writing the value out, or in quotes if it is text"},
	{"alias in a list", "processes: [*a]\n", nil, `f.yaml:1:13: anchors and aliases (& and *) are not supported`, "writing the value out, or in quotes if it is text"},
	{"merge", "measure:\n  <<: {every: 1}\n", nil, `f.yaml:2:3: merge keys (<<) and complex keys (?) are not supported`, "plain keys"},
	{"tag", "steps: !!int 3\n", nil, `f.yaml:1:8: tags (!) are not supported`, "the value without its tag, or in quotes if it is text"},
	{"directive", "%YAML 1.2\n---\nsteps: 3\n", nil, `f.yaml:1:1: directives (%) are not supported`, "removing the line"},
	{"tab", "measure:\n\tevery: 1\n", nil, `f.yaml:2:1: a tab in the indentation`, "spaces"},
	{"tab after spaces", "measure:\n  \tevery: 1\n", nil, `f.yaml:2:3: a tab in the indentation`, "spaces"},
	{"Latin-1", "seed: 3\nname: \xe9\n", nil, `f.yaml:2:7: not UTF-8 text`, "saving the file as UTF-8"},
	{"zero byte", "seed: 3\x00\n", nil, `f.yaml:1:8: a zero byte`, "a text file"},
	{"deep", strings.Repeat("[", 60), nil, `f.yaml:1:51: nested more than 50 deep`, "closing the brackets before"},
	{"deep lists", "a: 1\n " + strings.Repeat("- ", 60), nil, `f.yaml:2:2: nested more than 50 deep`, "one list item a line"},
	{"large", strings.Repeat("# x\n", 20000), nil, `f.yaml: the config is larger than 64 KiB`, "a config, not a data file"},
	{"long", strings.Repeat("#\n", 2001), nil, `f.yaml:2001:1: the config has more than 2000 lines`, "a config, not a data file; a long list in brackets, on fewer lines"},
	{"places after Windows line ends", "\ufeff# x\r\nmeasure:\r\n  every: 1 # y\r\nsteps: x\r\n", nil, `f.yaml:4:8: steps: want a whole number, got "x"`, "digits only, such as 100"},
	{"columns count characters", "measure: {\"évry\": 1, 'ö': 2}\n", nil, `f.yaml:1:11: measure.évry: unknown key`, "every (there are preset, every, log, at, quantities, schedule, top, below)"},

	// Overrides.
	{"override without =", steps, []string{"optimizer"}, `override optimizer: no = in it`, "key=value, such as optimizer.lr=1e-3"},
	{"override without key", steps, []string{"=3"}, `override =3: the key is not a path`, "keys joined by dots, such as optimizer.lr=1e-3"},
	{"override with a gap", steps, []string{"optimizer..lr=3"}, `override optimizer..lr=3: the key is not a path`, "keys joined by dots, such as optimizer.lr=1e-3"},
	{"override without value", steps, []string{"steps="}, `override steps=: no value`, "steps=VALUE"},
	{"override with a comment", steps, []string{"steps= # 4"}, `override steps= # 4: no value`, "steps=VALUE"},
	{"override that is no YAML", steps, []string{"processes=[flow-1"}, `override processes=[flow-1: not valid YAML: sequence end token ']' not found`, "quotes around the value if it is text"},
	{"override of an unknown key", steps, []string{"optimizer.beta3=0.9"}, `override optimizer.beta3=0.9: unknown key of adam`, "beta1 " + adamKeys},
	{"override out of range", steps, []string{"steps=0"}, `override steps=0: want a whole number from 1 to 1000000000, got 0`, "1"},
	{"override of a section", steps, []string{"optimizer={kind: adam, lr: x}"}, `override optimizer={kind: adam, lr: x}: optimizer.lr: want a number or exact, got "x"`, "exact, or a number such as 0.001 or 1e-3"},
	{"override below a number", steps, []string{"steps.more=3"}, `override steps.more=3: steps: want a whole number, got a mapping`, "digits only, such as 100"},
	{"the last override counts", steps, []string{"steps=0", "steps=-1"}, `override steps=-1: want a whole number from 1 to 1000000000, got -1`, "1"},
	{"kind with keys of the file", "optimizer: {kind: adam, lr: 1, beta1: 0.9}\n", []string{"optimizer.kind=gd"}, `f.yaml:1:32: optimizer.beta1: unknown key of gd, which override optimizer.kind=gd asks for`, "optimizer={kind: gd}, which replaces the section, with the keys you need"},
	{"problem with keys of the file", "objective: {problem: quadratic, condition: 10}\n", []string{"objective.problem=bilinear"}, `f.yaml:1:33: objective.condition: unknown key of bilinear, which override objective.problem=bilinear asks for`, "objective={problem: bilinear}, which replaces the section, with the keys you need"},
	{"problem over a model of the file", "objective:\n  model: {kind: linear}\n", []string{"objective.problem=bilinear"}, `override objective.problem=bilinear: a problem and a model exclude each other; the model is from line 2, column 3`, "one of the two; objective={...} replaces the section"},
	{"override and the rest of the data", "objective: {data: {train: 1000}}\n", []string{"objective.data.test=800"}, `override objective.data.test=800: 800 rows to test on after 1000 to train on, but digits has 1797`, "test: 797"},
	{"override leaves what the file says wrong", "objective: {data: {}, batch: {size: 800}}\n", []string{"objective.data.train=500"}, `f.yaml:1:37: objective.batch.size: 800 rows a batch, but there are 500 to train on`, "up to 500, or full"},
}

// TestMistakes holds every message against its exact text. That the text is
// right was judged by reading it, once, here; the test keeps it from decaying.
func TestMistakes(t *testing.T) {
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			c, err := Parse([]byte(m.text), "f.yaml", m.overrides)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got config %v, error %v; want an *Error", c, err)
			}
			if e.Error() != m.want {
				t.Errorf("error\n got %s\nwant %s", e.Error(), m.want)
			}
			if e.Hint() != m.try {
				t.Errorf("hint\n got %s\nwant %s", e.Hint(), m.try)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none.yaml")
	const try = "the path of a YAML file, or no config at all for the built-in one"
	for path, want := range map[string]string{
		missing: missing + ": there is no such file",
		dir:     dir + ": cannot be read: is a directory",
		filepath.Join(dir, strings.Repeat("x", 300)): filepath.Join(dir, strings.Repeat("x", 300)) + ": cannot be opened: file name too long",
	} {
		_, err := Load(path, nil)
		var e *Error
		if !errors.As(err, &e) || e.Error() != want || e.Hint() != try {
			t.Errorf("got %v, hint %q; want %s", err, e.Hint(), want)
		}
	}
}

func TestLoadReadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(path, []byte("steps: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, []string{"seed=3"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Steps != 7 || c.Seed != 3 {
		t.Errorf("steps %d, seed %d; want 7 and 3", c.Steps, c.Seed)
	}
	if _, err := Load(path, []string{"steps=0"}); err == nil {
		t.Error("an override out of range was accepted")
	}
}
