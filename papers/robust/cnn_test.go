package robust

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"leeway/data"
	"leeway/nn"
	"leeway/papers"
)

// bars are images with a bright row in the place of their class.
func bars(rows int, seed uint64) nn.Data {
	random := rand.New(rand.NewPCG(seed, 1))
	d := nn.Data{Shape: []int{8, 8, 1}, Classes: 3}
	for i := range rows {
		d.Y = append(d.Y, i%3)
		for p := range 64 {
			v := 0.3 * random.Float64()
			if p/8 == 2*(i%3)+1 {
				v += 0.6
			}
			d.X = append(d.X, v)
		}
	}
	return d
}

// Truth: the classes are told apart by rows of pixels that differ by 0.6, so attacks of
// 0.05 can be withstood and those of 0.5 cannot; the same seed gives the same bits, and
// the number of parameters is counted by hand.
func TestCNN(t *testing.T) {
	s := cnnSettings{network: convolutional{[2]int{4, 6}, 16}, epochs: 250, rates: map[Method]float64{GD: 0.3, SignGD: 3e-3}}
	train, test := bars(12, 1), bars(30, 2)
	net, err := nn.New(train, nn.Settings{Architecture: s.network})
	if err != nil {
		t.Fatal(err)
	}
	if want := (25+1)*4 + (25*4+1)*6 + (2*2*6+1)*16 + (16+1)*3; net.Dim() != want {
		t.Errorf("%d parameters, want %d", net.Dim(), want)
	}
	for _, method := range []Method{GD, SignGD} {
		weak, err := s.follow(t.Context(), train, test, method, 0.05, 1)
		if err != nil {
			t.Fatal(err)
		}
		strong, err := s.follow(t.Context(), train, test, method, 0.5, 1)
		if err != nil {
			t.Fatal(err)
		}
		if weak.train < 0.9 || weak.test < 0.9 || strong.test > 0.6 || strong.loss < weak.loss {
			t.Errorf("%s: %+v against weak attacks, %+v against strong ones", method, weak, strong)
		}
		if again, err := s.follow(t.Context(), train, test, method, 0.05, 1); err != nil || *again != *weak {
			t.Errorf("%s: %+v again, %+v before (%v)", method, again, weak, err)
		}
	}
	s.rates = map[Method]float64{GD: 1e30}
	if _, err := s.follow(t.Context(), train, test, GD, 0, 1); err == nil || !strings.Contains(err.Error(), "Try: ") {
		t.Errorf("error %v of a run that diverges", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.follow(ctx, train, test, GD, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of an ended context", err)
	}
}

// Truth: means of squares, by hand.
func TestGrey(t *testing.T) {
	set := (&data.Set{X: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8}, Y: []int{1}, N: 1, D: 9, Classes: 2}).Samples()
	set.Shape = []int{3, 3, 1}
	raw, err := data.NewNormalizer(set, data.Raw)
	if err != nil {
		t.Fatal(err)
	}
	if d := grey(set, raw, 0, 2); len(d.X) != 1 || d.X[0] != 2 || d.Shape[0] != 1 || d.Y[0] != 1 {
		t.Errorf("%+v, want the mean 2 of 0, 1, 3 and 4", d)
	}
	if d := grey(set, raw, 5, 1); len(d.X) != 9 || d.X[7] != 7 {
		t.Errorf("%+v, want the image itself", d)
	}
}

// Truth: accuracies that are made up, whose differences are known.
func TestContest(t *testing.T) {
	run := func(seed int, method Method, eps float64) (*netOutcome, error) {
		o := &netOutcome{train: 1, test: 0.9 - eps - 0.01*float64(seed)}
		if method == SignGD {
			o.test -= 2*eps + 0.1 + 0.002*float64(seed)*eps
		}
		return o, nil
	}
	f, err := contest(&papers.Lab{}, []float64{0, 0.1, 0.2}, 3, 2, "networks", run)
	if err != nil {
		t.Fatal(err)
	}
	if want := 0.4 + 0.2*0.002; math.Abs(f.Value-want) > 1e-12 || f.N != 3 || len(f.Table.Rows) != 6 {
		t.Errorf("%+v, want %v", f, want)
	}
	if len(f.Figures) != 1 || !strings.Contains(f.Figures[0].Caption, "paper’s robust objective") {
		t.Error("the figure does not say which objective")
	}
	if f.Notes != nil {
		t.Errorf("notes %q where all is fitted", f.Notes)
	}
	if f, err := contest(&papers.Lab{}, []float64{0, 0.1}, 2, 1, "", func(_ int, m Method, _ float64) (*netOutcome, error) {
		return &netOutcome{train: map[Method]float64{GD: 0.9, SignGD: 0.7}[m]}, nil
	}); err != nil || len(f.Notes) != 1 || !strings.Contains(f.Notes[0], "0.90 and sign descent of 0.70") {
		t.Errorf("notes %+v, error %v where little is fitted", f, err)
	}
	broken := errors.New("broken")
	if _, err := contest(&papers.Lab{}, []float64{0}, 1, 1, "", func(int, Method, float64) (*netOutcome, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	for _, scale := range []papers.Scale{papers.Quick, papers.Full} {
		if c := cnn(scale); !strings.Contains(c.How, "all classes") {
			t.Errorf("%+v", c)
		}
	}
}
