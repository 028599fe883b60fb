package external

import (
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"leeway/external/externaltest"
	"leeway/objective"
)

func TestMain(m *testing.M) {
	externaltest.Main()
	os.Exit(m.Run())
}

// open starts a peer and closes it at the test's end.
func open(t *testing.T, p externaltest.Peer, change func(*Settings)) *Objective {
	t.Helper()
	s := Settings{Command: p.Command()}
	if change != nil {
		change(&s)
	}
	o, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// walk are points and directions.
func walk(n int) (theta, v []float64) {
	theta, v = make([]float64, n), make([]float64, n)
	for j := range theta {
		theta[j], v[j] = math.Cos(float64(3*j)), math.Sin(float64(5*j+1))
	}
	return theta, v
}

func apart(a, b []float64) float64 {
	d, s := 0.0, 0.0
	for j := range a {
		d, s = d+(a[j]-b[j])*(a[j]-b[j]), s+b[j]*b[j]
	}
	return math.Sqrt(d / s)
}

// Truth: the peer's own functions, called here without a wire between. Numbers must
// arrive as they were sent, in float32 to its rounding; products by differences to
// the accuracy that their steps promise.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name      string
		peer      externaltest.Peer
		loss, hvp float64
	}{
		{"float64", externaltest.Peer{Dim: 70_001, Batches: 3}, 0, 0},
		{"float32", externaltest.Peer{Dim: 70_001, Batches: 2, Float32: true}, 1e-7, 1e-7},
		{"shared memory", externaltest.Peer{Dim: 70_001, Batches: 2, Shared: true}, 0, 0},
		{"shared memory in float32", externaltest.Peer{Dim: 70_001, Batches: 2, Shared: true, Float32: true}, 1e-7, 1e-7},
		{"shared memory of a size that two threads copy", externaltest.Peer{Dim: parallel + 1, Batches: 1, Shared: true}, 0, 0},
		{"shared memory refused", externaltest.Peer{Dim: 40, Batches: 2, Reluctant: true}, 0, 0},
		{"differences", externaltest.Peer{Dim: 40, Batches: 2, NoProducts: true}, 0, 1e-11},
		{"differences in float32", externaltest.Peer{Dim: 40, Batches: 2, NoProducts: true, Float32: true}, 1e-6, 1e-5},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t, c.peer, nil)
			if o.Dim() != c.peer.Dim || o.Batches() != c.peer.Batches || o.Differences() != c.peer.NoProducts || o.Title() != "a peer" {
				t.Fatalf("%d parameters, %d batches, differences %v, title %q", o.Dim(), o.Batches(), o.Differences(), o.Title())
			}
			if o.Shared() != (c.peer.Shared && runtime.GOOS == "linux") {
				t.Errorf("shared memory: %v", o.Shared())
			}
			start, err := o.Start()
			if err != nil || len(start) != c.peer.Dim {
				t.Fatalf("start of %d: %v", len(start), err)
			}
			theta, v := walk(c.peer.Dim)
			got, want := make([]float64, c.peer.Dim), make([]float64, c.peer.Dim)
			clone := o.Clone()
			for k := range c.peer.Batches {
				loss, err := clone.Gradient(got, theta, k)
				if err != nil {
					t.Fatal(err)
				}
				exact := c.peer.Gradient(want, theta, k)
				if e := math.Abs(loss-exact) / exact; e > 3*c.loss || apart(got, want) > 3*c.loss {
					t.Errorf("batch %d: loss off by %.1e, gradient by %.1e", k, e, apart(got, want))
				}
				if err := o.HVP(got, theta, v, k); err != nil {
					t.Fatal(err)
				}
				c.peer.HVP(want, theta, v, k)
				if e := apart(got, want); e > 3*c.hvp {
					t.Errorf("batch %d: product off by %.1e, want at most %.1e", k, e, 3*c.hvp)
				}
			}
			if e, err := o.ProductError(theta); err != nil || (e > 0) != c.peer.NoProducts || e > 100*c.hvp+1e-9 {
				t.Errorf("error of products estimated as %v (%v)", e, err)
			}
			measure, rows := o.Judge("test")
			if rows != 7 {
				t.Fatalf("%d rows", rows)
			}
			if loss, accuracy, err := measure(theta); err != nil || accuracy != 0.5 || math.Abs(loss/c.peer.Gradient(want, theta, 0)-1) > 1e-6 {
				t.Errorf("loss %v, accuracy %v, %v", loss, accuracy, err)
			}
			if measure, _ := o.Judge("train"); measure != nil {
				t.Error("metrics that the peer does not have")
			}
		})
	}
}

// A question whose arguments do not fit is refused here and does not break the
// connection.
func TestWrongQuestions(t *testing.T) {
	p := externaltest.Peer{Dim: 3, Batches: 2}
	o := open(t, p, nil)
	x := make([]float64, 3)
	for _, ask := range []func() error{
		func() error { _, err := o.Gradient(x, x, 2); return err },
		func() error { _, err := o.Gradient(x, x, -1); return err },
		func() error { _, err := o.Gradient(x, x[:2], 0); return err },
		func() error { return o.HVP(x, x, make([]float64, 4), 0) },
	} {
		if ask() == nil {
			t.Error("answered")
		}
	}
	if _, err := o.Gradient(make([]float64, 3), x, 1); err != nil {
		t.Error(err)
	}
	if o.Weight(1) != 0.5 {
		t.Errorf("weight %v", o.Weight(1))
	}
	zero := make([]float64, 3)
	o.differences = true
	if err := o.HVP(x, zero, zero, 0); err != nil || x[0] != 0 {
		t.Errorf("the product with 0 is %v (%v)", x, err)
	}
}

// The same answers through sockets, one asker after the other.
func TestSockets(t *testing.T) {
	p := externaltest.Peer{Dim: 5, Batches: 1}
	path := filepath.Join(t.TempDir(), "s")
	for _, network := range []struct{ name, address string }{{"unix", path}, {"tcp", "127.0.0.1:0"}} {
		l, err := net.Listen(network.name, network.address)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 2)
		go func() {
			for range 2 {
				c, err := l.Accept()
				if err != nil {
					done <- err
					continue
				}
				done <- p.Serve(c, c)
				c.Close()
			}
		}()
		for range 2 {
			o, err := Open(Settings{Address: network.name + ":" + l.Addr().String()})
			if err != nil {
				t.Fatal(err)
			}
			theta, _ := walk(5)
			got, want := make([]float64, 5), make([]float64, 5)
			if loss, err := o.Gradient(got, theta, 0); err != nil || loss != p.Gradient(want, theta, 0) || apart(got, want) != 0 {
				t.Errorf("%s: loss %v, %v", network.name, loss, err)
			}
			o.Close()
			if err := <-done; err != nil {
				t.Errorf("%s: the peer saw %v and not the end of the questions", network.name, err)
			}
		}
		l.Close()
	}
}

func TestNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		settings  Settings
		what, try string
	}{
		"no command":  {Settings{}, "neither a command nor an address", "command: [python3"},
		"no program":  {Settings{Command: []string{"/nowhere/at/all"}}, "no such file or directory", "a command that runs in this folder"},
		"no folder":   {Settings{Command: []string{"env"}, Directory: "/nowhere/at/all"}, `there is no folder "/nowhere/at/all"`, "objective.directory"},
		"no socket":   {Settings{Address: "unix:/nowhere/at/all"}, "no such file or directory", "starting the process that serves this address first"},
		"no server":   {Settings{Address: "tcp:127.0.0.1:1"}, "connection refused", "starting the process that serves this address first"},
		"far away":    {Settings{Address: "tcp:example.org:80"}, "is not this machine", "unix:/tmp/model.sock"},
		"another":     {Settings{Address: "http://localhost"}, "neither unix:PATH nor tcp:127.0.0.1:PORT", "unix:/tmp/model.sock"},
		"no log":      {Settings{Command: []string{"env"}, Log: "/nowhere/at/all"}, "the log cannot be opened: /nowhere/at/all", "objective.log"},
		"ends":        {Settings{Command: []string{"true"}}, "the process ended", "mending what its standard error says"},
		"prints":      {Settings{Command: []string{"echo", "hello, world, this is a long line of text"}}, "the process ended", "mending what its standard error says"},
		"prints less": {Settings{Command: []string{"echo", "hi"}}, "the process ended", "mending what its standard error says"},
	} {
		o, err := Open(c.settings)
		if err == nil {
			o.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		f, ok := err.(*Fault)
		if !ok || f.Peer == "" || !strings.Contains(f.What, c.what) || !strings.HasPrefix(f.Try, c.try) {
			t.Errorf("%s: %v. Try: %s", name, err, f.Hint())
		}
	}
}

func TestImplements(t *testing.T) {
	o := open(t, externaltest.Peer{Dim: 2, Batches: 2}, nil)
	var obj objective.TwiceDifferentiable = o
	if objective.WeightOf(obj, 0) != 0.5 {
		t.Error("weights")
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	if _, err := o.Gradient(make([]float64, 2), make([]float64, 2), 0); err == nil {
		t.Error("answered when closed")
	}
}
