package gemm

// window is how the kernel of a convolution moves over images. Output pixel
// (p, q) sees the input rows p strideH - top + u for u below kh, and columns
// likewise. Input outside the images is zero; top and left may be negative.
type window struct {
	n, h, w, c       int
	kh, kw           int
	oh, ow           int
	strideH, strideW int
	top, left        int
}

// inside reports whether no output pixel sees anything outside its image.
func (v *window) inside() bool {
	return v.top <= 0 && v.left <= 0 &&
		(v.oh-1)*v.strideH-v.top+v.kh <= v.h && (v.ow-1)*v.strideW-v.left+v.kw <= v.w
}

// layout is how the images of a window are cut into bands of output rows, and how
// the input of a few bands at a time lies in memory: where it is, or copied with
// zeros around it.
type layout struct {
	window
	copied   bool
	channels int // of the input, worked on together
	pixel    int // elements between the pixels of a row
	row      int // elements between rows
	perImage int // bands of an image
	rows     int // most output rows of a band
	bands    int // of all images
	group    int // bands that are worked on together
}

// scratchBytes is how much copied input is worked on at a time: it has to stay in
// the L2 cache beside a panel of weights.
const scratchBytes = 192 << 10

// plan cuts the images into bands such that the input of a group of them takes
// about budget bytes, but into parts groups at least if there are so many bands.
func (v window) plan(size, budget, parts int) layout {
	l := layout{window: v, copied: !v.inside()}
	l.lay(v.c, size)
	l.perImage = 1
	for l.perImage < v.oh && l.bytes(ceilDiv(v.oh, l.perImage), size) > budget {
		l.perImage++
	}
	l.rows = ceilDiv(v.oh, l.perImage)
	l.perImage = ceilDiv(v.oh, l.rows)
	l.bands = v.n * l.perImage
	l.group = 1
	if l.perImage == 1 {
		l.group = max(1, min(budget/l.bytes(l.rows, size), ceilDiv(l.bands, parts)))
	}
	return l
}

// lay sets the distances of pixels and rows for a number of channels.
func (l *layout) lay(channels, size int) {
	l.channels, l.pixel = channels, l.c
	l.row = l.w * l.c
	if channels < l.c {
		l.copied = true
	}
	if l.copied {
		l.pixel = channels
		if channels*size%2048 == 0 {
			l.pixel += line / size // else pixels share the sets of the cache
		}
		l.row = ((l.ow-1)*l.strideW + l.kw) * l.pixel
	}
}

// bytes is the size of the input of a number of output rows.
func (l *layout) bytes(rows, size int) int {
	return ((rows-1)*l.strideH + l.kh) * ((l.ow-1)*l.strideW + l.kw) * l.pixel * size
}

// band returns the image of a band and its first and last output rows.
func (l *layout) band(i int) (image, from, to int) {
	j := i % l.perImage
	return i / l.perImage, cut(l.oh, l.perImage, j), cut(l.oh, l.perImage, j+1)
}

// size is the number of elements that the copied input of a band takes.
func (l *layout) size() int { return ((l.rows-1)*l.strideH + l.kh) * l.row }

// start is where, in the layout's input, the window of the first output pixel of
// an output row begins; slot counts the bands of a group.
func (l *layout) start(slot, image, from, p int) int {
	if l.copied {
		return slot*l.size() + (p-from)*l.strideH*l.row
	}
	return ((image*l.h+p*l.strideH-l.top)*l.w - l.left) * l.c
}

// fill copies the input of one band, from one channel on, to dst, with zeros
// outside the image.
func fill[T Float](l *layout, dst, x []T, band, channel int) {
	image, from, to := l.band(band)
	columns := l.row / l.pixel
	// Columns first to last-1 of a copied row are inside the image.
	first := min(max(l.left, 0), columns)
	last := max(first, min(columns, l.w+l.left))
	channels := min(l.channels, l.c-channel)
	for i := range (to-from-1)*l.strideH + l.kh {
		row := dst[i*l.row : (i+1)*l.row]
		h := from*l.strideH + i - l.top
		if h < 0 || h >= l.h || first == last {
			clear(row)
			continue
		}
		clear(row[:first*l.pixel])
		clear(row[last*l.pixel:])
		in := x[((image*l.h+h)*l.w+first-l.left)*l.c+channel:]
		if l.pixel == l.c {
			copy(row[first*l.c:last*l.c], in)
			continue
		}
		for j := range last - first {
			copy(row[(first+j)*l.pixel:][:channels], in[j*l.c:][:channels])
		}
	}
}
