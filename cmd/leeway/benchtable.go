package main

import (
	"fmt"
	"math"
	"strconv"

	"leeway/autodiff/cpu"
	"leeway/nn"
)

// benched writes the measurements for people.
func (s *screen) benched(r *benched) {
	s.printf("%s\n", s.paint(bold, r.Name))
	s.facts([2]string{"problem", r.Problem}, [2]string{"threads", threadWords(r.Threads)})
	t := table{titles: []string{"", "ms", "GFLOP/s", "of the roof", "in gradients"}, left: map[int]bool{}}
	row := func(name string, ms *float64, rate *float64) {
		if ms == nil {
			return
		}
		cells := []string{name, milliseconds(*ms), "", "", short(*ms/r.GradientMS, 3)}
		if rate != nil {
			cells[2] = short(*rate, 3)
		}
		if rate != nil && r.Roof != nil {
			cells[3] = share(*rate / r.Roof.GEMM[r.DType])
		}
		t.add(plain(cells...)...)
	}
	row("gradient", &r.GradientMS, r.GradientGFLOPS)
	row("gradient and Hessian-vector product", &r.HVPMS, r.HVPGFLOPS)
	row("linearization", r.LinearizeMS, nil)
	row("Hessian-vector product of it", r.ProductMS, r.ProductGFLOPS)
	row("optimizer step", &r.StepMS, nil)
	s.printf("\n")
	t.write(s)
	s.printf("\n")
	memory := ""
	if r.PeakBytes != nil {
		memory = amount(*r.PeakBytes) + " of buffers for gradient and product"
	}
	s.facts([2]string{"memory", memory}, [2]string{"roof", r.Roof.words()}, [2]string{"measured", "medians of at least " + plural(r.Reps, "time")})
}

// words describe the roofs, if they were measured.
func (r *roof) words() string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("matrix product %s (float32) and %s (float64) GFLOP/s with %s, copying memory %s GB/s",
		short(r.GEMM["float32"], 3), short(r.GEMM["float64"], 3), r.Kernels, short(r.Memory, 3))
}

// profiled writes where the time went: by kind of kernel, and the slowest ones.
func (s *screen) profiled(profiles []nn.Profile) {
	const slowest = 12
	for _, p := range profiles {
		s.head(fmt.Sprintf("Where the time goes: %s of %s", p.Task, plural(p.Rows, "row")))
		total := 0.0
		for _, k := range p.Times.Kinds {
			total += k.Seconds
		}
		t := table{titles: []string{"kernel", "ms", "share", "GFLOP/s", "GB/s", "what"}, left: map[int]bool{5: true}}
		add := func(k cpu.Timing) {
			cells := []string{k.Kind, milliseconds(1e3 * k.Seconds), share(k.Seconds / total), rateOf(k.GFLOPS), rateOf(k.GBs), k.What}
			t.add(plain(cells...)...)
		}
		for _, k := range p.Times.Kinds {
			add(k)
		}
		t.add(plain("")...)
		for _, k := range p.Times.Kernels[:min(slowest, len(p.Times.Kernels))] {
			add(k)
		}
		t.write(s)
	}
}

func rateOf(x float64) string {
	if x == 0 {
		return ""
	}
	return short(x, 3)
}

// milliseconds writes a time with three digits.
func milliseconds(ms float64) string {
	if ms >= 100 {
		return strconv.FormatFloat(ms, 'f', 0, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(max(ms, 1e-4))))
	return strconv.FormatFloat(ms, 'f', digits, 64)
}

// amount writes an amount of memory.
func amount(n int) string {
	switch {
	case n < 1e6:
		return short(float64(n)/1e3, 3) + " kB"
	case n < 1e9:
		return short(float64(n)/1e6, 3) + " MB"
	}
	return short(float64(n)/1e9, 3) + " GB"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// threadWords are the number of threads, where it is known.
func threadWords(n int) string {
	if n == 0 {
		return "those of the other process"
	}
	return strconv.Itoa(n)
}
