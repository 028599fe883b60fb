package objective

import "math"

// Accuracy is the share of rows with y f(x) > 0. The classes in y are 0 and 1;
// a prediction of exactly 0 or NaN counts as wrong.
func (l *Linear) Accuracy(theta, x []float64, y []int) (float64, error) {
	return l.RobustAccuracy(theta, x, y, 0)
}

// RobustAccuracy is the share of rows that no attack of the model's kind
// (LInf unless set otherwise) within the given radius can misclassify,
// y f(x) - radius ||w||_q > 0. For a linear model this is exact.
func (l *Linear) RobustAccuracy(theta, x []float64, y []int, radius float64) (float64, error) {
	n, err := checkRows(l.name, x, y, l.d, 2)
	if err != nil {
		return 0, err
	}
	if err := ask(l.name, l.Dim(), 1, 0, theta); err != nil {
		return 0, err
	}
	strength, err := newAttack(l.attack.kind, radius, 0)
	if err != nil {
		return 0, err
	}
	w, b := l.split(theta)
	cost, right := strength.cost(w), 0
	f := make([]float64, n)
	times(f, x, w, l.d, b)
	for i, c := range y {
		if float64(2*c-1)*f[i]-cost > 0 {
			right++
		}
	}
	return float64(right) / float64(n), nil
}

// Margins writes the margin y f(x) - r ||w||_q of every training row into dst,
// whose length is the number of rows, and returns the smallest, NaN if any is.
// Divided by a norm of w it is the normalised margin. For least squares it
// writes the predictions.
func (l *Linear) Margins(dst, theta []float64) (smallest float64, err error) {
	if err := ask(l.name, l.Dim(), 1, 0, theta); err != nil {
		return 0, err
	}
	if err := ask(l.name+" margins", l.n, 1, 0, dst); err != nil {
		return 0, err
	}
	w, b := l.split(theta)
	times(dst, l.x, w, l.d, b)
	cost := l.attack.cost(w)
	smallest = math.Inf(1)
	for i := range dst {
		dst[i] = l.sign[i]*dst[i] - cost
		smallest = min(smallest, dst[i])
	}
	return smallest, nil
}
