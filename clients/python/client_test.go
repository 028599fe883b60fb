package python_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"leeway/clients/python"
	"leeway/external"
)

// interpreter is a Python with NumPy: Debian's if there is one.
func interpreter(t testing.TB, modules string) string {
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import "+modules).Run() == nil {
			return name
		}
	}
	t.Skip("needs a python3 with " + modules)
	return ""
}

// serving writes the client and a model that uses it, and opens it.
func serving(t testing.TB, python3, model string, s external.Settings) *external.Objective {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string][]byte{"leeway.py": python.Client, "model.py": []byte(model)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.Command, s.Directory = []string{python3, "-B", "model.py"}, dir
	o, err := external.Open(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	return o
}

// cubic is sum_j (w_k/2) theta_j^2 + theta_j^3/6, with weights 1 and 3 of batches.
const cubic = `
print("a model that talks")
import leeway, numpy as np, sys
dtype, n, product = sys.argv[1:] or ["float64", "5", "yes"]
print("and talks", flush=True)
import os; os.system("echo and calls others that talk")
w = [1.0, 3.0]
leeway.serve(leeway.Objective(
    start=np.linspace(-1, 1, 5),
    gradient=lambda t, k: (w[k] / 2 * t @ t + (t ** 3).sum() / 6, w[k] * t + t ** 2 / 2),
    product=lambda t, v, k: (w[k] + t) * v,
    batches=2, weights=[0.25, 0.75], metrics={"test": (9, lambda t: (t.sum(), 0.75))},
    parameters=[("w", (2, 2)), ("b", (1,))], name="cubic"))
`

// Truth: the closed forms above, in Go. The model prints before and after it imports
// the client, itself and through others: nothing of it may get between the answers.
func TestClient(t *testing.T) {
	python3 := interpreter(t, "numpy")
	for _, c := range []struct {
		name     string
		settings external.Settings
		model    string
		within   float64
	}{
		{"shared memory", external.Settings{}, cubic, 1e-15},
		{"pipe", external.Settings{NoSharedMemory: true}, cubic, 1e-15},
		{"differences", external.Settings{Differences: true}, cubic, 1e-11},
		{"float32", external.Settings{}, cubic[:len(cubic)-len(", name=\"cubic\"))\n")] + `, dtype="float32"))`, 1e-6},
		{"float32 through the pipe", external.Settings{NoSharedMemory: true}, cubic[:len(cubic)-len(", name=\"cubic\"))\n")] + `, dtype="float32"))`, 1e-6},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := serving(t, python3, c.model, c.settings)
			theta, err := o.Start()
			if err != nil {
				t.Fatal(err)
			}
			if o.Dim() != 5 || o.Batches() != 2 || o.Weight(1) != 0.75 || theta[0] != -1 || theta[4] != 1 {
				t.Fatalf("%d parameters, %d batches, weight %v, start %v", o.Dim(), o.Batches(), o.Weight(1), theta)
			}
			if c.settings.NoSharedMemory && o.Shared() {
				t.Error("shared memory against the settings")
			}
			g, product, v := make([]float64, 5), make([]float64, 5), []float64{1, 0, -2, 3, 0.5}
			for k, w := range []float64{1, 3} {
				loss, err := o.Gradient(g, theta, k)
				if err != nil {
					t.Fatal(err)
				}
				if err := o.HVP(product, theta, v, k); err != nil {
					t.Fatal(err)
				}
				want := 0.0
				for j, x := range theta {
					want += w/2*x*x + x*x*x/6
					if math.Abs(g[j]-(w*x+x*x/2)) > 10*c.within || math.Abs(product[j]-(w+x)*v[j]) > 10*c.within {
						t.Errorf("batch %d, coordinate %d: %v and %v", k, j, g[j], product[j])
					}
				}
				if math.Abs(loss-want) > 10*c.within {
					t.Errorf("batch %d: loss %v, want %v", k, loss, want)
				}
			}
			measure, rows := o.Judge("test")
			if loss, accuracy, err := measure(v); err != nil || rows != 9 || loss != 2.5 || accuracy != 0.75 {
				t.Errorf("loss %v, accuracy %v on %d rows: %v", loss, accuracy, rows, err)
			}
		})
	}
}

// Large arrays are lent to the pipe and not copied into it: each must arrive as it was
// when it was sent, call after call, although both sides use the same memory again.
func TestLargeArrays(t *testing.T) {
	const n = 300_001
	for _, model := range []string{
		"lambda t, k: (t[0], 2 * t)", // an array that is forgotten at once
		"lambda t, k: (t[0], np.multiply(t, 2, out=g))",
	} {
		o := serving(t, interpreter(t, "numpy"), "import leeway, numpy as np\ng = np.zeros(300001)\nleeway.serve(leeway.Objective(g, "+model+"))", external.Settings{NoSharedMemory: true})
		theta, g := make([]float64, n), make([]float64, n)
		for call := range 20 {
			for j := range theta {
				theta[j] = float64(call*n + j)
			}
			loss, err := o.Gradient(g, theta, 0)
			if err != nil || loss != theta[0] {
				t.Fatalf("loss %v, error %v", loss, err)
			}
			for j, x := range theta {
				if g[j] != 2*x {
					t.Fatalf("call %d, coordinate %d: %v, want %v", call, j, g[j], 2*x)
				}
			}
		}
	}
}

// What goes wrong in the model is told with its own words, once, and with what to do.
func TestModelFails(t *testing.T) {
	python3 := interpreter(t, "numpy")
	for model, want := range map[string]struct{ what, stderr, try string }{
		"def g(t, k): raise ValueError('the data are gone')\nleeway.serve(leeway.Objective([1.0], g))": {"it says: ValueError: the data are gone", "", "mending the model"},
		"leeway.serve(leeway.Objective([1.0], lambda t, k: (0.0, [1.0, 2.0])))":                        {"it says: ValueError: the answer has 2 numbers, the model 1 parameters", "", "mending the model"},
		"import sys\ndef g(t, k): sys.exit('over and out')\nleeway.serve(leeway.Objective([1.0], g))":  {"the process ended: exit status 1", "over and out", "the command by itself"},
	} {
		o := serving(t, python3, "import leeway\n"+model, external.Settings{})
		_, err := o.Gradient(make([]float64, 1), make([]float64, 1), 0)
		f, ok := err.(*external.Fault)
		if !ok || f.What != want.what || f.Stderr != want.stderr || !strings.HasPrefix(f.Hint(), want.try) {
			t.Errorf("%s: %v. Try: %s", model, err, f.Hint())
		}
	}
	_, err := external.Open(external.Settings{Command: []string{python3, "-c", "import no_such_module"}})
	if f, ok := err.(*external.Fault); !ok || !strings.Contains(f.Stderr, "No module named 'no_such_module'") || strings.Contains(f.Stderr, "^^") || !strings.HasPrefix(f.Hint(), "mending what its standard error says") {
		t.Errorf("%v", err)
	}
}

// A call's own cost, beside a model that does nothing: bench with -bench Call.
func BenchmarkCall(b *testing.B) {
	python3 := interpreter(b, "numpy")
	for _, size := range []struct{ name, n string }{{"1e3", "1000"}, {"1e6", "1000000"}, {"2.5e7", "25000000"}} {
		for _, pipe := range []bool{false, true} {
			name := size.name + "/shared"
			if pipe {
				name = size.name + "/pipe"
			}
			b.Run(name, func(b *testing.B) {
				o := serving(b, python3, "import leeway, numpy as np\ng = np.ones("+size.n+")\nleeway.serve(leeway.Objective(np.zeros("+size.n+"), lambda t, k: (0.0, g)))", external.Settings{NoSharedMemory: pipe})
				theta, dst := make([]float64, o.Dim()), make([]float64, o.Dim())
				b.SetBytes(int64(16 * o.Dim()))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := o.Gradient(dst, theta, 0); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
