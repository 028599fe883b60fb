package data

import (
	"archive/tar"
	"bytes"
	"slices"
	"strings"
	"testing"
)

// record is one of CIFAR: labels, then planes of 1024 bytes. Pixel i is red
// i mod 251, green i mod 241, blue i mod 239, and first says red's first.
func record(first uint8, labels ...uint8) []byte {
	b := slices.Clone(labels)
	for _, m := range []int{251, 241, 239} {
		for i := range 1024 {
			b = append(b, uint8(i%m))
		}
	}
	b[len(labels)] = first
	return b
}

func TestReadCIFAR(t *testing.T) {
	s, err := ReadCIFAR(bytes.NewReader(append(record(0, 3), record(9, 8)...)), "t", CIFAR10)
	if err != nil {
		t.Fatal(err)
	}
	if s.N != 2 || s.Classes != 10 || !slices.Equal(s.Shape, []int{32, 32, 3}) || !slices.Equal(s.Y, []int{3, 8}) || s.ClassNames[s.Y[1]] != "ship" {
		t.Errorf("%+v", s)
	}
	row := s.Row(make([]float64, 3072), 1)
	if row[0] != 9 {
		t.Errorf("the second record's first value is %v", row[0])
	}
	for i := 1; i < 1024; i++ { // channels last
		if row[3*i] != float64(i%251) || row[3*i+1] != float64(i%241) || row[3*i+2] != float64(i%239) {
			t.Fatalf("pixel %d is %v", i, row[3*i:3*i+3])
		}
	}
	fine := append(record(0, 19, 99), record(0, 0, 1)...)
	if s, err := ReadCIFAR(bytes.NewReader(fine), "t", CIFAR100); err != nil || !slices.Equal(s.Y, []int{99, 1}) || s.Classes != 100 {
		t.Errorf("fine labels: %v", err)
	}
	if s, err := ReadCIFAR(bytes.NewReader(fine), "t", CIFAR100Coarse); err != nil || !slices.Equal(s.Y, []int{19, 0}) || s.Classes != 20 || s.ClassNames != nil {
		t.Errorf("coarse labels: %v", err)
	}
	// The names are in alphabetical order, as the set's page lists them.
	for _, names := range []string{cifar10Classes, cifar100Classes} {
		if n := strings.Fields(names); !slices.IsSorted(n) || len(slices.Compact(n)) != len(n) || len(n)%10 != 0 {
			t.Errorf("%d class names %v", len(n), n)
		}
	}
}

func TestReadCIFARRefuses(t *testing.T) {
	for _, c := range []struct {
		content []byte
		kind    CIFAR
		want    string
	}{
		{nil, CIFAR10, "no records"},
		{append(record(0, 1), 7, 7), CIFAR10, "byte 3073: a record ends after 2 of 3073 bytes"},
		{append(record(0, 1), record(0, 10)...), CIFAR10, "byte 3073: label 10, but there are 10 classes"},
		{record(0, 20, 5), CIFAR100, "byte 0: label 20, but there are 20 classes"},
		{record(0, 5, 100), CIFAR100Coarse, "byte 1: label 100"},
		{record(0, 5), CIFAR100, "a record ends after 3073 of 3074"},
	} {
		if _, err := ReadCIFAR(bytes.NewReader(c.content), "t", c.kind); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// archive is a tar file of name, content, name, content ...
func archive(files ...any) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		content := files[i+1].([]byte)
		_ = w.WriteHeader(&tar.Header{Name: files[i].(string), Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg})
		_, _ = w.Write(content)
	}
	_ = w.Close()
	return b.Bytes()
}

func TestReadCIFARArchive(t *testing.T) {
	// As it is published, the files are not in order, and others lie between.
	b := archive("cifar/data_batch_1.bin", record(1, 1), "cifar/readme.html", []byte("hello"),
		"cifar/test_batch.bin", record(6, 6), "cifar/data_batch_3.bin", record(3, 3), "cifar/data_batch_2.bin", append(record(2, 2), record(2, 2)...))
	train, test, err := ReadCIFARArchive(bytes.NewReader(zipped(b)), "t", CIFAR10)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(train.Y, []int{1, 2, 2, 3}) || !slices.Equal(test.Y, []int{6}) {
		t.Errorf("classes %v and %v", train.Y, test.Y)
	}
	for i, c := range train.Y {
		if v := train.Row(make([]float64, 3072), i)[0]; v != float64(c) {
			t.Errorf("row %d of class %d begins with %v", i, c, v)
		}
	}
	for _, c := range []struct {
		content []byte
		want    string
	}{
		{nil, "training part: no records"},
		{[]byte{0x1f, 0x8b, 9}, "data: t: "},
		{b[:300], "not a whole archive"},
		{b[:700], "t, data_batch_1.bin: byte 0: a record ends"},
		{archive("train.bin", record(0, 1)), "test part: no records"},
		{archive("train.bin", record(0, 11)), "t, train.bin: byte 0: label 11"},
		{bytes.Repeat([]byte("x"), 600), "not a whole archive"},
	} {
		if _, _, err := ReadCIFARArchive(bytes.NewReader(c.content), "t", CIFAR10); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
