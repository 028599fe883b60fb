package trace

import (
	"math"
	"slices"
	"strings"

	"leeway/rundir"
)

// digest gathers from the measured rows what the summary needs. It is rebuilt
// from metrics.csv when a run is resumed.
type digest struct {
	columns map[string]int
	rows    int
	last    []float64            // as last measured, each column for itself
	values  map[string][]float64 // of the optimizer's columns, without NaN
	edges   map[string]*edge     // by the quantity that has a stability line
}

func newDigest(columns []string) digest {
	d := digest{columns: map[string]int{}, values: map[string][]float64{}, edges: map[string]*edge{}}
	for range columns {
		d.last = append(d.last, math.NaN())
	}
	for i, c := range columns {
		d.columns[c] = i
		if strings.HasPrefix(c, Discrete+"/") {
			d.values[c] = nil
		}
	}
	for _, name := range []string{sharpness, preconditioned} {
		if _, ok := d.columns[Discrete+"/"+name+"_line"]; ok {
			d.edges[name] = &edge{}
		}
	}
	return d
}

func (d *digest) add(row []float64) {
	d.rows++
	for i, x := range row {
		if !rundir.IsMissing(x) {
			d.last[i] = x
		}
	}
	for name, e := range d.edges {
		at := func(part string) float64 { return row[d.columns[Discrete+"/"+name+part]] }
		e.add(at("_1"), at("_line"), at("_converged"))
	}
	for c := range d.values {
		if x := row[d.columns[c]]; !math.IsNaN(x) {
			d.values[c] = append(d.values[c], x)
		}
	}
}

// mean is the mean over the run, for shares and cosines, which are bounded.
func (d *digest) mean(quantity string) Number {
	values := d.values[Discrete+"/"+quantity]
	sum := 0.0
	for _, x := range values {
		sum += x
	}
	return Number(sum / float64(len(values)))
}

// median is the median over the run, for ratios and rates, whose means single
// steps would decide.
func (d *digest) median(quantity string) Number {
	values := slices.Sorted(slices.Values(d.values[Discrete+"/"+quantity]))
	n := len(values)
	if n == 0 {
		return Number(math.NaN())
	}
	return Number((values[(n-1)/2] + values[n/2]) / 2)
}

// largest is the largest value over the run.
func (d *digest) largest(quantity string) Number {
	values := d.values[Discrete+"/"+quantity]
	if len(values) == 0 {
		return Number(math.NaN())
	}
	return Number(slices.Max(values))
}

func (d *digest) bias() BiasSummary {
	return BiasSummary{
		AntiPenalized: d.mean("anti_penalized_share"), Penalized: d.mean("penalized_share"),
		Ratio: d.median("bias_ratio"), NormRate: d.median("norm_rate"),
	}
}

func (d *digest) trust() TrustSummary {
	t := TrustSummary{
		Max: d.largest("trust_max"), P99: d.largest("trust_p99"), Share: d.mean("trust_share"),
		DriftCosine: d.mean("drift_cosine"), DriftRatio: d.median("drift_ratio"),
	}
	t.Verdict = verdict(t)
	return t
}
