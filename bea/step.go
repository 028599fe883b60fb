package bea

import "leeway/optim"

// step holds what depends on the step n alone and not on theta: weights,
// normalisations, mean lags and which batch was visited when. It is prepared
// once for all evaluations on the interval [nh, (n+1)h].
type step struct {
	n       int // the step prepared, -1 before the first
	current int // batch of step n
	eta     float64
	memory  int // steps after which weights are below rounding

	seen   []bool      // batches whose gradient is needed
	total  []float64   // W_i, the sum of weights before correction; then n and h_n
	norm   []float64   // sum of weights after correction: 1 or W_i
	lag    []float64   // mean lag of average i in units of h, schedule included
	weight [][]float64 // weight[i][b]: of all visits to batch b, after correction

	schedule lags
}

func newStep(averages, batches int) step {
	return step{
		n: -1, seen: make([]bool, batches),
		total: make([]float64, averages+2), norm: make([]float64, averages), lag: make([]float64, averages),
		weight:   vectors(averages, batches),
		schedule: lags{sum: make([]float64, averages), mass: make([]float64, averages)},
	}
}

// reached reports whether average i remembers batch b.
func (s *step) reached(i, b int) bool { return s.weight[i][b] != 0 }

// prepare computes everything for step n; it does nothing if that was the last
// step prepared.
func (s *step) prepare(e *Expansion, n int) {
	if s.n == n {
		return
	}
	e.work.extend(e, n)
	s.n, s.current, s.eta = n, e.work.batch[n], e.work.eta[n]
	s.memory = e.rule.Memory()
	clear(s.seen)
	s.seen[s.current] = true
	limit := n
	if e.asymptotic {
		limit = -1
	}
	e.rule.SetTotals(s.total, limit, e.opt.LR*s.eta)
	for i, a := range e.rule.Averages {
		s.norm[i] = s.total[i]
		if a.Corrected {
			s.norm[i] = 1
		}
		s.weigh(e, i, a)
	}
	if e.opt.Schedule.Constant() {
		for i, a := range e.rule.Averages {
			s.lag[i] = a.MeanLag(limit)
		}
		return
	}
	s.schedule.advance(e.opt, n)
	for i, a := range e.rule.Averages {
		s.lag[i] = s.schedule.mean(i, a) / s.total[i]
	}
}

// weigh sums the weights of average i over the visits to each batch.
func (s *step) weigh(e *Expansion, i int, a optim.Average) {
	weights := s.weight[i]
	clear(weights)
	if len(weights) == 1 {
		weights[0] = s.norm[i]
		return
	}
	for lag, w := range e.work.byLag[i][:min(s.n, a.Memory())+1] {
		b := e.work.batch[s.n-lag]
		weights[b] += w
		s.seen[b] = true
	}
	for b := range weights {
		weights[b] *= s.norm[i] / s.total[i]
	}
}

// lags follows, under a learning-rate schedule, the weighted displacements
//
//	sum_k Gain Decay^(n-k) (eta_k + ... + eta_(n-1))
//
// of the memories of all averages, one recursion a step.
type lags struct {
	next      int       // the steps below next are accounted for
	sum, mass []float64 // of memory i: weighted displacement, total weight
	before    []float64 // the weighted displacement seen from step next-1 by m_(n-1)
}

// advance brings the recursion to step n, from the start if n went back.
func (l *lags) advance(opt optim.Optimizer, n int) {
	averages := opt.Rule.Averages
	if l.before == nil {
		l.before = make([]float64, len(averages))
	}
	if l.next > n+1 {
		l.next = 0
	}
	if l.next == 0 {
		clear(l.sum)
		clear(l.mass)
		clear(l.before)
	}
	for ; l.next <= n; l.next++ {
		eta := 0.0
		if l.next > 0 {
			eta = opt.Schedule.Factor(l.next - 1)
		}
		for i, a := range averages {
			// All that is remembered moves eta further into the past.
			l.before[i] = l.sum[i] + eta*l.mass[i]
			l.sum[i] = a.Decay * l.before[i]
			l.mass[i] = a.Decay*l.mass[i] + a.Gain
		}
	}
}

// mean is the weighted displacement of average i before normalisation.
func (l *lags) mean(i int, a optim.Average) float64 {
	return a.New*l.sum[i] + a.Old*l.before[i]
}

// steady reports whether in full batch F_k was the same at all remembered
// steps k <= n.
func (e *Expansion) steady(n int) bool {
	if len(e.gradient) > 1 {
		return false
	}
	return e.asymptotic || e.rule.Steady() || n >= 2*e.step.memory && !e.rule.Clocked()
}

func sameWeights(a, b optim.Average) bool {
	return a.Decay == b.Decay && a.Gain == b.Gain && a.New == b.New && a.Old == b.Old &&
		a.Direct == b.Direct && a.Corrected == b.Corrected
}
