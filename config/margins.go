package config

import (
	"errors"
	"slices"
	"strings"

	"leeway/data"
	"leeway/margin"
)

// The quantities that need the largest margins of the rows.
const (
	marginQuantity = "margin"
	robustQuantity = "robust_margin"
)

// separates reports whether the objective is one whose margins can be measured.
func (o *Objective) separates() bool {
	return o.models() && o.Model.Kind == "linear" && o.Attack == nil && (o.Loss == "logistic" || o.Loss == "exponential")
}

// margins computes the largest margins of the training rows. Rows that cannot be
// separated are an error where margins are asked for.
func (c *Config) margins(train *data.Set) (*margin.Meter, error) {
	p, err := margin.NewProblem(train.X, train.Y, train.D, c.Objective.Model.Intercept)
	if err != nil {
		return nil, c.wrong("objective.data", err, "finite numbers")
	}
	meter, err := margin.NewMeter(p)
	if err != nil {
		return nil, c.inseparable(marginQuantity, err)
	}
	return meter, nil
}

// inseparable is the error about a quantity that has no meaning for the rows.
func (c *Config) inseparable(quantity string, err error) error {
	try := "no " + quantity + " among what is measured"
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		try = hinted.Hint() + ", or " + try
	}
	what, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "margin: "), ". Try: ")
	r := c.reader()
	return r.at(r.measured(quantity), quantity+" has no meaning here, since "+what, try)
}

// withstands reports whether the objective is one whose robust margin can be measured.
func (o *Objective) withstands() bool {
	return o.models() && o.Model.Kind == "linear" && !o.Model.Intercept && o.Attack != nil
}

// dualNorm is the norm of the weights whose multiple an attack costs.
func (a *Attack) dualNorm() string {
	return []string{margin.L1, margin.L2, margin.LInf}[slices.Index(norms, a.Norm)]
}

// robust computes the largest radius under which the training rows can be separated. An
// attack beyond it is an error where its margin is asked for.
func (c *Config) robust(train *data.Set) (*margin.Robust, error) {
	p, err := margin.NewProblem(train.X, train.Y, train.D, false)
	if err != nil {
		return nil, c.wrong("objective.data", err, "finite numbers")
	}
	a := c.Objective.Attack
	robust, err := margin.NewRobust(p, a.dualNorm(), a.Radius)
	if err != nil {
		return nil, c.inseparable(robustQuantity, err)
	}
	return robust, nil
}

// Withstood is the largest radius of the config's attack under which some linear model
// separates the training rows of p, which [Config.Build] made: 0 where they cannot be
// separated at all. It is not known without an attack, with an intercept, for more rows
// than a moment is enough for, and where rounding does not let it be told.
func (c *Config) Withstood(p *Problem) (largest float64, known bool) {
	if p.Train == nil || !c.Objective.withstands() || len(p.Train.X) > mostSolved {
		return 0, false
	}
	rows, err := margin.NewProblem(p.Train.X, p.Train.Y, p.Train.D, false)
	if err != nil {
		return 0, false
	}
	s, err := rows.Solve(c.Objective.Attack.dualNorm())
	if err == nil {
		return s.Margin, true
	}
	var no *margin.NotSeparable
	return 0, errors.As(err, &no)
}

// mostSolved is the number of values whose largest margin takes a second at most.
const mostSolved = 300_000
