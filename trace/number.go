package trace

import (
	"encoding/json"
	"math"
	"strconv"
)

// Number is a float64 whose JSON form allows for divergence: a number where it
// is finite, else one of the strings "NaN", "Inf" and "-Inf".
type Number float64

// MarshalJSON writes the shortest decimal that reads back to the same bits.
func (x Number) MarshalJSON() ([]byte, error) {
	f := float64(x)
	switch {
	case math.IsNaN(f):
		return []byte(`"NaN"`), nil
	case math.IsInf(f, 1):
		return []byte(`"Inf"`), nil
	case math.IsInf(f, -1):
		return []byte(`"-Inf"`), nil
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (x *Number) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		s, err := strconv.Unquote(string(text))
		if err != nil {
			return err
		}
		f, err := strconv.ParseFloat(s, 64)
		*x = Number(f)
		return err
	}
	return json.Unmarshal(text, (*float64)(x))
}
