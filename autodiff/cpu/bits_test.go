package cpu

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/cpu/gemm"
	"leeway/autodiff/cpu/vec"
)

// instructions names what the kernels are made of.
func instructions() string {
	return fmt.Sprintf("%s %v/%v", runtime.GOARCH, gemm.Level(), vec.Float32.Level())
}

// instructionSets are those of an amd64 CPU, what a CPU lacks for each but the best,
// and the bits that networks have with them: the beginning of a hash of loss,
// gradient and Hessian-vector product in float32 and float64. Bits change when the
// arithmetic does; then the failing TestBits shows the new ones. (The portable ones
// are those of GOAMD64=v1, where the compiler fuses no products with sums, and of a
// CPU whose package math does.)
var instructionSets = []struct {
	name, without string
	bits          map[string]string
}{
	{"amd64 portable/portable", "cpu.avx512f=off,cpu.avx2=off", map[string]string{"mlp": "98b1395706f88597", "convnet": "0f851f3134763568", "attention": "cf68f2fb9f525b33", "wide convnet": "713f861432f89379"}},
	{"amd64 AVX2/avx2", "cpu.avx512f=off", map[string]string{"mlp": "d51326136d628052", "convnet": "c20a1422e5334240", "attention": "671299424ba905d0", "wide convnet": "59452e7a320db547"}},
	{"amd64 AVX-512/avx512", "", map[string]string{"mlp": "add36f63ce9e5a77", "convnet": "2d9c93f784d82dab", "attention": "3694abf5c4f5ea5f", "wide convnet": "c3e6c0c3a623290a"}},
}

// bitNetworks has, beside the tiny networks, one with enough channels for Winograd's
// algorithm.
var bitNetworks = append(slices.Clone(tinyNetworks), tinyNetwork{"wide convnet", func(d autodiff.DType) *network { return convNet(d, 2, 8, 9, 16) }})

// present is the place of the present instructions in the list, or -1.
func present() int {
	for i, s := range instructionSets {
		if s.name == instructions() {
			return i
		}
	}
	return -1
}

// The bits of results are the stored ones: in every build, with the race detector
// and without, of one program or of a linearized pair, on any number of threads.
func TestBits(t *testing.T) {
	if want := os.Getenv("LEEWAY_INSTRUCTIONS"); want != "" && want != instructions() {
		t.Fatalf("the instructions are %s, not %s", instructions(), want)
	}
	t.Logf("instructions: %s", instructions())
	if present() < 0 {
		t.Skipf("no bits are stored for them")
	}
	golden := instructionSets[present()].bits
	small(t, 128, 16)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for _, net := range bitNetworks {
		for _, threads := range []int{1, 2, 3} {
			whole, pair := sha256.New(), sha256.New()
			for _, d := range floats {
				n := net.build(d)
				for _, a := range run(t, n.outputs(true), n.data, Settings{Threads: threads}) {
					whole.Write(bits(a))
				}
				l, err := Linearize(n.product, n.outputs(false), n.v, Settings{Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				for v, a := range n.data {
					if err := l.Bind(v, a); err != nil {
						t.Fatal(err)
					}
				}
				if err := l.Base.Run(); err != nil {
					t.Fatal(err)
				}
				if err := l.Product.Run(); err != nil {
					t.Fatal(err)
				}
				for i := range n.outputs(false) {
					pair.Write(bits(l.Base.Output(i)))
				}
				for i := range n.product {
					pair.Write(bits(l.Product.Output(i)))
				}
			}
			for what, hash := range map[string][]byte{"one program": whole.Sum(nil), "linearized": pair.Sum(nil)} {
				if got := fmt.Sprintf("%x", hash[:8]); got != golden[net.name] {
					t.Errorf("%s, %s, %s, %d threads: %q, not %q", instructions(), net.name, what, threads, got, golden[net.name])
				}
			}
		}
	}
}

// bits lists an array's elements, bit by bit.
func bits(a autodiff.Array) (b []byte) {
	for i := range a.Shape().Size() {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(a.At(i)))
	}
	return b
}

// On a machine that has more, the tests of whole programs pass with fewer
// instructions too: this test's own binary runs again, and is told that the CPU has
// less.
func TestFewerInstructions(t *testing.T) {
	if testing.Short() {
		t.Skip("the tests of whole programs twice more")
	}
	for _, less := range instructionSets[:max(0, present())] {
		t.Run(less.name, func(t *testing.T) {
			again := exec.Command(os.Args[0], "-test.run=^(TestBits|TestNetworks|TestRandomGraphs|TestReductions|TestElementwise)$", "-test.v")
			again.Env = append(os.Environ(), "GODEBUG="+less.without, "LEEWAY_INSTRUCTIONS="+less.name)
			text, err := again.CombinedOutput()
			if err != nil || !strings.Contains(string(text), "--- PASS: TestBits") {
				t.Errorf("%v\n%s", err, text)
			}
		})
	}
}
