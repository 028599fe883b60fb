package nn

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"leeway/safetensors"
)

// SaveSafetensors writes theta as named tensors, in float64 (F64), so that nothing
// is lost. The names and shapes are those of the PyTorch module, which can load
// them as its state dict.
func (o *Objective) SaveSafetensors(w io.Writer, theta []float64) error {
	if err := o.ask(0, theta); err != nil {
		return err
	}
	file := &safetensors.File{}
	for _, p := range o.table {
		file.Tensors = append(file.Tensors, safetensors.Tensor{Name: p.Name, Shape: slices.Clone(p.Shape), Data: theta[p.Offset : p.Offset+p.Size()]})
	}
	if err := safetensors.Encode(w, file); err != nil {
		return fmt.Errorf("nn: parameters: %w", err)
	}
	return nil
}

// LoadSafetensors reads theta from named tensors, F64 or F32. Running statistics
// of batch norms, which PyTorch stores as well, are passed over: here they are
// computed from theta. Any other tensor that is missing, unknown or of another
// shape is an error that names it.
func (o *Objective) LoadSafetensors(r io.Reader) ([]float64, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("nn: parameters: %w", err)
	}
	file, err := safetensors.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("nn: parameters: %w", err)
	}
	tensors := map[string]safetensors.Tensor{}
	for _, t := range file.Tensors {
		if !isStatistic(t.Name) {
			tensors[t.Name] = t
		}
	}
	theta := make([]float64, o.dim)
	for _, p := range o.table {
		t, ok := tensors[p.Name]
		switch {
		case !ok:
			return nil, fmt.Errorf("nn: the file has no tensor %q, which the network needs in shape %v. Try: a file of the same architecture", p.Name, p.Shape)
		case !slices.Equal(t.Shape, p.Shape):
			return nil, fmt.Errorf("nn: tensor %q has shape %v in the file and %v in the network. Try: a file of the same architecture", p.Name, t.Shape, p.Shape)
		}
		copy(theta[p.Offset:], t.Data)
		delete(tensors, p.Name)
	}
	for _, t := range file.Tensors {
		if _, left := tensors[t.Name]; left {
			return nil, fmt.Errorf("nn: the file's tensor %q is no parameter of the network. Try: a file of the same architecture", t.Name)
		}
	}
	return theta, nil
}

func isStatistic(name string) bool {
	return strings.HasSuffix(name, ".running_mean") || strings.HasSuffix(name, ".running_var") || strings.HasSuffix(name, ".num_batches_tracked")
}
