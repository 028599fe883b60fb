package reference

import "leeway/autodiff"

// matMul: c[i,j] = sum over k of a[i,k] b[k,j] in every matrix of a batch, where
// a side that is transposed is stored as a[k,i] or b[j,k].
func matMul(a, b array, transA, transB bool, shape autodiff.Shape) array {
	c := zeros(shape)
	rank := len(shape)
	m, n, inner := shape[rank-2], shape[rank-1], a.shape[rank-1]
	if transA {
		inner = a.shape[rank-2]
	}
	for batch := range shape[:rank-2].Size() {
		for i := range m {
			for j := range n {
				sum := 0.0
				for k := range inner {
					p, q := i*inner+k, k*n+j
					if transA {
						p = k*m + i
					}
					if transB {
						q = j*inner + k
					}
					sum += a.x[batch*m*inner+p] * b.x[batch*inner*n+q]
				}
				c.x[(batch*m+i)*n+j] = sum
			}
		}
	}
	return c
}

// eachProduct calls visit with the places in image, kernel and result of every
// product that a convolution sums: result[n,h,w,o] is the sum over kh, kw, c of
// image[n, h*stride+kh-pad, w*stride+kw-pad, c] kernel[kh,kw,c,o]. Padding is
// left out.
func eachProduct(image, kernel, result autodiff.Shape, w autodiff.Window, visit func(x, k, y int)) {
	each(result, func(r []int) {
		each(kernel[:3], func(k []int) {
			h, v := r[1]*w.StrideH+k[0]-w.PadTop, r[2]*w.StrideW+k[1]-w.PadLeft
			if h < 0 || h >= image[1] || v < 0 || v >= image[2] {
				return
			}
			visit(at(image, []int{r[0], h, v, k[2]}), at(kernel, []int{k[0], k[1], k[2], r[3]}), at(result, r))
		})
	})
}

func conv(x, w array, window autodiff.Window, shape autodiff.Shape) array {
	y := zeros(shape)
	eachProduct(x.shape, w.shape, shape, window, func(i, k, r int) { y.x[r] += x.x[i] * w.x[k] })
	return y
}

func convInputGrad(y, w array, window autodiff.Window, shape autodiff.Shape) array {
	x := zeros(shape)
	eachProduct(shape, w.shape, y.shape, window, func(i, k, r int) { x.x[i] += y.x[r] * w.x[k] })
	return x
}

func convWeightGrad(x, y array, window autodiff.Window, shape autodiff.Shape) array {
	w := zeros(shape)
	eachProduct(x.shape, shape, y.shape, window, func(i, k, r int) { w.x[k] += x.x[i] * y.x[r] })
	return w
}
