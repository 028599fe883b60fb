package trace

import (
	"errors"
	"fmt"
	"math"

	"leeway/curvature"
	"leeway/nn"
)

// How well the spectrum of the Hessian is measured. The residual of an eigenvector
// is relative to the largest eigenvalue; the error of an eigenvalue is of the order
// of its square.
const (
	lanczosTolerance = 1e-4
	lanczosLimit     = 200     // products for one eigenvalue
	lanczosMemory    = 2 << 30 // bytes of vectors
	traceProbes      = 8
	densityProbes    = 4
	densitySteps     = 40
	densityPoints    = 256
)

// curvatures measure the Hessian of the full training loss where the optimizer
// stands.
type curvatures struct {
	setup *Setup
	in    *instruments
	// linear is what all products of a network at one point have in common,
	// made when it is first wanted; hessian serves other objectives.
	linear  *nn.Linearized
	hessian *curvature.Hessian

	plain, preconditioned *eigenvalues
	spectrum              [][]float64 // points (eigenvalue, density) not yet handed out
}

// eigenvalues follow the largest eigenvalues along a run. Each search starts from
// the vectors that the last one found; they are part of a checkpoint, so that a
// resumed run finds the same bits.
type eigenvalues struct {
	tracker *curvature.Tracker
	vectors [][]float64 // zero before the first search
}

func newCurvatures(s *Setup, in *instruments) *curvatures {
	c := &curvatures{setup: s, in: in}
	for _, p := range in.plan {
		switch p.name {
		case "sharpness":
			c.plain = newEigenvalues(s.top(), len(s.Start))
		case "preconditioned_sharpness":
			c.preconditioned = newEigenvalues(s.top(), len(s.Start))
		}
	}
	return c
}

func newEigenvalues(top, dim int) *eigenvalues {
	basis := max(top+6, min(curvature.DefaultBasis+2*top, lanczosMemory/(8*dim)))
	e := &eigenvalues{tracker: curvature.NewTracker(&curvature.LanczosSettings{
		Top: top, Tolerance: lanczosTolerance, MaxProducts: lanczosLimit * top, Basis: basis,
	})}
	for range top {
		e.vectors = append(e.vectors, make([]float64, dim))
	}
	return e
}

// network is the objective if it is a network, which linearizes.
func (s *Setup) network() *nn.Objective {
	net, _ := s.Objective.(*nn.Objective)
	return net
}

// measure writes the columns of a quantity of the curvature.
func (c *curvatures) measure(dst []float64, quantity string, at *place) error {
	for i := range dst {
		dst[i] = math.NaN()
	}
	op, err := c.operator(at)
	if err != nil {
		return err
	}
	optimizer := c.setup.Optimizer
	switch quantity {
	case "sharpness":
		dst[len(dst)-1] = sharpnessLine(optimizer, at.step)
		err = c.plain.find(dst, op)
	case "preconditioned_sharpness":
		dst[len(dst)-1] = preconditionedLine(optimizer, at.step)
		if at.step == 0 {
			return nil // the second moment has seen nothing
		}
		if op, err = precondition(op, optimizer.Rule, at.lead.state); err == nil {
			err = c.preconditioned.find(dst, op)
		}
	case "hessian_trace":
		var e curvature.Estimate
		e, err = curvature.TracePlusPlus(op, &curvature.ProbeSettings{Probes: traceProbes})
		if err == nil {
			dst[0], dst[1] = e.Value, e.StdErr
		}
	default:
		err = c.density(op)
	}
	var nonFinite *curvature.NonFiniteError
	if errors.As(err, &nonFinite) {
		return nil // a result, as everything that is not finite: NaN
	}
	return err
}

// operator is the Hessian of the full training loss at a place.
func (c *curvatures) operator(at *place) (op curvature.Operator, err error) {
	if at.operator != nil {
		return at.operator, nil
	}
	net, network := c.in.base.TwiceDifferentiable.(*nn.Objective)
	switch {
	case network && c.linear == nil:
		c.linear, err = net.Full().Linearize(at.theta, 0)
	case network:
		err = c.linear.Move(at.theta, 0)
	case c.hessian == nil:
		c.hessian, err = curvature.NewHessian(c.in.base, at.theta)
	default:
		err = c.hessian.SetTheta(at.theta)
	}
	if err != nil {
		return nil, err
	}
	at.operator = c.hessian
	if network {
		c.in.gradients += linearizeCost
		at.operator = curvature.Func(net.Dim(), func(dst, v []float64) error {
			c.in.products++
			return c.linear.HVP(dst, v)
		})
	}
	return at.operator, nil
}

// find writes the largest eigenvalues, the largest of their residuals relative to
// the largest eigenvalue, and 1 if all have converged or else 0.
func (e *eigenvalues) find(dst []float64, op curvature.Operator) error {
	e.tracker.Resume(nil)
	if !zero(e.vectors[0]) {
		e.tracker.Resume(e.vectors)
	}
	found, err := e.tracker.Update(op)
	var unconverged *curvature.ConvergenceError
	if err != nil && !errors.As(err, &unconverged) {
		return err
	}
	residual, converged := 0.0, 1.0
	for i, p := range found.Top {
		dst[i], residual = p.Value, max(residual, p.Residual)
		copy(e.vectors[i], p.Vector)
	}
	if !found.Converged() {
		converged = 0
	}
	if size := found.Limit / lanczosTolerance; size > 0 {
		residual /= size
	}
	dst[len(found.Top)], dst[len(found.Top)+1] = residual, converged
	return nil
}

// density estimates the density of the eigenvalues on a grid.
func (c *curvatures) density(op curvature.Operator) error {
	steps := min(densitySteps, op.Dim(), max(8, lanczosMemory/(8*op.Dim())))
	d, err := curvature.SpectralDensity(op, &curvature.DensitySettings{Probes: densityProbes, Steps: steps})
	if err != nil {
		return err
	}
	low, high := d.Range()
	width := (high - low) / 100
	if width == 0 {
		width = max(math.Abs(high), 1) * 1e-3
	}
	grid, density := make([]float64, densityPoints), make([]float64, densityPoints)
	d.Grid(grid, width)
	if err := d.Smooth(density, grid, width); err != nil {
		return err
	}
	c.spectrum = nil
	for i, x := range grid {
		c.spectrum = append(c.spectrum, []float64{x, density[i]})
	}
	return nil
}

// tensors are what the next searches start from.
func (c *curvatures) tensors() []Tensor {
	var all []Tensor
	add := func(name string, e *eigenvalues) {
		for i := range e.vectors {
			all = append(all, Tensor{fmt.Sprintf("%s_vector_%d", name, i+1), e.vectors[i]})
		}
	}
	if c.plain != nil {
		add("sharpness", c.plain)
	}
	if c.preconditioned != nil {
		add("preconditioned", c.preconditioned)
	}
	return all
}

// zero reports whether there is nothing in v.
func zero(v []float64) bool {
	for _, x := range v {
		if x != 0 {
			return false
		}
	}
	return true
}
