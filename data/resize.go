package data

import (
	"image"
	imagedraw "image/draw"
	"math"
)

// toPixels puts an image into height x width x channels bytes, channels last:
// red, green and blue, or for one channel their luminance. What is transparent
// is seen on black; 16-bit values lose their lower half.
func toPixels(img image.Image, height, width, channels int) []uint8 {
	b := img.Bounds()
	h, w := b.Dy(), b.Dx()
	opaque := image.NewRGBA(image.Rect(0, 0, w, h))
	imagedraw.Draw(opaque, opaque.Bounds(), img, b.Min, imagedraw.Src)
	values := make([]float64, 0, h*w*channels)
	for i := 0; i < len(opaque.Pix); i += 4 {
		red, green, blue := float64(opaque.Pix[i]), float64(opaque.Pix[i+1]), float64(opaque.Pix[i+2])
		if channels == 1 { // the weights of ITU-R BT.601, those of JPEG
			values = append(values, 0.299*red+0.587*green+0.114*blue)
			continue
		}
		values = append(values, red, green, blue)
	}
	values = resize(values, h, w, height, width, channels)
	out := make([]uint8, len(values))
	for i, v := range values {
		out[i] = uint8(math.Floor(min(max(v, 0), 255) + 0.5))
	}
	return out
}

// resize maps h x w pixels to height x width by a weighted average that is
// bilinear interpolation where the image grows, and where it shrinks has
// weights of the same triangle, stretched so that every pixel counts. Rows and
// columns are averaged one after the other.
func resize(values []float64, h, w, height, width, channels int) []float64 {
	if w != width {
		values = stretch(values, h, w, width, channels)
	}
	if h != height {
		// A column of whole rows: each row is one element of width*channels.
		values = stretch(values, 1, h, height, width*channels)
	}
	return values
}

// stretch maps each of rows lines of n elements, each of size values, to lines
// of m elements.
func stretch(values []float64, rows, n, m, size int) []float64 {
	out := make([]float64, rows*m*size)
	scale := float64(n) / float64(m)
	reach := max(scale, 1)
	for j := range m {
		centre := (float64(j) + 0.5) * scale
		lo, hi := max(int(centre-reach+0.5), 0), min(int(centre+reach+0.5), n)
		sum := 0.0
		for i := lo; i < hi; i++ {
			sum += triangle((float64(i) + 0.5 - centre) / reach)
		}
		for i := lo; i < hi; i++ {
			weight := triangle((float64(i)+0.5-centre)/reach) / sum
			for r := range rows {
				from, to := values[(r*n+i)*size:][:size], out[(r*m+j)*size:][:size]
				for k, v := range from {
					to[k] += weight * v
				}
			}
		}
	}
	return out
}

func triangle(x float64) float64 { return max(1-math.Abs(x), 0) }
