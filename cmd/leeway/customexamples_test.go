package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// The optimizers that leeway does not have, written as formulas, keep the order
// that is promised to everyone. Truth: the discrete steps of the formula itself; the
// flow knows them through their derivatives alone. At least three examples, so that
// the test cannot pass on none.
func TestCustomExamplesKeepTheirOrder(t *testing.T) {
	examples, err := filepath.Glob("../../examples/custom-*.yaml")
	if err != nil || len(examples) < 3 {
		t.Fatalf("%d examples (%v)", len(examples), err)
	}
	for _, path := range examples {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if code := execute([]string{"verify", path, "processes=[discrete, flow-1, flow-2, moments-2]", "--json", "-q"}, &out, testWriter{t}); code != 0 {
				t.Fatalf("exit code %d", code)
			}
			var v verification
			if err := json.Unmarshal(out.Bytes(), &v); err != nil {
				t.Fatal(err)
			}
			t.Logf("orders: flow-1 %.3f, flow-2 %.3f, moments-2 %.3f", v.Order["flow-1"], v.Order["flow-2"], v.Order["moments-2"])
			for _, process := range []string{"flow-2", "moments-2"} {
				if v.Promised[process] != 2 || !(v.Order[process] >= 1.8) {
					t.Errorf("%s: promised order %d, fitted %.3f, want 2 and at least 1.8", process, v.Promised[process], v.Order[process])
				}
			}
			// The negative half: without the correction the order is 1.
			if !(v.Order["flow-1"] < 1.3) {
				t.Errorf("flow-1 has order %.3f: the correction does nothing here", v.Order["flow-1"])
			}
		})
	}
}
