package cpu

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// profile is the time of every kernel, over all runs.
type profile struct {
	plan *plan
	time []time.Duration
	runs int
}

func newProfile(p *plan) *profile {
	return &profile{plan: p, time: make([]time.Duration, len(p.steps))}
}

func (p *profile) add(kernel int, d time.Duration) { p.time[kernel] += d }

// Timing is the mean time of one kernel, or of all kernels of a kind, in a run.
type Timing struct {
	Kind    string  // the operation, or "fused loop"
	What    string  // shapes; of a kind, the number of kernels
	Seconds float64 // mean over the runs
	GFLOPS  float64 // rate of operations, 10^9 per second
	GBs     float64 // rate of memory traffic as [Stats] counts it, 10^9 bytes per second
}

// Profile is where the time of runs went.
type Profile struct {
	Runs    int
	Kinds   []Timing // one row for every kind of kernel, the slowest first
	Kernels []Timing // one row for every kernel, the slowest first
}

// Profile returns the times measured so far; it is empty unless Settings.Profile
// was set.
func (p *Program) Profile() Profile {
	if p.profile == nil || p.profile.runs == 0 {
		return Profile{}
	}
	r := Profile{Runs: p.profile.runs}
	type sum struct {
		work
		seconds float64
		kernels int
	}
	kinds := map[string]*sum{}
	for k, s := range p.plan.steps {
		kind, what := s.describe()
		w := s.work()
		seconds := p.profile.time[k].Seconds() / float64(r.Runs)
		r.Kernels = append(r.Kernels, timing(kind, what, seconds, w))
		if kinds[kind] == nil {
			kinds[kind] = new(sum)
		}
		t := kinds[kind]
		t.flop, t.bytes, t.seconds, t.kernels = t.flop+w.flop, t.bytes+w.bytes, t.seconds+seconds, t.kernels+1
	}
	for kind, t := range kinds {
		r.Kinds = append(r.Kinds, timing(kind, fmt.Sprintf("%d kernels", t.kernels), t.seconds, t.work))
	}
	slowestFirst := func(a, b Timing) int {
		switch {
		case a.Seconds != b.Seconds:
			return map[bool]int{true: -1, false: 1}[a.Seconds > b.Seconds]
		}
		return strings.Compare(a.Kind, b.Kind)
	}
	slices.SortStableFunc(r.Kinds, slowestFirst)
	slices.SortStableFunc(r.Kernels, slowestFirst)
	return r
}

func timing(kind, what string, seconds float64, w work) Timing {
	t := Timing{Kind: kind, What: what, Seconds: seconds}
	if seconds > 0 {
		t.GFLOPS, t.GBs = w.flop/seconds/1e9, w.bytes/seconds/1e9
	}
	return t
}

// String writes the profile as a table: kinds first, then kernels.
func (p Profile) String() string {
	var b strings.Builder
	for _, list := range [][]Timing{p.Kinds, p.Kernels} {
		fmt.Fprintf(&b, "%-22s %10s %9s %8s  %s\n", "kernel", "ms", "GFLOP/s", "GB/s", "what")
		for _, t := range list {
			fmt.Fprintf(&b, "%-22s %10.3f %9.1f %8.1f  %s\n", t.Kind, 1e3*t.Seconds, t.GFLOPS, t.GBs, t.What)
		}
	}
	return b.String()
}
