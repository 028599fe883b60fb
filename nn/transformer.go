package nn

import (
	"fmt"

	"leeway/autodiff"
)

// Transformer is a causal language model in the manner of GPT-2: token and
// position embeddings, pre-norm blocks of causal attention and a GELU perceptron,
// a last layer norm, and a linear head without bias that gives the logits of the
// next token. The head has weights of its own unless Tied.
//
// Its parts are named as those of the public PyTorch code nanoGPT, without the
// prefix "transformer.": wte, wpe, h.0.ln_1, h.0.attn.c_attn, h.0.attn.c_proj,
// h.0.ln_2, h.0.mlp.c_fc, h.0.mlp.c_proj, ..., ln_f, lm_head. All weights are
// those of nn.Linear, [outputs inputs]. There is no dropout. Weights start as those
// of PyTorch's layers, not as GPT-2's do: Init{Kind: Normal, Std: 0.02} in
// [Settings] comes near.
//
// Source: Radford et al., "Language Models are Unsupervised Multitask Learners"
// (2019).
type Transformer struct {
	// Dim is the dimension of the embedding, by default 128.
	Dim int
	// Depth is the number of blocks, by default 2.
	Depth int
	// Heads of each attention, by default 4; they divide Dim.
	Heads int
	// MLPDim is the width of the perceptrons' hidden layer, by default 4 Dim.
	MLPDim int
	// Tied makes the head share the token embedding's weights; lm_head.weight
	// is then no parameter.
	Tied bool
}

// Logits implements [Architecture]; the outputs are the vocabulary.
func (t Transformer) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	if t.Dim == 0 {
		t.Dim = 128
	}
	if t.Depth == 0 {
		t.Depth = 2
	}
	if t.Heads == 0 {
		t.Heads = 4
	}
	if t.MLPDim == 0 {
		t.MLPDim = 4 * t.Dim
	}
	switch {
	case min(t.Dim, t.Depth, t.Heads, t.MLPDim) < 1:
		return b.Fail("a transformer with a negative size: %+v. Try: positive numbers", t)
	case x == nil || x.DType() != autodiff.Int32 || len(x.Shape()) != 2:
		return b.Fail("a language model takes rows of tokens. Try: data of tokens with an example shape [length]")
	}
	length := b.Dim(x, 1)
	h, tokens := b.Embedding("wte", x, outputs, t.Dim)
	positions := b.Parameter("wpe.weight", Init{Kind: Normal, Std: 1}, length, t.Dim)
	h = autodiff.Add(h, positions)
	for i := range t.Depth {
		name := fmt.Sprintf("h.%d.", i)
		y := b.Linear(name+"attn.c_attn", b.LayerNorm(name+"ln_1", h), 3*t.Dim)
		y = b.Linear(name+"attn.c_proj", b.Attention(y, t.Heads, true), t.Dim)
		h = autodiff.Add(h, y)
		y = b.Linear(name+"mlp.c_fc", b.LayerNorm(name+"ln_2", h), t.MLPDim)
		y = b.Linear(name+"mlp.c_proj", b.Activation(GELU, y), t.Dim)
		h = autodiff.Add(h, y)
	}
	h = b.LayerNorm("ln_f", h)
	if !t.Tied {
		return b.LinearNoBias("lm_head", h, outputs)
	}
	return b.timesTransposed(h, tokens)
}
