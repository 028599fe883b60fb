package nn

import (
	"slices"
	"testing"

	"leeway/autodiff"
)

// The truth is the public models' own counts: torchvision's ResNets with the stem
// for small images and 10 classes, vit-pytorch's SimpleViT; the others are counted
// from the shapes by hand.
func TestParameterCounts(t *testing.T) {
	image := randomData(2, 10, 32, 32, 3)
	cnn := 0
	for _, c := range [][2]int{{3, 32}, {32, 32}, {32, 64}, {64, 64}, {64, 128}, {128, 128}} {
		cnn += c[0]*c[1]*9 + c[1]
	}
	cnn += 2048*512 + 512 + 512*10 + 10
	block := 2*512 + 512*3072 + 1024*512 + 2*512 + 512*1024 + 1024 + 1024*512 + 512
	vit := 2*48 + 48*512 + 512 + 2*512 + 2*512 + 6*block + 512*10 + 10
	text := randomText(1, 16, 50)
	lm := 50*128 + 16*128 + 2*(4*128+128*384+384+128*128+128+128*512+512+512*128+128) + 2*128 + 128*50
	for _, c := range []struct {
		architecture Architecture
		data         Data
		want         int
	}{
		{ResNet{}, image, 11_173_962},
		{ResNet{Depth: 50}, image, 23_520_842},
		{ResNet{Depth: 101}, image, 42_512_970},
		{CNN{}, image, cnn},
		{LeNet{}, randomData(2, 10, 28, 28, 1), (25+1)*32 + (25*32+1)*64 + (7*7*64+1)*1024 + 1025*10},
		{SimpleViT{}, image, vit},
		{Transformer{}, text, lm},
		{Transformer{Tied: true}, text, lm - 128*50},
		{MLP{Hidden: []int{128, 128}}, randomData(2, 10, 784), 784*128 + 128 + 128*128 + 128 + 128*10 + 10},
	} {
		o := must(New(c.data, Settings{Architecture: c.architecture}))
		t.Logf("%T: %d", c.architecture, o.Dim())
		if o.Dim() != c.want {
			t.Errorf("%+v: %d parameters, want %d", c.architecture, o.Dim(), c.want)
		}
		at := 0
		for _, p := range o.Parameters() {
			if p.Offset != at {
				t.Errorf("%s begins at %d, want %d", p.Name, p.Offset, at)
			}
			at += p.Size()
		}
	}
}

// The truth is the order in which torchvision's BasicBlock and Bottleneck register
// their modules.
func TestNamesOfAResNet(t *testing.T) {
	for depth, want := range map[int][]string{
		18: {
			"conv1.weight", "bn1.weight", "bn1.bias",
			"layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias", "layer1.0.conv2.weight", "layer1.0.bn2.weight", "layer1.0.bn2.bias",
			"layer2.0.conv1.weight", "layer2.0.bn1.weight", "layer2.0.bn1.bias", "layer2.0.conv2.weight", "layer2.0.bn2.weight", "layer2.0.bn2.bias",
			"layer2.0.downsample.0.weight", "layer2.0.downsample.1.weight", "layer2.0.downsample.1.bias", "fc.weight", "fc.bias",
		},
		50: {
			"conv1.weight", "bn1.weight", "bn1.bias",
			"layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias", "layer1.0.conv2.weight", "layer1.0.bn2.weight", "layer1.0.bn2.bias",
			"layer1.0.conv3.weight", "layer1.0.bn3.weight", "layer1.0.bn3.bias",
			"layer1.0.downsample.0.weight", "layer1.0.downsample.1.weight", "layer1.0.downsample.1.bias", "fc.weight", "fc.bias",
		},
	} {
		blocks := []int{1, 1}
		if depth == 50 {
			blocks = []int{1}
		}
		o := must(New(randomData(2, 3, 8, 8, 1), Settings{Architecture: ResNet{Depth: depth, Width: 4, Blocks: blocks}}))
		var names []string
		for _, p := range o.Parameters() {
			names = append(names, p.Name)
		}
		if !slices.Equal(names, want) {
			t.Errorf("depth %d:\n%q\nwant\n%q", depth, names, want)
		}
	}
}

// A causal model's logits at a place do not change with the tokens behind it, and
// do with that before it.
func TestTransformerIsCausal(t *testing.T) {
	d := randomText(1, 6, 5)
	o := must(New(d, Settings{Architecture: Transformer{Dim: 8, Heads: 2}, DType: autodiff.Float64}))
	theta := start(o)
	logits := func(tokens ...float64) []float64 { return must(o.Logits(theta, tokens)) }
	a, b := logits(0, 1, 2, 3, 4, 0), logits(0, 1, 2, 4, 4, 0)
	if !slices.Equal(a[:3*5], b[:3*5]) {
		t.Error("logits of the first three places depend on the fourth token")
	}
	for place := 3; place < 6; place++ {
		if slices.Equal(a[place*5:place*5+5], b[place*5:place*5+5]) {
			t.Errorf("logits of place %d do not depend on the fourth token", place)
		}
	}
}
