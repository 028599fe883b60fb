package config

import (
	"leeway/data"
	"leeway/nn"
	"leeway/objective"
	"leeway/trace"
)

// evaluations lets a linear model be judged on the rows to train and to test on, and
// under its attack if there is one.
func (c *Config) evaluations(p *Problem, train, test *data.Set) error {
	clean := c.Objective
	clean.Attack = nil
	for _, place := range []struct {
		rows          *data.Set
		clean, robust **trace.Evaluation
	}{{train, &p.OnTrain, &p.RobustTrain}, {test, &p.OnTest, &p.RobustTest}} {
		if place.rows == nil || place.rows.N == 0 {
			continue
		}
		var err error
		if *place.clean, err = c.judge(&clean, place.rows); err != nil {
			return err
		}
		if c.Objective.Attack == nil {
			continue
		}
		attacked := c.Objective
		attacked.Attack = &Attack{Norm: attacked.Attack.Norm, Radius: attacked.Attack.Radius, Train: true}
		if *place.robust, err = c.judge(&attacked, place.rows); err != nil {
			return err
		}
	}
	return nil
}

// judge is a linear model on rows, all in one batch; nil if it does not classify.
func (c *Config) judge(o *Objective, rows *data.Set) (*trace.Evaluation, error) {
	full := *o
	full.Batch = Batch{}
	model, err := newModel(&full, rows)
	if err != nil {
		return nil, c.wrong("objective", err, "other data")
	}
	classifier, ok := objective.AsClassifier(model)
	if !ok {
		return nil, nil
	}
	accuracy := classifier.Accuracy
	if linear, ok := model.(*objective.Linear); ok && o.Attack != nil {
		accuracy = func(theta, x []float64, y []int) (float64, error) {
			return linear.RobustAccuracy(theta, x, y, o.Attack.Radius)
		}
	}
	gradient := make([]float64, model.Dim())
	return &trace.Evaluation{Rows: rows.N, Measure: func(theta []float64) (loss, right float64, err error) {
		if loss, err = model.Gradient(gradient, theta, 0); err != nil {
			return 0, 0, err
		}
		right, err = accuracy(theta, rows.X, rows.Y)
		return loss, right, err
	}}, nil
}

// setNetwork puts a network into its place, under its attack if there is one, and lets
// it be judged on its training data and on other examples, if there are any.
func (c *Config) setNetwork(p *Problem, net *nn.Objective, test nn.Data) error {
	p.Objective, p.Network, p.starts = net, net, net.StartOf
	trained := net.OnTraining()
	p.OnTrain = &trace.Evaluation{Rows: trained.Rows(), Measure: trained.Measure}
	if len(test.Y) > 0 {
		judge, err := net.Evaluation(test)
		if err != nil {
			return c.wrong("objective.data", err, "other rows to test on")
		}
		p.OnTest = &trace.Evaluation{Rows: judge.Rows(), Measure: judge.Measure}
	}
	if c.Objective.Attack == nil {
		return nil
	}
	attack := c.Objective.Attack.ascent()
	judge, err := net.Against(attack)
	if err != nil {
		return c.wrong("objective.attack", err, "no attack")
	}
	if c.Objective.Attacked() {
		p.Objective, p.Smooth = judge.Clone(), false // attacked rows jump
	}
	cost := c.Objective.Attack.cost()
	p.RobustTrain = &trace.Evaluation{Rows: judge.Rows(), Measure: judge.Measure, Cost: cost}
	if len(test.Y) > 0 {
		judge, err := net.On(test, attack)
		if err != nil {
			return c.wrong("objective.data", err, "other rows to test on")
		}
		p.RobustTest = &trace.Evaluation{Rows: judge.Rows(), Measure: judge.Measure, Cost: cost}
	}
	return nil
}
