package external

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// Whatever the other side writes, an answer or an error comes back, with no panic
// and no memory beyond what arrives. The bytes are those of the answers to the first
// question, the start, a gradient and a product.
func FuzzAnswers(f *testing.F) {
	frame := func(kind Kind, number uint64, payload string) string {
		h := make([]byte, headerBytes)
		header{kind: kind, number: number, length: uint64(len(payload))}.put(h)
		return string(h) + payload
	}
	hello := frame(KindHello, 1, `{"protocol": 1, "dim": 2, "batches": 2, "products": true, "weights": [0.25, 0.75], "parameters": [{"name": "w", "shape": [2]}]}`)
	two := string(binary.LittleEndian.AppendUint64(make([]byte, 8), 0x3ff0000000000000))
	f.Add([]byte(hello + frame(KindStart, 2, two) + frame(KindGradient, 3, two+two[:8]) + frame(KindProduct, 4, two)))
	f.Add([]byte(hello + frame(KindError, 2, "no")))
	f.Add([]byte("Loading model...\n"))
	f.Add([]byte("LWY2" + hello[4:]))
	f.Add([]byte(hello[:20]))
	f.Fuzz(func(t *testing.T, answers []byte) {
		c := &conn{peer: "fuzz", timeout: time.Minute, wire: newWire(Float64), in: bytes.NewReader(answers), out: io.Discard}
		c.timer = time.AfterFunc(time.Hour, func() {})
		c.timer.Stop()
		c.socket, _ = net.Pipe()
		defer c.close()
		o := &Objective{conn: c}
		if err := o.hello(&Settings{NoSharedMemory: true}); err != nil {
			return
		}
		if o.Dim() > 1000 {
			return // the memory of vectors of an honest model
		}
		theta, err := o.Start()
		if err != nil {
			return
		}
		dst := make([]float64, o.Dim())
		if _, err := o.Gradient(dst, theta, 0); err == nil {
			_ = o.HVP(dst, theta, theta, 0)
		}
	})
}

// Truth: package strings finds the mark. What precedes it is the noise, whatever the
// text; without it there is an error.
func FuzzNoise(f *testing.F) {
	f.Add("hello\nLWLWY1")
	f.Add("LLWLWW")
	f.Fuzz(func(t *testing.T, text string) {
		var noise strings.Builder
		r, err := skipNoise(strings.NewReader(text), &noise)
		before, after, found := strings.Cut(text, "LWY")
		if found != (err == nil) {
			t.Fatalf("found %v, error %v", found, err)
		}
		if found {
			rest, _ := io.ReadAll(r)
			if noise.String() != before || string(rest) != "LWY"+after {
				t.Errorf("noise %q, rest %q", noise.String(), rest)
			}
		}
	})
}

// A description that passes has the numbers that everything relies on.
func FuzzDescription(f *testing.F) {
	f.Add([]byte(`{"protocol": 1, "dim": 3, "batches": 2, "weights": [0.5, 0.5], "parameters": [{"name": "w", "shape": [3]}], "metrics": [{"name": "test", "rows": 5}]}`))
	f.Add([]byte(`{"protocol": 2}`))
	f.Add([]byte(`{"protocol": 1, "dim": 3, "dtype": "float16"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ParseDescription(text)
		if err != nil {
			return
		}
		if d.Dim < 1 || d.Batches < 1 || len(d.Weights) != 0 && len(d.Weights) != d.Batches || d.DType.size() < 4 || len(d.title()) > 100 {
			t.Errorf("%+v", d)
		}
	})
}
