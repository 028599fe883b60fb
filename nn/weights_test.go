package nn

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"leeway/autodiff"
	"leeway/safetensors"
)

// What is saved is loaded to the last bit, whatever the type of the network, and
// every tensor has its name and shape in the file.
func TestSafetensorsRoundTrip(t *testing.T) {
	for _, p := range problems() {
		o := p.objective(t)
		theta := start(o)
		var file bytes.Buffer
		if err := o.SaveSafetensors(&file, theta); err != nil {
			t.Fatal(err)
		}
		decoded := must(safetensors.Decode(file.Bytes()))
		if len(decoded.Tensors) != len(o.Parameters()) {
			t.Errorf("%s: %d tensors for %d parameters", p.name, len(decoded.Tensors), len(o.Parameters()))
		}
		if got := must(o.LoadSafetensors(&file)); !slices.Equal(got, theta) {
			t.Errorf("%s: other parameters came back", p.name)
		}
	}
}

func TestLoadSafetensorsRefuses(t *testing.T) {
	o := must(New(randomData(3, 3, 2), Settings{}))
	weight := safetensors.Tensor{Name: "0.weight", Shape: []int{3, 2}, Data: make([]float64, 6)}
	bias := safetensors.Tensor{Name: "0.bias", Shape: []int{3}, Data: make([]float64, 3)}
	turned := weight
	turned.Shape = []int{2, 3}
	other := safetensors.Tensor{Name: "2.bias", Shape: []int{1}, Data: []float64{1}}
	running := safetensors.Tensor{Name: "bn1.running_mean", Shape: []int{1}, Data: []float64{1}}
	for _, c := range []struct {
		tensors []safetensors.Tensor
		want    string
	}{
		{[]safetensors.Tensor{weight}, `nn: the file has no tensor "0.bias", which the network needs in shape [3]. Try: a file of the same architecture`},
		{[]safetensors.Tensor{turned, bias}, `nn: tensor "0.weight" has shape [2 3] in the file and [3 2] in the network. Try: a file of the same architecture`},
		{[]safetensors.Tensor{weight, bias, other}, `nn: the file's tensor "2.bias" is no parameter of the network. Try: a file of the same architecture`},
		{[]safetensors.Tensor{weight, bias, running}, ""},
	} {
		var file bytes.Buffer
		if err := safetensors.Encode(&file, &safetensors.File{Tensors: c.tensors}); err != nil {
			t.Fatal(err)
		}
		got := ""
		if _, err := o.LoadSafetensors(&file); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if _, err := o.LoadSafetensors(strings.NewReader("no such thing")); err == nil {
		t.Error("text is no safetensors file")
	}
	broken := errors.New("broken")
	if _, err := o.LoadSafetensors(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a reader's error became %v", err)
	}
	if err := o.SaveSafetensors(&bytes.Buffer{}, make([]float64, 2)); err == nil {
		t.Error("a vector of another length was saved")
	}
	if err := o.SaveSafetensors(failing{broken}, make([]float64, o.Dim())); !errors.Is(err, broken) {
		t.Errorf("a writer's error became %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// Whatever the bytes, loading gives parameters of the right length or an error.
func FuzzLoadSafetensors(f *testing.F) {
	o := must(New(randomData(3, 3, 2), Settings{DType: autodiff.Float64}))
	var file bytes.Buffer
	if err := o.SaveSafetensors(&file, o.Start()); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add(bytes.Replace(file.Bytes(), []byte("0.bias"), []byte("1.bias"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		theta, err := o.LoadSafetensors(bytes.NewReader(data))
		if err == nil && len(theta) != o.Dim() {
			t.Errorf("%d parameters", len(theta))
		}
	})
}
