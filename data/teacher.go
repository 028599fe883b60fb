package data

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// TeacherSettings choose the rows of [Teacher].
type TeacherSettings struct {
	Rows, Features int
	// SparseTeacher and SparseRows are the expected numbers of components that are
	// not zero, then -1 or +1; 0 means dense, normal ones.
	SparseTeacher, SparseRows int
	// Seed draws the teacher, Draw the rows: sets of the same Seed have the same
	// teacher.
	Seed, Draw uint64
}

// Teacher returns rows that a linear teacher has labelled: class 1 where <w, x> > 0,
// class 0 elsewhere. The same settings give the same bits. A teacher or row that is
// all zero is drawn again. Fewer than one row or feature, more than 2^30 values, and
// more components than features are errors.
//
// Source: the released experiments of Tsilivis, Frank, Srebro and Kempe, arXiv
// 2406.04981.
func Teacher(s TeacherSettings) (set *Set, teacher []float64, err error) {
	const name = "teacher"
	n, d := s.Rows, s.Features
	switch {
	case n < 1 || d < 1:
		return nil, nil, fmt.Errorf("data: %s: %d rows of %d features. Try: at least 1 of each", name, n, d)
	case n > largest/d:
		return nil, nil, fmt.Errorf("data: %s: %d rows of %d features are more than %d values. Try: fewer rows", name, n, d, largest)
	case s.SparseTeacher < 0 || s.SparseTeacher > d || s.SparseRows < 0 || s.SparseRows > d:
		return nil, nil, fmt.Errorf("data: %s: %d and %d components of %d features. Try: 0 for dense, or at most %d", name, s.SparseTeacher, s.SparseRows, d, d)
	}
	teacher = make([]float64, d)
	draw(teacher, s.SparseTeacher, rand.New(rand.NewPCG(s.Seed, 0x74656163686572))) // stream "teacher"
	set = &Set{Name: name, X: make([]float64, n*d), Y: make([]int, n), N: n, D: d, Classes: 2}
	random := rand.New(rand.NewPCG(s.Seed^0x9e3779b97f4a7c15*(s.Draw+1), 0x696e70757473)) // stream "inputs"
	for i := range n {
		row, product := set.Row(i), 0.0
		draw(row, s.SparseRows, random)
		for j, v := range row {
			product += float64(v * teacher[j])
		}
		if product > 0 {
			set.Y[i] = 1
		}
	}
	return set, teacher, nil
}

// draw fills v with about so many signs, at least one, or with normal numbers.
func draw(v []float64, count int, random *rand.Rand) {
	if count == 0 {
		for j := range v {
			v[j] = random.NormFloat64()
		}
		return
	}
	share := float64(count) / float64(len(v))
	for some := false; !some; {
		for j := range v {
			v[j] = 0
			if random.Float64() < share {
				v[j], some = math.Copysign(1, random.Float64()-0.5), true
			}
		}
	}
}
