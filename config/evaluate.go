package config

import (
	"leeway/data"
	"leeway/nn"
	"leeway/objective"
	"leeway/trace"
)

// evaluations lets a linear model be judged on the rows to train and to test on.
func (c *Config) evaluations(p *Problem, train, test *data.Set) error {
	full := c.Objective
	full.Batch = Batch{}
	judge := func(rows *data.Set) (*trace.Evaluation, error) {
		if rows == nil || rows.N == 0 {
			return nil, nil
		}
		model, err := newModel(&full, rows)
		if err != nil {
			return nil, c.wrong("objective", err, "other data")
		}
		classifier, ok := objective.AsClassifier(model)
		if !ok {
			return nil, nil
		}
		gradient := make([]float64, model.Dim())
		return &trace.Evaluation{Rows: rows.N, Measure: func(theta []float64) (loss, accuracy float64, err error) {
			if loss, err = model.Gradient(gradient, theta, 0); err != nil {
				return 0, 0, err
			}
			accuracy, err = classifier.Accuracy(theta, rows.X, rows.Y)
			return loss, accuracy, err
		}}, nil
	}
	var err error
	if p.OnTrain, err = judge(train); err != nil {
		return err
	}
	p.OnTest, err = judge(test)
	return err
}

// setNetwork puts a network into its place and lets it be judged on its training
// data and on other examples, if there are any.
func (c *Config) setNetwork(p *Problem, net *nn.Objective, test nn.Data) error {
	p.Objective, p.Network = net, net
	trained := net.OnTraining()
	p.OnTrain = &trace.Evaluation{Rows: trained.Rows(), Measure: trained.Measure}
	if len(test.Y) == 0 {
		return nil
	}
	judge, err := net.Evaluation(test)
	if err != nil {
		return c.wrong("objective.data", err, "other rows to test on")
	}
	p.OnTest = &trace.Evaluation{Rows: judge.Rows(), Measure: judge.Measure}
	return nil
}
