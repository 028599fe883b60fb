package external

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"leeway/external/externaltest"
)

// What a process says of itself is held against what can be.
func TestDescriptions(t *testing.T) {
	for text, want := range map[string]string{
		`{"protocol": 1, "dim": 3}`: "",
		`{"protocol": 1, "dim": 3, "weights": [1], "parameters": [{"name": "w", "shape": [1, 2]}, {"name": "b", "shape": [1]}]}`: "",
		`{"protocol": 1, "dim": 0}`:                                                                   "it has 0 parameters, not 1 to",
		`{"protocol": 1, "dim": 8000000000}`:                                                          "it has 8000000000 parameters, not 1 to",
		`{"protocol": 2, "dim": 1}`:                                                                   "it speaks version 2 of the protocol",
		`{"protocol": 1, "dim": 1, "dtype": "float16"}`:                                               `its numbers are of type "float16", not float64 or float32`,
		`{"protocol": 1, "dim": 1, "batches": 0}`:                                                     "it has 0 batches, not 1 to",
		`{"protocol": 1, "dim": 1, "batches": 2, "weights": [1]}`:                                     "it has 1 weights for 2 batches",
		`{"protocol": 1, "dim": 1, "batches": 2, "weights": [1, -1]}`:                                 "a batch weighs -1, not a finite number >= 0",
		`{"protocol": 1, "dim": 1, "batches": 2, "weights": [1, 49]}`:                                 "its batches weigh 50 together, not 1",
		`{"protocol": 1, "dim": 4, "parameters": [{"shape": [3]}]}`:                                   "the shapes of its parameters hold 3 numbers, but it has 4",
		`{"protocol": 1, "dim": 4, "parameters": [{"name": "w", "shape": [-1]}]}`:                     `the parameter "w" has the shape [-1]`,
		`{"protocol": 1, "dim": 4, "parameters": [{"name": "w", "shape": [1000000000, 1000000000]}]}`: `the parameter "w" has the shape`,
		`{"protocol": 1, "dim": 1, "metrics": [{"name": "valid"}]}`:                                   `it offers metrics on "valid" (0 rows), not on train or test`,
		`[]`: "its description is not the JSON that is wanted",
	} {
		d, err := ParseDescription([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
		if want == "" && (d.DType != Float64 || d.Batches != 1 || d.title() != "a model") {
			t.Errorf("%s: %+v", text, d)
		}
	}
}

// Models are told apart by what they compute, and are the same with other rounding.
func TestSigns(t *testing.T) {
	s := Signs{Dim: 3, Batches: 2, DType: Float64, Start: 1, Loss: 2, Gradient: 3, LastLoss: 4}
	for _, c := range []struct {
		change func(*Signs)
		want   string
	}{
		{func(*Signs) {}, ""},
		{func(s *Signs) { s.Loss, s.Gradient = 2+1e-9, 3-1e-9 }, ""},
		{func(s *Signs) { s.Dim = 4 }, "4 parameters and not 3"},
		{func(s *Signs) { s.Batches = 1 }, "1 batches and not 2"},
		{func(s *Signs) { s.DType = Float32 }, "numbers of type float32 and not float64"},
		{func(s *Signs) { s.Start = 1.1 }, "another start"},
		{func(s *Signs) { s.Loss = 2.5 }, "the loss 2.5 at the start and not 2"},
		{func(s *Signs) { s.LastLoss = 5 }, "the loss 5 of the last batch at the start and not 4"},
		{func(s *Signs) { s.Gradient = 3.1 }, "another gradient at the start"},
	} {
		other := s
		c.change(&other)
		if got := s.Differs(&other); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A peer is what it says, by its own numbers.
func TestExaminePeer(t *testing.T) {
	for _, p := range []externaltest.Peer{{Dim: 6, Batches: 3}, {Dim: 6, Batches: 1, NoProducts: true}, {Dim: 6, Batches: 2, Float32: true}} {
		o := open(t, p, nil)
		theta, _ := walk(6)
		s, err := o.Examine(theta)
		if err != nil {
			t.Fatal(err)
		}
		want := p.Gradient(make([]float64, 6), theta, p.Batches-1)
		if s.Dim != 6 || s.Batches != p.Batches || s.LastLoss < 0.999*want || s.LastLoss > 1.001*want {
			t.Errorf("%+v, want the last loss %v", s, want)
		}
	}
	for _, c := range []struct {
		peer externaltest.Peer
		want string
	}{
		{externaltest.Peer{Moody: true}, "the answers differ"},
		{externaltest.Peer{WrongProducts: true}, "it is not the derivative of the process's own gradients: differences of them say otherwise by 100 %"},
	} {
		c.peer.Dim, c.peer.Batches = 3, 2
		o := open(t, c.peer, nil)
		var fault *Fault
		if _, err := o.Examine([]float64{1, 2, 3}); !errors.As(err, &fault) || !strings.Contains(fault.What, c.want) || fault.Hint() == "" || fault.Unreached {
			t.Errorf("%+v: error %v", c.peer, err)
		}
	}
	for at := uint64(2); at < 13; at++ { // whichever question it is that is not answered
		o := open(t, externaltest.Peer{Dim: 2, Batches: 2, FaultAt: at, Fault: "error"}, nil)
		if _, err := o.Examine([]float64{1, 2}); err == nil || !strings.Contains(err.Error(), "it says: ValueError") {
			t.Errorf("question %d: error %v", at, err)
		}
	}
	for at := uint64(2); at < 9; at++ {
		o := open(t, externaltest.Peer{Dim: 2, Batches: 1, NoProducts: true, FaultAt: at, Fault: "error"}, nil)
		if _, err := o.ProductError([]float64{1, 2}); err == nil {
			t.Errorf("question %d: no error", at)
		}
	}
	for fault, want := range map[string]string{"nan": "the loss is NaN", "exit": "exit status 3"} {
		o := open(t, externaltest.Peer{Dim: 2, Batches: 1, FaultAt: 2, Fault: fault}, nil)
		if _, err := o.Examine(make([]float64, 2)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", fault, err)
		}
	}
}

// The log keeps all that goes to standard error; where it cannot be written the process
// goes on.
func TestLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	o, err := Open(Settings{Command: externaltest.Peer{Dim: 2, Batches: 1, FaultAt: 2, Fault: "stderr-flood"}.Command(), Log: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Start(); err != nil {
		t.Fatal(err)
	}
	o.Close()
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "again and again") != 20_000 {
		t.Errorf("%d lines in the log (%v)", strings.Count(string(text), "\n"), err)
	}
	w := &tail{log: fullDisk{}}
	for _, line := range []string{"one\n", "two\n"} {
		if n, err := w.Write([]byte(line)); n != 4 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if w.lines() != "one / two" || w.log != nil {
		t.Errorf("%q", w.lines())
	}
	if CheckAddress("unix:x") != nil || CheckAddress("tcp:10.0.0.1:1") == nil {
		t.Error("addresses")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, os.ErrInvalid }

// A socket that somebody listens at and nobody serves, as one that is busy with another
// leeway.
func TestBusyAddress(t *testing.T) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Open(Settings{Address: "unix:" + l.Addr().String(), Timeout: 200 * time.Millisecond})
	var fault *Fault
	if !errors.As(err, &fault) || !fault.Unreached || !strings.HasPrefix(fault.Hint(), "an address of its own for every leeway") {
		t.Errorf("error %v", err)
	}
}
