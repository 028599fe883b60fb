package implicitbias

import (
	"archive/zip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"leeway/config"
	"leeway/papers"
	"leeway/trace"
)

// images writes an NPZ of noise in the shape of CIFAR, a row for each class at
// least, and returns its path.
func images(t *testing.T, classes int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	rows := max(classes, 16)
	x, y := make([]byte, rows*32*32*3), make([]byte, rows)
	for i := range x {
		x[i] = byte(rng.UintN(256))
	}
	for i := range y {
		y[i] = byte(i % classes)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("noise%d.npz", classes))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for name, array := range map[string]struct {
		shape string
		data  []byte
	}{"x.npy": {fmt.Sprintf("(%d, 32, 32, 3)", rows), x}, "y.npy": {fmt.Sprintf("(%d,)", rows), y}} {
		header := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': %s, }", array.shape)
		header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		text := append([]byte("\x93NUMPY\x01\x00"), binary.LittleEndian.AppendUint16(nil, uint16(len(header)))...)
		if _, err := entry.Write(append(append(text, header...), array.data...)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// parameters of the papers' networks with 10 classes: those of torchvision's
// ResNet-50 and -101 with the CIFAR stem, and by hand, layer by layer, for the CNN
// (six convolutions, 2048 -> 512 -> classes) and SimpleViT.
// With 100 classes the last layer has 90 more rows.
var parameters = map[string]struct{ ten, last int }{
	"resnet50":  {23_520_842, 2048},
	"resnet101": {42_512_970, 2048},
	"cnn":       {896 + 9_248 + 18_496 + 36_928 + 73_856 + 147_584 + 2048*512 + 512 + 512*10 + 10, 512},
	// Patches: norm 96, 48 -> 512, norm; a block: norm, 512 -> 3 x 1024 and back
	// without biases, norm, 512 -> 1024 -> 512; norm; head.
	"vit": {96 + 48*512 + 512 + 1024 + 6*(1024+512*3072+1024*512+1024+512*1024+1024+1024*512+512) + 1024 + 5130, 512},
}

// Truth: the parameter counts of the papers' models, and a run of two steps that
// nobody interrupted. Noise stands in for the images, which this test does not have.
func TestFullScale(t *testing.T) {
	slow := os.Getenv("LEEWAY_SLOW") != ""
	all := plans(papers.Full)
	for _, s := range subjects(papers.Full) {
		classes := 10
		if strings.HasSuffix(s.id, "100") {
			classes = 100
		}
		path := images(t, classes)
		for _, name := range []string{"rho-" + s.id, "beta-" + s.id} {
			plan, err := config.ParsePlan([]byte(all[name]), name, []string{
				"objective.data={kind: npz, path: " + path + ", train: 4, test: 2, normalize: channel}", "objective.physical_batch=2", "steps=2", "measure={every: 1, quantities: [loss]}"})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if !slow && !strings.HasPrefix(name, "rho-cnn") {
				continue
			}
			c := plan.Cells[0].Config
			p, err := c.Build()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			count := parameters[strings.TrimSuffix(strings.TrimSuffix(s.id, "-cifar-10"), "-cifar-100")]
			want := count.ten + (classes-10)*(count.last+1)
			if got := p.Objective.Dim(); got != want {
				t.Errorf("%s has %d parameters, want %d", name, got, want)
			}
			if strings.HasPrefix(name, "rho-") {
				resumed(t, name, c, p)
			}
		}
	}
}

// keeper keeps the last checkpoint and ends the run after its first step.
type keeper struct {
	state  *trace.State
	rows   [][]float64
	cancel context.CancelFunc
}

func (k *keeper) Row(step int, values []float64) error {
	k.rows = append(k.rows, slices.Clone(values))
	if step == 1 && k.cancel != nil {
		k.cancel()
	}
	return nil
}
func (k *keeper) Spectrum(int, [][]float64) error { return nil }
func (k *keeper) Checkpoint(s *trace.State) error { k.state = s; return nil }

// resumed holds two steps in one go against one step, a checkpoint and another.
func resumed(t *testing.T, name string, c *config.Config, p *config.Problem) {
	t.Helper()
	runner := func() *trace.Runner {
		r, err := trace.New(c.Setup(p))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return r
	}
	whole := runner()
	if err := whole.Run(context.Background(), &keeper{}, nil); err != nil || whole.Step() != 2 {
		t.Fatalf("%s: %d steps, %v", name, whole.Step(), err)
	}
	want := slices.Clone(whole.Theta())
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	half := &keeper{cancel: cancel}
	if err := runner().Run(ctx, half, nil); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("%s: %v", name, err)
	}
	if half.state == nil {
		t.Fatalf("%s: no checkpoint", name)
	}
	rest := runner()
	if err := rest.Restore(half.state, half.rows); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if rest.Step() != 1 {
		t.Errorf("%s goes on at step %d", name, rest.Step())
	}
	if err := rest.Run(context.Background(), &keeper{}, nil); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for i, v := range rest.Theta() {
		if math.Float64bits(v) != math.Float64bits(want[i]) {
			t.Fatalf("%s: parameter %d is %g after a resume, %g without", name, i, v, want[i])
		}
	}
}
