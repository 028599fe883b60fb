package implicitbias

import (
	"context"
	"fmt"
	"math"
	"strings"

	"leeway/figure"
	"leeway/papers"
)

// toy is the bilinear problem, loss 1/2 (3/2 - 2 theta_1 theta_2)^2 from (2.8, 3.5).
const toy = `name: bilinear
objective: {problem: bilinear}
optimizer: {kind: adam, lr: %g, beta1: %g, beta2: %g, eps: 1e-8}
processes: [discrete]
steps: %d
measure: {every: 1, quantities: [loss]}
`

// path is Adam's path on the bilinear problem and where it crosses the level.
type path struct {
	h, beta, rho float64
	x, y         []float64
	// crossing is theta_1 + theta_2, that is |grad|_1 over 2 |r|, where
	// r = 2 theta_1 theta_2 - 3/2 first falls below 1/2, interpolated in r; its
	// least value on that level is 2. step is the first step below.
	crossing float64
	step     int
}

// walk follows Adam for a number of steps of h.
func walk(ctx context.Context, h, beta, rho float64, steps int) (*path, error) {
	r, err := papers.RunConfig(ctx, fmt.Sprintf(toy, h, beta, rho, steps))
	if err != nil {
		return nil, err
	}
	p := &path{h: h, beta: beta, rho: rho, x: r.Column("discrete/theta_1"), y: r.Column("discrete/theta_2"), crossing: math.NaN()}
	residual := func(i int) float64 { return 2*p.x[i]*p.y[i] - 1.5 }
	for i := 1; i < len(p.x); i++ {
		if before, now := residual(i-1), residual(i); now < 0.5 {
			w := (before - 0.5) / (before - now)
			p.crossing, p.step = (1-w)*(p.x[i-1]+p.y[i-1])+w*(p.x[i]+p.y[i]), i
			break
		}
	}
	return p, nil
}

// setting is one path of a panel.
type setting struct {
	h, beta, rho float64
	steps        int
}

// bilinear are the claims of the figure with the bilinear model. The panels show
// paths by beta and rho at one step size, and by step size.
func bilinear(papers.Scale) []papers.Claim {
	byBeta := []setting{{1e-3, 0.9, 0.9, 2600}, {1e-3, 0.95, 0.9, 2600}, {1e-3, 0.97, 0.9, 2600}}
	byRho := []setting{{1e-3, 0.9, 0.95, 6000}, {1e-3, 0.9, 0.99, 6000}, {1e-3, 0.9, 0.999, 6000}}
	byH := []setting{{1e-3, 0.95, 0.9, 2600}, {3e-3, 0.95, 0.9, 900}, {1e-2, 0.95, 0.9, 260}}
	byHOther := []setting{{1e-3, 0.9, 0.95, 2600}, {3e-3, 0.9, 0.95, 1000}, {1e-2, 0.9, 0.95, 400}}
	const how = "Adam with eps 1e-8 from (2.8, 3.5); theta_1 + theta_2, which on a level of the loss is proportional to the gradient’s one-norm, where 2 theta_1 theta_2 - 3/2 first falls below 1/2."
	claim := func(id, says, quantity string, expected papers.Region, settings []setting, sign float64) papers.Claim {
		return papers.Claim{ID: id, Place: "Figure 2", Provenance: papers.Recalled, Says: says, Quantity: quantity, How: how, Expected: expected,
			Measure: func(ctx context.Context, _ *papers.Lab) (*papers.Finding, error) { return panel(ctx, settings, sign) }}
	}
	return []papers.Claim{
		claim("bilinear-beta", "On the bilinear model a larger beta moves Adam’s path toward smaller gradients.",
			"largest change of theta_1 + theta_2 from one beta to the next larger", papers.Negative("below 0"), byBeta, -1),
		claim("bilinear-rho", "On the bilinear model a larger rho moves Adam’s path toward larger gradients.",
			"smallest change of theta_1 + theta_2 from one rho to the next larger", papers.Positive("above 0"), byRho, 1),
		claim("bilinear-h-beta", "With beta above rho a larger step size moves the path toward smaller gradients.",
			"largest change of theta_1 + theta_2 from one step size to the next larger", papers.Negative("below 0"), byH, -1),
		claim("bilinear-h-rho", "With rho above beta a larger step size moves the path toward larger gradients.",
			"smallest change of theta_1 + theta_2 from one step size to the next larger", papers.Positive("above 0"), byHOther, 1),
		{
			ID: "bilinear-limit", Place: "Figure 2", Provenance: papers.Recalled,
			Says:     "On the level sets 4 theta_1 theta_2 - 3 = c the points of smallest one-norm tend to (sqrt(3)/2, sqrt(3)/2) as c goes to 0.",
			Quantity: "distance of the minimizer at c = 1e-9 to the limit",
			How:      "The sum of theta_1 and theta_2 on the level set, minimized by bisection of its slope over theta_1 in [0.1, 5].",
			Expected: papers.AtMost(1e-7), Measure: limit,
		},
		{
			ID: "bilinear-table", Place: "Figure 2", Provenance: papers.Measured,
			Says:     "Adam’s paths on the bilinear model agree with an independent implementation’s.",
			Quantity: "largest difference of theta_1 + theta_2 at the crossing to the reference",
			How:      how + " Eleven settings of h, beta and rho; the reference has five decimals.",
			Expected: papers.AtMost(1e-5), Measure: table,
		},
	}
}

// panel walks the paths of a panel, draws them and measures the change from each
// to the next: the largest if it has to be negative, the smallest otherwise.
func panel(ctx context.Context, settings []setting, sign float64) (*papers.Finding, error) {
	worst := math.Inf(1)
	table := &papers.Table{Columns: []string{"h", "beta", "rho", "theta_1 + theta_2", "step"}}
	var paths []figure.Series
	var last *path
	for _, s := range settings {
		p, err := walk(ctx, s.h, s.beta, s.rho, s.steps)
		if err != nil {
			return nil, err
		}
		table.Add(p.h, p.beta, p.rho, fmt.Sprintf("%.5f", p.crossing), p.step)
		paths = append(paths, figure.Series{Name: fmt.Sprintf("h %g, beta %g, rho %g", p.h, p.beta, p.rho), X: p.x, Y: p.y})
		if last != nil {
			change := sign * (p.crossing - last.crossing)
			if math.IsNaN(change) {
				return nil, fmt.Errorf("beta %g, rho %g, h %g: the path did not reach the level in %d steps", s.beta, s.rho, s.h, s.steps)
			}
			worst = math.Min(worst, change)
		}
		last = p
	}
	f := papers.Exactly(sign * worst)
	f.Table, f.Figures = table, []papers.Figure{plane(paths)}
	return f, nil
}

// plane draws paths over the contours of the loss, with the minimizers of the
// one-norm on its level sets and their limit.
func plane(paths []figure.Series) papers.Figure {
	c := figure.Contour{XLabel: "theta_1", YLabel: "theta_2", X: [2]float64{0.2, 3}, Y: [2]float64{0.5, 3.7}, Paths: paths}
	const n = 120
	for j := range n {
		row := make([]float64, n)
		for i := range n {
			x := c.X[0] + (c.X[1]-c.X[0])*float64(i)/(n-1)
			y := c.Y[0] + (c.Y[1]-c.Y[0])*float64(j)/(n-1)
			row[i] = 0.5 * (1.5 - 2*x*y) * (1.5 - 2*x*y)
		}
		c.Z = append(c.Z, row)
	}
	minima := figure.Series{Name: "minima"}
	for i := range 200 {
		x := 0.2 + 2.8*float64(i)/199
		minima.X, minima.Y = append(minima.X, x), append(minima.Y, 0.75/x)
	}
	root := math.Sqrt(3) / 2
	c.Curves = []figure.Series{minima, {Name: "smallest one-norm on a level", X: []float64{root, 3}, Y: []float64{root, 3}}}
	c.Marks = []figure.Mark{{Label: "limit", X: root, Y: root}}
	return papers.Figure{Name: "paths", Drawing: c,
		Caption: "Adam’s paths over the loss of the bilinear model, from (2.8, 3.5) to the minima. Toward the diagonal, where the one-norm of the gradient is smallest on each level, gradients are smaller."}
}

// limit minimizes the one-norm on a level near the minima.
func limit(context.Context, *papers.Lab) (*papers.Finding, error) {
	table := &papers.Table{Columns: []string{"c", "theta_1", "theta_2"}}
	root, distance := math.Sqrt(3)/2, 0.0
	for _, c := range []float64{1, 1e-3, 1e-9} {
		product := (3 + c) / 4
		sum := func(u float64) float64 { return math.Exp(u) + product/math.Exp(u) }
		low, high := math.Log(0.1), math.Log(5.0)
		// The slope, product/x - x in u, changes its sign once: bisection reaches
		// rounding, which a search by values cannot.
		for range 200 {
			middle := (low + high) / 2
			if sum(middle+1e-3) > sum(middle-1e-3) {
				high = middle
			} else {
				low = middle
			}
		}
		x := math.Exp((low + high) / 2)
		distance = math.Hypot(x-root, product/x-root)
		table.Add(c, fmt.Sprintf("%.9f", x), fmt.Sprintf("%.9f", product/x))
	}
	f := papers.Exactly(distance)
	f.Table = table
	return f, nil
}

// references are values by an independent implementation, five decimals.
var references = []struct {
	setting
	crossing float64
}{
	{setting{1e-3, .5, .5, 2200}, 2.11896}, {setting{1e-3, .95, .9, 2200}, 2.11738}, {setting{1e-3, .97, .9, 2200}, 2.11505},
	{setting{1e-3, .9, .95, 2300}, 2.12072}, {setting{1e-3, .9, .99, 2700}, 2.13623}, {setting{1e-3, .9, .999, 5200}, 2.22370},
	{setting{1e-2, .95, .9, 250}, 2.10796}, {setting{1e-2, .9, .95, 350}, 2.14675}, {setting{1e-2, .9, .97, 400}, 2.17123},
	{setting{1e-4, .9, .999, 26000}, 2.13728}, {setting{1e-4, .99, .9, 21000}, 2.11753},
}

func table(ctx context.Context, _ *papers.Lab) (*papers.Finding, error) {
	worst := 0.0
	t := &papers.Table{Columns: strings.Split("h,beta,rho,reference,measured,step", ",")}
	for _, r := range references {
		p, err := walk(ctx, r.h, r.beta, r.rho, r.steps)
		if err != nil {
			return nil, err
		}
		t.Add(r.h, r.beta, r.rho, fmt.Sprintf("%.5f", r.crossing), fmt.Sprintf("%.5f", p.crossing), p.step)
		worst = math.Max(worst, math.Abs(math.Round(p.crossing*1e5)/1e5-r.crossing))
	}
	f := papers.Exactly(worst)
	f.Table = t
	return f, nil
}
