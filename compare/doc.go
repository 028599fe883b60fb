// Package compare turns the cells of a sweep into what can be compared: a quantity
// of each cell at a place ([At]: at the end, at a threshold of the training loss, at
// its maximum, ...), averages over seeds with intervals ([Groups]), rank
// correlations ([Spearman]), a tidy table for other programs ([WriteCSV]), figures,
// and one page that needs no network ([WritePage]).
//
// What is missing is shown as missing: every average says of how many cells it is,
// and cells that failed or did not get to the place are counted.
package compare
