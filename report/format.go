package report

import (
	"math"
	"strconv"
	"strings"
)

// number writes v for people: three significant digits, whole numbers below
// 100,000 in full, powers of ten as such. NaN is a dash.
func number(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return sign(v) + "∞"
	case v == 0:
		return "0"
	case size < 1e5 && v == math.Trunc(v):
		return sign(v) + strconv.FormatFloat(size, 'f', 0, 64)
	case size < 1e-3 || size >= 1e5:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(size, 'e', 2, 64), "e")
		k, _ := strconv.Atoi(exponent) // FormatFloat writes an integer here
		mantissa = trimZeros(mantissa)
		if mantissa == "1" {
			return sign(v) + "10" + superscript(k)
		}
		return sign(v) + mantissa + " × 10" + superscript(k)
	}
	return sign(v) + significant(math.Abs(v), 3)
}

// significant writes a positive number from 0.001 to 100,000 with so many
// significant digits.
func significant(v float64, digits int) string {
	decimals := max(digits-1-int(math.Floor(math.Log10(v))), 0)
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals == 0 {
		return text
	}
	return trimZeros(text)
}

// trimZeros drops zeros after a decimal point.
func trimZeros(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// sign returns a typographic minus for negative numbers.
func sign(v float64) string {
	if v < 0 {
		return "−"
	}
	return ""
}

// superscript writes an integer in raised digits.
func superscript(k int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
		"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(k))
}

// percent writes a share.
func percent(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v > 0 && v < 0.001:
		return "< 0.1 %"
	case v > 0.999 && v < 1:
		return "> 99.9 %"
	}
	return strconv.FormatFloat(math.Round(v*1000)/10, 'f', -1, 64) + " %"
}

// times writes how a distance compares with the one of reference: "512 times
// nearer than flow-1". It is empty where the ratio means nothing.
func times(distance, base float64, reference string) string {
	ratio := base / distance
	switch {
	case !(ratio > 0) || math.IsInf(ratio, 0):
		return ""
	case math.Abs(ratio-1) < 0.05:
		return "about as near as " + reference
	case ratio > 1:
		return factor(ratio) + " times nearer than " + reference
	}
	return factor(1/ratio) + " times further than " + reference
}

// factor writes a ratio of at least 1 with two significant digits, or as a whole
// number from 10.
func factor(ratio float64) string {
	switch {
	case ratio < 9.95:
		return significant(ratio, 2)
	case ratio < 1e5:
		return strconv.FormatFloat(ratio, 'f', 0, 64)
	}
	return number(ratio)
}

// count writes a whole number with thin spaces between groups of three digits.
func count(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// duration writes seconds for people.
func duration(seconds float64) string {
	switch {
	case !(seconds >= 0):
		return "–"
	case seconds == 0:
		return "0 s"
	case seconds < 0.9995:
		return strconv.FormatFloat(seconds*1000, 'g', 3, 64) + " ms"
	case seconds < 120:
		return strconv.FormatFloat(seconds, 'g', 3, 64) + " s"
	case seconds < 7200:
		return strconv.FormatFloat(seconds/60, 'f', 0, 64) + " min"
	}
	return strconv.FormatFloat(seconds/3600, 'f', 1, 64) + " h"
}

// list joins names as a sentence does: "a", "a and b", "a, b and c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
