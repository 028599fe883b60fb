package nn

import (
	"fmt"
	"slices"

	"leeway/autodiff"
)

// ResNet is a residual network with batch norm and the stem for small images: a
// 3x3 convolution with stride 1 and no pool in front.
//
// It is torchvision's resnet18, resnet50 or resnet101 with conv1 =
// Conv2d(channels, 64, 3, 1, 1, bias=False) and maxpool = Identity(), with the
// same names (conv1.weight, bn1.weight, layer1.0.conv1.weight,
// layer2.0.downsample.0.weight, ..., fc.weight, fc.bias) and the same
// initialisation: convolutions kaiming_normal with fan_out, everything else the
// layer's default. In bottlenecks the 3x3 convolution has the stride.
//
// Source: He et al., "Deep Residual Learning for Image Recognition" (CVPR 2016).
type ResNet struct {
	// Depth is 18, 50 or 101, by default 18.
	Depth int
	// Width is the number of channels of the stem, by default 64; a small one
	// makes a small network of the same depth.
	Width int
	// Blocks, if given, replaces the numbers of blocks of the four stages.
	Blocks []int
	// Activation in the place of ReLU, if given.
	Activation string
}

// bottleneckExpansion is by how much a bottleneck's last convolution is wider.
const bottleneckExpansion = 4

// Logits implements [Architecture].
func (r ResNet) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	if r.Width == 0 {
		r.Width = 64
	}
	blocks, bottleneck, expansion := []int{2, 2, 2, 2}, false, 1
	switch r.Depth {
	case 0, 18:
	case 50:
		blocks, bottleneck = []int{3, 4, 6, 3}, true
	case 101:
		blocks, bottleneck = []int{3, 4, 23, 3}, true
	default:
		return b.Fail("a ResNet of depth %d. Try: 18, 50 or 101", r.Depth)
	}
	if bottleneck {
		expansion = bottleneckExpansion
	}
	if len(r.Blocks) > 0 {
		blocks = r.Blocks
	}
	if slices.Min(blocks) < 1 {
		return b.Fail("a ResNet with stages of %v blocks. Try: at least 1 in each", blocks)
	}
	x = r.conv(b, "conv1", x, r.Width, 3, 1)
	x = b.Activation(r.Activation, b.BatchNorm("bn1", x))
	for stage, n := range blocks {
		width := r.Width << stage
		for i := range n {
			stride := 1
			if stage > 0 && i == 0 {
				stride = 2
			}
			name := fmt.Sprintf("layer%d.%d.", stage+1, i)
			y := r.branch(b, name, x, width, stride, bottleneck)
			if stride > 1 || b.Dim(x, -1) != width*expansion {
				x = b.BatchNorm(name+"downsample.1", r.conv(b, name+"downsample.0", x, width*expansion, 1, stride))
			}
			x = b.Activation(r.Activation, autodiff.Add(x, y))
		}
	}
	return b.Linear("fc", b.GlobalAveragePool(x), outputs)
}

// branch is the block's path beside the identity.
func (r ResNet) branch(b *Builder, name string, x *autodiff.Value, width, stride int, bottleneck bool) *autodiff.Value {
	if !bottleneck {
		x = b.BatchNorm(name+"bn1", r.conv(b, name+"conv1", x, width, 3, stride))
		x = r.conv(b, name+"conv2", b.Activation(r.Activation, x), width, 3, 1)
		return b.BatchNorm(name+"bn2", x)
	}
	x = b.BatchNorm(name+"bn1", r.conv(b, name+"conv1", x, width, 1, 1))
	x = r.conv(b, name+"conv2", b.Activation(r.Activation, x), width, 3, stride)
	x = b.Activation(r.Activation, b.BatchNorm(name+"bn2", x))
	return b.BatchNorm(name+"bn3", r.conv(b, name+"conv3", x, width*bottleneckExpansion, 1, 1))
}

func (r ResNet) conv(b *Builder, name string, x *autodiff.Value, outputs, kernel, stride int) *autodiff.Value {
	return b.Conv(name, x, outputs, Convolution{
		Kernel: kernel, Stride: stride, Padding: kernel / 2, NoBias: true,
		Init: Init{Kind: KaimingNormal, Mode: FanOut},
	})
}
