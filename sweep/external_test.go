package sweep

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"leeway/config"
	"leeway/external"
)

// A process that is not there is no result of the cells: the worker ends with a sentence
// and leaves them to others.
func TestUnreachedModel(t *testing.T) {
	for _, objective := range []string{"{kind: external, address: unix:/nowhere/at/all}", "{kind: external, command: [/nowhere/at/all]}", "{kind: external, command: ['true']}"} {
		plan, err := config.ParsePlan([]byte("name: s\nobjective: "+objective+"\noptimizer: {kind: gd}\nsteps: 3\nsweep: {axes: {optimizer.lr: [0.1, 0.2, 0.3]}}\n"), "s.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Create(filepath.Join(t.TempDir(), "s"), plan, "test")
		if err != nil {
			t.Fatal(err)
		}
		n, err := Pool(context.Background(), d, PoolSettings{})
		var fault *external.Fault
		if n != 0 || !errors.As(err, &fault) || !fault.Unreached {
			t.Errorf("%s: %d cells, error %v", objective, n, err)
		}
		status, err := d.Status(0)
		if err != nil || status.Failed != 0 || status.Missing != 3 {
			t.Errorf("%s: %+v (%v)", objective, status, err)
		}
		if d.oneServer() != (objective[:26] == "{kind: external, address: ") {
			t.Errorf("%s: one server %v", objective, d.oneServer())
		}
	}
}
