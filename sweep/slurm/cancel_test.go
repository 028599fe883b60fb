//go:build unix

package slurm

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Cancel first takes back what would submit again, then what waits; what runs is
// asked once to save its checkpoint, and killed at the end of patience.
func TestCancel(t *testing.T) {
	const queue = "101_0|101|RUNNING|None|n1\n101_1|101|PENDING|Resources|\n101_2|101|COMPLETING|None|n2\n104|104|PENDING|Dependency|\n"
	h := Handle{Jobs: []string{"101"}, Gather: []string{"104"}}

	f := newFake(t)
	f.set("queue", strings.ReplaceAll(queue, "101_2|101|COMPLETING|None|n2\n", ""))
	e := quick(t)
	e.Patience = 0 // the usual
	if err := e.Cancel(context.Background(), h); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"104", "101_1", "--batch --signal=TERM 101_0"}, f.calls("scancel")); d != "" {
		t.Error(d)
	}

	f = newFake(t)
	f.set("queue", queue)
	f.set("stubborn", "")
	if err := quick(t).Cancel(context.Background(), h); err != nil {
		t.Fatal(err)
	}
	calls := f.calls("scancel")
	signals := 0
	for _, call := range calls {
		if strings.Contains(call, "--signal=TERM") {
			signals++
		}
	}
	if signals != 1 || calls[len(calls)-1] != "101_0 101_2" {
		t.Errorf("scancel %q", calls)
	}

	f = newFake(t)
	f.set("refuse-scancel", "scancel: error: Kill job error on job id 104: Invalid job id specified\n")
	if err := quick(t).Cancel(context.Background(), h); err != nil {
		t.Errorf("jobs that ended: %v", err)
	}
	f.set("refuse-scancel", "scancel: error: Access/permission denied\n")
	fails(t, quick(t).Cancel(context.Background(), h), "scancel refuses: Access/permission denied", "")

	f = newFake(t)
	f.set("queue", queue)
	f.set("stubborn", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := quick(t).Cancel(ctx, h); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
