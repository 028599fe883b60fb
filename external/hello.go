package external

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Hello is the first question.
type Hello struct {
	Protocol int `json:"protocol"`
}

// Memory offers shared memory: a file to map, which holds three arrays of the
// objective's type one after the other, each Stride bytes after the one before:
// theta, v and the result. Its first bytes are those of Mark, in hexadecimal: in another
// container the path may name another file, which must not be written to.
type Memory struct {
	Path   string `json:"path"`
	Stride int    `json:"stride"`
	Size   int    `json:"size"`
	Mark   string `json:"mark"`
}

// Description is the answer to Hello: what the process offers.
type Description struct {
	Protocol int    `json:"protocol"`
	Name     string `json:"name"`
	Client   string `json:"client"`
	DType    DType  `json:"dtype"`
	// Dim is the number of parameters; Parameters, if given, are their names and
	// shapes in order.
	Dim        int         `json:"dim"`
	Parameters []Parameter `json:"parameters"`
	// Batches is the number of batches, Weights what each weighs in the full loss;
	// without them all weigh alike.
	Batches int       `json:"batches"`
	Weights []float64 `json:"weights"`
	// Products says that there are Hessian-vector products.
	Products bool `json:"products"`
	// Kinks says that the loss has kinks (relu, max pooling).
	Kinks bool `json:"kinks"`
	// Metrics are the sets of rows on which loss and accuracy can be measured:
	// "train" and "test".
	Metrics []Rows `json:"metrics"`
	// Shared says that the process can map shared memory.
	Shared bool `json:"shared"`
}

// Parameter is one of the model's arrays.
type Parameter struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// Rows are a set of rows that the process can judge its model on.
type Rows struct {
	Name string `json:"name"`
	Rows int    `json:"rows"`
}

// Bounds of what a description may say. A run keeps some twenty vectors of Dim numbers.
const (
	maxDim     = 1 << 30
	maxBatches = 1 << 24
)

// ParseDescription reads the answer to Hello and checks it. Names that it does not
// know are passed over, so that later clients may say more.
func ParseDescription(text []byte) (*Description, error) {
	d := &Description{DType: Float64, Batches: 1}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("its description is not the JSON that is wanted: %w", err)
	}
	return d, d.check()
}

func (d *Description) check() error {
	if d.Protocol != Version {
		return fmt.Errorf("it speaks version %d of the protocol, leeway speaks version %d", d.Protocol, Version)
	}
	if d.DType != Float64 && d.DType != Float32 {
		return fmt.Errorf("its numbers are of type %.40q, not float64 or float32", d.DType)
	}
	if d.Dim < 1 || d.Dim > maxDim {
		return fmt.Errorf("it has %d parameters, not 1 to %d", d.Dim, maxDim)
	}
	if d.Batches < 1 || d.Batches > maxBatches {
		return fmt.Errorf("it has %d batches, not 1 to %d", d.Batches, maxBatches)
	}
	if err := d.checkWeights(); err != nil {
		return err
	}
	if len(d.Parameters) > 0 {
		sum := 0
		for _, p := range d.Parameters {
			n, err := p.size()
			if err != nil {
				return err
			}
			sum += n
		}
		if sum != d.Dim {
			return fmt.Errorf("the shapes of its parameters hold %d numbers, but it has %d", sum, d.Dim)
		}
	}
	for _, m := range d.Metrics {
		if !slices.Contains([]string{"train", "test"}, m.Name) || m.Rows < 0 {
			return fmt.Errorf("it offers metrics on %.40q (%d rows), not on train or test", m.Name, m.Rows)
		}
	}
	return nil
}

func (d *Description) checkWeights() error {
	if len(d.Weights) == 0 {
		return nil
	}
	if len(d.Weights) != d.Batches {
		return fmt.Errorf("it has %d weights for %d batches", len(d.Weights), d.Batches)
	}
	sum := 0.0
	for _, w := range d.Weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return fmt.Errorf("a batch weighs %v, not a finite number >= 0", w)
		}
		sum += w
	}
	if !(math.Abs(sum-1) <= 1e-6) {
		return fmt.Errorf("its batches weigh %v together, not 1", sum)
	}
	return nil
}

// size is the number of numbers of a parameter.
func (p Parameter) size() (int, error) {
	n := 1
	for _, s := range p.Shape {
		if s < 0 || s > maxDim || (s > 0 && n > maxDim/s) {
			return 0, fmt.Errorf("the parameter %.40q has the shape %v", p.Name, p.Shape)
		}
		n *= s
	}
	return n, nil
}

// title is the name on one line.
func (d *Description) title() string {
	name := strings.Join(strings.Fields(strings.ToValidUTF8(d.Name, "?")), " ")
	if name == "" {
		return "a model"
	}
	return name[:min(len(name), 100)]
}
