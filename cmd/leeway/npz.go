package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"leeway/config"
	"leeway/objective"
)

// array is a named array of an NPZ file.
type array struct {
	name  string
	shape []int
	data  any // []float64 or []int64
}

// writeComparison writes the full loss and its derivatives at the start for
// another framework to compare with.
func writeComparison(path string, p *config.Problem, direction []float64, r *checked) error {
	product := make([]float64, len(direction))
	if err := objective.FullHVP(product, p.Objective, p.Start, direction); err != nil {
		return err
	}
	dim := []int{len(direction)}
	arrays := []array{
		{"param/theta", dim, p.Start}, {"grad/theta", dim, r.gradient},
		{"direction/theta", dim, direction}, {"hvp/theta", dim, product},
		{"loss", nil, []float64{r.Loss}},
	}
	if rows := p.Train; rows != nil {
		classes := make([]int64, rows.N)
		for i, y := range rows.Y {
			classes[i] = int64(y)
		}
		arrays = append(arrays, array{"x", []int{rows.N, rows.D}, rows.X}, array{"y", []int{rows.N}, classes})
	}
	text, err := encodeNPZ(arrays)
	if err != nil {
		return err
	}
	return replace(path, text)
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
