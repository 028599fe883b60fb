package curvature

import (
	"fmt"
	"math"
)

// Defaults for the zero fields of [LanczosSettings].
const (
	DefaultTolerance   = 1e-6
	DefaultMaxProducts = 300
	// DefaultBasis is the number of vectors beyond two for each eigenvalue
	// that is asked for.
	DefaultBasis = 40
)

// LanczosSettings control [Lanczos] and a [Tracker]. The zero value asks for
// the largest eigenvalue.
type LanczosSettings struct {
	// Top and Bottom are the numbers of largest and smallest (most negative)
	// eigenvalues. Both zero means Top 1.
	Top, Bottom int
	// Tolerance is what a residual |A x - lambda x|_2 must come down to,
	// relative to the largest modulus of a Ritz value, which stands for |A|.
	// The error of a separate eigenvalue is far smaller: the square of its
	// residual, divided by its distance to the rest. Zero means
	// DefaultTolerance. Products computed in float32 allow about 1e-5; below
	// 1e-13, which is rounding in float64, is an error.
	Tolerance float64
	// MaxProducts limits the products; zero means DefaultMaxProducts.
	MaxProducts int
	// Basis limits the vectors that are multiplied and kept in memory, 8 n bytes
	// each; Block more are kept. When it is full, the best part of it is kept
	// and the search goes on from there (thick restart), so a small basis costs
	// products and no accuracy. At least Top + Bottom + 4, unless n is smaller;
	// zero means DefaultBasis + 2 (Top + Bottom).
	Basis int
	// Block is the number of starting vectors. An eigenvalue is found as often
	// as its multiplicity, but surely only up to Block times: beyond that, copies
	// come late, from rounding, or not at all. More than one costs more products
	// in other cases. Zero means 1.
	Block int
	// Seed makes the random starting vectors.
	Seed uint64
	// Start holds vectors close to the eigenvectors, such as those of an
	// earlier result. The first starting vector is then the sum of them, each
	// scaled to norm 1, and a random vector of norm 1/10, because a start
	// without a random part would miss what is orthogonal to it.
	Start [][]float64
}

// resolved returns settings with defaults filled in, checked for dimension n. A
// nil receiver means the zero value.
func (s *LanczosSettings) resolved(n int) (LanczosSettings, error) {
	var r LanczosSettings
	if s != nil {
		r = *s
	}
	if n < 1 {
		return r, errNoDimension
	}
	bad := func(name string, value any, want string) (LanczosSettings, error) {
		return r, badSetting("LanczosSettings", name, value, want)
	}
	for _, f := range []struct {
		name  string
		value int
		most  int
	}{
		{"Top", r.Top, n}, {"Bottom", r.Bottom, n}, {"MaxProducts", r.MaxProducts, math.MaxInt},
		{"Basis", r.Basis, math.MaxInt}, {"Block", r.Block, n},
	} {
		if f.value < 0 {
			return bad(f.name, f.value, "a value that is not negative, or 0 for the default")
		}
		if f.value > f.most {
			return bad(f.name, f.value, fmt.Sprintf("at most %d, the dimension", n))
		}
	}
	if !(r.Tolerance == 0 || r.Tolerance >= 1e-13) || math.IsInf(r.Tolerance, 1) {
		return bad("Tolerance", r.Tolerance, "a finite value of at least 1e-13, or 0 for the default")
	}
	if r.Top == 0 && r.Bottom == 0 {
		r.Top = 1
	}
	setDefault(&r.Tolerance, DefaultTolerance)
	setDefault(&r.MaxProducts, DefaultMaxProducts)
	setDefault(&r.Basis, DefaultBasis+2*(r.Top+r.Bottom))
	setDefault(&r.Block, 1)
	r.Basis = min(r.Basis, n)
	if least := min(n, r.wanted()+4); r.Basis < least {
		return bad("Basis", r.Basis, fmt.Sprintf("at least %d for %d eigenvalues", least, r.wanted()))
	}
	if least := min(n, r.wanted()); r.MaxProducts < least {
		return bad("MaxProducts", r.MaxProducts, fmt.Sprintf("at least %d, one for each eigenvalue", least))
	}
	for i, v := range r.Start {
		if len(v) != n {
			return bad(fmt.Sprintf("Start[%d]", i), fmt.Sprintf("of length %d", len(v)), fmt.Sprintf("length %d", n))
		}
		for j, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return bad(fmt.Sprintf("Start[%d][%d]", i, j), x, "finite vectors")
			}
		}
	}
	return r, nil
}

// wanted is the number of eigenvalues that are asked for.
func (s *LanczosSettings) wanted() int { return s.Top + s.Bottom }
