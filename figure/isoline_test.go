package figure

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// area is the signed area of loops by the shoelace formula.
func area(loops [][]gridPoint) float64 {
	sum := 0.0
	for _, loop := range loops {
		for i, p := range loop {
			q := loop[(i+1)%len(loop)]
			sum += (p.x*q.y - q.x*p.y) / 2
		}
	}
	return sum
}

// winding counts how often loops go around a point, counterclockwise.
func winding(loops [][]gridPoint, x, y float64) int {
	n := 0
	for _, loop := range loops {
		for i, p := range loop {
			q := loop[(i+1)%len(loop)]
			side := (q.x-p.x)*(y-p.y) - (x-p.x)*(q.y-p.y)
			if p.y <= y && q.y > y && side > 0 {
				n++
			}
			if p.y > y && q.y <= y && side < 0 {
				n--
			}
		}
	}
	return n
}

// The truth is the area of a ring between two circles, in closed form, holes
// included: {1 <= r <= 2} has area 3 pi.
func TestRegionAreaOfARing(t *testing.T) {
	const n = 201
	z := make([][]float64, n)
	for j := range z {
		z[j] = make([]float64, n)
		for i := range z[j] {
			x, y := -3+6*float64(i)/(n-1), -3+6*float64(j)/(n-1)
			z[j][i] = 0.5 - math.Abs(math.Hypot(x, y)-1.5)
		}
	}
	loops := region(z, 0)
	if len(loops) != 2 {
		t.Fatalf("%d loops, want an outer and an inner one", len(loops))
	}
	cell := 6.0 / (n - 1)
	if got := area(loops) * cell * cell; math.Abs(got-3*math.Pi) > 0.01 {
		t.Errorf("area %.4f, want %.4f", got, 3*math.Pi)
	}
}

// The truth is the definition, node by node: loops go once around every inner
// node of the region and not around any other, on grids full of saddles, gaps
// and infinities.
func TestRegionHoldsExactlyItsNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, rows := rapid.IntRange(2, 7).Draw(t, "columns"), rapid.IntRange(2, 7).Draw(t, "rows")
		z := make([][]float64, rows)
		value := rapid.OneOf(rapid.Float64Range(-1, 1), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), -1e308, 1e308}))
		for j := range z {
			z[j] = rapid.SliceOfN(value, columns, columns).Draw(t, "row")
		}
		const level = 0.1234567
		loops := region(z, level)
		for j := 1; j < rows-1; j++ {
			for i := 1; i < columns-1; i++ {
				want := 0
				if z[j][i] >= level {
					want = 1
				}
				if !math.IsInf(z[j][i], 0) && math.Abs(z[j][i]-level) < 1e-6 || beside(z, i, j) {
					continue // the line runs through the node itself
				}
				if got := winding(loops, float64(i), float64(j)); got != want {
					t.Fatalf("node (%d, %d) of value %g: winding %d, want %d", i, j, z[j][i], got, want)
				}
			}
		}
	})
}

// beside says whether a neighbour of a node is infinite, NaN or huge: then the
// crossing may lie on the node.
func beside(z [][]float64, i, j int) bool {
	for dj := -1; dj <= 1; dj++ {
		for di := -1; di <= 1; di++ {
			if v := z[j+dj][i+di]; !(math.Abs(v) < 1e6) {
				return true
			}
		}
	}
	return false
}

func TestRegionIsDeterministic(t *testing.T) {
	z := [][]float64{{1, 0, 1}, {0, 1, 0}, {1, 0, 1}} // saddles everywhere
	first := region(z, 0.6)
	for range 20 {
		again := region(z, 0.6)
		if len(again) != len(first) {
			t.Fatal("another number of loops")
		}
		for k := range first {
			for i := range first[k] {
				if first[k][i] != again[k][i] {
					t.Fatal("another order of points")
				}
			}
		}
	}
	if joined := region(z, 0.4); len(joined) >= len(first) {
		t.Errorf("below the mean of the corners %d regions, above it %d: saddles are not decided by it", len(joined), len(first))
	}
}

func TestLevels(t *testing.T) {
	got := Levels([][]float64{{0, 10_000}, {math.Inf(1), math.NaN()}}, 4)
	for k, want := range []float64{1, 10, 100, 1000} {
		if math.Abs(got[k]-want) > 1e-9*want {
			t.Errorf("level %d is %g, want %g", k, got[k], want)
		}
	}
	if Levels([][]float64{{2, 2}, {2, 2}}, 4) != nil || Levels(nil, 4) != nil {
		t.Error("levels of a plain")
	}
}
