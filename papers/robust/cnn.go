package robust

import (
	"context"
	"fmt"
	"math"

	"leeway/autodiff"
	"leeway/data"
	"leeway/nn"
	"leeway/papers"
)

// convolutional is the paper's convolutional network: two 5x5 "same" convolutions, each
// with ReLU and a 2x2 maximum, then a dense layer with ReLU and the output layer.
type convolutional struct {
	channels [2]int
	dense    int
}

// Logits implements [nn.Architecture].
func (c convolutional) Logits(b *nn.Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	for i, channels := range c.channels {
		x = b.Conv(fmt.Sprintf("conv%d", i+1), x, channels, nn.Convolution{Kernel: 5, Padding: 2})
		x = b.MaxPool(b.Activation(nn.ReLU, x), 2)
	}
	x = b.Activation(nn.ReLU, b.Linear("fc1", b.Flatten(x), c.dense))
	return b.Linear("fc2", x, outputs)
}

// cnnSettings of a scale. The paper's rates are not known; both fall to zero in a
// straight line, without which sign descent comes to no rest.
type cnnSettings struct {
	set                         string
	network                     convolutional
	shrink, train, test, epochs int
	rates                       map[Method]float64
	radii                       []float64
	seeds                       int
}

func cnnOf(scale papers.Scale) cnnSettings {
	if scale == papers.Full {
		return cnnSettings{"mnist", convolutional{[2]int{32, 64}, 1024}, 1, 1000, 0, 1000,
			map[Method]float64{GD: 0.1, SignGD: 1e-4}, []float64{0, 0.1, 0.2, 0.3}, 3}
	}
	return cnnSettings{"fashion-mnist", convolutional{[2]int{4, 8}, 32}, 2, 100, 500, 700,
		map[Method]float64{GD: 0.2, SignGD: 1e-3}, []float64{0, 0.025, 0.05}, 5}
}

// cnn is the claim of Figure 3, right.
func cnn(scale papers.Scale) papers.Claim {
	s := cnnOf(scale)
	size := 28 / s.shrink
	return papers.Claim{
		ID: "cnn", Place: "Figure 3", Provenance: papers.Stated,
		Says:     "In a convolutional network on all classes, too, gradient descent withstands attacks better than sign descent, by more the larger the radius.",
		Quantity: fmt.Sprintf("robust test accuracy, gradient descent’s less sign descent’s, at the radius %g less that without an attack", s.radii[len(s.radii)-1]),
		How: fmt.Sprintf("Two 5x5 convolutions with %d and %d channels, ReLU and 2x2 maxima, a dense layer of %d, on %d images of %dx%d of all classes of %s, cross-entropy, attacks by 10 projected steps of radius/5 in training and testing, rates %g (gradient) and %g (sign) that fall to 0 in a straight line (those of the paper are not known), %d epochs in full batch; other images and weights with each of %d seeds, Student’s 95 %% interval.",
			s.network.channels[0], s.network.channels[1], s.network.dense, s.train, size, size, s.set, s.rates[GD], s.rates[SignGD], s.epochs, s.seeds),
		Expected: papers.Positive("above 0"),
		Measure:  s.measure,
	}
}

func (s cnnSettings) measure(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
	train, test, err := data.LoadSamples(s.set, data.Settings{Train: data.All, Test: data.All})
	if err != nil {
		return nil, err
	}
	unit, err := data.NewNormalizer(train, data.Unit)
	if err != nil {
		return nil, err
	}
	judge, own := grey(test, unit, s.test, s.shrink), make([]nn.Data, s.seeds)
	for seed := range own {
		own[seed] = grey(train.Shuffled(uint64(seed)), unit, s.train, s.shrink)
	}
	return contest(lab, s.radii, s.seeds, lab.Threads, "convolutional networks", func(seed int, method Method, eps float64) (*netOutcome, error) {
		return s.follow(ctx, own[seed], judge, method, eps, uint64(seed))
	})
}

// follow trains a network, attacked at every step, and judges it under the same attack.
func (s cnnSettings) follow(ctx context.Context, train, test nn.Data, method Method, eps float64, seed uint64) (*netOutcome, error) {
	net, err := nn.New(train, nn.Settings{Architecture: s.network, DType: autodiff.Float32, Threads: 1, Seed: seed})
	if err != nil {
		return nil, err
	}
	attack := nn.PGD{Radius: eps, High: 1}
	robust, err := net.Against(attack)
	if err != nil {
		return nil, err
	}
	judge, err := net.On(test, attack)
	if err != nil {
		return nil, err
	}
	theta, g, rate := net.Start(), make([]float64, net.Dim()), s.rates[method]
	for epoch := range s.epochs {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		loss, err := robust.Gradient(g, theta, 0)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return nil, fmt.Errorf("robust: the convolutional network’s loss is %v at epoch %d. Try: a smaller rate than %g", loss, epoch, rate)
		}
		h := rate * (1 - float64(epoch)/float64(s.epochs))
		for j, v := range g {
			switch {
			case method != SignGD:
				theta[j] -= h * v
			case v != 0:
				theta[j] -= math.Copysign(h, v)
			}
		}
	}
	o := &netOutcome{}
	if o.loss, o.train, err = robust.Measure(theta); err != nil {
		return nil, err
	}
	_, o.test, err = judge.Measure(theta)
	return o, err
}

// grey are the first images of a set as a network takes them, all for 0, with one
// channel; of squares of shrink x shrink pixels the mean.
func grey(s *data.Samples, unit data.Normalizer, rows, shrink int) nn.Data {
	if rows == 0 || rows > s.N {
		rows = s.N
	}
	h, w := s.Shape[0]/shrink, s.Shape[1]/shrink
	d := nn.Data{X: make([]float64, rows*h*w), Y: s.Y[:rows], Shape: []int{h, w, 1}, Classes: s.Classes}
	buffer := make([]float64, s.D)
	for i := range rows {
		unit.Apply(buffer, s.Row(buffer, i))
		for y := range h * shrink {
			for x := range w * shrink {
				d.X[(i*h+y/shrink)*w+x/shrink] += buffer[y*s.Shape[1]+x] / float64(shrink*shrink)
			}
		}
	}
	return d
}
