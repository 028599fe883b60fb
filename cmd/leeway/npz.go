package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"leeway/config"
	"leeway/nn"
	"leeway/objective"
)

// The NPZ files are written here: the Go libraries for them (npyio) take the
// shape of an array from its Go type, so they cannot write arrays of any rank
// from flat memory, which parameters and images are.

// array is a named array of an NPZ file.
type array struct {
	name  string
	shape []int
	data  any // []float64 or []int64
}

// writeComparison writes the full loss and its derivatives at the start for another
// framework to compare with, computed in float64 whatever the config's type, but by
// another process in its own. Under an attack they are those of the attacked rows.
func writeComparison(path string, c *config.Config, p *config.Problem, direction []float64) error {
	obj := p.Objective
	if c.Objective.DType == "float32" {
		var err error
		if obj, err = inDouble(c); err != nil {
			return err
		}
	}
	gradient, product := make([]float64, len(direction)), make([]float64, len(direction))
	loss, err := objective.Full(gradient, obj, p.Start)
	if err != nil {
		return err
	}
	if err := objective.FullHVP(product, obj, p.Start, direction); err != nil {
		return err
	}
	arrays := []array{{"loss", nil, []float64{loss}}}
	if p.Network != nil {
		var pieces []int64
		for k := range p.Objective.Batches() {
			pieces = append(pieces, whole(p.Network.Pieces(k))...)
		}
		arrays = append(arrays, array{"pieces", []int{len(pieces)}, pieces})
	}
	for _, q := range parametersOf(p) {
		part := func(v []float64) []float64 { return v[q.Offset : q.Offset+q.Size()] }
		arrays = append(arrays,
			array{"param/" + q.Name, q.Shape, part(p.Start)}, array{"grad/" + q.Name, q.Shape, part(gradient)},
			array{"direction/" + q.Name, q.Shape, part(direction)}, array{"hvp/" + q.Name, q.Shape, part(product)})
	}
	if rows := p.Train; rows != nil {
		x := array{"x", []int{rows.N, rows.D}, rows.X}
		if len(p.Shape) == 3 {
			x = channelsFirst(rows.X, rows.N, p.Shape)
		}
		arrays = append(arrays, x, array{"y", []int{rows.N}, whole(rows.Y)})
	}
	if text := p.Text; text != nil {
		shape := []int{text.N, text.Length}
		arrays = append(arrays, array{"x", shape, whole(text.X)}, array{"y", shape, whole(text.Y)})
	}
	text, err := encodeNPZ(arrays)
	if err != nil {
		return err
	}
	return replace(path, text)
}

// parametersOf is the table of a network's parameters; all of another objective
// are one vector.
func parametersOf(p *config.Problem) []nn.Parameter {
	if p.Network != nil {
		return p.Network.Parameters()
	}
	return []nn.Parameter{{Name: "theta", Shape: []int{len(p.Start)}}}
}

// whole converts classes or tokens.
func whole[T int | int32](x []T) []int64 {
	y := make([]int64, len(x))
	for i, v := range x {
		y[i] = int64(v)
	}
	return y
}

// channelsFirst is n images [height width channels] as PyTorch has them.
func channelsFirst(x []float64, n int, shape []int) array {
	h, w, c := shape[0], shape[1], shape[2]
	turned := make([]float64, len(x))
	for i := range n {
		image, from := turned[i*h*w*c:][:h*w*c], x[i*h*w*c:][:h*w*c]
		for pixel := range h * w {
			for channel := range c {
				image[channel*h*w+pixel] = from[pixel*c+channel]
			}
		}
	}
	return array{"x", []int{n, c, h, w}, turned}
}

// encodeNPZ writes arrays as NumPy does: a zip archive of NPY files. The same
// arrays give the same bytes.
func encodeNPZ(arrays []array) ([]byte, error) {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, a := range arrays {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: a.name + ".npy", Method: zip.Store})
		if err != nil {
			return nil, err
		}
		kind := "<f8"
		if _, ok := a.data.([]int64); ok {
			kind = "<i8"
		}
		if _, err = w.Write(npyHeader(kind, a.shape)); err == nil {
			err = binary.Write(w, binary.LittleEndian, a.data)
		}
		if err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return b.Bytes(), err
}

// npyHeader is that of the NPY format, version 1.0: magic, version, length, and
// a Python dictionary padded with spaces so that the data is aligned to 64
// bytes.
func npyHeader(kind string, shape []int) []byte {
	dimensions := ""
	for _, n := range shape {
		dimensions += fmt.Sprintf("%d,", n)
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", kind, dimensions)
	const before = 10 // bytes of magic, version and length
	text += strings.Repeat(" ", 63-(before+len(text))%64) + "\n"
	header := append([]byte("\x93NUMPY\x01\x00"), byte(len(text)), byte(len(text)>>8))
	return append(header, text...)
}
