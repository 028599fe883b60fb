package gemm

// portableKernels are the micro-kernels in Go. Their tile of 4 by 4 numbers is
// what the compiler can nearly keep in registers.
func portableKernels[T Float]() *kernels[T] {
	k := &kernels[T]{lanes: 2, rows: 4}
	for vectors := range k.tiles {
		k.tiles[vectors] = make([]func(*tile[T]), k.rows+1)
		for rows := 1; rows <= k.rows; rows++ {
			k.tiles[vectors][rows] = func(t *tile[T]) { portableRows(t, rows, vectors) }
		}
	}
	k.tiles[1][4] = portable4x4[T]
	for vectors := range k.copyRows {
		k.copyRows[vectors] = func(dst, src []T, stride, rows, columns int) {
			for i := range rows {
				copy(dst[i*2*(vectors+1):], src[i*stride:][:columns])
			}
		}
	}
	k.transpose, k.dots = portableTranspose[T], portableDots[T]
	return k
}

// place is where row m of a tile of rows rows lies in A and C.
func (t *tile[T]) place(m, rows int) (a, c int) {
	if half := (rows + 1) / 2; m >= half {
		return t.groupA + (m-half)*t.rowA, t.groupC + (m-half)*t.rowC
	}
	return m * t.rowA, m * t.rowC
}

// portableRows computes a tile of any size row by row.
func portableRows[T Float](t *tile[T], rows, vectors int) {
	for m := range rows {
		row, c := t.place(m, rows)
		var sum [4]T
		for _, s := range t.segments {
			a, b := s.a+row, s.b
			for range t.k {
				x := t.a[a]
				if vectors == 0 {
					r := t.b[b : b+2 : b+2]
					sum[0] += x * r[0]
					sum[1] += x * r[1]
				} else {
					r := t.b[b : b+4 : b+4]
					sum[0] += x * r[0]
					sum[1] += x * r[1]
					sum[2] += x * r[2]
					sum[3] += x * r[3]
				}
				a, b = a+t.colA, b+t.rowB
			}
		}
		t.store(c, sum)
	}
}

// portable4x4 computes a whole tile with its sums in local variables.
func portable4x4[T Float](t *tile[T]) {
	var s00, s01, s02, s03, s10, s11, s12, s13 T
	var s20, s21, s22, s23, s30, s31, s32, s33 T
	_, c1 := t.place(1, 4)
	r2, c2 := t.place(2, 4)
	r3, c3 := t.place(3, 4)
	for _, s := range t.segments {
		a, b := s.a, s.b
		for range t.k {
			r := t.b[b : b+4 : b+4]
			b0, b1, b2, b3 := r[0], r[1], r[2], r[3]
			x0, x1, x2, x3 := t.a[a], t.a[a+t.rowA], t.a[a+r2], t.a[a+r3]
			s00, s01, s02, s03 = s00+x0*b0, s01+x0*b1, s02+x0*b2, s03+x0*b3
			s10, s11, s12, s13 = s10+x1*b0, s11+x1*b1, s12+x1*b2, s13+x1*b3
			s20, s21, s22, s23 = s20+x2*b0, s21+x2*b1, s22+x2*b2, s23+x2*b3
			s30, s31, s32, s33 = s30+x3*b0, s31+x3*b1, s32+x3*b2, s33+x3*b3
			a, b = a+t.colA, b+t.rowB
		}
	}
	t.store(0, [4]T{s00, s01, s02, s03})
	t.store(c1, [4]T{s10, s11, s12, s13})
	t.store(c2, [4]T{s20, s21, s22, s23})
	t.store(c3, [4]T{s30, s31, s32, s33})
}

// store moves one row of sums to C.
func (t *tile[T]) store(c int, sum [4]T) {
	row := t.c[c : c+t.columns]
	for n := range row {
		if t.accumulate != 0 {
			row[n] += sum[n]
		} else {
			row[n] = sum[n]
		}
	}
}

func portableTranspose[T Float](dst []T, width int, src []T, stride, rows, depth int) {
	for j := range 2 {
		for i, x := range src[min(j, rows-1)*stride:][:depth] {
			dst[i*width+j] = x
		}
	}
}

func portableDots[T Float](dst, a []T, stride int, b []T, k int) {
	for i := range dst[:4] {
		var s0, s1 T
		x, y := a[i*stride:][:k], b[:k]
		for len(x) >= 2 {
			s0 += x[0] * y[0]
			s1 += x[1] * y[1]
			x, y = x[2:], y[2:]
		}
		if len(x) > 0 {
			s0 += x[0] * y[0]
		}
		dst[i] = s0 + s1
	}
}
