package config

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"leeway/autodiff"
	"leeway/data"
	"leeway/nn"
)

// The truth is the network made directly from data and settings: a config adds
// nothing but names.
func TestBuildNetworks(t *testing.T) {
	train, test, err := data.Load("digits", data.Settings{Train: 20, Test: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		shape      []int
		settings   nn.Settings
		smooth     bool
	}{
		{"mlp", "model: {kind: mlp, hidden: [5], activation: gelu}, batch: {size: 8}, init: xavier_normal", []int{64},
			nn.Settings{Architecture: nn.MLP{Hidden: []int{5}, Activation: "gelu"}, BatchSize: 8, Init: nn.Init{Kind: nn.XavierNormal}, DType: autodiff.Float64}, true},
		{"relu", "model: {kind: mlp, activation: relu}, loss: mse, dtype: float32", []int{64},
			nn.Settings{Architecture: nn.MLP{Hidden: []int{32, 32}}, Loss: nn.MSE, DType: autodiff.Float32}, false},
		{"cnn", "model: {kind: cnn, channels: [2], dense: 4, activation: tanh}, batch: {count: 3}, physical_batch: 4", []int{8, 8, 1},
			nn.Settings{Architecture: nn.CNN{Channels: []int{2}, Dense: 4, Activation: "tanh"}, Batches: 3, PhysicalBatch: 4, DType: autodiff.Float64}, false},
		{"resnet", "model: {kind: resnet, width: 2, activation: softplus}", []int{8, 8, 1},
			nn.Settings{Architecture: nn.ResNet{Depth: 18, Width: 2, Activation: "softplus"}, DType: autodiff.Float64}, true},
		{"vit", "model: {kind: vit, patch: 4, dim: 8, depth: 1, heads: 2, head_dim: 4, mlp_dim: 8}, threads: 1", []int{8, 8, 1},
			nn.Settings{Architecture: nn.SimpleViT{Patch: 4, Dim: 8, Depth: 1, Heads: 2, HeadDim: 4, MLPDim: 8}, Threads: 1, DType: autodiff.Float64}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := build(t, "objective: {data: {kind: digits, train: 20, test: 10}, "+c.text+"}\nseed: 3\n")
			c.settings.Seed = 3
			direct, err := nn.New(nn.Data{X: train.X, Y: train.Y, Shape: c.shape, Classes: 10}, c.settings)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Start, direct.Start()) || !slices.Equal(p.Shape, c.shape) || p.Smooth != c.smooth || p.Network == nil {
				t.Fatalf("start of %d parameters, rows of shape %v, smooth %t", len(p.Start), p.Shape, p.Smooth)
			}
			if p.Objective.Batches() != direct.Batches() {
				t.Fatalf("%d batches", p.Objective.Batches())
			}
			for k := range direct.Batches() {
				got, g := gradient(t, p.Objective, p.Start, k)
				want, w := gradient(t, direct, p.Start, k)
				if got != want || !slices.Equal(g, w) {
					t.Errorf("batch %d: loss %v, directly %v", k, got, want)
				}
			}
			loss, got, err := p.OnTest.Measure(p.Start)
			if err != nil {
				t.Fatal(err)
			}
			if want, _ := direct.Accuracy(p.Start, test.X, test.Y); got != want || !(loss > 0) {
				t.Errorf("test loss %v, accuracy %v, directly %v", loss, got, want)
			}
			if p.OnTrain.Rows != p.Train.N || p.OnTest.Rows != test.N {
				t.Errorf("judged on %d and %d rows", p.OnTrain.Rows, p.OnTest.Rows)
			}
			other := build(t, "objective: {data: {kind: digits, train: 20, test: 10}, "+c.text+"}\nseed: 4\n")
			if slices.Equal(p.Start, other.Start) {
				t.Error("another seed, the same start")
			}
		})
	}
}

// The same for text and for synthetic images, whose channels come last.
func TestBuildSyntheticNetworks(t *testing.T) {
	p := build(t, "objective: {model: {kind: transformer, dim: 8, depth: 1, heads: 2, mlp_dim: 8}, data: {kind: markov, vocab: 5, length: 6, seed: 9, train: 7, test: 3}}")
	text, err := data.Markov(10, 6, 5, 9)
	if err != nil {
		t.Fatal(err)
	}
	train, test, err := text.Split(7, 3)
	if err != nil {
		t.Fatal(err)
	}
	direct, err := nn.New(nn.Data{Tokens: train.X, Y: train.Y, Shape: []int{6}, Classes: 5},
		nn.Settings{Architecture: nn.Transformer{Dim: 8, Depth: 1, Heads: 2, MLPDim: 8}, DType: autodiff.Float64})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := gradient(t, p.Objective, p.Start, 0)
	if want, _ := gradient(t, direct, direct.Start(), 0); got != want || p.Text.N != 7 || p.Train != nil {
		t.Errorf("loss %v, directly %v", got, want)
	}
	_, accuracy, err := p.OnTest.Measure(p.Start)
	if err != nil {
		t.Fatal(err)
	}
	right, total := 0, 0 // by hand, from the predictions
	tokens := make([]float64, len(test.X))
	for i, x := range test.X {
		tokens[i] = float64(x)
	}
	predicted, err := direct.Predict(p.Start, tokens)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range predicted {
		total++
		if c == test.Y[i] {
			right++
		}
	}
	if want := float64(right) / float64(total); accuracy != want || total != 18 {
		t.Errorf("accuracy %v, by hand %v of %d tokens", accuracy, want, total)
	}

	p = build(t, "objective: {model: {kind: cnn, channels: [2], dense: 3}, data: {kind: gaussian, shape: [4, 6, 2], classes: 3, seed: 2, train: 5}}")
	set, err := data.Gaussian(5, 48, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.Train.X, set.X) || !slices.Equal(p.Train.Y, set.Y) || p.Train.Classes != 3 || !slices.Equal(p.Shape, []int{4, 6, 2}) || p.OnTest != nil {
		t.Error("the rows are not those of the seed")
	}
	if p.Description != "CNN 2, dense 3, relu, 127 parameters, on gaussian noise, 5 rows to train, cross-entropy, float64, flows in fixed steps, for the loss has kinks, full batch, from PyTorch's initialisation" {
		t.Error(p.Description)
	}
}

// Losses at zero parameters, where all logits are zero: log of the number of
// classes, sum over classes of squares of the unit vector, log 2 and 1.
func TestLossesOfNetworks(t *testing.T) {
	for _, c := range []struct {
		data, loss string
		outputs    string
		want       float64
	}{
		{"digits", "cross-entropy", "10", math.Log(10)},
		{"digits", "mse", "10", 1},
		{"breast-cancer", "logistic", "1", math.Ln2},
		{"breast-cancer", "exponential", "1", 1},
	} {
		p := build(t, "objective: {model: {kind: mlp, hidden: []}, data: {kind: "+c.data+", train: 30}, loss: "+c.loss+", start: zeros}")
		if got, _ := gradient(t, p.Objective, p.Start, 0); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s at zero is %v, want %v", c.loss, got, c.want)
		}
		if !strings.Contains(p.Description, "-"+c.outputs+", ") || !strings.Contains(p.Description, c.loss) || !strings.HasSuffix(p.Description, "from zero") {
			t.Error(p.Description)
		}
	}
	if p := build(t, "objective: {model: {kind: mlp}, data: {train: 30}, init: normal}"); !strings.HasSuffix(p.Description, "from normal weights") {
		t.Error(p.Description)
	}
}

// What only the network itself can know is said at the place of its model.
func TestNetworksThatCannotBe(t *testing.T) {
	table := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(table, []byte("1,2,3,4,0\n5,6,7,8,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"objective:\n  model: {kind: cnn, channels: [2, 2, 2, 2]}\n  data: {train: 9}\n", "test.yaml:2:10: objective.model: nn: images have shrunk to 1x1 before a 2x2 max pool"},
		{"objective:\n  model: {kind: vit, patch: 3}\n  data: {train: 9}\n", "test.yaml:2:10: objective.model: nn: patches of 3x3 do not tile images of 8x8"},
		{"objective:\n  model: {kind: mlp, hidden: []}\n  data: {train: 9}\n  start: [1, 2]\n", "test.yaml:4:10: objective.start: want 650 numbers, one a parameter, got 2"},
		{"objective:\n  model: {kind: mlp}\n  data: {train: 2, kind: csv, shape: [2, 2, 2], path: '" + table + "'}\n", "test.yaml:3:38: objective.data.shape: [2 2 2] makes 8 features, the rows of " + clip(table) + " have 4"},
	} {
		_, err := parse(t, c.text).Build()
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), c.want) || e.Hint() == "" {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	p := build(t, "objective:\n  model: {kind: cnn, channels: [2], dense: 3}\n  data: {train: 2, kind: csv, shape: [2, 2, 1], path: '"+table+"'}\n")
	if !slices.Equal(p.Shape, []int{2, 2, 1}) {
		t.Errorf("rows of shape %v", p.Shape)
	}
	point := build(t, "objective: {model: {kind: mlp, hidden: []}, data: {kind: breast-cancer, train: 9}, loss: logistic, start: ["+strings.Repeat("1, ", 30)+"1]}")
	if len(point.Start) != 31 || point.Start[30] != 1 {
		t.Errorf("start %v", point.Start)
	}
}

// The truth is the law of the start: kaiming_normal is N(0, 2/fan_in), to five
// standard errors of the variance, and biases that are asked to be zero are.
func TestKaimingStart(t *testing.T) {
	p := build(t, "objective: {model: {kind: mlp, hidden: [200]}, data: {kind: digits, train: 20}, init: kaiming_normal, init_bias: zeros}")
	for _, q := range p.Network.Parameters() {
		values := p.Start[q.Offset : q.Offset+q.Size()]
		square := 0.0
		for _, v := range values {
			square += v * v / float64(len(values))
		}
		want := 0.0
		if len(q.Shape) == 2 {
			want = 2 / float64(q.Shape[1])
		}
		if math.Abs(square-want) > 5*want*math.Sqrt(2/float64(len(values))) {
			t.Errorf("%s: variance %v, want %v", q.Name, square, want)
		}
	}
	if !strings.HasSuffix(p.Description, ", from kaiming_normal weights, zeros for biases") {
		t.Error(p.Description)
	}
}
