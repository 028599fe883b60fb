package nn

import (
	"math"
	"os"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"pgregory.net/rapid"

	"leeway/autodiff"
)

// Batches and pieces cut the examples without gap or overlap, and their sizes are
// as promised.
func TestCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "examples")
		s := Settings{PhysicalBatch: rapid.OneOf(rapid.IntRange(1, 100), rapid.Just(math.MaxInt)).Draw(t, "physical")}
		if rapid.Bool().Draw(t, "by size") {
			s.BatchSize = rapid.IntRange(0, n).Draw(t, "size")
		} else {
			s.Batches = rapid.IntRange(0, n).Draw(t, "batches")
		}
		edges, err := s.edges(n)
		if err != nil {
			t.Fatal(err)
		}
		if edges[0] != 0 || edges[len(edges)-1] != n {
			t.Fatalf("batches cover %v of %d", edges, n)
		}
		sizes := func(edges []int) (list []int) {
			for i := range len(edges) - 1 {
				list = append(list, edges[i+1]-edges[i])
			}
			return list
		}
		batches := sizes(edges)
		if s.BatchSize > 0 {
			for k, size := range batches {
				if last := k == len(batches)-1; size != s.BatchSize && !last || size > s.BatchSize || size < 1 {
					t.Fatalf("batch sizes %v", batches)
				}
			}
		} else if len(batches) != max(s.Batches, 1) || slices.Max(batches)-slices.Min(batches) > 1 {
			t.Fatalf("batch sizes %v", batches)
		}
		for k := range batches {
			cut := s.cut(edges[k], edges[k+1])
			parts := sizes(cut)
			fewest := int(math.Ceil(float64(batches[k]) / float64(s.PhysicalBatch)))
			most, equal := fewest, false
			for rows := 1; rows <= min(batches[k], s.PhysicalBatch); rows++ {
				if batches[k]%rows == 0 && float64(rows) >= 0.8*float64(s.PhysicalBatch) {
					most, equal = max(fewest, batches[k]/rows), true
				}
			}
			if cut[0] != edges[k] || cut[len(cut)-1] != edges[k+1] || len(parts) < fewest || len(parts) > most ||
				slices.Max(parts) > s.PhysicalBatch || slices.Max(parts)-slices.Min(parts) > 1 || equal && slices.Max(parts) != slices.Min(parts) {
				t.Fatalf("batch %d of %d: pieces %v", k, batches[k], parts)
			}
		}
	})
}

// The product is linear in its direction, and the full loss is the weighted mean of
// the batches, for any cut of the data.
func TestLinearityAndBatches(t *testing.T) {
	d := randomData(11, 3, 4)
	settings := func(batches, physical int) Settings {
		return Settings{Architecture: MLP{Hidden: []int{3}, Activation: Tanh}, DType: autodiff.Float64, Batches: batches, PhysicalBatch: physical}
	}
	full := must(New(d, settings(1, 0)))
	n := full.Dim()
	rapid.Check(t, func(t *rapid.T) {
		vector := rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n)
		theta, u, v := vector.Draw(t, "theta"), vector.Draw(t, "u"), vector.Draw(t, "v")
		o := must(New(d, settings(rapid.IntRange(1, 11).Draw(t, "batches"), rapid.IntRange(0, 11).Draw(t, "physical"))))
		a := rapid.Float64Range(-2, 2).Draw(t, "a")
		mixed, product := make([]float64, n), make([]float64, n)
		floats.AddScaledTo(mixed, u, a, v)
		sum, weights, total := make([]float64, n), 0., 0.
		g, hu, hv := make([]float64, n), make([]float64, n), make([]float64, n)
		for k := range o.Batches() {
			loss := must(o.Gradient(g, theta, k))
			weights, total = weights+o.Weight(k), total+o.Weight(k)*loss
			floats.AddScaled(sum, o.Weight(k), g)
			for dst, w := range map[*[]float64][]float64{&hu: u, &hv: v, &product: mixed} {
				if err := o.HVP(*dst, theta, w, k); err != nil {
					t.Fatal(err)
				}
			}
			floats.AddScaled(hu, a, hv)
			if gap := floats.Distance(hu, product, 2); gap > 1e-12*(1+floats.Norm(hu, 2)) {
				t.Fatalf("H(u + a v) is off by %g", gap)
			}
		}
		loss := must(full.Gradient(g, theta, 0))
		if math.Abs(weights-1) > 1e-14 || math.Abs(loss-total) > 1e-13*loss || floats.Distance(sum, g, 2) > 1e-13*(1+floats.Norm(g, 2)) {
			t.Fatalf("weights sum to %v, losses to %v, want 1 and %v; gradient off by %g", weights, total, loss, floats.Distance(sum, g, 2))
		}
	})
}

// Data sets have round sizes, and the pieces of a full batch of them one size, with
// the default physical batch of every architecture whose buffers are large.
func TestRoundDataMakesEqualPieces(t *testing.T) {
	for _, a := range []Architecture{MLP{}, CNN{}, ResNet{}} {
		s := Settings{PhysicalBatch: DefaultPhysicalBatch(a)}
		for _, n := range []int{2_000, 10_000, 50_000, 60_000} {
			edges := s.cut(0, n)
			for i := range len(edges) - 1 {
				if edges[i+1]-edges[i] != edges[1] {
					t.Errorf("%T: %d examples in pieces of %d and %d", a, n, edges[1], edges[i+1]-edges[i])
					break
				}
			}
		}
	}
}

// A window of text is labelled with what follows.
func TestText(t *testing.T) {
	d := Text([]int32{0, 1, 2, 3, 4, 5, 6}, 2, 9)
	if !slices.Equal(d.Tokens, []int32{0, 1, 2, 3, 4, 5}) || !slices.Equal(d.Y, []int{1, 2, 3, 4, 5, 6}) || d.Len() != 3 || d.Classes != 9 {
		t.Errorf("%+v", d)
	}
	if d := Text([]int32{0, 1, 2}, 0, 9); d.Len() != 0 {
		t.Errorf("windows of no tokens: %+v", d)
	}
	// Classes are counted where they are not given: over tokens and labels.
	o := must(New(Text([]int32{0, 1, 2, 3, 4, 5, 8}, 2, 0), Settings{Architecture: Transformer{Dim: 4, Depth: 1}}))
	if got := o.Parameters()[0].Shape[0]; got != 9 {
		t.Errorf("a vocabulary of %d, want 9", got)
	}
}

// The defaults keep what their comment promises on memory.
func TestDefaultPhysicalBatch(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("LEEWAY_SLOW is not set")
	}
	for _, a := range []Architecture{nil, MLP{}, CNN{}, ResNet{}, ResNet{Depth: 18}, ResNet{Depth: 50}, ResNet{Depth: 101}, SimpleViT{}} {
		rows := DefaultPhysicalBatch(a)
		o := must(New(randomData(rows, 10, 32, 32, 3), Settings{Architecture: a}))
		if len(o.pieces[0]) != 1 {
			t.Errorf("%T: %d examples are not one piece", a, rows)
		}
		bytes := must(o.plan(kindBoth, rows)).prototype.Stats().PeakBytes
		t.Logf("%+v: %d examples, %d MB", a, rows, bytes>>20)
		if bytes > 6<<30 {
			t.Errorf("%T: %d examples take %d bytes", a, rows, bytes)
		}
	}
}
