package main

import (
	"maps"
	"slices"

	"leeway/papers"
	"leeway/papers/box"
	"leeway/papers/exactstep"
	"leeway/papers/heavyball"
	"leeway/papers/implicitbias"
	"leeway/papers/memory"
	"leeway/papers/noise"
	"leeway/papers/robust"
	"leeway/papers/separable"
)

// library is every paper that can be reproduced.
func library() []*papers.Paper {
	return []*papers.Paper{implicitbias.Paper(), memory.Paper(), heavyball.Paper(), noise.Paper(), separable.Paper(), box.Paper(), robust.Paper(), exactstep.Paper()}
}

// sorted are the keys of plans.
func sorted(plans map[string]string) []string { return slices.Sorted(maps.Keys(plans)) }

// listed is a claim as --list --json prints it.
type listed struct {
	ID         string            `json:"id"`
	Paper      string            `json:"paper"`
	Place      string            `json:"place"`
	Claim      string            `json:"claim"`
	Provenance papers.Provenance `json:"provenance"`
	Quantity   string            `json:"quantity"`
	Expected   string            `json:"expected"`
	How        string            `json:"how"`
	Sweeps     []string          `json:"sweeps,omitempty"`
}

// print lists claims.
func (r *reproduction) print(wishes []*wish) error {
	var all []listed
	for _, w := range wishes {
		claims := w.paper.Claims(papers.Scale(r.scale))
		if !r.json {
			r.out.head(w.paper.ID + "  " + w.paper.Title)
		}
		for _, c := range claims {
			if len(w.only) > 0 && !slices.Contains(w.only, c.ID) {
				continue
			}
			all = append(all, listed{c.ID, w.paper.ID, c.Place, c.Says, c.Provenance, c.Quantity, c.Expected.String(), c.How, c.Sweeps})
			if !r.json {
				r.out.printf("  %-30s %s\n", c.ID, c.Says)
			}
		}
	}
	if r.json {
		return r.out.json(map[string]any{"claims": all})
	}
	return r.out.done()
}
