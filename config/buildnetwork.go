package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"leeway/autodiff"
	"leeway/data"
	"leeway/nn"
)

// architecture is what the model is to package nn; nil for a linear model.
func (m *Model) architecture() nn.Architecture {
	switch m.Kind {
	case "mlp":
		return nn.MLP{Hidden: m.Hidden, Activation: m.Activation, NoBias: !m.Bias}
	case "cnn":
		return nn.CNN{Channels: m.Channels, Dense: m.Dense, Activation: m.Activation}
	case "lenet":
		return nn.LeNet{Channels: m.Channels, Dense: m.Dense, Activation: m.Activation}
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
func (m *Model) smooth() bool {
	return m.Kind != "cnn" && m.Kind != "lenet" && m.Activation != "relu"
}

// words describe the network, without its parameters: "MLP 64-32-32-10, tanh".
func (m *Model) words(features, outputs int) string {
	switch m.Kind {
	case "mlp":
		widths := slices.Concat([]int{features}, m.Hidden, []int{outputs})
		words := "MLP " + dashes(widths)
		if len(m.Hidden) > 0 {
			words += ", " + m.Activation
		}
		if !m.Bias {
			words += ", no biases"
		}
		return words
	case "lenet":
		return fmt.Sprintf("LeNet %s, dense %d, %s", dashes(m.Channels), m.Dense, m.Activation)
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
	if own := Initializations()[0]; o.Start.Kind == "init" {
		if o.Init != own {
			s.Init = nn.Init{Kind: o.Init}
		}
		if o.InitBias != own {
			s.InitBias = nn.Init{Kind: o.InitBias}
		}
		s.InitScale = o.InitScale
	}
	return s
}

// buildNetwork makes the network on the rows and returns what it is in words.
func (c *Config) buildNetwork(p *Problem, train, test *data.Set) (string, error) {
	o := &c.Objective
	p.Shape = []int{train.D}
	if train.Shape != nil && (o.Model.entry().takes == images || train.Shape[2] > 1) {
		p.Shape = train.Shape // of grey images an MLP sees the pixels alone
	}
	net, err := nn.New(nn.Data{X: train.X, Y: train.Y, Shape: p.Shape, Classes: train.Classes}, c.networkSettings())
	if err != nil {
		return "", c.wrong("objective.model", err, "other sizes")
	}
	if err := c.setNetwork(p, net, nn.Data{X: test.X, Y: test.Y, Shape: p.Shape}); err != nil {
		return "", err
	}
	outputs := train.Classes
	if o.Loss == "logistic" || o.Loss == "exponential" {
		outputs = 1
	}
	words := o.Model.words(train.D, outputs)
	if o.Attack != nil {
		words += ", " + o.Attack.words()
	}
	return words, c.checkPoint(net.Dim())
}

// buildLanguageModel makes the network on text.
func (c *Config) buildLanguageModel(p *Problem) (string, error) {
	train, test, err := c.sequences()
	if err != nil {
		return "", err
	}
	p.Text, p.Shape = train, []int{train.Length}
	net, err := nn.New(nn.Data{Tokens: train.X, Y: train.Y, Shape: p.Shape, Classes: train.Vocab}, c.networkSettings())
	if err != nil {
		return "", c.wrong("objective.model", err, "other sizes")
	}
	if err := c.setNetwork(p, net, nn.Data{Tokens: test.X, Y: test.Y, Shape: p.Shape}); err != nil {
		return "", err
	}
	return c.Objective.Model.words(0, train.Vocab), c.checkPoint(net.Dim())
}

// checkPoint holds the length of a given start against the number of parameters
// of a network, which is known only when it has been built.
func (c *Config) checkPoint(parameters int) error {
	return c.reader().checkStart(&c.Objective, parameters)
}
