package objective

// Bilinear is the two-parameter regression of the loss landscape figures,
//
//	E(t1, t2) = 1/2 (3/2 - 2 t1 t2)^2,
//
// a one-sample linear network with one hidden unit. Its minima fill the
// hyperbola t1 t2 = 3/4, so an optimizer's implicit bias shows in where on the
// hyperbola it ends. The zero value is ready for use.
//
// Source: Barrett and Dherin, "Implicit Gradient Regularization" (ICLR 2021);
// used for Adam by Cattaneo, Klusowski and Shigida, "On the Implicit Bias of
// Adam" (ICML 2024).
type Bilinear struct{}

var (
	_ TwiceDifferentiable = Bilinear{}
	_ Cloner              = Bilinear{}
	_ Starter             = Bilinear{}
)

// Dim is 2.
func (Bilinear) Dim() int { return 2 }

// Batches is 1.
func (Bilinear) Batches() int { return 1 }

// Start is the published starting point (2.8, 3.5).
func (Bilinear) Start() []float64 { return []float64{2.8, 3.5} }

// Minimum returns one minimiser and its loss 0: of all the points with
// t1 t2 = 3/4 the one where the gradient's one-norm on nearby level sets is
// smallest, t1 = t2 = sqrt(3)/2.
func (Bilinear) Minimum() (theta []float64, loss float64) {
	const half = 0.8660254037844386 // sqrt(3)/2
	return []float64{half, half}, 0
}

// Residual is r = 2 t1 t2 - 3/2, zero on the minima; the loss is r^2/2 and the
// gradient 2 r (t2, t1).
func (Bilinear) Residual(theta []float64) float64 { return 2*theta[0]*theta[1] - 1.5 }

// Gradient writes 2 r (t2, t1).
func (b Bilinear) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("bilinear", 2, 1, k, dst, theta); err != nil {
		return 0, err
	}
	r := b.Residual(theta)
	dst[0], dst[1] = 2*r*theta[1], 2*r*theta[0]
	return r * r / 2, nil
}

// HVP multiplies with the Hessian [[4 t2^2, c], [c, 4 t1^2]], c = 4 t1 t2 + 2 r.
func (b Bilinear) HVP(dst, theta, v []float64, k int) error {
	if err := ask("bilinear", 2, 1, k, dst, theta, v); err != nil {
		return err
	}
	t1, t2 := theta[0], theta[1]
	cross := 4*t1*t2 + 2*b.Residual(theta)
	dst[0], dst[1] = 4*t2*t2*v[0]+cross*v[1], cross*v[0]+4*t1*t1*v[1]
	return nil
}

// Clone returns the objective itself, which has no scratch memory.
func (b Bilinear) Clone() TwiceDifferentiable { return b }
