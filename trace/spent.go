package trace

import (
	"math"
	"time"

	"leeway/objective"
)

// Spent is what measuring a quantity cost.
type Spent struct {
	// Count is the number of steps at which it was measured.
	Count int `json:"count"`
	// Gradients of the full training loss, and Products of its Hessian with a
	// vector, of all processes together. Work of another kind counts as the
	// gradients that it takes as long as; a gradient that the optimizer needs
	// anyway does not count.
	Gradients float64 `json:"gradients"`
	Products  float64 `json:"products"`
	Seconds   float64 `json:"seconds"`
}

// MeasuringSummary is what all measurements cost.
type MeasuringSummary struct {
	Seconds float64 `json:"seconds"`
	// Share is by how much they prolonged the run, relative to its time without
	// them.
	Share Number `json:"share"`
	// Quantities by name. What several quantities at one step have in common
	// counts for the first of them.
	Quantities map[string]Spent `json:"quantities"`
}

// account keeps the books of measuring.
type account struct {
	spent map[string]*Spent
	base  *objective.Counter // counts all questions
	// further gradients and products, that no objective counted
	gradients, products float64
}

func newAccount(base *objective.Counter, measures []Measure) account {
	a := account{spent: map[string]*Spent{}, base: base}
	for _, m := range measures {
		a.spent[m.Quantity] = &Spent{}
	}
	return a
}

// charge does a piece of work for a quantity and writes down what it cost.
func (a *account) charge(quantity string, work func() error) error {
	began, s := time.Now(), a.spent[quantity]
	gradients, products := a.asked()
	err := work()
	g, p := a.asked()
	s.Gradients, s.Products = s.Gradients+rounded(g-gradients), s.Products+rounded(p-products)
	s.Seconds += time.Since(began).Seconds()
	return err
}

// rounded takes off what sums of the weights of batches leave.
func rounded(x float64) float64 { return math.Round(1e6*x) / 1e6 }

// asked is all work so far, in questions about the full loss.
func (a *account) asked() (gradients, products float64) {
	gradients, products = a.gradients, a.products
	g, p := a.base.Gradients(), a.base.HVPs()
	for k := range g {
		w := a.base.Weight(k)
		gradients, products = gradients+w*float64(g[k]), products+w*float64(p[k])
	}
	return gradients, products
}

// summary adds up; total are the seconds of the run, measuring included.
func (a *account) summary(total float64) MeasuringSummary {
	m := MeasuringSummary{Quantities: map[string]Spent{}}
	for name, s := range a.spent {
		m.Quantities[name] = *s
	}
	for _, q := range catalogue { // in order, so that the sum has the same bits
		m.Seconds += m.Quantities[q.name].Seconds
	}
	m.Share = Number(m.Seconds / (total - m.Seconds))
	return m
}

// restore takes over what was spent before a run was resumed.
func (a *account) restore(before map[string]*Spent) {
	for name, s := range before {
		if a.spent[name] != nil && s != nil {
			*a.spent[name] = *s
		}
	}
}
