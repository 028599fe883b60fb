package papers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"
)

// Result is a claim with what came of it, as it is stored and as --json shows it.
type Result struct {
	ID         string     `json:"id"`
	Paper      string     `json:"paper"`
	Place      string     `json:"place"`
	Claim      string     `json:"claim"`
	Provenance Provenance `json:"provenance"`
	Quantity   string     `json:"quantity"`
	How        string     `json:"how"`
	Expected   string     `json:"expected"`
	// Measured is the value with its interval, in words; Value, Low and High are
	// its numbers, absent where there are none.
	Measured string   `json:"measured"`
	Value    *float64 `json:"value,omitempty"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
	N        int      `json:"n"`
	Verdict  Verdict  `json:"verdict"`
	// Reason says why there is no value: what was missing, or what failed.
	Reason  string       `json:"reason,omitempty"`
	Hint    string       `json:"hint,omitempty"`
	Notes   []string     `json:"notes,omitempty"`
	Table   *Table       `json:"table,omitempty"`
	Figures []FigureFile `json:"figures,omitempty"`
	Seconds float64      `json:"seconds"`
	Scale   Scale        `json:"scale"`
	Version string       `json:"version"`
	When    time.Time    `json:"when"`
	// Fingerprint is of the claim's words, rule and sweeps: when they change, what
	// was measured before does not count any more.
	Fingerprint string `json:"fingerprint"`
}

// FigureFile is a figure of a result, a path below its directory without ending:
// SVG and PDF lie there.
type FigureFile struct {
	Path    string `json:"path"`
	Caption string `json:"caption"`
}

// judged makes the result of a finding.
func judged(paper *Paper, c Claim, scale Scale, f *Finding) *Result {
	r := unmeasured(paper, c, scale)
	r.Measured, r.N, r.Notes, r.Table = f.text(), f.N, f.Notes, f.Table
	r.Value, r.Low, r.High = finite(f.Value), finite(f.Low), finite(f.High)
	r.Verdict = c.Expected.Judge(f.Low, f.Value, f.High)
	return r
}

// unmeasured is the result of a claim without a finding.
func unmeasured(paper *Paper, c Claim, scale Scale) *Result {
	return &Result{
		ID: c.ID, Paper: paper.ID, Place: c.Place, Claim: c.Says, Provenance: c.Provenance, Quantity: c.Quantity, How: c.How,
		Expected: c.Expected.String(), Measured: "nothing", Verdict: Inconclusive, Scale: scale, Fingerprint: fingerprint(paper, c, scale),
	}
}

// fingerprint is a hash of all that decides what a measurement means.
func fingerprint(paper *Paper, c Claim, scale Scale) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %q %q %g %g", paper.ID, scale, c.ID, c.Place, c.Says, c.Quantity, c.How, c.Expected.Min, c.Expected.Max)
	if paper.Plans != nil {
		plans := paper.Plans(scale)
		for _, name := range c.Sweeps {
			fmt.Fprintf(h, " %q %q", name, plans[name])
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// save stores the result and its pictures; the result last, so that what it names
// is there.
func (r *Result) save(dir string, pictures []picture) error {
	for _, p := range pictures {
		path := filepath.Join("figures", r.ID+"-"+p.name)
		for ending, text := range map[string][]byte{".svg": p.svg, ".pdf": p.pdf} {
			if err := replace(filepath.Join(dir, path+ending), text); err != nil {
				return err
			}
		}
		r.Figures = append(r.Figures, FigureFile{Path: filepath.ToSlash(path), Caption: p.caption})
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("papers: result of %s: %w", r.ID, err)
	}
	return replace(filepath.Join(dir, "claims", r.ID+".json"), append(text, '\n'))
}

// stored reads the result of a claim, nil if there is none that counts.
func stored(dir string, paper *Paper, c Claim, scale Scale) (*Result, error) {
	path := filepath.Join(dir, "claims", c.ID+".json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	var r Result
	if json.Unmarshal(text, &r) != nil || r.Fingerprint != fingerprint(paper, c, scale) || r.Reason != "" {
		return nil, nil // damaged, outdated or failed: measured again
	}
	return &r, nil
}

// replace writes a file beside its place, syncs it and renames it.
func replace(path string, text []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("papers: cannot write %s: %w", path, err)
		}
	}()
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
