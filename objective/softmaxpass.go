package objective

import "math"

// forward keeps the probabilities of the rows of batch k and its loss.
func (o *Softmax) forward(theta []float64, k int) {
	lo, hi := o.edges[k], o.edges[k+1]
	loss := 0.0
	for i := lo; i < hi; i += tile {
		m := min(tile, hi-i)
		z := o.prob[i*o.classes:][:m*o.classes]
		o.scores(z, o.x[i*o.d:(i+m)*o.d], theta, m)
		loss += o.normalise(z, o.miss[i:i+m], o.y[i:i+m])
	}
	o.value[k] = loss / float64(hi-lo)
}

// normalise turns the scores z of a tile into probabilities, writes 1 - p_y of
// each row into miss, and returns the sum of the rows' losses. The largest
// score of a row is taken out before exponentiating, so nothing overflows; a
// row whose class has the largest score loses log1p of the other terms, which
// keeps full relative accuracy however small it is.
func (o *Softmax) normalise(z, miss []float64, y []int) (loss float64) {
	m := len(y)
	peak := o.shift[:m]
	copy(peak, z)
	for c := 1; c < o.classes; c++ {
		for j, s := range z[c*m:][:m] {
			if s > peak[j] {
				peak[j] = s
			}
		}
	}
	for j, c := range y {
		peak[j], miss[j] = peak[j]-z[c*m+j], peak[j] // lag of class y, peak
	}
	for c := range o.classes {
		zc := z[c*m:][:m]
		for j, p := range miss {
			zc[j] = math.Exp(zc[j] - p)
		}
	}
	lag, rest := peak, miss
	clear(rest)
	for c := range o.classes {
		zc := z[c*m:][:m]
		for j, e := range zc {
			if y[j] != c {
				rest[j] += e
			}
		}
	}
	for j, c := range y {
		own := z[c*m+j]
		total := rest[j] + own
		if lag[j] == 0 {
			loss += math.Log1p(rest[j])
		} else {
			loss += math.Log(total) + lag[j]
		}
		lag[j] = 1 / total
		miss[j] *= lag[j]
	}
	for c := range o.classes {
		zc := z[c*m:][:m]
		for j, t := range lag {
			zc[j] *= t
		}
	}
	return loss
}

// scores writes the scores of m rows x under the parameters theta, C x m.
func (o *Softmax) scores(z, x, theta []float64, m int) {
	for c := range o.classes {
		times(z[c*m:][:m], x, theta[c*o.d:][:o.d], o.d, o.interceptOf(theta, c))
	}
}

// backward adds residual (C x m) times the m rows from row i on to dst.
func (o *Softmax) backward(dst, residual []float64, i, m int) {
	for c := range o.classes {
		r := residual[c*m:][:m]
		addTransposed(dst[c*o.d:][:o.d], o.x[i*o.d:(i+m)*o.d], r, o.d)
		if o.intercept {
			dst[o.classes*o.d+c] += sum(r)
		}
	}
}
