package rundir_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"leeway/rundir"
)

// A run of ten steps that is interrupted after its checkpoint at step 4 and
// goes on from there.
func Example() {
	parent, err := os.MkdirTemp("", "runs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	const hash = "3f9c2a0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

	run := func(stop int) error {
		dir, err := rundir.Create(parent, "toy", hash)
		if err != nil {
			return err
		}
		defer dir.Close()
		info := rundir.Info{Name: "toy", Version: "v0.1.0", Machine: rundir.ThisMachine(), Created: time.Now(),
			Config: json.RawMessage(`{"steps":10}`), Status: "running"}
		if err := dir.WriteInfo(info); err != nil {
			return err
		}
		step, theta := 0, 1.0
		checkpoint, err := dir.LoadCheckpoint()
		switch {
		case err == nil:
			step, theta = checkpoint.Step, checkpoint.Tensors["discrete/theta"][0]
			fmt.Println("goes on from step", step)
		case !errors.Is(err, rundir.ErrNoCheckpoint):
			return err
		}
		metrics, err := dir.OpenMetrics([]string{"step", "discrete/theta_1"}, step)
		if err != nil {
			return err
		}
		for step < stop {
			step++
			theta /= 2
			if err := metrics.Append(step, []float64{theta}); err != nil {
				return err
			}
			if step == 4 {
				if err := errors.Join(metrics.Sync(), dir.SaveCheckpoint(step, map[string][]float64{"discrete/theta": {theta}}, nil)); err != nil {
					return err
				}
			}
		}
		info.Status = "done"
		return errors.Join(metrics.Close(), dir.WriteInfo(info))
	}
	if err := run(6); err != nil { // rows 5 and 6 come after the checkpoint
		fmt.Println(err)
	}
	if err := run(10); err != nil {
		fmt.Println(err)
	}
	table, err := rundir.ReadMetrics(filepath.Join(parent, rundir.Name("toy", hash), rundir.MetricsFile))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Rows, "rows, the last:", table.Column("step")[9], table.Column("discrete/theta_1")[9])
	// Output:
	// goes on from step 4
	// 10 rows, the last: 10 0.0009765625
}

// An error says what, where and why; what to do about it is apart.
func ExampleOpen() {
	_, err := rundir.Open("runs/digits-mlp-3f9c2a")
	fmt.Println(err)
	var hint interface{ Hint() string }
	if errors.As(err, &hint) {
		fmt.Println("Try:", hint.Hint())
	}
	// Output:
	// not a run directory: runs/digits-mlp-3f9c2a: there is no run.json in it
	// Try: the path of a directory that `leeway run` made, runs/NAME-HASH
}
