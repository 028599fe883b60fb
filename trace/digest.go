package trace

import (
	"math"
	"strings"
)

// digest gathers from the measured rows what the summary needs. It is rebuilt
// from metrics.csv when a run is resumed.
type digest struct {
	columns map[string]int
	rows    int
	last    []float64
	mean    map[string]*mean
	highest map[string]float64
}

// mean is a running mean of the finite values of a column.
type mean struct {
	sum   float64
	count int
}

func (m *mean) value() Number {
	if m == nil || m.count == 0 {
		return Number(math.NaN())
	}
	return Number(m.sum / float64(m.count))
}

func newDigest(columns []string) digest {
	d := digest{columns: map[string]int{}, mean: map[string]*mean{}, highest: map[string]float64{}}
	for i, c := range columns {
		d.columns[c] = i
		if strings.HasPrefix(c, Discrete+"/") {
			d.mean[c] = &mean{}
			d.highest[c] = math.NaN()
		}
	}
	return d
}

func (d *digest) add(row []float64) {
	d.rows++
	d.last = append(d.last[:0], row...)
	for c, m := range d.mean {
		x := row[d.columns[c]]
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		m.sum += x
		m.count++
		if !(d.highest[c] >= x) {
			d.highest[c] = x
		}
	}
}

func (d *digest) average(quantity string) Number { return d.mean[Discrete+"/"+quantity].value() }

func (d *digest) largest(quantity string) Number {
	x, ok := d.highest[Discrete+"/"+quantity]
	if !ok {
		return Number(math.NaN())
	}
	return Number(x)
}

func (d *digest) bias() BiasSummary {
	return BiasSummary{
		AntiPenalized: d.average("anti_penalized_share"), Penalized: d.average("penalized_share"),
		Ratio: d.average("bias_ratio"), NormRate: d.average("norm_rate"),
	}
}

func (d *digest) trust() TrustSummary {
	t := TrustSummary{
		Max: d.largest("trust_max"), P99: d.largest("trust_p99"), Share: d.average("trust_share"),
		DriftCosine: d.average("drift_cosine"), DriftRatio: d.average("drift_ratio"),
	}
	t.Verdict = verdict(t)
	return t
}
