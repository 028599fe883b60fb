package figure

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
)

// Every format, twice: the same bytes, the right size, not blank.
func TestFormatsAreDeterministic(t *testing.T) {
	for name, f := range map[string]Figure{"chart": sample(), "contour": bowl()} {
		for kind, write := range map[string]func(io.Writer) error{"svg": f.WriteSVG, "pdf": f.WritePDF, "png": f.WritePNG} {
			var a, b bytes.Buffer
			if err := errors.Join(write(&a), write(&b)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("%s: two %s files differ", name, kind)
			}
			if kind == "pdf" && (!bytes.HasPrefix(a.Bytes(), []byte("%PDF-")) || !bytes.Contains(a.Bytes(), []byte("%%EOF"))) {
				t.Errorf("%s: not a PDF file", name)
			}
			if kind == "png" {
				img, err := png.Decode(&a)
				if err != nil {
					t.Fatal(err)
				}
				want := image.Pt(1400, 800)
				if name == "contour" {
					want.Y = 1120
				}
				if got := img.Bounds().Size(); got != want {
					t.Errorf("%s: %v pixels, want %v", name, got, want)
				}
				if n := colours(img); n < 50 {
					t.Errorf("%s: only %d colours, as if blank", name, n)
				}
			}
		}
	}
}

// colours counts the colours of an image.
func colours(img image.Image) int {
	seen := map[string]bool{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			seen[fmt.Sprint(img.At(x, y))] = true
		}
	}
	return len(seen)
}

// Names from outside reach all formats; fpdf and the rasterizer must take them.
func FuzzNames(f *testing.F) {
	f.Add("flow-2")
	f.Add("<script>&\"'</script>")
	f.Add("θ ≤ ∞ \x00\xff\ufffe 漢字")
	f.Fuzz(func(t *testing.T, name string) {
		c := Chart{Title: name, YLabel: name, Width: 210, Height: 140, Series: []Series{{Name: name, X: []float64{0, 1}, Y: []float64{1, 2}}}}
		parse(t, svgOf(t, c))
		if err := errors.Join(c.WritePDF(io.Discard), c.WritePNG(io.Discard)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTextForPDF(t *testing.T) {
	d := &drawing{latin: true}
	if got, want := d.clean("β₂ ≤ 1 − ε, 漢 é – ×"), "beta_2 <= 1 - eps, ? é – ×"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (&drawing{}).clean(strings.Repeat("a", 200)); len([]rune(got)) != 90 || !strings.HasSuffix(got, "…") {
		t.Errorf("a long name is cut to %q", got)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }

// late fails at the second write.
type late struct{ n int }

func (l *late) Write(p []byte) (int, error) {
	if l.n++; l.n > 1 {
		return 0, os.ErrClosed
	}
	return len(p), nil
}

func TestWriteErrorsAreReturned(t *testing.T) {
	for _, f := range []Figure{sample(), bowl()} {
		for _, err := range []error{f.WriteSVG(broken{}), f.WriteSVG(&late{}), f.WritePDF(broken{}), f.WritePNG(broken{})} {
			if !errors.Is(err, os.ErrClosed) {
				t.Errorf("error %v", err)
			}
		}
	}
}
