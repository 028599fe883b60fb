// Package ode integrates dy/dt = f(t, y), where y is a flat []float64, with
// explicit Runge-Kutta methods: [Euler], [Heun], [RK4] and the Dormand-Prince
// 5(4) pair [Dopri5] with adaptive steps. It does not do implicit methods,
// events or mass matrices; a system that is too stiff for an explicit method is
// refused with a [*StiffError] that says where and why.
//
// # Two ways to drive a solver
//
// [Solver.Steps] is an iterator over the accepted steps, with dense output:
//
//	for step, err := range solver.Steps(t0, t1, y0) {
//		if err != nil {
//			return err
//		}
//		... step.T, step.Y, step.Interpolate(dst, t) ...
//	}
//
// [Solver.Integrate] advances a state in place from t0 to t1. It allocates
// nothing, so it can be called once for each interval of a grid on which the
// field changes:
//
//	for n := range steps {
//		field.SetInterval(n)
//		if err := solver.Integrate(y, grid[n], grid[n+1]); err != nil {
//			return err
//		}
//	}
//
// What a solver remembers from one call to the next:
//   - the step size that the controller wanted, not the shorter one that had
//     to land on t1, so that only the very first call searches for a step;
//   - the previous error of the PI controller and the last Richardson estimate;
//   - statistics ([Solver.Total]).
//
// It does not remember derivatives: f is evaluated anew at the start of every
// call, so a field that is different in each interval is safe. f is never
// evaluated outside the interval from t0 to t1. [Solver.Reset] forgets all;
// [Solver.State] and [Solver.Restore] save and bring it back, to the same bits.
//
// # Choosing a method
//
//   - A smooth field and an accuracy in mind: [Dopri5]. It chooses its steps
//     from [Settings] AbsTol and RelTol and reports an error estimate for each.
//   - A grid that is given, with a field that is nearly linear within one
//     interval: [RK4] with Settings.Substeps = 1. Four evaluations an interval
//     where Dopri5 needs seven, and no error estimate unless
//     Settings.EstimateEvery asks for one.
//   - A field with kinks, or values that are only accurate to a few digits:
//     [Heun]; higher orders gain nothing there.
//   - [Euler] is gradient descent written as a flow. It is here as the
//     reference that others are compared with.
//
// All four are explicit: with a field whose fastest rate is lambda (the largest
// eigenvalue of the Jacobian in modulus) the step must stay below about
// 2/lambda (Euler, Heun), 2.8/lambda (RK4) or 3.3/lambda (Dopri5), however
// loose the tolerance.
//
// A field that jumps and points at the jump from both sides, as the flow of sign
// descent does at a minimum, has no solution in the usual sense: the adaptive
// solver then takes a great many tiny steps across the jump, without an error.
// Settings.MaxSteps guards against it, and MinStep gives up early.
//
// # How far to trust the result
//
// [Stats].ErrorSum adds up the estimated local errors of the accepted steps. It
// is an estimate of the integration error when errors are neither damped nor
// amplified by the system; divided by the size of y it says how many digits are
// good. For Dopri5 it is pessimistic, because the estimate belongs to the
// fourth-order solution while the fifth-order one is carried on.
//
// # Errors
//
// [*StiffError], [*NonFiniteError], [*StepLimitError] and [*DerivativeError]
// name the time, the step and, where there is one, the component; the first three
// have a method Hint that says what to try. States are checked on accepted steps
// only: a NaN on a trial step just makes the step smaller.
package ode
