package papers

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
)

// Truth: how often the work was done.
func TestShared(t *testing.T) {
	lab, made := &Lab{}, 0
	broken := errors.New("broken")
	for range 3 {
		if _, err := Shared(lab, "x", func() (int, error) { made++; return 0, broken }); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
	for range 3 {
		v, err := Shared(lab, "x", func() (int, error) { made++; return 7, nil })
		if v != 7 || err != nil {
			t.Errorf("%v, error %v", v, err)
		}
	}
	if other, _ := Shared(lab, "y", func() (string, error) { return "z", nil }); other != "z" || made != 4 {
		t.Errorf("made %d times, want 4; the other is %q", made, other)
	}
}

// Every one is done, no more than so many at once, and the first error by number is
// returned.
func TestEach(t *testing.T) {
	for _, threads := range []int{0, 1, 3, 50} {
		var now, most, done atomic.Int32
		err := Each(20, threads, func(i int) error {
			for at := now.Add(1); at > most.Load(); {
				most.Store(at)
			}
			defer now.Add(-1)
			done.Add(1)
			if i%7 == 5 {
				return fmt.Errorf("%d", i)
			}
			return nil
		})
		if err == nil || err.Error() != "5" || done.Load() != 20 || int(most.Load()) > max(threads, 1) {
			t.Errorf("%d threads: error %v, %d done, %d at once", threads, err, done.Load(), most.Load())
		}
	}
	if err := Each(0, 2, nil); err != nil {
		t.Error(err)
	}
}

func TestRange(t *testing.T) {
	if f := Range([]float64{1, 4, 1}); f.Value != 2 || f.Low != 1 || f.High != 4 || f.N != 3 {
		t.Errorf("%+v", f)
	}
	if f := Range(nil); f.Value == f.Value {
		t.Errorf("%+v of nothing", f)
	}
}
