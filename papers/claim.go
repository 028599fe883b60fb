package papers

import (
	"context"
	"fmt"
	"slices"
)

// Scale is the size at which a paper is reproduced.
type Scale string

const (
	// Quick takes minutes on two cores: smaller networks, fewer images.
	Quick Scale = "quick"
	// Full has the paper's networks, data and steps as far as they are known: days on a
	// cluster.
	Full Scale = "full"
)

// Scales are all scales.
func Scales() []Scale { return []Scale{Quick, Full} }

// Provenance says how a claim is known to be the paper's.
type Provenance string

const (
	Stated   Provenance = "stated"   // in the paper's text or captions
	Code     Provenance = "code"     // in the authors' published code
	Implied  Provenance = "implied"  // follows from what is stated
	Derived  Provenance = "derived"  // from the paper's formulas, by us
	Recalled Provenance = "recalled" // believed to be in the paper, its wording unverified
	Measured Provenance = "measured" // by an earlier independent implementation
)

// Claim is one sentence of a paper with what would bear it out.
type Claim struct {
	// ID names the claim within its paper: short words joined by hyphens.
	ID string
	// Place in the paper: "Theorem 3.1", "Figure 4".
	Place string
	// Says is the claim in one sentence, in our words.
	Says string
	// Provenance of the claim. The number that it has to reach is often that of an
	// earlier independent implementation, because papers print few.
	Provenance Provenance
	// Quantity is what is measured, with its unit: "fitted order of flow-2".
	Quantity string
	// How it is measured, in a sentence or two.
	How string
	// Expected is the region in which the measured value has to lie. It is the
	// rule of the verdict, fixed before anything is measured.
	Expected Region
	// Sweeps that the claim asks its lab for, by name.
	Sweeps []string
	// Measure does the work. It asks the lab for sweeps, a folder and threads,
	// and says now and then how far it is. It returns ctx's error when that ends.
	Measure func(ctx context.Context, lab *Lab) (*Finding, error)
}

// Paper is what a paper claims and how it is measured at each scale.
type Paper struct {
	// ID is the arXiv number.
	ID string
	// Title, Authors and Venue for people, Citation keys for BibTeX (package
	// report).
	Title, Authors, Venue string
	Citations             []string
	// About says in a paragraph what the paper is about and at what scale it is
	// looked at here.
	About string
	// Claims at a scale, in the paper's order.
	Claims func(Scale) []Claim
	// Plans are the sweeps at a scale by name: texts of sweep configs.
	Plans func(Scale) map[string]string
}

// Claim returns the claim of that ID at a scale.
func (p *Paper) Claim(id string, scale Scale) (Claim, bool) {
	claims := p.Claims(scale)
	i := slices.IndexFunc(claims, func(c Claim) bool { return c.ID == id })
	if i < 0 {
		return Claim{}, false
	}
	return claims[i], true
}

// Check returns an error if the paper's claims cannot be what they should be: for
// tests of the folders below this one.
func (p *Paper) Check() error {
	for _, scale := range Scales() {
		plans := map[string]string{}
		if p.Plans != nil {
			plans = p.Plans(scale)
		}
		seen := map[string]bool{}
		for _, c := range p.Claims(scale) {
			for what, text := range map[string]string{
				"ID": c.ID, "place": c.Place, "sentence": c.Says, "provenance": string(c.Provenance), "quantity": c.Quantity, "way of measuring": c.How,
			} {
				if text == "" {
					return fmt.Errorf("papers: %s: claim %q at scale %s has no %s", p.ID, c.ID, scale, what)
				}
			}
			switch {
			case seen[c.ID]:
				return fmt.Errorf("papers: %s: two claims %q at scale %s", p.ID, c.ID, scale)
			case c.Measure == nil:
				return fmt.Errorf("papers: %s: claim %q at scale %s is not measured", p.ID, c.ID, scale)
			case !c.Expected.valid():
				return fmt.Errorf("papers: %s: claim %q at scale %s expects nothing: [%g, %g]", p.ID, c.ID, scale, c.Expected.Min, c.Expected.Max)
			}
			for _, name := range c.Sweeps {
				if plans[name] == "" {
					return fmt.Errorf("papers: %s: claim %q at scale %s asks for the sweep %q, which has no plan", p.ID, c.ID, scale, name)
				}
			}
			seen[c.ID] = true
		}
	}
	return nil
}
