package bea

import (
	"errors"
	"math"

	"leeway/optim"
)

// AdamTerms are the functions of theta that the main theorem for Adam is written
// in (arXiv 2309.00079, Section 3), each of length Dim. With the weights w_k of
// the average of g and u_k of that of g^2 at step n, gradients g_k and Hessians
// H_k of the batches visited, and F_l the direction of step l, all at one theta:
//
//	M    = sum_k w_k g_k
//	R    = sqrt(sum_k u_k g_k^2 + eps), without eps where eps stands outside
//	L    = sum_k w_k H_k (F_k + ... + F_(n-1))
//	LBar = sum_k w_k H_k F_n
//	P    = sum_k u_k g_k H_k (F_k + ... + F_(n-1))
//	PBar = sum_k u_k g_k H_k F_n
//
// For eps inside the root F = M/R and the corrected flow is
//
//	theta' = -M/R + h (M (2P + PBar)/(2 R^3) - (2L + LBar)/(2R)),
//
// for eps outside F = M/(R + eps) and it is
//
//	theta' = -M/(R+eps) + h (M (2P + PBar)/(2 (R+eps)^2 R) - (2L + LBar)/(2 (R+eps))).
type AdamTerms struct {
	R, M, L, LBar, P, PBar []float64
}

// NewAdamTerms makes room for dim parameters.
func NewAdamTerms(dim int) *AdamTerms {
	v := vectors(6, dim)
	return &AdamTerms{R: v[0], M: v[1], L: v[2], LBar: v[3], P: v[4], PBar: v[5]}
}

// ErrNotAdam is returned where the functions of Adam's theorem are asked of a
// rule that is not made of an average of g and one of g^2.
var ErrNotAdam = errors.New("bea: the terms of Adam's theorem need a rule with an average of g and one of g^2")

// AdamTerms writes the terms of step n at theta to dst. It serves every rule
// whose accumulators are an average of g and one of g^2: Adam, AdamW (whose F
// contains the decay), NAdam, RMSProp (whose L is 0); [ErrNotAdam] otherwise.
// Under a learning-rate schedule F_l counts eta_l times.
//
// It costs, for B batches visited, B gradients and at most 3B Hessian-vector
// products (in full batch with bias correction one of each), and allocates
// nothing. To follow the flow use [Flow], which needs 2B.
func (e *Expansion) AdamTerms(dst *AdamTerms, n int, theta []float64) error {
	averages := e.rule.Averages
	if len(averages) != 2 || averages[0].Of != optim.Identity || averages[1].Of != optim.Square {
		return ErrNotAdam
	}
	if err := e.direction(n, theta); err != nil {
		return err
	}
	inside := 0.0
	if e.rule.EpsMode == optim.Inside {
		inside = e.rule.Eps
	}
	copy(dst.M, e.value[0])
	for j, v := range e.value[1] {
		dst.R[j] = math.Sqrt(v + inside)
	}
	for _, v := range [][]float64{dst.L, dst.LBar, dst.P, dst.PBar} {
		clear(v)
	}
	if err := e.lead(dst, theta); err != nil {
		return err
	}
	if e.steady(n) {
		// The displacements are all multiples of F, and so are the products.
		scaleTo(dst.L, e.step.lag[0], dst.LBar)
		scaleTo(dst.P, e.step.lag[1], dst.PBar)
		return nil
	}
	e.displace(n, theta, 0)
	for i, paths := range e.path {
		for b, v := range paths {
			if !e.step.reached(i, b) || averages[i].Memoryless() {
				continue
			}
			if err := e.hvp(theta, v, b); err != nil {
				return err
			}
			for k, same := range e.same {
				if same == i {
					dst.add(k, 1, e.gradient[b], e.product, false)
				}
			}
		}
	}
	return nil
}

// lead computes LBar and PBar: one product H_b F for each batch visited.
func (e *Expansion) lead(dst *AdamTerms, theta []float64) error {
	for b, seen := range e.step.seen {
		if !seen {
			continue
		}
		if err := e.hvp(theta, e.f, b); err != nil {
			return err
		}
		for i := range e.rule.Averages {
			dst.add(i, e.step.weight[i][b], e.gradient[b], e.product, true)
		}
	}
	return nil
}

// add adds c product to L or c g product to P, for average 0 or 1, or to those
// with a bar.
func (t *AdamTerms) add(average int, c float64, g, product []float64, bar bool) {
	l, p := t.L, t.P
	if bar {
		l, p = t.LBar, t.PBar
	}
	if average == 0 {
		addScaled(l, c, product)
		return
	}
	for j, x := range product {
		p[j] += c * g[j] * x
	}
}
