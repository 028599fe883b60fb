package figure

import "math"

// gridPoint is a point in units of grid cells: column and row.
type gridPoint struct {
	x, y float64
	rim  bool // it lies on the rim of the grid and not between two of its nodes
}

// region returns the outline of {z >= level} as closed loops with the region on
// the left, holes included, so that filling all loops together by the non-zero
// rule paints exactly the region. NaN counts as below every level.
//
// The method is marching squares (W. Lorensen and H. Cline, "Marching cubes",
// SIGGRAPH 1987, in two dimensions) on a grid with one ring of "below" around
// it, which closes every loop. Crossings are named by the grid edge they lie
// on: each is the end of one segment and the start of one other, so linking
// them needs no comparison of floating-point numbers and cannot fail. A saddle
// is decided by the mean of its corners.
func region(z [][]float64, level float64) [][]gridPoint {
	g := ring{z: z, rows: len(z), columns: len(z[0]), level: level}
	w, h := g.columns+2, g.rows+2
	next := make([]int32, 2*w*h) // from the edge where a segment starts to the one where it ends
	for e := range next {
		next[e] = -1
	}
	for j := range h - 1 {
		for i := range w - 1 {
			g.link(next, i, j)
		}
	}
	var loops [][]gridPoint
	for start := range next {
		if next[start] < 0 {
			continue
		}
		var loop []gridPoint
		for e := int32(start); next[e] >= 0; {
			loop = append(loop, g.crossing(int(e)))
			e, next[e] = next[e], -1
		}
		loops = append(loops, loop)
	}
	return loops
}

// ring is a grid with a ring of nodes around it that are below every level.
type ring struct {
	z             [][]float64
	rows, columns int
	level         float64
}

// outside says whether node (i, j) belongs to the added ring.
func (g ring) outside(i, j int) bool {
	return i == 0 || j == 0 || i > g.columns || j > g.rows
}

// value returns the value at node (i, j), minus infinity on the ring.
func (g ring) value(i, j int) float64 {
	if g.outside(i, j) || math.IsNaN(g.z[j-1][i-1]) {
		return math.Inf(-1)
	}
	return g.z[j-1][i-1]
}

// edge names the grid edge from node (i, j) to the right (0) or up (1).
func (g ring) edge(i, j, up int) int { return 2*(j*(g.columns+2)+i) + up }

// link enters the segments of the cell whose lower left node is (i, j): each
// leads from an edge where a counterclockwise walk around the cell leaves the
// region to one where it enters it.
func (g ring) link(next []int32, i, j int) {
	corners := [4]float64{g.value(i, j), g.value(i+1, j), g.value(i+1, j+1), g.value(i, j+1)}
	edges := [4]int{g.edge(i, j, 0), g.edge(i+1, j, 1), g.edge(i, j+1, 0), g.edge(i, j, 1)}
	var leaves, enters []int
	for k := range 4 {
		from, to := corners[k] >= g.level, corners[(k+1)%4] >= g.level
		switch {
		case from && !to:
			leaves = append(leaves, k)
		case !from && to:
			enters = append(enters, k)
		}
	}
	switch len(leaves) {
	case 1:
		next[edges[leaves[0]]] = int32(edges[enters[0]])
	case 2:
		turn := 3 // the previous edge: each corner of the region stands alone
		if (corners[0]/4+corners[2]/4)+(corners[1]/4+corners[3]/4) >= g.level {
			turn = 1 // the next edge: the corners of the region are joined
		}
		for _, k := range leaves {
			next[edges[k]] = int32(edges[(k+turn)%4])
		}
	}
}

// crossing returns where the level crosses an edge, by linear interpolation. On
// an edge to the ring it is the node of the grid; next to an infinite value it
// is the finite node.
func (g ring) crossing(edge int) gridPoint {
	w := g.columns + 2
	i, j := edge/2%w, edge/2/w
	i2, j2 := i+1, j
	if edge%2 == 1 {
		i2, j2 = i, j+1
	}
	a, b := g.value(i, j), g.value(i2, j2)
	t := 0.5
	switch {
	case !math.IsInf(a, 0) && !math.IsInf(b, 0):
		t = (g.level/2 - a/2) / (b/2 - a/2)
	case !math.IsInf(a, 0):
		t = 0
	case !math.IsInf(b, 0):
		t = 1
	}
	clamp := func(k, n int) float64 { return float64(min(max(k-1, 0), n-1)) }
	x1, y1 := clamp(i, g.columns), clamp(j, g.rows)
	x2, y2 := clamp(i2, g.columns), clamp(j2, g.rows)
	return gridPoint{
		x:   x1 + t*(x2-x1),
		y:   y1 + t*(y2-y1),
		rim: g.outside(i, j) || g.outside(i2, j2),
	}
}

// Levels returns n levels for the contours of z, spaced evenly in the logarithm
// of the height above the smallest value, over four decades below the largest
// one: a loss falls over decades, and even spacing would show only its rim. It
// returns nil where z has no two different finite values.
func Levels(z [][]float64, n int) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range z {
		for _, v := range row {
			if math.Abs(v) < drawable {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if !(low < high) {
		return nil
	}
	levels := make([]float64, n)
	for k := range levels {
		levels[k] = low + (high-low)*math.Pow(10, -4+4*float64(k)/float64(n))
	}
	return levels
}
