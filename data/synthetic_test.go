package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The truth is the distribution's moments and the law of large numbers: with
// n values the mean of a power is off by a few of its deviations over sqrt n.
func TestGaussian(t *testing.T) {
	s, err := Gaussian(2000, 50, 4, 7)
	if err != nil {
		t.Fatal(err)
	}
	if s.N != 2000 || s.D != 50 || s.Classes != 4 || len(s.X) != 100000 || len(s.Y) != 2000 {
		t.Fatalf("%d x %d, %d classes", s.N, s.D, s.Classes)
	}
	// E x^k and the variance E x^2k - (E x^k)^2 of a standard normal x.
	for power, want := range map[int][2]float64{1: {0, 1}, 2: {1, 2}, 3: {0, 15}, 4: {3, 96}} {
		mean := 0.0
		for _, x := range s.X {
			mean += math.Pow(x, float64(power)) / 1e5
		}
		if math.Abs(mean-want[0]) > 5*math.Sqrt(want[1]/1e5) {
			t.Errorf("mean of x^%d is %v, want %v", power, mean, want[0])
		}
	}
	// Neighbours are independent: their product has mean 0 and variance 1.
	product := 0.0
	for i := range len(s.X) - 1 {
		product += s.X[i] * s.X[i+1] / 1e5
	}
	if math.Abs(product) > 5/math.Sqrt(1e5) {
		t.Errorf("neighbours are correlated: %v", product)
	}
	for c, n := range s.Counts() { // binomial, 2000 and 1/4
		if math.Abs(float64(n)-500) > 5*math.Sqrt(2000*0.25*0.75) {
			t.Errorf("class %d has %d rows of 2000", c, n)
		}
	}
	again, _ := Gaussian(2000, 50, 4, 7)
	other, _ := Gaussian(2000, 50, 4, 8)
	if !cmp.Equal(s, again) || slices.Equal(s.X, other.X) || slices.Equal(s.Y, other.Y) {
		t.Error("the seed does not decide the values")
	}
}

// The truth is the law that Markov's comment gives: which token follows which,
// and how often, is counted here from the text alone.
func TestMarkov(t *testing.T) {
	const vocab, rows, length = 5, 2000, 50
	s, err := Markov(rows, length, vocab, 3)
	if err != nil {
		t.Fatal(err)
	}
	if s.N != rows || s.Length != length || s.Vocab != vocab || len(s.X) != rows*length || len(s.Y) != rows*length {
		t.Fatalf("%d sequences of %d", s.N, s.Length)
	}
	var counts [vocab][vocab]float64
	var first [vocab]float64
	for i, token := range s.X {
		counts[token][s.Y[i]]++
		if i%length == 0 {
			first[token]++
		} else if s.Y[i-1] != int(token) {
			t.Fatalf("token %d follows %d, but Y says %d", token, s.X[i-1], s.Y[i-1])
		}
	}
	harmonic := 1 + 1.0/2 + 1.0/3 + 1.0/4 + 1.0/5
	for token, row := range counts {
		total := 0.0
		for _, n := range row {
			total += n
		}
		sorted := slices.Sorted(slices.Values(row[:]))
		slices.Reverse(sorted)
		for r, n := range sorted {
			p := 1 / float64(r+1) / harmonic
			if math.Abs(n-p*total) > 5*math.Sqrt(p*(1-p)*total) {
				t.Errorf("after %d, rank %d: %v of %v, want a share of %.3f", token, r+1, n, total, p)
			}
		}
		if n := first[token]; math.Abs(n-rows/vocab) > 5*math.Sqrt(rows*0.2*0.8) {
			t.Errorf("%v sequences begin with %d, want about %d", n, token, rows/vocab)
		}
	}
	// The rankings differ between tokens: the text is not one of independent tokens.
	favourites := map[int]bool{}
	for _, row := range counts {
		favourites[slices.Index(row[:], slices.Max(row[:]))] = true
	}
	if len(favourites) < 2 {
		t.Error("after every token the same one is the most frequent")
	}
	again, _ := Markov(rows, length, vocab, 3)
	other, _ := Markov(rows, length, vocab, 4)
	if !cmp.Equal(s, again) || slices.Equal(s.X, other.X) {
		t.Error("the seed does not decide the text")
	}

	train, test, err := s.Split(1500, 400)
	if err != nil {
		t.Fatal(err)
	}
	if train.N != 1500 || test.N != 400 || len(test.X) != 400*length || test.X[0] != s.X[1500*length] || test.Y[7] != s.Y[1500*length+7] {
		t.Errorf("%d and %d sequences", train.N, test.N)
	}
	for _, c := range [][2]int{{0, 1}, {1, -1}, {2001, 0}, {1999, 2}, {math.MaxInt, math.MaxInt}} {
		if _, _, err := s.Split(c[0], c[1]); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("split %v: error %v", c, err)
		}
	}
}

func TestSyntheticSetsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		want string
		make func() error
	}{
		{"0 rows of 3 features. Try: at least 1", func() error { _, err := Gaussian(0, 3, 2, 0); return err }},
		{"3 rows of 0 features", func() error { _, err := Gaussian(3, 0, 2, 0); return err }},
		{"1 classes. Try: at least 2", func() error { _, err := Gaussian(3, 3, 1, 0); return err }},
		{"Try: fewer rows", func() error { _, err := Gaussian(math.MaxInt, math.MaxInt, 2, 0); return err }},
		{"0 sequences", func() error { _, err := Markov(0, 3, 2, 0); return err }},
		{"of 0 tokens", func() error { _, err := Markov(3, 0, 2, 0); return err }},
		{"a vocabulary of 1", func() error { _, err := Markov(3, 3, 1, 0); return err }},
		{"Try: fewer", func() error { _, err := Markov(math.MaxInt, 2, 2, 0); return err }},
		{"Try: fewer", func() error { _, err := Markov(2, 2, math.MaxInt, 0); return err }},
	} {
		if err := c.make(); err == nil || !strings.HasPrefix(err.Error(), "data: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
