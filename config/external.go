package config

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"leeway/external"
	"leeway/objective"
	"leeway/trace"
)

// External is another process that computes the objective: a command, or whoever
// serves an address. See package external.
type External struct {
	// Kind is external, or empty where the objective is a problem or a model.
	Kind string `yaml:"kind"`
	// Command and its arguments, in Directory, which is relative to the folder in
	// which the program runs; or an Address, unix:PATH or tcp:127.0.0.1:PORT.
	Command   []string `yaml:"command"`
	Directory string   `yaml:"directory"`
	Address   string   `yaml:"address"`
	// Timeout is the time for one answer in seconds.
	Timeout float64 `yaml:"timeout"`
	// Products is own where the process gives Hessian-vector products, differences
	// for differences of its gradients; auto is own where it has them.
	Products string `yaml:"products"`
	// Log is a file for the command's standard error; empty for none.
	Log string `yaml:"log"`
}

// Is reports whether there is such a process.
func (e *External) Is() bool { return e.Kind != "" }

// externalName is the kind of such objectives, ownStart the start that the process
// gives.
const (
	externalName = "external"
	ownStart     = "own"
)

var (
	externalKeys     = []string{"kind", "command", "directory", "address", "timeout", "products", "log", "batch", "start", "start_scale"}
	externalProducts = []string{"auto", "own", "differences"}
)

func (o *Objective) readExternal(r *reader, n *node, path string) error {
	o.Timeout, o.Products = external.DefaultTimeout.Seconds(), externalProducts[0]
	if err := r.oneOf(n, path, "kind", "kind of objective", &o.Kind, []string{externalName}); err != nil {
		return err
	}
	if err := r.section(n, path, externalName, externalKeys); err != nil {
		return err
	}
	if err := r.keys(n, path, o, externalKeys); err != nil {
		return err
	}
	if n.get("batch") == nil {
		o.Batch = Batch{Order: orderKinds[0]}
	}
	return o.readStart(r, n, path)
}

func (r *reader) checkExternal(o *Objective) error {
	const try = "command: [python3, model.py]"
	switch {
	case len(o.Command) == 0 && o.Address == "":
		return r.at("objective", "an external objective needs a command or an address", try)
	case len(o.Command) > 0 && o.Address != "":
		return r.at("objective.address", "a command and an address exclude each other", "one of the two")
	case o.Batch.Size > 0 || o.Batch.Count > 0:
		return r.at("objective.batch", "the process makes the batches, so they have neither size nor count here", "{order: shuffled}, or full for all of them at once")
	case len(o.Command) > 0 && o.Command[0] == "":
		return r.at("objective.command", "the name of the command is empty", try)
	}
	if o.Address != "" {
		if err := external.CheckAddress(o.Address); err != nil {
			return r.at("objective.address", err.Error(), "unix:/tmp/model.sock or tcp:127.0.0.1:5555")
		}
	}
	if o.Batch.Order != "" {
		if err := r.name("objective.batch.order", "order", o.Batch.Order, orderKinds); err != nil {
			return err
		}
	}
	if o.Start.Kind != "" {
		if err := r.name("objective.start", "start", o.Start.Kind, o.starts()); err != nil {
			return err
		}
	}
	for _, x := range o.Start.Point {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return r.at("objective.start", fmt.Sprintf("want finite numbers, got %v", x), ownStart)
		}
	}
	if o.Start.Kind == "normal" {
		if err := r.number("objective.start_scale", o.StartScale, o.StartScale > 0, "a finite number > 0", "0.1"); err != nil {
			return err
		}
	}
	const year = 365 * 24 * 3600
	return first(
		r.name("objective.products", "value", o.Products, externalProducts),
		r.number("objective.timeout", o.Timeout, o.Timeout > 0 && o.Timeout <= year, "a number of seconds > 0, up to a year", "600"),
	)
}

// buildExternal starts the process and makes it the objective.
func (c *Config) buildExternal(p *Problem) (what string, err error) {
	o := &c.Objective
	s := external.Settings{
		Command: o.Command, Directory: o.Directory, Address: o.Address, Log: o.Log,
		Timeout: time.Duration(o.Timeout * float64(time.Second)), Differences: o.Products == "differences",
	}
	if s.Directory != "" {
		s.Directory = filepath.Clean(s.Directory)
	}
	process, err := external.Open(s)
	if err != nil {
		return "", err
	}
	p.process, p.Objective = process, process
	d := process.Description()
	p.Smooth = !d.Kinks
	switch {
	case o.Products == "own" && !d.Products:
		err = c.reader().at("objective.products", "the process has no Hessian-vector products of its own", "auto")
	case c.Coefficients == Asymptotic && !o.Batch.Full() && d.Batches > 1:
		err = c.reader().at("coefficients", fmt.Sprintf("asymptotic ones are for the full batch, here are %d batches", d.Batches), "coefficients: finite-n, or batch: full")
	case o.Start.Kind == "" && len(o.Start.Point) != d.Dim:
		err = c.reader().at("objective.start", fmt.Sprintf("want %d numbers, one a parameter, got %d", d.Dim, len(o.Start.Point)), ownStart)
	}
	if err != nil {
		process.Close()
		return "", err
	}
	if o.Batch.Full() && d.Batches > 1 {
		p.Objective = objective.NewFullBatch(process)
	}
	p.OnTrain, p.OnTest = judged(process, "train"), judged(process, "test")
	p.notes = []string{string(d.DType)}
	p.single = d.DType == external.Float32
	if process.Differences() {
		p.notes = append(p.notes, "Hessian-vector products by central differences of gradients (4 each)")
	}
	return process.Title() + " (external)", nil
}

// judged lets the process judge its model on rows, if it can.
func judged(process *external.Objective, name string) *trace.Evaluation {
	measure, rows := process.Judge(name)
	if measure == nil {
		return nil
	}
	return &trace.Evaluation{Rows: rows, Measure: measure}
}

// ProductError estimates the relative error of the Hessian-vector products at the
// start; 0 where they are exact.
func (p *Problem) ProductError() (float64, error) {
	if !p.Differences() {
		return 0, nil
	}
	return p.process.ProductError(p.Start)
}

// SignsRecord is what [Problem.SameModel] reads; nil for what is computed here.
func (p *Problem) SignsRecord() json.RawMessage {
	if p.Signs == nil {
		return nil
	}
	text, err := json.Marshal(p.Signs)
	if err != nil {
		panic(err) // a struct of finite numbers
	}
	return text
}

// SameModel is an error if the process computes another model than that of a run whose
// record is given; there is nothing to compare without a record.
func (p *Problem) SameModel(record json.RawMessage) error {
	if p.Signs == nil || len(record) == 0 {
		return nil
	}
	var before external.Signs
	if err := json.Unmarshal(record, &before); err != nil {
		return &Error{What: "what the run recorded of its model is damaged: " + err.Error(), Try: "restoring run.json, or computing the run anew: leeway run --again"}
	}
	if what := before.Differs(p.Signs); what != "" {
		return &Error{What: "the process computes another model than when this run was begun: it has " + what, Try: "the model as it was, or computing the run anew: leeway run --again"}
	}
	return nil
}

// Differences reports whether Hessian-vector products are differences of gradients.
func (p *Problem) Differences() bool { return p.process != nil && p.process.Differences() }

// Single reports whether the objective computes in float32.
func (p *Problem) Single() bool { return p.single }
