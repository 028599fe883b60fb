// Package report turns a finished run into something to read: one self-contained
// HTML page ([Write]) and the same figures as files ([Figures]). It takes plain
// values, so that whoever holds a run's numbers can report on it.
//
// The page needs no network and no server: style, script, data and figures are
// inside it, and its security policy forbids it to load anything. Without
// JavaScript it shows the figures as static SVG. Everything that comes from the
// run is escaped, so that a run's name or configuration cannot act on the page.
//
// A quantity that was not measured leaves out its figure; NaN and infinite
// values, normal for processes that diverge, are gaps.
//
// [Citations] returns BibTeX entries for the papers and data sets that this
// program builds on.
package report
