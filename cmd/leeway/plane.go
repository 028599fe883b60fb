package main

import (
	"leeway/config"
	"leeway/figure"
	"leeway/objective"
	"leeway/report"
)

// landscapePoints is the number of losses along each side of a map.
const landscapePoints = 161

// contours is the map of the loss of a problem of two parameters, nil for
// others.
func (s *session) contours() (*report.Contours, error) {
	if s.config.Objective.Problem == "" || s.config.Objective.External.Is() {
		return nil, nil // no need to read data
	}
	problem := s.problem
	if problem == nil {
		var err error
		if problem, err = s.config.Build(); err != nil {
			return nil, err
		}
	}
	if problem.Plane == nil {
		return nil, nil
	}
	return landscape(problem.Objective, problem.Plane)
}

// landscape computes the losses of a plane, and its curves and marks.
func landscape(obj objective.Differentiable, p *config.Plane) (*report.Contours, error) {
	c := &report.Contours{XMin: p.X[0], XMax: p.X[1], YMin: p.Y[0], YMax: p.Y[1]}
	full, g := objective.NewFullBatch(obj), make([]float64, 2)
	for j := range landscapePoints {
		row := make([]float64, landscapePoints)
		for i := range row {
			var err error
			if row[i], err = full.Gradient(g, []float64{between(p.X, i), between(p.Y, j)}, 0); err != nil {
				return nil, err
			}
		}
		c.Loss = append(c.Loss, row)
	}
	switch len(p.Minima) {
	case 0:
	case 1:
		c.Marks = append(c.Marks, figure.Mark{X: p.Minima[0][0], Y: p.Minima[0][1], Label: "minimum"})
	default:
		line := figure.Series{Name: "minima"}
		for _, at := range p.Minima {
			line.X, line.Y = append(line.X, at[0]), append(line.Y, at[1])
		}
		c.Curves = append(c.Curves, line)
	}
	if p.Limit != nil {
		c.Marks = append(c.Marks, figure.Mark{X: p.Limit[0], Y: p.Limit[1], Label: "least one-norm"})
	}
	return c, nil
}

// between is point i of landscapePoints that divide a range evenly.
func between(r [2]float64, i int) float64 {
	return r[0] + (r[1]-r[0])*float64(i)/(landscapePoints-1)
}
