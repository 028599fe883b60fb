package robust

import (
	"context"
	"fmt"
	"strings"

	"leeway/papers"
)

func claims(scale papers.Scale) []papers.Claim {
	w := worldOf(scale)
	few := []int{w.d / 8, w.d / 4, w.d / 2}
	type plan struct {
		id, place, says, quantity string
		from                      papers.Provenance
		expected                  papers.Region
		kind                      kind
		rows                      []int
		shares                    []float64
		script                    bool
		methods                   []Method
		value                     func([]cell) *papers.Finding
	}
	less := func(a, b Method) func([]cell) *papers.Finding {
		return func(cells []cell) *papers.Finding { return papers.Mean(difference(cells, w.seeds, a, b)) }
	}
	both := []Method{GD, CD}
	const gap = "robust generalisation gap (training less test accuracy), gradient descent’s less coordinate descent’s"
	plans := []plan{
		{"sparse-clean", "Figure 2", "Without an attack, gradient descent and coordinate descent generalise alike where a sparse teacher labels dense rows.", gap,
			papers.Measured, papers.Between(-0.05, 0.05), w.sparse, few, []float64{0}, false, both, less(GD, CD)},
		{"sparse-robust", "Figure 2", "In robust training coordinate descent generalises better than gradient descent where a sparse teacher labels dense rows.", gap,
			papers.Stated, papers.AtLeast(0.08), w.sparse, few, []float64{0.5}, false, both, less(GD, CD)},
		{"sparse-grows", "Figure 2", "The advantage of coordinate descent grows when one passes from ordinary to robust training.", gap + ", at half of the largest radius less that without an attack",
			papers.Stated, papers.Positive("above 0"), w.sparse, few, []float64{0, 0.5}, false, both, func(cells []cell) *papers.Finding {
				var clean, robust []cell
				for _, c := range cells {
					if c.share == 0 {
						clean = append(clean, c)
					} else {
						robust = append(robust, c)
					}
				}
				return papers.Difference(difference(robust, w.seeds, GD, CD), difference(clean, w.seeds, GD, CD))
			}},
		{"diagonal", "on diagonal networks", "Gradient descent on diagonal networks generalises like coordinate descent.", "robust generalisation gap, the diagonal network’s less coordinate descent’s",
			papers.Stated, papers.Between(-0.05, 0.05), w.sparse, few, []float64{0.5}, false, []Method{Diagonal, CD}, less(Diagonal, CD)},
		{"sign", "Theorem on steepest descent", "Sign descent, with the geometry farthest from the attack’s, generalises worse than gradient descent.", "robust generalisation gap, sign descent’s less gradient descent’s",
			papers.Measured, papers.Positive("above 0"), w.sparse, few[:1], []float64{0.5}, false, []Method{SignGD, GD}, less(SignGD, GD)},
		{"trained", "setting", "Gradient descent, coordinate descent and the diagonal network fit the training rows, attacked.", "robust training accuracy", papers.Measured, papers.AtLeast(1), w.sparse, few, []float64{0.5}, false,
			[]Method{GD, CD, Diagonal}, func(cells []cell) *papers.Finding {
				var all []float64
				for _, c := range cells {
					for _, method := range []Method{GD, CD, Diagonal} {
						for _, o := range c.by[method] {
							all = append(all, o.Train)
						}
					}
				}
				return papers.Range(all)
			}},
		{"sparse-many", "Figure 2", "With as many rows as features, and twice as many, coordinate descent still generalises better in robust training.", gap,
			papers.Measured, papers.Positive("above 0"), w.sparse, []int{w.d, 2 * w.d}, []float64{0.5}, false, both, less(GD, CD)},
		{"sparse-quarter", "Figure 2", "Against attacks half as strong coordinate descent generalises better, too.", gap,
			papers.Measured, papers.Positive("above 0"), w.sparse, few, []float64{0.25}, false, both, less(GD, CD)},
		{"dense-clean", "Table 1", "Where a dense teacher labels sparse rows, gradient descent generalises better without an attack.", "generalisation gap, coordinate descent’s less gradient descent’s",
			papers.Stated, papers.AtLeast(0.1), w.dense, few[:1], []float64{0}, false, both, less(CD, GD)},
		{"dense-robust", "Table 1", "Where a dense teacher labels sparse rows, too, robust training shifts the balance to coordinate descent.", gap + ", at half of the largest radius less that without an attack",
			papers.Stated, papers.Positive("above 0"), w.dense, few[:1], []float64{0, 0.5}, false, both, func(cells []cell) *papers.Finding {
				return papers.Difference(difference(cells[1:], w.seeds, GD, CD), difference(cells[:1], w.seeds, GD, CD))
			}},
		{"script", "released script", "Coordinate descent generalises better than gradient descent where the gradient is that of the released script, which leaves the attack out of it.", gap,
			papers.Code, papers.AtLeast(0.08), w.sparse, few, []float64{0.5}, true, both, less(GD, CD)},
	}
	var all []papers.Claim
	for _, p := range plans {
		objective := "the paper’s robust objective"
		if p.script {
			objective = "the released script’s objective"
		}
		all = append(all, papers.Claim{
			ID: p.id, Place: p.place, Says: p.says, Provenance: p.from, Quantity: p.quantity, Expected: p.expected,
			How: fmt.Sprintf("%s, %d features, %s rows, radius %s of the largest separable one, %d test rows, %d seeds, mean over the numbers of rows; exponential loss until it is below 0.001 or %d steps, on %s.", p.kind.name, w.d, joined(p.rows), joined(p.shares), w.test, w.seeds, w.steps, objective),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				cells, err := w.measure(ctx, lab, p.kind, p.rows, p.shares, p.script, p.methods...)
				if err != nil {
					return nil, err
				}
				return beside(p.value(cells), cells, p.methods, objective), nil
			},
		})
	}
	return append(all, networks(scale)...)
}

// joined writes numbers as a list.
func joined[T int | float64](values []T) string {
	text := make([]string, len(values))
	for i, v := range values {
		text[i] = fmt.Sprint(v)
	}
	return strings.Join(text, ", ")
}
