package config

import (
	"errors"
	"strings"

	"leeway/data"
	"leeway/margin"
)

// marginQuantity is the quantity that needs the largest margins of the rows.
const marginQuantity = "margin"

// separates reports whether the objective is one whose margins can be measured.
func (o *Objective) separates() bool {
	return o.Problem == "" && o.Model.Kind == "linear" && o.Attack == nil && (o.Loss == "logistic" || o.Loss == "exponential")
}

// margins computes the largest margins of the training rows. Rows that cannot be
// separated are an error where margins are asked for.
func (c *Config) margins(train *data.Set) (*margin.Meter, error) {
	p, err := margin.NewProblem(train.X, train.Y, train.D, c.Objective.Model.Intercept)
	if err != nil {
		return nil, c.wrong("objective.data", err, "finite numbers")
	}
	meter, err := margin.NewMeter(p)
	if err == nil {
		return meter, nil
	}
	try := "no margin among what is measured"
	var no *margin.NotSeparable
	if errors.As(err, &no) {
		try = no.Hint() + ", or " + try
	}
	what, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "margin: "), ". Try: ")
	r := c.reader()
	return nil, r.at(r.measured(marginQuantity), "margin has no meaning here, since "+what, try)
}
