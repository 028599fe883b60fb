package slurm_test

import (
	"fmt"
	"strings"
	"time"

	"leeway/sweep/slurm"
)

// What Slurm is told about a worker of a sweep with twenty cells.
func Example() {
	text, err := slurm.Engine{}.Preview(slurm.Job{
		Name: "beta2", Dir: "/home/me/sweeps/beta2", Program: "/home/me/leeway", Chdir: "/home/me", Cells: 20,
		Settings: slurm.Settings{Time: slurm.Duration(4 * time.Hour), CPUs: 2},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(text) {
		if strings.Contains(line, "=0-") || strings.Contains(line, "--time") || strings.Contains(line, "--signal") || strings.HasPrefix(line, "exec") {
			fmt.Print(line)
		}
	}
	// Output:
	// # sbatch --array=0-9 worker.sh
	// #SBATCH --time=04:00:00
	// #SBATCH --signal=B:USR1@150
	// exec '/home/me/leeway' worker --sweep '/home/me/sweeps/beta2' --until 3h55m0s --threads "$GOMAXPROCS"
}

func ExampleParseDuration() {
	for _, text := range []string{"90m", "90", "1-12:00:00"} {
		d, err := slurm.ParseDuration(text)
		fmt.Println(d, err)
	}
	// Output:
	// 01:30:00 <nil>
	// 01:30:00 <nil>
	// 1-12:00:00 <nil>
}
