// Package externaltest is the other side of package external's protocol for tests:
// a small smooth objective that can also misbehave on purpose. It is written from
// docs/protocol.md and shares no code with package external.
package externaltest

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"time"
)

// Peer answers questions about B losses in Dim parameters,
//
//	L_k = sum_j (1/2) a_j (theta_j - b_jk)^2 + (1/4) (theta_j - b_jk)^4 / 10,
//	a_j = 1 + j mod 3, b_jk = sin(j + 2k).
type Peer struct {
	Dim, Batches int
	Float32      bool
	NoProducts   bool
	// Shared maps shared memory where it is offered, Reluctant says that it can and then
	// cannot.
	Shared, Reluctant bool
	// Moody answers every question a little differently, WrongProducts has products that
	// are no derivatives.
	Moody, WrongProducts bool
	// FaultAt is the number of the question at which Fault happens; 0: never.
	FaultAt uint64
	Fault   string
}

// Faults are what can go wrong on purpose.
var Faults = []string{
	"exit", "exit-quietly", "killed", "hang", "noise", "magic", "version", "number", "kind", "short", "long", "huge",
	"truncated", "header", "error", "error-bytes", "error-huge", "closes-output", "closes-input", "flags", "nan", "stderr-flood",
}

// Gradient of batch k at theta into dst, and the loss.
func (p *Peer) Gradient(dst, theta []float64, k int) (loss float64) {
	for j, t := range theta {
		x, a := t-math.Sin(float64(j+2*k)), float64(1+j%3)
		loss += a*x*x/2 + x*x*x*x/40
		dst[j] = a*x + x*x*x/10
	}
	return loss
}

// HVP is the Hessian of batch k at theta times v.
func (p *Peer) HVP(dst, theta, v []float64, k int) {
	for j, t := range theta {
		x := t - math.Sin(float64(j+2*k))
		dst[j] = (float64(1+j%3) + 0.3*x*x) * v[j]
	}
}

// Serve answers until the end of in or of the questions.
func (p *Peer) Serve(in io.Reader, out io.Writer) error {
	header := make([]byte, 32)
	var slots [][]byte
	for {
		if _, err := io.ReadFull(in, header); err != nil {
			return err
		}
		kind, number := binary.LittleEndian.Uint16(header[4:]), binary.LittleEndian.Uint64(header[8:])
		argument, length := binary.LittleEndian.Uint64(header[16:]), binary.LittleEndian.Uint64(header[24:])
		payload := make([]byte, length)
		if _, err := io.ReadFull(in, payload); err != nil {
			return err
		}
		if kind == 7 {
			return nil
		}
		shared := binary.LittleEndian.Uint16(header[6:])&1 != 0
		if size := len(p.bytes(make([]float64, p.Dim))); shared {
			for _, slot := range slots[:2] {
				payload = append(payload, slot[:size]...)
			}
			if kind != 5 {
				payload = payload[:size]
			}
		}
		answer := p.answer(kind, int(argument), payload)
		if p.Moody && kind == 4 {
			loss := math.Float64frombits(binary.LittleEndian.Uint64(answer))
			binary.LittleEndian.PutUint64(answer, math.Float64bits(loss*(1+1e-3*float64(number))))
		}
		if kind == 2 {
			if slots, answer = nil, []byte("not today"); p.Shared {
				var err error
				if slots, err = mapped(payload); err == nil {
					answer = nil
				}
			}
		}
		a := frame{kind: kind, number: number, payload: answer, out: out}
		if scalars := map[uint16]int{4: 8, 6: 16}[kind]; shared && kind != 6 {
			copy(slots[2], answer[scalars:])
			a.flags, a.payload = 1, answer[:scalars]
		}
		a.length = uint64(len(a.payload))
		if number == p.FaultAt {
			p.misbehave(&a, in)
		}
		if err := a.write(); err != nil {
			return err
		}
	}
}

// frame is an answer.
type frame struct {
	magic          string
	kind, flags    uint16
	number, length uint64
	payload        []byte
	out            io.Writer
}

func (f *frame) write() error {
	h := make([]byte, 32)
	copy(h, "LWY1")
	copy(h, f.magic)
	binary.LittleEndian.PutUint16(h[4:], f.kind)
	binary.LittleEndian.PutUint16(h[6:], f.flags)
	binary.LittleEndian.PutUint64(h[8:], f.number)
	binary.LittleEndian.PutUint64(h[24:], f.length)
	_, err := f.out.Write(append(h, f.payload...))
	return err
}

func (p *Peer) answer(kind uint16, k int, payload []byte) []byte {
	dst := make([]float64, p.Dim)
	switch kind {
	case 1:
		dtype := "float64"
		if p.Float32 {
			dtype = "float32"
		}
		return fmt.Appendf(nil, `{"protocol": 1, "name": "a peer", "dtype": %q, "dim": %d, "batches": %d, "products": %v, "metrics": [{"name": "test", "rows": 7}], "later": {}, "shared": %v}`,
			dtype, p.Dim, p.Batches, !p.NoProducts, p.Shared || p.Reluctant)
	case 3:
		return p.bytes(dst)
	case 4:
		loss := p.Gradient(dst, p.numbers(payload), k)
		return append(binary.LittleEndian.AppendUint64(nil, math.Float64bits(loss)), p.bytes(dst)...)
	case 5:
		half := len(payload) / 2
		p.HVP(dst, p.numbers(payload[:half]), p.numbers(payload[half:]), k)
		if p.WrongProducts {
			clear(dst)
		}
		return p.bytes(dst)
	case 6:
		loss := p.Gradient(dst, p.numbers(payload), 0)
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, math.Float64bits(loss)), math.Float64bits(0.5))
	}
	return nil
}

func (p *Peer) bytes(x []float64) (b []byte) {
	for _, v := range x {
		if p.Float32 {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		} else {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

func (p *Peer) numbers(b []byte) []float64 {
	x := make([]float64, p.Dim)
	for j := range x {
		if p.Float32 {
			x[j] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*j:])))
		} else {
			x[j] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*j:]))
		}
	}
	return x
}

// misbehave changes an answer, or does not come back.
func (p *Peer) misbehave(f *frame, in io.Reader) {
	switch p.Fault {
	case "exit":
		fmt.Fprintln(os.Stderr, "out of memory,\nas one might say")
		os.Exit(3)
	case "exit-quietly":
		os.Exit(0)
	case "killed":
		killSelf()
	case "hang":
		time.Sleep(time.Hour)
	case "noise":
		fmt.Fprintln(f.out, "epoch 1 of 10")
	case "magic":
		f.magic = "\x00\xff\n\x00"
	case "version":
		f.magic = "LWY2"
	case "number":
		f.number += 7
	case "kind":
		f.kind = 99
	case "short":
		f.payload = f.payload[:len(f.payload)/2]
		f.length = uint64(len(f.payload))
	case "long":
		f.payload = append(f.payload, 1, 2, 3, 4, 5, 6, 7, 8)
		f.length += 8
	case "huge":
		f.length = 1 << 60
	case "truncated":
		f.payload = f.payload[:len(f.payload)/2]
		_ = f.write()
		os.Exit(1)
	case "header":
		_, _ = f.out.Write([]byte("LWY1\x04"))
		os.Exit(1)
	case "error":
		f.kind, f.payload = 255, []byte("ValueError: a model\nthat fails")
		f.length = uint64(len(f.payload))
	case "error-bytes":
		f.kind, f.payload = 255, []byte{0xff, 0xfe, 0, '\n', 0x1b, '['}
		f.length = uint64(len(f.payload))
	case "error-huge":
		f.kind, f.length = 255, 1<<50
	case "closes-output":
		if c, ok := f.out.(io.Closer); ok {
			c.Close()
		}
		time.Sleep(time.Hour)
	case "closes-input":
		if c, ok := in.(io.Closer); ok {
			c.Close()
		}
	case "flags":
		f.flags = 1
	case "nan":
		if len(f.payload) >= 8 {
			binary.LittleEndian.PutUint64(f.payload, math.Float64bits(math.NaN()))
		}
	case "stderr-flood":
		for range 20_000 {
			fmt.Fprintln(os.Stderr, "a line that nobody reads, again and again and again")
		}
	}
}
