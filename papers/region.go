package papers

import (
	"fmt"
	"math"
)

// Verdict of a claim.
type Verdict string

const (
	Reproduced    Verdict = "reproduced"
	NotReproduced Verdict = "not reproduced"
	// Inconclusive: the interval of what was measured reaches into the expected
	// region and out of it.
	Inconclusive Verdict = "inconclusive"
)

// Region is where a measured value has to lie for its claim to be reproduced:
// Min <= value <= Max. Open regions have an infinite end. Words say it for people;
// without them the numbers do.
type Region struct {
	Min, Max float64
	Words    string
}

// Between expects a value in [low, high].
func Between(low, high float64) Region { return Region{Min: low, Max: high} }

// Around expects a value within a distance of another.
func Around(value, distance float64) Region {
	return Region{Min: value - distance, Max: value + distance, Words: fmt.Sprintf("%g within %g", value, distance)}
}

// AtLeast expects a value of min or more.
func AtLeast(min float64) Region { return Region{Min: min, Max: math.Inf(1)} }

// AtMost expects a value of max or less.
func AtMost(max float64) Region { return Region{Min: math.Inf(-1), Max: max} }

// Positive expects a value above zero.
func Positive(words string) Region {
	return Region{Min: math.SmallestNonzeroFloat64, Max: math.Inf(1), Words: words}
}

// Negative expects a value below zero.
func Negative(words string) Region {
	return Region{Min: math.Inf(-1), Max: -math.SmallestNonzeroFloat64, Words: words}
}

// True expects a yes: [Yes] of the answer.
func True(words string) Region { return Region{Min: 1, Max: 1, Words: words} }

// Yes is 1 for true and 0 for false.
func Yes(answer bool) float64 {
	if answer {
		return 1
	}
	return 0
}

// Judge gives the verdict on a value with its interval of confidence: reproduced
// if all of the interval lies in the region, not reproduced if none of it does,
// inconclusive otherwise. A value without an interval is a point. A value that is
// no number reproduces nothing.
//
// With intervals of 95 % a claim that is false by any margin is called reproduced
// at most 2.5 times in a hundred, for regions with one end.
func (r Region) Judge(low, value, high float64) Verdict {
	switch {
	case math.IsNaN(value) || math.IsNaN(low) || math.IsNaN(high):
		return Inconclusive
	case low >= r.Min && high <= r.Max:
		return Reproduced
	case high < r.Min || low > r.Max:
		return NotReproduced
	}
	return Inconclusive
}

func (r Region) valid() bool { return r.Min <= r.Max && (r != Region{}) }

// String is what is expected, in words.
func (r Region) String() string {
	switch {
	case r.Words != "":
		return r.Words
	case math.IsInf(r.Max, 1):
		return fmt.Sprintf("at least %.6g", r.Min)
	case math.IsInf(r.Min, -1):
		return fmt.Sprintf("at most %.6g", r.Max)
	case r.Min == r.Max:
		return fmt.Sprintf("%.6g", r.Min)
	}
	return fmt.Sprintf("between %.6g and %.6g", r.Min, r.Max)
}
