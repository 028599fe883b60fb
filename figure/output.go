package figure

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is what every figure of this package can do. The methods return the
// error of the writer; what a figure holds never makes one.
type Figure interface {
	// WriteSVG writes a self-contained SVG document.
	WriteSVG(w io.Writer) error
	// WritePDF writes one page of the figure's size, with its fonts. Characters
	// outside of code page 1252 are spelled out or replaced there.
	WritePDF(w io.Writer) error
	// WritePNG writes an image of 192 dots per inch.
	WritePNG(w io.Writer) error
}

var (
	_ Figure = Chart{}
	_ Figure = Contour{}
)

// drawer is what a figure has to know to be written in any format.
type drawer interface {
	draw(d *drawing)
	size() (width, height float64) // points
	title() string
}

// WriteSVG implements [Figure].
func (c Chart) WriteSVG(w io.Writer) error { return writeSVG(w, c) }

// WritePDF implements [Figure].
func (c Chart) WritePDF(w io.Writer) error { return writePDF(w, c) }

// WritePNG implements [Figure].
func (c Chart) WritePNG(w io.Writer) error { return writePNG(w, c) }

// WriteSVG implements [Figure].
func (c Contour) WriteSVG(w io.Writer) error { return writeSVG(w, c) }

// WritePDF implements [Figure].
func (c Contour) WritePDF(w io.Writer) error { return writePDF(w, c) }

// WritePNG implements [Figure].
func (c Contour) WritePNG(w io.Writer) error { return writePNG(w, c) }

func writeSVG(w io.Writer, f drawer) error {
	width, height := f.size()
	canvas := vgsvg.New(vg.Length(width), vg.Length(height))
	d := &drawing{Canvas: draw.New(canvas)}
	f.draw(d)
	var buf bytes.Buffer
	if _, err := canvas.WriteTo(&buf); err != nil {
		return fmt.Errorf("figure: write svg: %w", err)
	}
	// The prelude names the drawing library and no title; the font list names
	// one family and its style twice over.
	_, body, _ := bytes.Cut(buf.Bytes(), []byte("1999/xlink\">\n"))
	body = svgFont.ReplaceAll(body, []byte(`font-family:'Liberation Sans',Arial,Helvetica,sans-serif;`))
	if _, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%gpt" height="%gpt" viewBox="0 0 %g %g" role="img">
<title>%s</title>
`, width, height, width, height, html.EscapeString(d.clean(f.title()))); err != nil {
		return fmt.Errorf("figure: write svg: %w", err)
	}
	if _, err := w.Write(body); err != nil {
		return fmt.Errorf("figure: write svg: %w", err)
	}
	return nil
}

var svgFont = regexp.MustCompile(`font-family:[^"]*?;font-variant:\w+;font-weight:normal;font-style:normal;?`)

// fixPDF takes the clock and the order of maps out of PDF files.
var fixPDF = sync.OnceFunc(func() {
	epoch := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	fpdf.SetDefaultCatalogSort(true)
	fpdf.SetDefaultCreationDate(epoch)
	fpdf.SetDefaultModificationDate(epoch)
})

func writePDF(w io.Writer, f drawer) error {
	fixPDF()
	width, height := f.size()
	canvas := vgpdf.New(vg.Length(width), vg.Length(height))
	f.draw(&drawing{Canvas: draw.New(canvas), latin: true})
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("figure: write pdf: %w", err)
	}
	return nil
}

func writePNG(w io.Writer, f drawer) error {
	width, height := f.size()
	canvas := vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(192))
	f.draw(&drawing{Canvas: draw.New(canvas)})
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(w); err != nil {
		return fmt.Errorf("figure: write png: %w", err)
	}
	return nil
}
