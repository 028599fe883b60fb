package rundir

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"leeway/safetensors"
)

// encodeCheckpoint and decodeCheckpoint are a checkpoint's file in memory.
func encodeCheckpoint(step int, tensors map[string][]float64, meta map[string]string) ([]byte, error) {
	content, err := checkpointFile(step, tensors, meta)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = safetensors.Encode(&file, content)
	return file.Bytes(), err
}

func decodeCheckpoint(data []byte) (*Checkpoint, error) {
	return readCheckpoint(bytes.NewReader(data), int64(len(data)))
}

// unsynced is newRun on a disk that does not sync, for tests that save often.
func unsynced(t testing.TB) *Dir {
	d := newRun(t)
	d.disk = (&faulty{}).asDisk()
	return d
}

func save(t *testing.T, d *Dir, steps ...int) {
	t.Helper()
	for _, step := range steps {
		if err := d.SaveCheckpoint(step, tensorsAt(step), metaAt(step)); err != nil {
			t.Fatal(err)
		}
	}
}

func files(d *Dir) []string {
	entries, _ := os.ReadDir(d.join(CheckpointFolder))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestCheckpoint(t *testing.T) {
	d := newRun(t)
	_, err := d.LoadCheckpoint()
	isClear(t, err, "nothing to go on from", d.Path())
	if !errors.Is(err, ErrNoCheckpoint) {
		t.Error("not an ErrNoCheckpoint")
	}
	save(t, d, 0, 100, 400)
	if got, want := files(d), []string{"step-000000100.safetensors", "step-000000400.safetensors"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if c, err := checkCheckpoint(d, 400); err != nil || len(c.Skipped) > 0 {
		t.Error(c, err)
	}
	// The file is one of the published format, which others read.
	data, err := os.ReadFile(d.join(CheckpointFolder, "step-000000400.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	content, err := safetensors.Decode(data)
	if err != nil || content.Metadata["step"] != "400" || len(content.Tensors) != 3 || content.Tensors[0].Name != "discrete/m" {
		t.Errorf("%+v, %v", content, err)
	}
	// The digest is what is documented, counted without this package's help.
	sum := content.Metadata["sha256"]
	want := sha256.Sum256(bytes.Replace(data, []byte(sum), bytes.Repeat([]byte("0"), 64), 1))
	if sum != hex.EncodeToString(want[:]) {
		t.Errorf("the digest is %s instead of %x", sum, want)
	}
	// The same state gives the same bytes.
	save(t, d, 400)
	if again, _ := os.ReadFile(d.join(CheckpointFolder, "step-000000400.safetensors")); !bytes.Equal(data, again) {
		t.Error("the same state gave other bytes")
	}
}

// A run that goes back takes the later checkpoints with it; what is not one is
// left alone, but for files that were never finished.
func TestCheckpointsKept(t *testing.T) {
	d := unsynced(t)
	save(t, d, 100, 200)
	for _, name := range []string{"step-000000300.safetensors.tmp", "step-1.safetensors", "notes.txt", "step-000000000000000001.safetensors"} {
		if err := os.WriteFile(d.join(CheckpointFolder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	save(t, d, 150)
	want := []string{"notes.txt", "step-000000000000000001.safetensors", "step-000000100.safetensors", "step-000000150.safetensors", "step-1.safetensors"}
	if got := files(d); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	save(t, d, 1234567890)
	if c, err := checkCheckpoint(d, 1234567890); err != nil {
		t.Error(c, err)
	}
}

// Whatever byte of the last checkpoint is damaged, in whatever way, it is not
// used: the one before is, and the error names the file.
func TestCheckpointDamaged(t *testing.T) {
	d := unsynced(t)
	save(t, d, 100)
	if err := d.SaveCheckpoint(200, map[string][]float64{"a": {1, 2}}, map[string]string{"b": "c"}); err != nil {
		t.Fatal(err)
	}
	path := d.join(CheckpointFolder, checkpointName(200))
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refuse := func(data []byte, what string, at int) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := checkCheckpoint(d, 0)
		if err != nil || c.Step != 100 || len(c.Skipped) != 1 {
			t.Fatalf("%s at byte %d: %+v, %v", what, at, c, err)
		}
		isClear(t, c.Skipped[0], "a checkpoint is damaged", path)
	}
	for i := range good {
		for _, mask := range []byte{0x01, 0x20, 0x80, 0xff} { // 0x20 swaps the case of letters
			bad := bytes.Clone(good)
			bad[i] ^= mask
			if _, err := decodeCheckpoint(bad); err == nil {
				t.Fatalf("a flip of %#x at byte %d is not noticed", mask, i)
			}
		}
		bad := bytes.Clone(good)
		bad[i]++
		refuse(bad, "one more", i)
		refuse(good[:i], "the end", i)
	}
	refuse(append(bytes.Clone(good), 0), "another", len(good))
	if err := os.Rename(d.join(CheckpointFolder, checkpointName(100)), path); err != nil {
		t.Fatal(err)
	}
	_, err = d.LoadCheckpoint()
	isClear(t, err, "no checkpoint can be used", "it is of step 100", path)
	if errors.Is(err, ErrNoCheckpoint) {
		t.Error("a damaged checkpoint counts as none")
	}
	os.Remove(path)
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = d.LoadCheckpoint()
	isClear(t, err, "no checkpoint can be used", "is a directory")
}

// The same for a larger one, at bytes drawn by a seeded generator.
func TestLargeCheckpointDamaged(t *testing.T) {
	x := make([]float64, 100_000)
	for i := range x {
		x[i] = math.Sqrt(float64(i))
	}
	good, err := encodeCheckpoint(7, map[string][]float64{"x": x, "y": x[:10]}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := decodeCheckpoint(good); err != nil || !slices.Equal(c.Tensors["x"], x) {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		i := r.IntN(len(good))
		was := good[i]
		good[i] ^= 1 << r.IntN(8)
		if _, err := decodeCheckpoint(good); err == nil {
			t.Fatalf("byte %d is damaged and nobody noticed", i)
		}
		good[i] = was
	}
}

func TestSaveCheckpointRefuses(t *testing.T) {
	d := unsynced(t)
	isClear(t, d.SaveCheckpoint(-1, nil, nil), "step -1 is negative")
	for _, key := range []string{"checkpoint", "step", "sha256"} {
		isClear(t, d.SaveCheckpoint(1, nil, map[string]string{key: ""}), "reserved", key)
	}
	isClear(t, d.SaveCheckpoint(1, map[string][]float64{"\xff": nil}, nil), "not UTF-8")
	if got := files(d); got != nil {
		t.Errorf("there are %v", got)
	}
	if err := os.WriteFile(d.join(CheckpointFolder), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	isClear(t, d.SaveCheckpoint(1, nil, nil), "cannot write a checkpoint", "not a directory")
	_, err := d.LoadCheckpoint()
	isClear(t, err, "cannot read the checkpoints")
}

// seal gives a safetensors file a correct digest, to get past the first check.
func seal(t testing.TB, metadata map[string]string) []byte {
	metadata[keySum] = noSum
	var text bytes.Buffer
	if err := safetensors.Encode(&text, &safetensors.File{Metadata: metadata}); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text.Bytes())
	return bytes.Replace(text.Bytes(), []byte(noSum), []byte(hex.EncodeToString(sum[:])), 1)
}

func TestDecodeCheckpointRefuses(t *testing.T) {
	noHeader := []byte("\x00\x00\x00\x00\x00\x00\x00\x00no \"sha256\":\"" + noSum)
	noHeader[0] = byte(len(noHeader) - 8)
	sum := sha256.Sum256(noHeader)
	short := binary.LittleEndian.AppendUint64(nil, 73)
	for want, data := range map[string][]byte{
		"no checksum":                   append(short, `"sha256":"`+noSum[:63]...),
		"(safetensors: the header ":     []byte(`no length"sha256":"` + noSum),
		"unknown format \"2\"":          seal(t, map[string]string{"checkpoint": "2", "step": "1"}),
		"unknown format \"\"":           seal(t, map[string]string{"step": "1"}),
		"\"x\" is not a step":           seal(t, map[string]string{"checkpoint": "1", "step": "x"}),
		"\"-1\" is not a step":          seal(t, map[string]string{"checkpoint": "1", "step": "-1"}),
		"header: not a JSON object in ": bytes.Replace(noHeader, []byte(noSum), []byte(hex.EncodeToString(sum[:])), 1),
	} {
		if _, err := decodeCheckpoint(data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if c, err := decodeCheckpoint(seal(t, map[string]string{"checkpoint": "1", "step": "1"})); err != nil || c.Step != 1 {
		t.Error(c, err)
	}
}

// Any bytes give an error or a checkpoint that is saved and read as itself. To
// get beyond the digest, the fuzzer's bytes are sealed as well as taken as such.
func FuzzDecodeCheckpoint(f *testing.F) {
	good, err := encodeCheckpoint(3, map[string][]float64{"a": {1, 2}}, map[string]string{"b": "c"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(seal(f, map[string]string{"checkpoint": "1", "step": "007"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if at := bytes.Index(data, []byte(sumPrefix)) + len(sumPrefix); at >= len(sumPrefix) && at+64 <= len(data) {
			sealed := bytes.Clone(data)
			copy(sealed[at:], noSum)
			sum := sha256.Sum256(sealed)
			copy(sealed[at:], hex.EncodeToString(sum[:]))
			data = sealed
		}
		c, err := decodeCheckpoint(data)
		if err != nil {
			return
		}
		again, err := encodeCheckpoint(c.Step, c.Tensors, c.Meta)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decodeCheckpoint(again); err != nil || got.Step != c.Step || len(got.Tensors) != len(c.Tensors) || len(got.Meta) != len(c.Meta) {
			t.Fatalf("%+v became %+v (%v)", c, got, err)
		}
	})
}

func BenchmarkSaveCheckpoint(b *testing.B) {
	d := newRun(b)
	x := make([]float64, 1<<20)
	b.SetBytes(8 << 20)
	for i := 0; b.Loop(); i++ {
		if err := d.SaveCheckpoint(i, map[string][]float64{"x": x}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	d := newRun(b)
	columns, row := []string{"step"}, []float64{}
	for i := range 60 {
		columns = append(columns, "c"+string(rune('A'+i)))
		row = append(row, math.Sqrt(float64(i)))
	}
	m, err := d.OpenMetrics(columns, -1)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := m.Append(i, row); err != nil {
			b.Fatal(err)
		}
	}
}

// A checkpoint of a large model must not stand in memory beside the model: saving
// needs a few small buffers, loading the tensors and a few more. The truth is what
// the runtime counts as allocated; the bound is a tenth of the file.
func TestCheckpointStreams(t *testing.T) {
	d := unsynced(t)
	tensors := map[string][]float64{"theta": make([]float64, 1<<20), "m": make([]float64, 1<<20), "v": make([]float64, 1<<20)}
	const size = 3 * 8 << 20
	allocated := func(f func() error) uint64 {
		t.Helper()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := f(); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if n := allocated(func() error { return d.SaveCheckpoint(1, tensors, nil) }); n > size/10 {
		t.Errorf("%d bytes allocated to save %d", n, size)
	}
	if n := allocated(func() error { _, err := d.LoadCheckpoint(); return err }); n < size || n > size+size/10 {
		t.Errorf("%d bytes allocated to load %d", n, size)
	}
}
