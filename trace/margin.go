package trace

// The names of the margins, measured only where they are asked for: not all data can be
// separated.
const (
	marginQuantity = "margin"
	robustQuantity = "robust_margin"
)

// margins writes the normalised margins of a linear model, their shares of the largest
// ones and the cosines to the directions of those, in the l-infinity and the Euclidean
// norm. Source: arXiv 2406.10650.
func (in *instruments) margins(dst, theta []float64) {
	r := in.setup.Margins.Read(theta)
	copy(dst, []float64{r.Inf, r.Two, r.InfRatio, r.TwoRatio, r.InfCosine, r.TwoCosine})
}
