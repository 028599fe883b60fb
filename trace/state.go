package trace

import (
	"encoding/json"
	"fmt"

	"leeway/ode"
)

// State is everything a run needs to go on to the same bits.
type State struct {
	Step    int
	Tensors []Tensor // named process/part
	Meta    string   // JSON: see meta
}

// Tensor is a named part of the state of a run.
type Tensor struct {
	Name string
	Data []float64
}

// meta is the part of a state that is not vectors.
type meta struct {
	Measured  int                      `json:"measured"` // the last measured step
	Rows      int                      `json:"rows"`     // measured so far
	Seconds   float64                  `json:"seconds"`
	Gradients int                      `json:"gradients"` // of the optimizer
	Leading   float64                  `json:"leading"`   // seconds of the optimizer
	Crossed   []Crossing               `json:"crossed,omitempty"`
	Stopped   string                   `json:"stopped,omitempty"`
	Exponent  int                      `json:"exponent,omitempty"` // of the optimizer's memories
	Measuring map[string]*Spent        `json:"measuring"`
	Processes map[string]processRecord `json:"processes"`
}

type processRecord struct {
	Report   ProcessSummary `json:"report"`
	Distance Number         `json:"distance"`
	Worst    Number         `json:"worst"`
	Solver   *ode.State     `json:"solver,omitempty"`
}

// measuring stands for a process in the names of what the instruments keep.
const measuring = "measuring"

// State returns the present state; it shares memory with the run.
func (r *Runner) State() *State {
	s := &State{Step: r.Step()}
	add := func(process string, parts []Tensor) {
		for _, t := range parts {
			s.Tensors = append(s.Tensors, Tensor{process + "/" + t.Name, t.Data})
		}
	}
	m := meta{
		Measured: r.measured, Rows: r.digest.rows, Seconds: r.elapsed(), Leading: r.lead.seconds, Processes: map[string]processRecord{},
		Gradients: r.lead.gradients(), Measuring: r.measure.spent,
		Crossed: r.watch.crossed, Stopped: r.watch.reason, Exponent: r.lead.state.Exponent(),
	}
	add(Discrete, r.lead.tensors())
	add(measuring, r.measure.curves.tensors())
	for _, f := range r.followers {
		add(f.name, f.tensors())
		record := processRecord{Report: f.summary(false), Distance: Number(f.distance), Worst: Number(f.worst)}
		if f.solver != nil {
			state := f.solver.State()
			record.Solver = &state
		}
		m.Processes[f.name] = record
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // a struct of plain values
	}
	s.Meta = string(text)
	return s
}

// Restore brings a new runner of the same setup to a state. rows are the rows
// measured up to it, in order, from which the summary is built again.
func (r *Runner) Restore(s *State, rows [][]float64) error {
	var m meta
	if err := json.Unmarshal([]byte(s.Meta), &m); err != nil {
		return fmt.Errorf("trace: the checkpoint's record is unreadable: %w", err)
	}
	parts := map[string][]float64{}
	for _, t := range s.Tensors {
		parts[t.Name] = t.Data
	}
	restore := func(process string, tensors []Tensor) error {
		for _, t := range tensors {
			name := process + "/" + t.Name
			data, ok := parts[name]
			if !ok || len(data) != len(t.Data) {
				return fmt.Errorf("trace: the checkpoint has %d values for %q, want %d", len(data), name, len(t.Data))
			}
			copy(t.Data, data)
		}
		return nil
	}
	if err := restore(Discrete, r.lead.tensors()); err != nil {
		return err
	}
	if err := restore(measuring, r.measure.curves.tensors()); err != nil {
		return err
	}
	r.measure.restore(m.Measuring)
	r.lead.state.SetSteps(s.Step)
	r.savedAt = s.Step
	r.lead.state.SetExponent(m.Exponent)
	r.lead.asked = false
	r.watch.restore(m.Crossed, m.Stopped)
	r.lead.gradientsBefore = m.Gradients
	for _, f := range r.followers {
		record, ok := m.Processes[f.name]
		if !ok {
			return fmt.Errorf("trace: the checkpoint has no process %q", f.name)
		}
		if err := restore(f.name, f.tensors()); err != nil {
			return err
		}
		f.report, f.distance, f.worst = record.Report, float64(record.Distance), float64(record.Worst)
		if f.solver != nil && record.Solver != nil {
			f.solver.Restore(*record.Solver)
		}
	}
	r.measured, r.seconds, r.lead.seconds = m.Measured, m.Seconds, m.Leading
	if len(rows) != m.Rows {
		return &MissingRowsError{Step: s.Step, Want: m.Rows, Got: len(rows)}
	}
	for _, row := range rows {
		if len(row) != len(r.digest.columns) {
			return fmt.Errorf("trace: a measured row has %d values, want %d", len(row), len(r.digest.columns))
		}
		r.digest.add(row)
	}
	return nil
}

// Tensor returns the part of a state with the given name.
func (s *State) Tensor(name string) ([]float64, bool) {
	for _, t := range s.Tensors {
		if t.Name == name {
			return t.Data, true
		}
	}
	return nil, false
}

// MissingRowsError says that the measurements do not reach as far as the
// checkpoint: rows were lost after they had been written.
type MissingRowsError struct {
	Step      int // of the checkpoint
	Want, Got int // rows up to it
}

func (e *MissingRowsError) Error() string {
	return fmt.Sprintf("trace: the checkpoint of step %d stands after %d rows of measurements, but there are %d", e.Step, e.Want, e.Got)
}

// Hint says what to do about it.
func (e *MissingRowsError) Hint() string {
	return "a copy of metrics.csv with all its rows, or compute the run anew: leeway run --again"
}
