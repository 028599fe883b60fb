package ode

import (
	"fmt"
	"math"
	"strings"
)

// Method is an explicit Runge-Kutta method: its Butcher tableau and the weights
// of its dense output. With s stages a step from (t, y) of size h is
//
//	k_i = f(t + C_i h, y + h sum_{j<i} A_ij k_j),   i = 0 ... s-1
//	y1  = y + h sum_i B_i k_i
//
// The functions Euler, Heun, RK4 and Dopri5 return the methods of this package;
// a tableau of the user's own works as well.
//
// Source of the notation: Hairer, Nørsett, Wanner, Solving Ordinary
// Differential Equations I, 2nd ed. 1993, section II.1.
type Method struct {
	// Name is the short lower-case name, as ByName takes it.
	Name string
	// Reference names where the coefficients come from.
	Reference string
	// Order is p: the global error is O(h^p).
	Order int

	// C, A, B are the tableau: C and B have length s, row i of A length i.
	C []float64
	A [][]float64
	B []float64

	// E holds the weights of the embedded error estimate, B minus the weights
	// of the embedded method, so that h sum_i E_i k_i estimates the local
	// error. It is nil for a method without an embedded partner.
	E []float64
	// EmbeddedOrder is the order of the embedded method; the estimate is
	// O(h^(EmbeddedOrder+1)). It is read only if E is not nil.
	EmbeddedOrder int

	// D holds the weights of the term that dense output adds to the cubic
	// Hermite interpolant, theta^2 (1-theta)^2 h sum_i D_i k_i; nil for none.
	D []float64
	// DenseOrder is q: the local error of dense output is O(h^(q+1)).
	DenseOrder int
}

// Methods returns the methods of this package in rising order.
func Methods() []*Method {
	return []*Method{Euler(), Heun(), RK4(), Dopri5()}
}

// ByName returns the method with the given name: "euler", "heun", "rk4" or
// "dopri5". The error lists the names.
func ByName(name string) (*Method, error) {
	var names []string
	for _, m := range Methods() {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return nil, fmt.Errorf("ode: unknown method %q. Try: one of %s", name, strings.Join(names, ", "))
}

// Adaptive reports whether the method has an embedded error estimate, which
// step size control needs.
func (m *Method) Adaptive() bool { return m.E != nil }

// Stages returns the number of stages s.
func (m *Method) Stages() int { return len(m.B) }

// firstSameAsLast reports whether the last stage is f(t+h, y1), so that it
// serves as the first stage of the next step and as the end slope of dense
// output. It follows from the tableau: C ends in 1 and the last row of A is B.
func (m *Method) firstSameAsLast() bool {
	s := m.Stages()
	if s < 2 || m.C[s-1] != 1 || m.B[s-1] != 0 {
		return false
	}
	for j, a := range m.A[s-1] {
		if a != m.B[j] {
			return false
		}
	}
	return true
}

// check reports the first thing that is wrong with the shape of the tableau.
// It does not check order conditions.
func (m *Method) check() error {
	s := m.Stages()
	bad := func(format string, args ...any) error {
		return fmt.Errorf("ode: method %q: %s. Try: one of the methods of this package", m.Name, fmt.Sprintf(format, args...))
	}
	if s == 0 {
		return bad("no stages")
	}
	if m.Order < 1 {
		return bad("order %d, want at least 1", m.Order)
	}
	if len(m.C) != s || len(m.A) != s {
		return bad("B has %d entries, C %d and A %d rows", s, len(m.C), len(m.A))
	}
	for i, row := range m.A {
		if len(row) != i {
			return bad("row %d of A has %d entries, want %d", i, len(row), i)
		}
		if !(math.Abs(m.C[i]) <= 1) || m.C[i] < 0 {
			return bad("C[%d] is %v, want a value from 0 to 1", i, m.C[i])
		}
	}
	if m.C[0] != 0 {
		return bad("C[0] is %v, want 0", m.C[0])
	}
	if m.E != nil && (len(m.E) != s || s < 2 || m.EmbeddedOrder < 1) {
		return bad("the error estimate needs %d weights (has %d), at least 2 stages and an embedded order (has %d)", s, len(m.E), m.EmbeddedOrder)
	}
	if m.D != nil && len(m.D) != s {
		return bad("D has %d entries, want %d", len(m.D), s)
	}
	return nil
}
