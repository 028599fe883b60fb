package slurm

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration is a time as Slurm counts it.
type Duration time.Duration

// maxDuration is the longest: a hundred years.
const maxDuration = 100 * 365 * 24 * time.Hour

// ParseDuration reads a time as Slurm writes it (MIN, MIN:SEC, HOUR:MIN:SEC,
// DAY-HOUR, DAY-HOUR:MIN, DAY-HOUR:MIN:SEC) or as Go does (55m, 7h30m).
func ParseDuration(text string) (Duration, error) {
	refuse := func() (Duration, error) {
		return 0, wrong(fmt.Sprintf("%q is no time", text), "55m, 7h30m, or as Slurm writes it: 07:30:00, 1-12:00:00")
	}
	if strings.ContainsAny(text, "hms") {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 || d > maxDuration {
			return refuse()
		}
		return Duration(d), nil
	}
	days, rest, dayed := strings.Cut(text, "-")
	if !dayed {
		days, rest = "0", text
	}
	parts := append([]string{days}, strings.Split(rest, ":")...)
	// What the numbers after the days count depends on how many there are.
	units := map[bool][][]time.Duration{
		true:  {{time.Hour}, {time.Hour, time.Minute}, {time.Hour, time.Minute, time.Second}},
		false: {{time.Minute}, {time.Minute, time.Second}, {time.Hour, time.Minute, time.Second}},
	}[dayed]
	if len(parts)-1 > len(units) {
		return refuse()
	}
	unit := append([]time.Duration{24 * time.Hour}, units[len(parts)-2]...)
	var sum time.Duration
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || time.Duration(n) > maxDuration/unit[i] {
			return refuse()
		}
		sum += time.Duration(n) * unit[i]
	}
	if sum <= 0 || sum > maxDuration {
		return refuse()
	}
	return Duration(sum), nil
}

// String writes the time as Slurm does: 00:55:00, or 1-12:00:00.
func (d Duration) String() string {
	s := int64(time.Duration(d) / time.Second)
	text := fmt.Sprintf("%02d:%02d:%02d", s/3600%24, s/60%60, s%60)
	if days := s / (24 * 3600); days > 0 {
		return fmt.Sprintf("%d-%s", days, text)
	}
	return text
}

// Set reads the value of a flag.
func (d *Duration) Set(text string) error {
	value, err := ParseDuration(text)
	if err == nil {
		*d = value
	}
	return err
}

// Type names the kind of a flag's value.
func (d *Duration) Type() string { return "time" }

// MarshalText writes String.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDuration] does.
func (d *Duration) UnmarshalText(text []byte) error { return d.Set(string(text)) }
