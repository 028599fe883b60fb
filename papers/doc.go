// Package papers holds claims of papers as values that can be measured.
//
// A [Paper] is a list of claims. A [Claim] says one sentence, where it stands and
// how sure that is ([Provenance]), what number would bear it out ([Region]), and
// how that number is measured. [Reproduce] measures, judges by the claim's rule,
// which was there before the measurement, and keeps every [Result], so that an
// interrupted reproduction goes on where it stopped. "Not reproduced" is a result
// like any other.
//
// Claims about averages over seeds run through package sweep: a paper names its
// sweeps ([Paper.Plans]), a claim asks its [Lab] for one, and several claims can
// share it.
//
// Each paper has a folder of its own below this one; package papers knows none of
// them.
package papers
