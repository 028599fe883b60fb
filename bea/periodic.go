package bea

// periodic is the shortcut for batches that are visited in turn. Once the
// averages have settled, F_l depends only on the phase l mod P, so that no past
// step has to be replayed: the displacements are sums of the P directions of a
// cycle, with scalar coefficients that depend on the step alone.
type periodic struct {
	period int // P, 0 if the order has none
	// settled[i][phase][b] is the weight of batch b in average i at the steps
	// of that phase.
	settled [][][]float64
	total   []float64 // limits of the total weights
	// coefficient[i][b][phase] multiplies F of that phase in path i, b.
	coefficient [][][]float64
	travelled   []float64 // by phase: eta_k + ... + eta_(n-1) over its steps
	n           int       // the step of coefficient, -1 before the first
}

// Period is implemented by an [Order] that repeats itself.
type Period interface {
	// Period is the number of steps after which the order repeats, 0 if it
	// does not.
	Period() int
}

// Period is the number of batches.
func (b cyclic) Period() int { return int(b) }

// usePeriod reports whether the shortcut serves step n.
func (e *Expansion) usePeriod(n int) bool {
	return e.cycle.period > 0 && !e.rule.Clocked() && n >= 2*e.step.memory+e.cycle.period
}

// displacePeriodic is [Expansion.displace] by the shortcut.
func (e *Expansion) displacePeriodic(n int, theta []float64, c float64) {
	cycle, w := &e.cycle, &e.work
	if cycle.settled == nil {
		cycle.settle(e)
	}
	cycle.prepare(e, n)
	for low := 0; low < e.dim; low += coordinates {
		high := min(low+coordinates, e.dim)
		for i, paths := range e.path {
			w.view[i] = w.value[i][:high-low]
			for b, path := range paths {
				for j := low; j < high; j++ {
					path[j] = c * e.step.eta * e.step.weight[i][b] * e.f[j]
				}
			}
		}
		f := w.f[:high-low]
		for phase := range cycle.period {
			for i := range e.rule.Averages {
				clear(w.view[i])
				for b, weight := range cycle.settled[i][phase] {
					addScaled(w.view[i], weight, e.input[i][b][low:high])
				}
			}
			e.rule.Readout.Direction(f, w.view, theta[low:high], cycle.total)
			for i, paths := range e.path {
				for b, path := range paths {
					addScaled(path[low:high], cycle.coefficient[i][b][phase], f)
				}
			}
		}
	}
}

// settle tabulates the weights of the batches in each average at each phase.
func (p *periodic) settle(e *Expansion) {
	averages, batches := len(e.rule.Averages), len(e.gradient)
	p.total = make([]float64, averages)
	p.travelled = make([]float64, p.period)
	for i, a := range e.rule.Averages {
		p.total[i] = a.TotalWeight(-1)
		scale := 1.0
		if a.Corrected {
			scale = 1 / p.total[i]
		}
		p.settled = append(p.settled, vectors(p.period, batches))
		p.coefficient = append(p.coefficient, vectors(batches, p.period))
		for phase := range p.period {
			// Any late step of this phase sees the same past.
			last := phase + p.period*(len(e.work.byLag[i])/p.period+1)
			for lag, weight := range e.work.byLag[i] {
				p.settled[i][phase][e.order.At(last-lag)] += scale * weight
			}
		}
	}
}

// prepare computes the coefficients of step n: going back over the remembered
// steps k, each adds its weight times the displacement since it, by phase.
func (p *periodic) prepare(e *Expansion, n int) {
	if p.n == n {
		return
	}
	p.n = n
	w := &e.work
	clear(p.travelled)
	for i := range e.path {
		for _, c := range p.coefficient[i] {
			clear(c)
		}
	}
	for lag := 0; lag <= e.step.memory; lag++ {
		k := n - lag
		if lag > 0 {
			p.travelled[k%p.period] += w.eta[k]
		}
		for i, paths := range e.path {
			if paths == nil || lag >= len(w.byLag[i]) {
				continue
			}
			weight := w.byLag[i][lag] * e.step.norm[i] / e.step.total[i]
			addScaled(p.coefficient[i][w.batch[k]], weight, p.travelled)
		}
	}
}
