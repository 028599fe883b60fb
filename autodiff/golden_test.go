package autodiff_test

import (
	"encoding/json"
	"os"
	"testing"

	"leeway/autodiff"
)

// golden is testdata/golden.json, which testdata/golden.py writes.
type golden struct {
	Torch string
	Cases []struct {
		Name            string
		Inputs, Outputs []struct {
			Shape    []int
			Elements []float64
		}
	}
}

// torchOperations build, from inputs and a cotangent that stands last, what the
// script does.
var torchOperations = map[string]func(x values) *autodiff.Value{
	"conv": func(x values) *autodiff.Value {
		return autodiff.Conv(x[0], x[1], autodiff.Window{StrideH: 2, StrideW: 1, PadLeft: 2, PadRight: 1, PadTop: 1})
	},
	"same conv": func(x values) *autodiff.Value {
		return autodiff.Conv(x[0], x[1], autodiff.Window{PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1})
	},
	"conv of one pixel": func(x values) *autodiff.Value { return autodiff.Conv(x[0], x[1], autodiff.Window{}) },
	"max pool":          func(x values) *autodiff.Value { return autodiff.MaxPool(x[0], pooling) },
	"matmul": func(x values) *autodiff.Value {
		return autodiff.MatMul(x[0], autodiff.Transpose(x[1], 0, 2, 1))
	},
	"gelu":        one(autodiff.GELU),
	"softplus":    one(autodiff.Softplus),
	"sigmoid":     one(autodiff.Sigmoid),
	"log-sum-exp": one(autodiff.LogSumExp),
	"softmax":     one(autodiff.Softmax),
	"standardize": one(func(x *autodiff.Value) *autodiff.Value {
		y, _, _ := autodiff.Standardize(x, 1e-3, 1)
		return y
	}),
	"gather": one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Gather(x, index(x, []int{2, 2}, 2, 0, 2, 1)) }),
	"scatter-add": one(func(x *autodiff.Value) *autodiff.Value {
		return autodiff.ScatterAdd(x, index(x, []int{3}, 2, 0, 2), 4)
	}),
}

// TestAgainstPyTorch: operations with their pullbacks, and networks with gradient
// and Hessian-vector product. PyTorch is another implementation of values and of
// differentiation, which shares nothing with this one.
func TestAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var file golden
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != len(torchOperations)+3 {
		t.Errorf("%d cases, want %d", len(file.Cases), len(torchOperations)+3)
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			g := &autodiff.Graph{}
			var arrays, want []autodiff.Array
			for _, a := range c.Inputs {
				arrays = append(arrays, autodiff.Array64(a.Elements, a.Shape...))
			}
			for _, a := range c.Outputs {
				want = append(want, autodiff.Array64(a.Elements, a.Shape...))
			}
			at, inputs := data{}, values{}
			var outputs values
			if build := torchOperations[c.Name]; build != nil {
				for i, a := range arrays {
					inputs = append(inputs, g.Input(string(rune('a'+i)), autodiff.Float64, a.Shape()...))
				}
				last := len(inputs) - 1
				y := build(inputs)
				outputs = append(values{y}, autodiff.Pullback(values{y}, inputs[last:], inputs[:last])...)
			} else {
				var n *network
				switch c.Name {
				case "mlp":
					n = mlp(g, 3, 4, 3, 2)
				case "cnn":
					n = cnn(g, 2, 4, autodiff.Tanh)
				case "attention":
					n = attention(g, 2, 3, 4)
				}
				d := n.directions("d")
				inputs = append(append(values{n.x, n.labels}, n.parameters...), d...)
				gradient, product := autodiff.HVP(n.loss, n.parameters, d)
				outputs = append(append(values{n.loss}, gradient...), product...)
			}
			for i, v := range inputs {
				at[v] = arrays[i]
			}
			close(t, "output", must(t, outputs, at), want, 1e-13)
		})
	}
}
