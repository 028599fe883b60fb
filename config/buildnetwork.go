package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"leeway/autodiff"
	"leeway/data"
	"leeway/nn"
	"leeway/objective"
)

// architecture is what the model is to package nn; nil for a linear model.
func (m *Model) architecture() nn.Architecture {
	switch m.Kind {
	case "mlp":
		return nn.MLP{Hidden: m.Hidden, Activation: m.Activation}
	case "cnn":
		return nn.CNN{Channels: m.Channels, Dense: m.Dense, Activation: m.Activation}
	case "resnet":
		return nn.ResNet{Depth: m.Depth, Width: m.Width, Activation: m.Activation}
	case "vit":
		return nn.SimpleViT{Patch: m.Patch, Dim: m.Dim, Depth: m.Depth, Heads: m.Heads, HeadDim: m.HeadDim, MLPDim: m.MLPDim}
	case "transformer":
		return nn.Transformer{Dim: m.Dim, Depth: m.Depth, Heads: m.Heads, MLPDim: m.MLPDim, Tied: m.Tied}
	}
	return nil
}

// smooth reports whether the loss of the model has no kinks: they come from
// relu, and from the maxima that a pooling takes.
func (m *Model) smooth() bool { return m.Kind != "cnn" && m.Activation != "relu" }

// words describe the network, without its parameters: "MLP 64-32-32-10, tanh".
func (m *Model) words(features, outputs int) string {
	switch m.Kind {
	case "mlp":
		widths := slices.Concat([]int{features}, m.Hidden, []int{outputs})
		if len(m.Hidden) == 0 {
			return "MLP " + dashes(widths)
		}
		return "MLP " + dashes(widths) + ", " + m.Activation
	case "cnn":
		return fmt.Sprintf("CNN %s, dense %d, %s", dashes(m.Channels), m.Dense, m.Activation)
	case "resnet":
		return fmt.Sprintf("ResNet-%d of width %d, %s", m.Depth, m.Width, m.Activation)
	case "vit":
		return fmt.Sprintf("SimpleViT of patch %d, dim %d, depth %d, %d heads of %d, MLP %d", m.Patch, m.Dim, m.Depth, m.Heads, m.HeadDim, m.MLPDim)
	}
	tied := ""
	if m.Tied {
		tied = ", tied"
	}
	return fmt.Sprintf("Transformer of dim %d, depth %d, %d heads, MLP %d%s", m.Dim, m.Depth, m.Heads, m.MLPDim, tied)
}

func dashes(widths []int) string {
	var parts []string
	for _, w := range widths {
		parts = append(parts, strconv.Itoa(w))
	}
	return strings.Join(parts, "-")
}

// networkSettings are those of package nn.
func (c *Config) networkSettings() nn.Settings {
	o := &c.Objective
	s := nn.Settings{
		Architecture: o.Model.architecture(), Loss: o.Loss, DType: autodiff.Float64,
		Batches: o.Batch.Count, BatchSize: o.Batch.Size, PhysicalBatch: o.PhysicalBatch, Threads: o.Threads, Seed: c.Seed,
		Profile: c.Profile,
	}
	if o.DType == "float32" {
		s.DType = autodiff.Float32
	}
	if o.Start.Kind == "init" && o.Init != Initializations()[0] {
		s.Init = nn.Init{Kind: o.Init}
	}
	return s
}

// buildNetwork makes the network on the rows and returns what it is in words.
func (c *Config) buildNetwork(p *Problem, train, test *data.Set) (string, error) {
	o := &c.Objective
	p.Shape = []int{train.D}
	if o.Data.Kind != "digits" || o.Model.entry().takes == images {
		p.Shape = o.Data.rowShape(train.D)
	}
	net, err := nn.New(nn.Data{X: train.X, Y: train.Y, Shape: p.Shape, Classes: train.Classes}, c.networkSettings())
	if err != nil {
		return "", c.wrong("objective.model", err, "other sizes")
	}
	c.setNetwork(p, net, test.X, test.Y)
	outputs := train.Classes
	if o.Loss == "logistic" || o.Loss == "exponential" {
		outputs = 1
	}
	return o.Model.words(train.D, outputs), c.checkPoint(net.Dim())
}

// buildLanguageModel makes the network on text.
func (c *Config) buildLanguageModel(p *Problem) (string, error) {
	d := &c.Objective.Data
	text, err := data.Markov(d.Train+d.Test, d.Length, d.Vocab, d.Seed)
	if err != nil {
		return "", c.wrong("objective.data", err, "fewer rows")
	}
	train, test, err := text.Split(d.Train, d.Test)
	if err != nil {
		return "", c.wrong("objective.data", err, "other rows")
	}
	p.Text, p.Shape = train, []int{d.Length}
	net, err := nn.New(nn.Data{Tokens: train.X, Y: train.Y, Shape: p.Shape, Classes: d.Vocab}, c.networkSettings())
	if err != nil {
		return "", c.wrong("objective.model", err, "other sizes")
	}
	tokens := make([]float64, len(test.X))
	for i, t := range test.X {
		tokens[i] = float64(t)
	}
	c.setNetwork(p, net, tokens, test.Y)
	return c.Objective.Model.words(0, d.Vocab), c.checkPoint(net.Dim())
}

// setNetwork puts a network into its place. Accuracy has one of its own, since
// it may be asked for while the other works.
func (c *Config) setNetwork(p *Problem, net *nn.Objective, x []float64, y []int) {
	p.Objective, p.Network = net, net
	if len(y) == 0 {
		return
	}
	judge, ok := net.Clone().(objective.Classifier)
	if !ok {
		panic("config: the clone of a network is none") // its type says that it is
	}
	p.Accuracy = func(theta []float64) (float64, error) { return judge.Accuracy(theta, x, y) }
}

// checkPoint holds the length of a given start against the number of parameters
// of a network, which is known only when it has been built.
func (c *Config) checkPoint(parameters int) error {
	return (&reader{file: c.file, root: c.tree}).checkStart(&c.Objective, parameters)
}
