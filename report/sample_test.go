package report

import (
	"math"

	"leeway/explain"
	"leeway/figure"
	"leeway/trace"
)

// toyRun is Adam on the bilinear toy E = (3/2 - 2 x y)^2 / 2 from (2.8, 3.5) at
// learning rate 0.01, beta1 0.9, beta2 0.97, with its flow of order 1 and the
// corrected one, which runs away there: a run of two parameters with every kind
// of column. The flows are integrated by small Euler steps, good enough to look
// at.
func toyRun() Run {
	const h, beta1, beta2, eps, steps, every, sub = 0.01, 0.9, 0.97, 1e-8, 700, 2, 10
	a, b := (1+beta1)/(1-beta1), (1+beta2)/(1-beta2)
	loss := func(p [2]float64) float64 { r := 1.5 - 2*p[0]*p[1]; return r * r / 2 }
	grad := func(p [2]float64) [2]float64 {
		r := 2*p[0]*p[1] - 1.5
		return [2]float64{2 * r * p[1], 2 * r * p[0]}
	}
	norm := func(p [2]float64) float64 {
		g := grad(p)
		return math.Sqrt(g[0]*g[0]+eps) + math.Sqrt(g[1]*g[1]+eps)
	}
	flow := func(p [2]float64, corrected bool) [2]float64 {
		g := grad(p)
		u := [2]float64{g[0] / math.Sqrt(g[0]*g[0]+eps), g[1] / math.Sqrt(g[1]*g[1]+eps)}
		if !corrected {
			return u
		}
		cross := 8*p[0]*p[1] - 3
		n := [2]float64{4*p[1]*p[1]*u[0] + cross*u[1], cross*u[0] + 4*p[0]*p[0]*u[1]}
		var f [2]float64
		for j := range f {
			s := g[j]*g[j] + eps
			f[j] = (g[j] + h/2*(a-b+b*eps/s)*n[j]) / math.Sqrt(s)
		}
		return f
	}
	data := map[string][]float64{}
	put := func(column string, v float64) { data[column] = append(data[column], v) }
	theta, first, second := [2]float64{2.8, 3.5}, [2]float64{2.8, 3.5}, [2]float64{2.8, 3.5}
	var m, v [2]float64
	far := map[string]trace.Number{}
	ran := -1
	for n := range steps + 1 {
		apart := func(p [2]float64) float64 {
			return math.Max(math.Abs(p[0]-theta[0]), math.Abs(p[1]-theta[1]))
		}
		if ran < 0 && (apart(second) > 0.6 || second != second) {
			ran = n
		}
		if ran >= 0 {
			second = [2]float64{math.NaN(), math.NaN()}
		}
		if n%every == 0 {
			put("step", float64(n))
			put("t", float64(n)*h)
			for _, q := range []struct {
				name string
				p    [2]float64
			}{{"discrete", theta}, {"flow-1", first}, {"flow-2", second}} {
				put(q.name+"/loss", loss(q.p))
				put(q.name+"/perturbed_one_norm", norm(q.p))
				put(q.name+"/theta_1", q.p[0])
				put(q.name+"/theta_2", q.p[1])
				if q.name != "discrete" {
					put(q.name+"/distance", apart(q.p))
				}
			}
			g := grad(theta)
			against := 0.0
			for _, x := range g {
				if math.Abs(x) > math.Sqrt(eps*a/(b-a)) {
					against += 0.5
				}
			}
			x := h * beta2 / (1 - beta2) * math.Abs(g[0]) / (0.3 + math.Abs(loss(theta)))
			put("discrete/penalized_share", 1-against)
			put("discrete/anti_penalized_share", against)
			put("discrete/bias_ratio", 0.02+x/3)
			put("discrete/trust_max", 1.3*x)
			put("discrete/trust_p99", 1.2*x)
			put("discrete/trust_share", math.Min(1, x))
			put("discrete/drift_cosine", 1-x/4)
			put("discrete/drift_ratio", 1+x)
		}
		for name, p := range map[string][2]float64{"flow-1": first, "flow-2": second} {
			if d := apart(p); d > float64(far[name]) {
				far[name] = trace.Number(d)
			}
		}
		g := grad(theta)
		for j := range theta {
			m[j] = beta1*m[j] + (1-beta1)*g[j]
			v[j] = beta2*v[j] + (1-beta2)*g[j]*g[j]
			mh := m[j] / (1 - math.Pow(beta1, float64(n+1)))
			vh := v[j] / (1 - math.Pow(beta2, float64(n+1)))
			theta[j] -= h * mh / math.Sqrt(vh+eps)
		}
		for range sub {
			f1, f2 := flow(first, false), flow(second, true)
			for j := range first {
				first[j] -= h / sub * f1[j]
				second[j] -= h / sub * f2[j]
			}
		}
	}
	grid := make([][]float64, 81)
	for j := range grid {
		grid[j] = make([]float64, 81)
		for i := range grid[j] {
			grid[j][i] = loss([2]float64{0.2 + 2.9*float64(i)/80, 0.2 + 3.7*float64(j)/80})
		}
	}
	var mx, my []float64
	for i := range 100 {
		x := 0.2 + 0.029*float64(i)
		mx, my = append(mx, x), append(my, 0.75/x)
	}
	return Run{
		Title: "toy-bilinear", Problem: "bilinear toy, E = (3/2 − 2 θ₁ θ₂)² / 2, from (2.8, 3.5)",
		Config: "name: toy-bilinear\nobjective: {kind: bilinear}\noptimizer:\n  kind: adam\n  lr: 0.01\n  beta1: 0.9\n  beta2: 0.97\n  eps: 1e-8\n  eps_mode: inside\nsteps: 700\nseed: 0\n",
		Summary: trace.Summary{
			Status: trace.StatusDone, Steps: steps, Planned: steps, Seconds: 0.21,
			Theory: explain.Explanation{
				Optimizer: "adam", LR: h, Eps: eps, EpsMode: "inside", A: a, B: b, Coefficient: a - b,
				SwitchGradient:      math.Sqrt(eps * a / (b - a)),
				RegimeLargeGradient: "anti-penalized", RegimeSmallGradient: "penalized",
				ModifiedLoss: "E - (h/2) 46.7 |grad E|_1", ModifiedLossNote: "for gradients far above sqrt(eps)",
				Sentence: "With β₂ above β₁ the memory of squared gradients outweighs that of gradients: Adam’s bias works against small gradients wherever a component is above 6.4 × 10⁻⁵.",
			},
			Distance: far,
			Processes: map[string]trace.ProcessSummary{
				"discrete": {Status: trace.StatusDone, Step: steps, Gradients: steps, Seconds: 0.001},
				"flow-1":   {Status: trace.StatusDone, Step: steps, Order: 1, IntegrationError: 3e-9, Gradients: 4800, Seconds: 0.08},
				"flow-2": {Status: trace.StatusRunaway, Step: ran, Order: 2, IntegrationError: 4e-7, Gradients: 9100, HVPs: 9100, Seconds: 0.12,
					Reason: "The corrected field reverses its sign here (h |C| |n| / 2 = 1.7 |g|): outside the useful range of the theorem the flow runs away although the optimizer converges. Try: a smaller learning rate, or beta2 closer to beta1."},
			},
			Final: map[string]trace.Number{"loss": trace.Number(loss(theta)), "perturbed_one_norm": trace.Number(norm(theta))},
			Trust: trace.TrustSummary{Verdict: "does not hold", Max: 2.4, P99: 2.2, Share: 0.61, DriftCosine: 0.71, DriftRatio: 1.9,
				Sentence: "The corrected flow is not to be believed here: over six tenths of the run the gradient changes more within the optimizer’s memory than the expansion allows, and the flow runs away."},
			Bias: trace.BiasSummary{AntiPenalized: 0.97, Penalized: 0.03, Ratio: 0.4, NormRate: 0.2,
				Sentence: "On average the bias worked against small gradients in 97 % of coordinates and was 40 % of the gradient’s size."},
		},
		Columns: columnsOf(data), Data: data,
		Contours: &Contours{XMin: 0.2, XMax: 3.1, YMin: 0.2, YMax: 3.9, Loss: grid,
			Curves: []figure.Series{{Name: "minima", X: mx, Y: my}},
			Marks:  []figure.Mark{{X: math.Sqrt(3) / 2, Y: math.Sqrt(3) / 2, Label: "smallest one-norm nearby"}},
		},
		Citations: must(Citations("cattaneo2024adam", "kingma2015adam", "dormandprince1980")),
		Version:   "0.1.0", Machine: "linux/amd64, 2 CPUs, go1.26", Command: "leeway run toy-bilinear.yaml optimizer.beta2=0.97",
	}
}

// digitsRun is a made-up run shaped like one on the digits at settings where the
// theorem holds: all processes, an accuracy, rows rows.
func digitsRun(rows int) Run {
	data := map[string][]float64{}
	put := func(column string, v float64) { data[column] = append(data[column], v) }
	size := map[string]float64{"flow-1": 7.7e-3, "flow-2": 1.8e-3, "memoryless-1": 8.1e-3, "memoryless-2": 2.1e-3, "moments-1": 4.4e-5, "moments-2": 1.4e-6}
	far := map[string]trace.Number{}
	for n := range rows {
		s := float64(n) / float64(rows-1)
		put("step", float64(10*n))
		put("t", 0.01*float64(n))
		for _, name := range order[:7] {
			d := size[name] * math.Pow(s, 0.8) * (1 + 0.15*math.Sin(40*s+size[name]*1e4))
			put(name+"/loss", 2.3026*math.Exp(-4*math.Pow(s, 0.7))+0.05+3*d)
			put(name+"/accuracy", math.Round(797*(0.93-0.83*math.Exp(-9*s)-2*d))/797)
			put(name+"/perturbed_one_norm", 21.2+8*math.Exp(-3*s)*(1+0.06*math.Sin(25*s))+60*d)
			if name != "discrete" {
				put(name+"/distance", d)
				far[name] = max(far[name], trace.Number(d))
			}
		}
		pen := 0.35 + 0.55*s
		put("discrete/penalized_share", pen)
		put("discrete/anti_penalized_share", 0.98-pen)
		put("discrete/bias_ratio", 0.08*math.Exp(-s))
		put("discrete/trust_max", 0.4*math.Exp(-3*s)+0.05)
		put("discrete/trust_p99", 0.2*math.Exp(-3*s)+0.02)
		put("discrete/trust_share", math.Max(0, 0.002-0.01*s))
		put("discrete/drift_cosine", 0.96-0.1*math.Exp(-20*s))
		put("discrete/drift_ratio", 1+0.3*math.Exp(-10*s))
	}
	processes := map[string]trace.ProcessSummary{"discrete": {Status: trace.StatusDone, Step: 10 * (rows - 1), Gradients: 400, Seconds: 0.9}}
	for _, name := range order[1:7] {
		processes[name] = trace.ProcessSummary{Status: trace.StatusDone, Step: 10 * (rows - 1), Order: 1 + int(name[len(name)-1]-'1'),
			IntegrationError: 3.1e-8, Gradients: 1600, HVPs: 1600 * int(name[len(name)-1]-'1'), Seconds: 7.3}
	}
	return Run{
		Title: "digits-mlp", Problem: "MLP 64-32-32-10 (tanh) on 1,000 handwritten digits, cross-entropy, full batch, 3,466 parameters",
		Config: "name: digits-mlp\nobjective:\n  model: {kind: mlp, hidden: [32, 32], activation: tanh}\n  data: {kind: digits, train: 1000, test: 797}\n  loss: cross-entropy\n  batch: full\n  dtype: float64\noptimizer: {kind: adam, lr: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-4, eps_mode: inside, bias_correction: true}\nprocesses: [discrete, flow-1, flow-2, moments-2]\nsteps: 400\nseed: 0\n",
		Summary: trace.Summary{
			Status: trace.StatusDone, Steps: 400, Planned: 400, Seconds: 44.7,
			Theory: explain.Explanation{Optimizer: "adam", LR: 1e-3, Eps: 1e-4, EpsMode: "inside", A: 19, B: 39, Coefficient: -20, SwitchGradient: 9.747e-3,
				RegimeLargeGradient: "anti-penalized", RegimeSmallGradient: "penalized",
				ModifiedLoss: "E − 0.01 ‖∇E‖₁ for gradients far above √ε",
				Sentence:     "Adam at these settings works against small gradients wherever a component is above 9.7 × 10⁻³, and for them below."},
			Distance: far, Processes: processes,
			Final: map[string]trace.Number{"loss": 0.0923, "accuracy": 0.9297, "perturbed_one_norm": 21.8},
			Trust: trace.TrustSummary{Verdict: "holds", Max: 0.45, P99: 0.22, Share: 0.0004, DriftCosine: 0.95, DriftRatio: 1.03,
				Sentence: "The corrected flow is to be believed here: it stays about four times nearer to Adam than the flow without correction, and the predicted drift points the way that Adam really drifts."},
			Bias: trace.BiasSummary{AntiPenalized: 0.35, Penalized: 0.63, Ratio: 0.05, NormRate: -0.4,
				Sentence: "On average the bias penalized gradients in 63 % of coordinates and anti-penalized them in 35 %; its size was 5 % of the gradient’s."},
		},
		Columns: columnsOf(data), Data: data,
		Citations: must(Citations("cattaneo2024adam", "cattaneo2025memory", "kingma2015adam", "dormandprince1980", "digits")),
		Version:   "0.1.0", Machine: "linux/amd64, 2 CPUs, go1.26", Command: "leeway run",
	}
}

// columnsOf lists the columns of the data, "step" and "t" first.
func columnsOf(data map[string][]float64) []string {
	columns := []string{"step", "t"}
	for name := range data {
		if name != "step" && name != "t" {
			columns = append(columns, name)
		}
	}
	return columns
}

func must(list []string, err error) []string {
	if err != nil {
		panic(err)
	}
	return list
}
