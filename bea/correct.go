package bea

import (
	"fmt"

	"leeway/optim"
)

// Correct writes to dst the correction of step n at theta,
//
//	Corr_n + c eta_n DF_n[F_n],
//
// and to f (unless nil) the direction F_n. The memoryless map takes c = 0 and
// the flow c = 1/2; eta_n is the schedule's factor at step n.
//
// With displacements delta_k = eta_k F_k + ... + eta_(n-1) F_(n-1) the terms
// are those of the generic derivation,
//
//	sum_i dphi/ds_i sum_k w_ik q_i'(g_k) H_k (delta_k + c eta_n F_n) + c eta_n dphi/dtheta F_n,
//
// grouped by batch so that each needs one product of its Hessian for each average
// with weights of its own: at most 2B for Adam and B batches. In full batch it is
// one product in all as soon as F was the same at all remembered steps: with bias
// correction always, without it (and with TensorFlow's eps) after twice the
// memory's length.
func (e *Expansion) Correct(dst, f []float64, n int, theta []float64, c float64) error {
	if err := e.direction(n, theta); err != nil {
		return err
	}
	if f != nil {
		copy(f, e.f)
	}
	e.rule.Readout.Partials(e.partial, e.dtheta, e.value, theta, e.step.total)
	for j := range dst {
		dst[j] = c * e.step.eta * e.dtheta[j] * e.f[j]
	}
	if c == 0 && !e.asymptotic && (n == 0 || e.step.memory == 0) {
		return nil // no past iterate to have moved from
	}
	if e.steady(n) {
		return e.correctSteady(dst, theta, c)
	}
	if e.usePeriod(n) {
		e.displacePeriodic(n, theta, c)
	} else {
		e.displace(n, theta, c)
	}
	for i, paths := range e.path {
		if paths == nil || c == 0 && e.rule.Averages[i].Memoryless() {
			continue
		}
		for b, v := range paths {
			if !e.step.reached(i, b) {
				continue
			}
			if err := e.hvp(theta, v, b); err != nil {
				return err
			}
			e.accumulate(dst, i, b, 1)
		}
	}
	return nil
}

// correctSteady is Correct where F_k is the same at all past steps: delta_k =
// (eta_k + ... + eta_(n-1)) F, and everything is one product H F with scalar
// coefficients (arXiv 2309.00079, full batch).
func (e *Expansion) correctSteady(dst, theta []float64, c float64) error {
	if err := e.hvp(theta, e.f, e.step.current); err != nil {
		return err
	}
	for i := range e.rule.Averages {
		e.add(dst, i, e.step.current, e.step.norm[i]*(e.step.lag[i]+c*e.step.eta))
	}
	return nil
}

// hvp puts the product of the Hessian of batch b, coupled decay included, with
// v into e.product.
func (e *Expansion) hvp(theta, v []float64, b int) error {
	if err := e.obj.HVP(e.product, theta, v, b); err != nil {
		return fmt.Errorf("bea: Hessian-vector product of batch %d at step %d: %w", b, e.step.n, err)
	}
	if e.rule.L2 != 0 {
		addScaled(e.product, e.rule.L2, v)
	}
	return nil
}

// accumulate adds the part of e.product that belongs to average i, and to those
// that share its weights, to dst.
func (e *Expansion) accumulate(dst []float64, i, b int, c float64) {
	for k, same := range e.same {
		if same == i {
			e.add(dst, k, b, c)
		}
	}
}

// add adds c dphi/ds_i q_i'(g_b) product to dst.
func (e *Expansion) add(dst []float64, i, b int, c float64) {
	if e.rule.Averages[i].Of == optim.Identity {
		for j, d := range e.partial[i] {
			dst[j] += c * d * e.product[j]
		}
		return
	}
	e.rule.Averages[i].Of.Derivative(e.factor, e.gradient[b])
	for j, d := range e.partial[i] {
		dst[j] += c * d * e.factor[j] * e.product[j]
	}
}
