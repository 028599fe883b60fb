package rundir

import (
	"math"
	"strconv"
)

// missing is a quiet NaN whose payload, "L", no arithmetic makes.
const missing = 0x7ff8_0000_0000_004c

// Missing is the value of a cell that was not measured: a NaN that is written as
// nothing and read back as itself. What was measured and is not a number is
// another NaN, written as such. Tell them apart with [IsMissing]; arithmetic may
// lose the difference.
func Missing() float64 { return math.Float64frombits(missing) }

// IsMissing reports whether x is the value of a cell that was not measured.
func IsMissing(x float64) bool { return math.Float64bits(x) == missing }

// appendNumber writes x as the shortest decimal that reads back to the same
// bits; NaN, Inf and -Inf as such, and nothing for a missing value.
func appendNumber(line []byte, x float64) []byte {
	switch {
	case IsMissing(x):
		return line
	case math.IsInf(x, 1):
		return append(line, "Inf"...) // strconv's has a plus sign
	}
	return strconv.AppendFloat(line, x, 'g', -1, 64)
}

// parseNumber reads what appendNumber wrote, and any other decimal.
func parseNumber(field string) (float64, error) {
	if field == "" {
		return Missing(), nil
	}
	return strconv.ParseFloat(field, 64)
}
