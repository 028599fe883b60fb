package bea

// coordinates is the number of coordinates for which the past is replayed at a
// time, so that the replay stays in the first-level cache.
const coordinates = 256

// window is the workspace for replaying the remembered steps at one theta.
type window struct {
	memory, value [][]float64 // one block of each average
	view          [][]float64 // value, cut to the block's length
	f, travelled  []float64   // one block of F_l and of eta_0 F_0 + ... so far
	now           []float64   // total weights at one step, then n and h_n

	// Tables over steps l = 0, 1, ..., extended as the run goes on.
	batch []int
	eta   []float64
	total [][]float64 // total[i][l], before correction
	byLag [][]float64 // weight of average i by lag, before correction
}

func newWindow(averages, dim int) window {
	size := min(coordinates, dim)
	return window{
		memory: vectors(averages, size), value: vectors(averages, size), view: make([][]float64, averages),
		f: make([]float64, size), travelled: make([]float64, size),
		now: make([]float64, averages+2), total: make([][]float64, averages), byLag: make([][]float64, averages),
	}
}

// extend brings the tables to step n.
func (w *window) extend(e *Expansion, n int) {
	for l := len(w.batch); l <= n; l++ {
		w.batch = append(w.batch, e.order.At(l))
		w.eta = append(w.eta, e.opt.Schedule.Factor(l))
		for i, a := range e.rule.Averages {
			w.total[i] = append(w.total[i], a.TotalWeight(l))
			if l <= a.Memory() {
				w.byLag[i] = append(w.byLag[i], a.Weight(l))
			}
		}
	}
}

// displace fills e.path with the weighted displacements of each average and
// batch,
//
//	path_ib = sum over k visiting b of w_ik (delta_k + c eta_n F_n).
//
// With T_k = eta_start F_start + ... + eta_(k-1) F_(k-1), delta_k = T_n - T_k,
// so one pass forward over the remembered steps suffices: O(r p) work a step,
// and nothing is stored but r vectors a batch. Weights below rounding end the
// memory. That the averages start there too is harmless: what they lack at step l,
// d^(l-start), meets displacements that weigh d^(n-l) or less.
func (e *Expansion) displace(n int, theta []float64, c float64) {
	w := &e.work
	for low := 0; low < e.dim; low += coordinates {
		high := min(low+coordinates, e.dim)
		e.replay(low, high, n, theta[low:high])
		for i, paths := range e.path {
			for b, path := range paths {
				if !e.step.reached(i, b) {
					continue
				}
				for j := low; j < high; j++ {
					path[j] += e.step.weight[i][b] * (w.travelled[j-low] + c*e.step.eta*e.f[j])
				}
			}
		}
	}
}

// replay runs the optimizer's averages over the remembered steps at fixed theta
// on one block of coordinates, and leaves -sum_k w_ik T_k in e.path and T_n in
// travelled.
func (e *Expansion) replay(low, high, n int, theta []float64) {
	w := &e.work
	start := max(0, n-e.step.memory)
	for i := range w.memory {
		clear(w.memory[i])
		w.view[i] = w.value[i][:high-low]
		for _, path := range e.path[i] {
			clear(path[low:high])
		}
	}
	travelled, f := w.travelled[:high-low], w.f[:high-low]
	clear(travelled)
	for l := start; l <= n; l++ {
		for i, paths := range e.path {
			if lag := n - l; paths != nil && lag < len(w.byLag[i]) {
				weight := w.byLag[i][lag] * e.step.norm[i] / e.step.total[i]
				addScaled(paths[w.batch[l]][low:high], -weight, travelled)
			}
		}
		if l == n {
			break // F_n moves no past iterate
		}
		e.recall(low, high, l)
		e.rule.Readout.Direction(f, w.view, theta, w.now)
		addScaled(travelled, w.eta[l], f)
	}
}

// recall advances the averages of one block by step l.
func (e *Expansion) recall(low, high, l int) {
	w := &e.work
	r := len(e.rule.Averages)
	w.now[r], w.now[r+1] = float64(l), e.opt.LR*w.eta[l]
	for i, a := range e.rule.Averages {
		w.now[i] = w.total[i][l]
		scale := 1.0
		if a.Corrected {
			scale = 1 / w.now[i]
		}
		a.Update(w.view[i], w.memory[i], e.input[i][w.batch[l]][low:high], scale)
	}
}
