package data

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the formats that are read
	_ "image/png"
	"io"
	"io/fs"
	"path"
	"strings"
)

// FolderSettings say to which size the images of a folder are brought.
type FolderSettings struct {
	// Height and Width in pixels; 0: those of the first image, to which all
	// others are brought.
	Height, Width int
	// Channels is 3 (red, green, blue) or 1 (luminance); 0: 3.
	Channels int
}

// ReadFolder reads a data set of images: one folder for each class, in it
// files in PNG or JPEG. Classes are numbered in the alphabetical order of the
// folders, rows are in that of classes and files, and names that begin with a
// dot or lie beside the folders are left alone. Images of other sizes are
// stretched or shrunk by a bilinear average over all pixels (antialiased), as
// the code of Cattaneo, Klusowski and Shigida (ICML 2024) brings EuroSAT to
// 32 x 32.
//
// A file of another kind, a damaged image, an empty class and a folder without
// classes are errors that name the file. An image is decoded only after its
// stated size has been held against the size of its file.
func ReadFolder(dir fs.FS, name string, s FolderSettings) (*Samples, error) {
	switch {
	case s.Channels == 0:
		s.Channels = 3
	case s.Channels != 1 && s.Channels != 3:
		return nil, fmt.Errorf("data: %s: %d channels. Try: 1 or 3", name, s.Channels)
	}
	if s.Height < 0 || s.Width < 0 || s.Height > longest || s.Width > longest {
		return nil, fmt.Errorf("data: %s: images of %d x %d pixels. Try: 32 x 32", name, s.Height, s.Width)
	}
	f := folder{dir: dir, name: name, settings: s}
	classes, err := f.list(".", true)
	if err != nil {
		return nil, err
	}
	if len(classes) == 0 {
		return nil, fmt.Errorf("data: %s: no folders in it. Try: one folder for each class, the images in them", name)
	}
	for c, class := range classes {
		files, err := f.list(class, false)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("data: %s: no images in %q. Try: PNG or JPEG, or removing the folder", name, class)
		}
		for _, file := range files {
			if err := f.add(path.Join(class, file)); err != nil {
				return nil, err
			}
			f.y = append(f.y, c)
		}
	}
	set := newImages(name, f.values, []int{f.settings.Height, f.settings.Width, s.Channels}, f.y, len(classes))
	set.ClassNames = classes
	return set, nil
}

// folder is a set that is being read.
type folder struct {
	dir      fs.FS
	name     string
	settings FolderSettings
	values   []uint8
	y        []int
}

func (f *folder) fail(file, what, try string) error {
	return fmt.Errorf("data: %s: %s: %s. Try: %s", f.name, file, what, try)
}

// list names the folders in a folder, or its images; [fs.ReadDir] sorts them.
func (f *folder) list(in string, folders bool) ([]string, error) {
	entries, err := fs.ReadDir(f.dir, in)
	switch {
	case in == "." && errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("data: %s: there is no such folder. Try: the path of a folder with a folder of images for each class", f.name)
	case err != nil:
		return nil, fmt.Errorf("data: %s: %w. Try: a folder that can be read", f.name, err)
	}
	var names []string
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."), folders && !e.IsDir():
			continue
		case !folders && e.IsDir():
			return nil, f.fail(path.Join(in, e.Name()), "a folder in a class", "images right below the folder of their class")
		case !folders && !pictured(e.Name()):
			return nil, f.fail(path.Join(in, e.Name()), "neither PNG nor JPEG by its name", "removing it, or converting it")
		}
		names = append(names, e.Name())
	}
	return names, nil
}

func pictured(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".png", ".jpg", ".jpeg":
		return true
	}
	return false
}

// add appends the pixels of one image.
func (f *folder) add(file string) error {
	content, err := fs.ReadFile(f.dir, file)
	if err != nil {
		return fmt.Errorf("data: %s: %w. Try: files that can be read", f.name, err)
	}
	img, err := decodeImage(content)
	if err != nil {
		return f.fail(file, err.Error(), "removing it, or saving it anew")
	}
	s := &f.settings
	if s.Height == 0 {
		s.Height = img.Bounds().Dy()
	}
	if s.Width == 0 {
		s.Width = img.Bounds().Dx()
	}
	f.values = append(f.values, toPixels(img, s.Height, s.Width, s.Channels)...)
	return nil
}

const (
	longest   = 1 << 14 // pixels of a side
	always    = 1 << 18 // as many pixels are decoded whatever the file's size
	perByte   = 64      // and as many for each of its bytes
	imageSize = "%d x %d pixels"
)

// decodeImage decodes PNG or JPEG. The decoders allocate what an image claims
// to measure, so that a claim is first held against the bytes behind it: a JPEG
// takes at least a byte for 57 pixels, and so does every PNG of a photograph.
func decodeImage(content []byte) (image.Image, error) {
	stated, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	size := fmt.Sprintf(imageSize, stated.Height, stated.Width)
	switch h, w := stated.Height, stated.Width; {
	case h < 1 || w < 1 || h > longest || w > longest:
		return nil, fmt.Errorf("%s, allowed are 1 to %d a side", size, longest)
	case h*w > always && h*w/perByte > len(content):
		return nil, fmt.Errorf("%s in %d bytes", size, len(content))
	}
	r := bytes.NewReader(content)
	img, _, err := image.Decode(r)
	if err == nil && img.Bounds().Empty() {
		err = io.ErrUnexpectedEOF
	}
	return img, err
}
