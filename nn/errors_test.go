package nn

import (
	"math"
	"strings"
	"testing"

	"leeway/autodiff"
	"leeway/objective"
)

// custom is an architecture made of a function.
type custom func(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value

func (c custom) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	return c(b, x, outputs)
}

// Bad settings, data and architectures are refused with one sentence that says what
// and where, and what to try. The table holds every such sentence.
func TestNewRefuses(t *testing.T) {
	rows, images, text := randomData(6, 3, 4), randomData(6, 3, 8, 8, 2), randomText(2, 4, 5)
	with := func(change func(d *Data)) Data {
		d := randomData(6, 3, 4)
		change(&d)
		return d
	}
	arch := func(a Architecture) Settings { return Settings{Architecture: a} }
	same := func(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
		return b.Linear("a", b.Linear("a", x, 4), outputs)
	}
	for _, c := range []struct {
		data     Data
		settings Settings
		want     string
	}{
		{rows, Settings{DType: autodiff.Int32}, "nn: a network of int32. Try: float32 or float64"},
		{rows, Settings{Threads: -1}, "nn: a physical batch of 2048, -1 threads and 4294967296 bytes to linearize. Try: positive numbers, or 0 for the defaults"},
		{rows, Settings{PhysicalBatch: -1}, "nn: a physical batch of -1, 0 threads and 4294967296 bytes to linearize. Try: positive numbers, or 0 for the defaults"},
		{rows, Settings{Batches: -2}, "nn: -2 batches of size 0. Try: positive numbers, or 0 for the full batch"},
		{rows, Settings{Batches: 2, BatchSize: 3}, "nn: both a number of batches (2) and a batch size (3) are given. Try: one of them"},
		{rows, Settings{Batches: 7}, "nn: 7 batches of 6 examples would leave some empty. Try: at most 6 batches"},
		{rows, Settings{BatchSize: 7}, "nn: batch size 7 exceeds the 6 examples. Try: a size of at most 6, or the full batch"},
		{rows, Settings{Loss: "hinge"}, `nn: unknown loss "hinge". Try: cross-entropy, mse, logistic, exponential`},
		{rows, Settings{Loss: Logistic}, "nn: the logistic loss is for 2 classes, the data has 3. Try: cross-entropy"},
		{with(func(d *Data) { clear(d.Y); d.Classes = 0 }), Settings{}, "nn: 1 classes. Try: at least 2"},

		{rows, Settings{Init: Init{Kind: "lecun"}}, `nn: unknown init "lecun". Try: kaiming_uniform, kaiming_normal, xavier_uniform, xavier_normal, normal, trunc_normal, uniform, zeros, ones`},
		{rows, Settings{Init: Init{Kind: Normal, Mode: "fan"}}, `nn: unknown init mode "fan". Try: fan_in or fan_out`},
		{rows, Settings{Init: Init{Kind: Normal, Std: -1}}, "nn: init normal has gain 0, deviation -1 and bounds 0 to 0. Try: positive numbers, and a lower bound below the upper"},
		{rows, Settings{InitBias: Init{Kind: Uniform, High: math.Inf(1)}}, "nn: init uniform has the setting +Inf. Try: a finite number"},
		{rows, Settings{InitBias: Init{Kind: KaimingNormal}}, "nn: init kaiming_normal of 0.bias, which has the shape [3] and so no fan_in. Try: uniform, normal or zeros"},

		{Data{}, Settings{}, "nn: examples of shape []. Try: [features], [height width channels], or [length] for tokens"},
		{Data{Shape: []int{2, 2}, X: make([]float64, 8), Y: []int{0, 1}}, Settings{}, "nn: examples of shape [2 2]. Try: [features], [height width channels], or [length] for tokens"},
		{Data{Shape: []int{0}, X: make([]float64, 8), Y: []int{0, 1}}, Settings{}, "nn: examples of shape [0]. Try: [features], [height width channels], or [length] for tokens"},
		{Data{Shape: []int{4}}, Settings{}, "nn: the data has no examples. Try: at least one of 4 values"},
		{with(func(d *Data) { d.Tokens = []int32{1} }), Settings{}, "nn: the data has both numbers and tokens. Try: one of them"},
		{with(func(d *Data) { d.X = d.X[1:] }), Settings{}, "nn: 23 values do not fill examples of shape [4]. Try: a multiple of 4"},
		{with(func(d *Data) { d.Y = d.Y[1:] }), Settings{}, "nn: 5 labels for 6 examples. Try: 6 labels"},
		{with(func(d *Data) { d.X[9] = math.NaN() }), Settings{}, "nn: the data is NaN at example 2, value 1. Try: removing or imputing the value"},
		{with(func(d *Data) { d.X[9] = -1e39 }), Settings{}, "nn: the data is -1e+39 at example 2, value 1, more than float32 holds. Try: float64, or standardized data"},
		{with(func(d *Data) { d.Y[2] = 3 }), Settings{}, "nn: label 2 is 3. Try: classes 0 to 2"},
		{Data{Shape: []int{2}, Tokens: []int32{0, 5}, Y: []int{1, 1}, Classes: 2}, arch(Transformer{}), "nn: token 1 is 5. Try: tokens 0 to 1"},

		{rows, arch(MLP{Hidden: []int{0}}), `nn: parameter "0.weight" would have shape [0 4]. Try: sizes of at least 1`},
		{rows, arch(MLP{Hidden: []int{1 << 20, 1 << 20}}), `nn: parameter "2.weight" of shape [1048576 1048576] would make more than 1073741824 parameters. Try: narrower or fewer layers`},
		{rows, arch(MLP{Hidden: []int{1 << 60}}), `nn: parameter "0.weight" of shape [1152921504606846976 4] would make more than 1073741824 parameters. Try: narrower or fewer layers`},
		{randomData(100, 3, 1), arch(MLP{Hidden: []int{1 << 26, 1}}), "nn: 100 examples at once would make an array of shape [100 67108864]. Try: a smaller physical batch"},
		{rows, arch(MLP{Hidden: []int{3}, Activation: "swish"}), `nn: unknown activation "swish". Try: relu, tanh, gelu, softplus, sigmoid, identity`},
		{text, arch(MLP{}), `nn: flatten takes numbers, not tokens [2 4]. Try: the transformer, or data of numbers`},
		{rows, arch(CNN{}), `nn: convolution "features.0" takes images [N height width channels], not [6 4]. Try: an example shape [height width channels]`},
		{images, arch(CNN{Channels: []int{1, 1, 1, 1}}), "nn: images have shrunk to 1x1 before a 2x2 max pool. Try: larger images or fewer blocks"},
		{images, arch(ResNet{Depth: 34}), "nn: a ResNet of depth 34. Try: 18, 50 or 101"},
		{randomData(1, 2, 2, 2, 1), arch(ResNet{Width: 2}), `nn: batch norm "layer2.0.bn1" sees a single value a channel, where an example is worked on alone. Try: another batch size or physical batch, so that no example is left over`},
		{randomData(5, 2, 2, 2, 1), Settings{Architecture: ResNet{Width: 2}, PhysicalBatch: 2}, `nn: batch norm "layer2.0.bn1" sees a single value a channel, where an example is worked on alone. Try: another batch size or physical batch, so that no example is left over`},
		{images, arch(ResNet{Blocks: []int{1, 0}}), "nn: a ResNet with stages of [1 0] blocks. Try: at least 1 in each"},
		{images, arch(SimpleViT{Patch: 3}), "nn: patches of 3x3 do not tile images of 8x8. Try: a patch that divides both sides"},
		{images, arch(SimpleViT{Dim: 10}), "nn: a vision transformer of dimension 10. Try: a multiple of 4 from 8 on, which its positions need"},
		{images, arch(SimpleViT{Heads: -1}), "nn: a vision transformer with a negative size: {Patch:4 Dim:512 Depth:6 Heads:-1 HeadDim:64 MLPDim:1024}. Try: positive numbers"},
		{rows, arch(SimpleViT{}), `nn: vision transformer takes images [N height width channels], not [6 4]. Try: an example shape [height width channels]`},
		{rows, arch(Transformer{}), "nn: a language model takes rows of tokens. Try: data of tokens with an example shape [length]"},
		{text, arch(Transformer{Dim: 6}), "nn: 6 features do not divide among 4 heads. Try: a dimension that is a multiple of the heads"},
		{text, arch(Transformer{Depth: -1}), "nn: a transformer with a negative size: {Dim:128 Depth:-1 Heads:4 MLPDim:512 Tied:false}. Try: positive numbers"},

		{rows, arch(custom(same)), `nn: parameter "a.weight" exists already. Try: a name of its own for every layer`},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return b.Linear("a", x, n+1) })), "nn: the architecture nn.custom does not return 3 logits an example, or a token. Try: ending it in Linear with that many outputs"},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return nil })), "nn: the architecture nn.custom does not return 3 logits an example, or a token. Try: ending it in Linear with that many outputs"},
		{randomData(6, 4, 4), arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return x })), "nn: the architecture nn.custom has no parameters. Try: a layer"},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return b.Linear("a", nil, n) })), "nn: a layer has nothing to work on. Try: passing on what the layer before returned"},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value {
			return b.Attention(b.MaxPool(x, 2), 1, false)
		})), "nn: max pool takes images [N height width channels], not [6 4]. Try: an example shape [height width channels]"},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return b.Attention(x, 1, false) })), "nn: attention does not take [6 4]. Try: another example shape"},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value {
			y, _ := b.Embedding("e", x, 3, 3)
			return y
		})), `nn: embedding "e" takes tokens. Try: data of tokens`},
		{rows, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return b.GlobalAveragePool(x) })), "nn: global average pool takes images or sequences, not [6 4]. Try: a layer of images before it"},
		{images, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value { return b.MaxPool(x, 0) })), "nn: a max pool of 0x0. Try: a size of at least 1"},
		{images, arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value {
			return b.Conv("c", x, 1, Convolution{Stride: -1})
		})), `nn: convolution "c" has kernel 0, stride -1 and padding 0. Try: positive numbers, or 0 for the defaults`},
		{randomData(2, 3, 2, 2, 1), arch(custom(func(b *Builder, x *autodiff.Value, n int) *autodiff.Value {
			return b.Conv("c", x, 1, Convolution{})
		})), `nn: the kernel of convolution "c", 3x3, exceeds its image, 2x2. Try: larger images or fewer layers`},
	} {
		o, err := New(c.data, c.settings)
		if err == nil {
			t.Errorf("accepted: %+v with %d parameters; want %q", c.settings, o.Dim(), c.want)
		} else if err.Error() != c.want {
			t.Errorf("%q\nwant %q", err, c.want)
		}
	}
	// The graph's own refusals keep their words.
	clash := func(b *Builder, x *autodiff.Value, n int) *autodiff.Value {
		y := autodiff.Add(x, b.Parameter("p", Init{Kind: Zeros}, 3))
		return b.Linear("a", b.LayerNorm("n", b.Activation("", y)), n)
	}
	_, err := New(rows, arch(custom(clash)))
	if err == nil || !strings.HasPrefix(err.Error(), "nn: the network does not fit its data: autodiff: add: ") || !strings.Contains(err.Error(), "Try: ") {
		t.Errorf("%v", err)
	}
}

// A failed builder never panics, whatever an architecture goes on to ask of it.
func TestAfterAFailure(t *testing.T) {
	for _, a := range []Architecture{
		MLP{Hidden: []int{2, 3}}, CNN{}, ResNet{}, ResNet{Depth: 50}, SimpleViT{}, Transformer{}, Transformer{Tied: true},
	} {
		for _, d := range []Data{randomData(6, 3, 4), randomData(6, 3, 32, 32, 2), randomText(2, 4, 5)} {
			broken := custom(func(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
				y := b.Fail("broken")
				if b.Dim(y, 0) != 0 || b.Dim(nil, 0) != 0 {
					t.Error("an invalid value has a shape")
				}
				a.Logits(b, y, outputs)
				a.Logits(b, nil, outputs)
				b.GlobalAveragePool(b.BatchNorm("n", b.Conv("c", y, 2, Convolution{})))
				return a.Logits(b, x, outputs)
			})
			if _, err := New(d, Settings{Architecture: broken}); err == nil || err.Error() != "nn: broken" {
				t.Errorf("%T on %v: %v", a, d.Shape, err)
			}
		}
	}
}

// Questions that cannot be answered are errors that say why.
func TestQuestionsRefused(t *testing.T) {
	o := must(New(randomData(6, 3, 4), Settings{Batches: 2}))
	text := must(New(randomText(2, 4, 5), Settings{Architecture: Transformer{Dim: 4, Depth: 1}}))
	n := o.Dim()
	v, short := make([]float64, n), make([]float64, n-1)
	l := must(o.Linearize(v, 0))
	first := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"nn: batch 2 does not exist, batches are 0 to 1. Try: a batch below 2":                    first(o.Gradient(v, v, 2)),
		"nn: a vector has length 14, the network has 15 parameters. Try: vectors of length Dim()": o.HVP(v, v, short, 0),
		"nn: batch -1 does not exist, batches are 0 to 1. Try: a batch below 2":                   first(o.GradientHVP(v, v, v, v, -1)),
		"nn: batch 3 does not exist, batches are 0 to 1. Try: a batch below 2":                    l.Move(v, 3),
		"nn: 5 values do not make examples of shape [4]. Try: a multiple of 4":                    first(o.Logits(v, make([]float64, 5))),
		"nn: 2 labels for 1 predictions. Try: one label each":                                     first(o.Accuracy(v, make([]float64, 4), []int{0, 1})),
		"nn: label 0 is 3. Try: classes 0 to 2":                                                   first(o.Accuracy(v, make([]float64, 4), []int{3})),
		"nn: token 1 is 0.5. Try: whole numbers":                                                  first(text.Predict(text.Start(), []float64{0, 0.5, 0, 0})),
		"nn: token 2 is 7. Try: tokens 0 to 4":                                                    first(text.Accuracy(text.Start(), []float64{0, 0, 7, 0}, nil)),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, err := range []error{
		first(o.Logits(short, make([]float64, 4))), first(o.Linearize(short, 0)), l.HVP(v, short), first(o.Gradient(short, v, 0)),
	} {
		if err == nil || !strings.Contains(err.Error(), "Dim()") {
			t.Errorf("%v", err)
		}
	}
	var _ objective.TwiceDifferentiable = o
	// A theta that is not finite is a question with an answer.
	v[0] = math.NaN()
	if loss := must(o.Gradient(make([]float64, n), v, 0)); !math.IsNaN(loss) {
		t.Errorf("loss %v at NaN", loss)
	}
}
