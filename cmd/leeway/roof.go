package main

import (
	"time"

	"github.com/spf13/cobra"

	"leeway/autodiff/cpu"
	"leeway/autodiff/cpu/gemm"
)

// roof is what this machine can do at best: no program is faster than its
// arithmetic or its memory.
type roof struct {
	// Kernels names the instructions of the matrix product, GEMM its rates at
	// 1024 x 1024 by type, in GFLOP/s.
	Kernels string             `json:"kernels"`
	GEMM    map[string]float64 `json:"gemm_gflops"`
	// Memory is the rate of copying an array much larger than the caches, in
	// GB/s, what is read and what is written both counted.
	Memory float64 `json:"memory_gbs"`
}

// gemmed is what `bench gemm` prints with --json.
type gemmed struct {
	Size    int                `json:"size"`
	Threads int                `json:"threads"`
	Kernels string             `json:"kernels"`
	GEMM    map[string]float64 `json:"gemm_gflops"`
}

// roofSize is the size of the matrices of the roof.
const roofSize = 1024

func (a *app) gemmCommand(asJSON *bool) *cobra.Command {
	var size, threads int
	cmd := &cobra.Command{
		Use:   "gemm",
		Short: "Measure the rate of matrix products",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			if size < 1 || size > 1<<14 {
				return misuse("--size wants a whole number from 1 to 16384", "--size 1024")
			}
			if threads < 0 {
				return misuse("--threads wants a whole number >= 0", "--threads 2")
			}
			pool := &cpu.Pool{Limit: threads}
			r := gemmed{Size: size, Threads: pool.Threads(), Kernels: gemm.Level(), GEMM: gemmRates(pool, size)}
			if *asJSON {
				return a.out.json(r)
			}
			a.out.printf("matrix product of %d x %d on %s, %s\n", size, size, plural(r.Threads, "thread"), r.Kernels)
			a.out.facts([2]string{"float32", short(r.GEMM["float32"], 4) + " GFLOP/s"}, [2]string{"float64", short(r.GEMM["float64"], 4) + " GFLOP/s"})
			return a.out.done()
		},
	}
	cmd.Flags().IntVar(&size, "size", roofSize, "rows and columns of the matrices")
	cmd.Flags().IntVar(&threads, "threads", 0, "the number of threads, 0 for one a core")
	return cmd
}

// measureRoof measures the roofs for so many threads.
func measureRoof(threads int) *roof {
	pool := &cpu.Pool{Limit: threads}
	return &roof{Kernels: gemm.Level(), GEMM: gemmRates(pool, roofSize), Memory: copyRate(pool)}
}

func gemmRates(pool *cpu.Pool, size int) map[string]float64 {
	return map[string]float64{"float32": gemmRate[float32](pool, size), "float64": gemmRate[float64](pool, size)}
}

// roofReps is how often a roof is measured; the median counts.
const roofReps = 15

// gemmRate is the rate of a product of two square matrices, in GFLOP/s.
func gemmRate[T gemm.Float](pool *cpu.Pool, n int) float64 {
	a, b, c := make([]T, n*n), make([]T, n*n), make([]T, n*n)
	for i := range a {
		a[i], b[i] = T(i%7)-3, T(i%5)-2
	}
	var space gemm.Workspace[T]
	seconds := medianSeconds(roofReps, func() {
		gemm.MatMul(pool, &space, c, n, a, n, false, b, n, false, n, n, n, false)
	})
	return 2 * float64(n) * float64(n) * float64(n) / seconds / 1e9
}

// copyRate is the bandwidth of memory, in GB/s.
func copyRate(pool *cpu.Pool) float64 {
	const values = 16 << 20 // 128 MiB each
	from, to := make([]float64, values), make([]float64, values)
	for i := range from {
		from[i] = float64(i)
	}
	const pieces = 64
	seconds := medianSeconds(5, func() {
		pool.Do(pieces, func(piece, _ int) {
			lo, hi := piece*values/pieces, (piece+1)*values/pieces
			copy(to[lo:hi], from[lo:hi])
		})
	})
	return 16 * values / seconds / 1e9
}

// medianSeconds runs a task once to warm up and then several times.
func medianSeconds(reps int, task func()) float64 {
	task()
	var all []float64
	for range reps {
		start := time.Now()
		task()
		all = append(all, time.Since(start).Seconds())
	}
	return middle(all)
}
