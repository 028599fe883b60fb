package data

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The truth is Pillow's resizing, an implementation of its own, which rounds to
// bytes after each of its two passes; hence one grey level of tolerance.
func TestResizeAgreesWithPillow(t *testing.T) {
	g := readGolden(t)
	photo := image.NewNRGBA(image.Rect(5, 7, 18, 16)) // not at the origin
	for i := range 9 * 13 {
		p := g.Photo[3*i:]
		photo.SetNRGBA(5+i%13, 7+i/13, color.NRGBA{uint8(p[0]), uint8(p[1]), uint8(p[2]), 255})
	}
	for size, want := range g.Resized {
		var h, w int
		if _, err := fmt.Sscanf(size, "%dx%d", &h, &w); err != nil {
			t.Fatal(err)
		}
		got := toPixels(photo, h, w, 3)
		if len(got) != len(want) {
			t.Fatalf("%s: %d values, want %d", size, len(got), len(want))
		}
		worst := 0.0
		for i, v := range got {
			worst = max(worst, math.Abs(float64(v)-want[i]))
		}
		if worst > 1 || size == "9x13" && worst > 0 {
			t.Errorf("%s: off by %v grey levels", size, worst)
		}
	}
}

// A shrunk image keeps its mean, where the sizes divide each other; one of one
// colour keeps the colour, whatever the sizes. Both follow from the weights'
// adding up to one.
func TestResizeKeeps(t *testing.T) {
	flat := slices.Repeat([]float64{3, 5}, 7*11)
	for _, size := range [][2]int{{1, 1}, {3, 20}, {50, 2}, {7, 11}} {
		for i, v := range resize(flat, 7, 11, size[0], size[1], 2) {
			if math.Abs(v-[]float64{3, 5}[i%2]) > 1e-12 {
				t.Fatalf("%v: value %d is %v", size, i, v)
			}
		}
	}
	// By two the triangle has the weights 1, 3, 3, 1 of 8, at the edge 3, 3, 1 of 7.
	got := resize([]float64{70, 140, 280, 0}, 1, 4, 1, 2, 1)
	if want := []float64{(3*70 + 3*140 + 280) / 7.0, (140 + 3*280) / 7.0}; math.Abs(got[0]-want[0]) > 1e-12 || math.Abs(got[1]-want[1]) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
}

func pngOf(img image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 100})
	return b.Bytes()
}

// filled is an image of one colour.
func filled(h, w int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range h * w {
		img.Set(i%w, i/w, c)
	}
	return img
}

func TestReadFolder(t *testing.T) {
	red, teal := color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 128, 128, 255}
	dir := fstest.MapFS{
		"forest/b.PNG":   {Data: pngOf(filled(4, 6, teal))},
		"forest/a.png":   {Data: pngOf(filled(4, 6, red))},
		"forest/.hidden": {Data: []byte("x")},
		"river/a.jpeg":   {Data: jpegOf(filled(8, 8, teal))},
		"river/half.png": {Data: pngOf(filled(4, 6, color.NRGBA{200, 0, 0, 51}))},
		"README.txt":     {Data: []byte("beside the folders")},
		".git/config":    {Data: []byte("hidden")},
	}
	s, err := ReadFolder(dir, "t", FolderSettings{})
	if err != nil {
		t.Fatal(err)
	}
	if s.N != 4 || !slices.Equal(s.Shape, []int{4, 6, 3}) || !slices.Equal(s.ClassNames, []string{"forest", "river"}) || !slices.Equal(s.Y, []int{0, 0, 1, 1}) || s.Classes != 2 {
		t.Errorf("%+v", s)
	}
	// On black, a fifth of red 200 is 40.
	for i, want := range [][]float64{{255, 0, 0}, {0, 128, 128}, {0, 128, 128}, {40, 0, 0}} {
		for j, v := range s.Row(make([]float64, 72), i) {
			if math.Abs(v-want[j%3]) > 2 { // JPEG is not exact
				t.Errorf("image %d, value %d is %v, want %v", i, j, v, want[j%3])
				break
			}
		}
	}
	grey, err := ReadFolder(dir, "t", FolderSettings{Height: 2, Width: 2, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := grey.Row(make([]float64, 4), 0); !slices.Equal(grey.Shape, []int{2, 2, 1}) || got[3] != 76 { // 0.299 of 255
		t.Errorf("a grey image of shape %v: %v", grey.Shape, got)
	}
}

func TestReadFolderRefuses(t *testing.T) {
	ok := &fstest.MapFile{Data: pngOf(filled(2, 2, color.White))}
	claim := pngOf(filled(2, 2, color.White))
	copy(claim[16:], []byte{0, 0, 0x20, 0, 0, 0, 0x20, 0}) // 8192 x 8192
	huge := slices.Clone(claim)
	copy(huge[16:], []byte{0, 1, 0, 0}) // 65536 wide
	for _, p := range [][]byte{claim, huge} {
		crc(p)
	}
	for _, c := range []struct {
		label    string
		dir      fstest.MapFS
		settings FolderSettings
		want     string
	}{
		{"no folders", fstest.MapFS{"a.png": ok}, FolderSettings{}, "no folders in it"},
		{"empty class", fstest.MapFS{"a/x.png": ok, "b": {Mode: fs.ModeDir | 0o755}}, FolderSettings{}, "no images in \"b\""},
		{"folder in a class", fstest.MapFS{"a/b/x.png": ok}, FolderSettings{}, "a/b: a folder in a class"},
		{"other file", fstest.MapFS{"a/x.tif": ok}, FolderSettings{}, "a/x.tif: neither PNG nor JPEG"},
		{"text", fstest.MapFS{"a/x.png": {Data: []byte("hello")}}, FolderSettings{}, "a/x.png: image: unknown format"},
		{"half an image", fstest.MapFS{"a/x.png": {Data: ok.Data[:60]}}, FolderSettings{}, "a/x.png: "},
		{"claim", fstest.MapFS{"a/x.png": {Data: claim}}, FolderSettings{}, "8192 x 8192 pixels in"},
		{"huge", fstest.MapFS{"a/x.png": {Data: huge}}, FolderSettings{}, "allowed are 1 to 16384"},
		{"channels", fstest.MapFS{"a/x.png": ok}, FolderSettings{Channels: 2}, "2 channels. Try: 1 or 3"},
		{"size", fstest.MapFS{"a/x.png": ok}, FolderSettings{Height: -1}, "images of -1 x 0 pixels"},
	} {
		_, err := ReadFolder(c.dir, "t", c.settings)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "data: t: ") || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v, want %q", c.label, err, c.want)
		}
	}
	for _, broken := range []fs.FS{brokenFS{"."}, brokenFS{"a"}, brokenFS{"a/x.png"}} {
		if _, err := ReadFolder(broken, "t", FolderSettings{}); err == nil || !strings.Contains(err.Error(), fs.ErrPermission.Error()) {
			t.Errorf("%v: error %v", broken, err)
		}
	}
}

// brokenFS has one name that cannot be opened.
type brokenFS struct{ name string }

func (b brokenFS) Open(name string) (fs.File, error) {
	if name == b.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return fstest.MapFS{"a/x.png": {Data: pngOf(filled(2, 2, color.White))}}.Open(name)
}
