package external

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"leeway/external/externaltest"
)

// Two hundred processes that fail at a random question in a random way. What must
// hold whatever happens: an answer or a Fault with a sentence and a hint, the same
// Fault for every further question, and after Close no process and no zombie.
func TestFaults(t *testing.T) {
	defer func(g time.Duration) { grace = g }(grace)
	grace = 300 * time.Millisecond
	rng := rand.New(rand.NewPCG(8, 200))
	t.Run("all", func(t *testing.T) {
		for i := range 200 {
			p := externaltest.Peer{
				Dim: 1 + rng.IntN(3000), Batches: 1 + rng.IntN(3), Float32: rng.IntN(3) == 0, NoProducts: rng.IntN(3) == 0,
				FaultAt: uint64(1 + rng.IntN(9)), Fault: externaltest.Faults[i%len(externaltest.Faults)],
			}
			t.Run(fmt.Sprintf("%d %s at %d", i, p.Fault, p.FaultAt), func(t *testing.T) {
				t.Parallel()
				failing(t, p)
			})
		}
	})
}

// harmless faults change no answer, or only a number in it.
var harmless = map[string]bool{"nan": true, "stderr-flood": true}

func failing(t *testing.T, p externaltest.Peer) {
	s := Settings{Command: p.Command(), Timeout: time.Minute}
	if first := p.FaultAt == 1 && (p.Fault == "magic" || p.Fault == "noise"); first || p.Fault == "hang" || p.Fault == "huge" || p.Fault == "error-huge" || p.Fault == "short" {
		s.Timeout = time.Second // where waiting is what is tested
	}
	o, err := Open(s)
	pid := 0
	if err == nil {
		pid = o.conn.child.cmd.Process.Pid
		_, err = o.Start()
	}
	theta, v := walk(p.Dim)
	dst := make([]float64, p.Dim)
	sawNaN := false
	for i := 0; i < 8 && err == nil; i++ {
		var loss float64
		if i%2 == 0 {
			loss, err = o.Gradient(dst, theta, i%p.Batches)
			sawNaN = sawNaN || math.IsNaN(loss)
		} else {
			err = o.HVP(dst, theta, v, i%p.Batches)
		}
	}
	var fault *Fault
	switch {
	case err == nil && !harmless[p.Fault] && p.Fault != "closes-input" && p.Fault != "noise":
		t.Errorf("no fault was seen")
	case err != nil && (!errors.As(err, &fault) || fault.What == "" || fault.Try == "" || fault.Doing == ""):
		t.Errorf("an error without a sentence: %#v", err)
	case err != nil && harmless[p.Fault] && !strings.Contains(err.Error(), "NaN") && !strings.Contains(err.Error(), "JSON"):
		t.Errorf("%v", err)
	}
	if p.Fault == "exit" && fault != nil && !strings.Contains(fault.Stderr, "as one might say") {
		t.Errorf("the last words are lost: %v", fault)
	}
	if o == nil {
		return
	}
	if fault != nil {
		if _, again := o.Gradient(dst, theta, 0); again != err {
			t.Errorf("after %v came %v", err, again)
		}
	}
	o.Close()
	if alive(pid) {
		t.Errorf("process %d is still there", pid)
	}
}

// alive reports whether a process, or a zombie of one, exists.
func alive(pid int) bool {
	_, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
	return err == nil
}

func TestTailKeepsTheEnd(t *testing.T) {
	w := &tail{}
	for i := range 1000 {
		fmt.Fprintf(w, "line %d\n", i)
	}
	if got := w.lines(); got != "line 996 / line 997 / line 998 / line 999" {
		t.Errorf("%q", got)
	}
}
