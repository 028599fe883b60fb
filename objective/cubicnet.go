package objective

// CubicNet is one sample seen by a two-layer network with a cubic activation:
//
//	f(a, b) = b (a x)^3,  E = (f - y)^2,  x = 2, y = 3/2,
//
// without a factor 1/2. Five Adam steps on it are a golden test of the
// conventions for epsilon and bias correction. The zero value is ready for use.
//
// Source: the unit test of the code of Cattaneo, Klusowski and Shigida, "On
// the Implicit Bias of Adam" (ICML 2024).
type CubicNet struct{}

const cubicX, cubicY = 2, 1.5

var (
	_ TwiceDifferentiable = CubicNet{}
	_ Cloner              = CubicNet{}
	_ Starter             = CubicNet{}
)

// Dim is 2: the weights a and b.
func (CubicNet) Dim() int { return 2 }

// Batches is 1.
func (CubicNet) Batches() int { return 1 }

// Start is the starting point (6.8, 6.73) of the golden test.
func (CubicNet) Start() []float64 { return []float64{6.8, 6.73} }

// Gradient writes 2 (f - y) (3 b (a x)^2 x, (a x)^3).
func (CubicNet) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("cubic net", 2, 1, k, dst, theta); err != nil {
		return 0, err
	}
	u, b := theta[0]*cubicX, theta[1]
	r := b*u*u*u - cubicY
	dst[0], dst[1] = 2*r*3*b*u*u*cubicX, 2*r*u*u*u
	return r * r, nil
}

// HVP multiplies with the Hessian 2 (grad f grad f^T + (f - y) Hess f).
func (CubicNet) HVP(dst, theta, v []float64, k int) error {
	if err := ask("cubic net", 2, 1, k, dst, theta, v); err != nil {
		return err
	}
	u, b := theta[0]*cubicX, theta[1]
	r := b*u*u*u - cubicY
	fa, fb := 3*b*u*u*cubicX, u*u*u
	faa, fab := 6*b*u*cubicX*cubicX, 3*u*u*cubicX // f_bb = 0
	along := fa*v[0] + fb*v[1]
	dst[0] = 2 * (fa*along + r*(faa*v[0]+fab*v[1]))
	dst[1] = 2 * (fb*along + r*fab*v[0])
	return nil
}

// Clone returns the objective itself, which has no scratch memory.
func (c CubicNet) Clone() TwiceDifferentiable { return c }
