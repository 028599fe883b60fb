package data

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReadCSV(t *testing.T) {
	rows := &Set{Name: "t", X: []float64{1, 2.5, -3e2, 0}, Y: []int{0, 1}, N: 2, D: 2, Classes: 2}
	named := *rows
	named.FeatureNames = []string{"width", "height"}
	for _, c := range []struct {
		label, text string
		want        *Set
	}{
		{"plain", "1,2.5,0\n-3e2,0,1\n", rows},
		{"no final newline", "1,2.5,0\n-3e2,0,1", rows},
		{"spaces, CRLF, empty lines", " 1, 2.5 ,0\r\n\r\n-3e2,0, 1 \r\n", rows},
		{"header", "width, height ,class\n1,2.5,0\n-3e2,0,1\n", &named},
		{"byte order mark", "\uFEFF1,2.5,0\n-3e2,0,1\n", rows},
	} {
		got, err := ReadCSV(strings.NewReader(c.text), "t")
		if err != nil {
			t.Errorf("%s: %v", c.label, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.label, d)
		}
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for _, c := range []struct{ label, text, want string }{
		{"empty", "", "no rows"},
		{"header only", "a,b\n", "no rows"},
		{"one column", "1\n2\n", "line 1: column 1 is the only one"},
		{"NaN", "1,2,0\n1,NaN,0\n", "line 2: column 2 is NaN"},
		{"NaN in the first line is no header", "NaN,NaN,NaN\n", "line 1: column 1 is NaN"},
		{"Inf", "h,h,h\n\n1,-inf,0\n", "line 3: column 2 is -Inf"},
		{"out of range", "1e999,2,0\n", "line 1: column 1 is out of range"},
		{"text", "1,2,0\n1,x,0\n", "line 2: column 2 is no number"},
		{"half a header", "a,2,c\n", "line 1: column 1 is no number"},
		{"missing value", "1,2,0\n,2,0\n", "line 2: column 1 is no number"},
		{"missing values in the first line", ",,\n1,2,0\n", "line 1: column 1 is no number"},
		{"short row", "1,2,0\n1,0\n", "line 2: column 2 ends a row of 2 fields, the first has 3"},
		{"long row", "1,2,0\n1,2,3,0\n", "line 2: column 3 ends a row of 4 fields"},
		{"real class", "1,2,0.5\n", "line 1: column 3 is no class"},
		{"negative class", "1,2,-1\n", "line 1: column 3 is no class"},
		{"huge class", "1,2,99999999999\n", "line 1: column 3 is no class"},
		{"class beyond the rows", "1,2,0\n1,2,2000000000\n", "line 2: column 3 is class 2000000000"},
		{"gap in the classes", "1,2,0\n1,2,0\n3,4,2\n", "line 3: column 3 is class 2, but no row has class 1"},
		{"quote", "1,\"2,0\n", "line 1"},
		{"stray quote", "1,2\"3,0\n", "line 1: byte"},
	} {
		s, err := ReadCSV(strings.NewReader(c.text), "table")
		switch {
		case err == nil || s != nil:
			t.Errorf("%s: accepted", c.label)
		case !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "data: table: ") || !strings.Contains(err.Error(), "Try: "):
			t.Errorf("%s: error %q, want %q", c.label, err, c.want)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := ReadCSV(iotest.ErrReader(broken), "t"); !errors.Is(err, broken) {
		t.Errorf("the reader's error is lost: %v", err)
	}
}

// text writes a set in the shortest decimals that read back to the same bits.
func text(s *Set) []byte {
	var b bytes.Buffer
	for i := range s.N {
		for _, v := range s.Row(i) {
			b.WriteString(strconv.FormatFloat(v, 'g', -1, 64) + ",")
		}
		fmt.Fprintln(&b, s.Y[i])
	}
	return b.Bytes()
}

func TestReadCSVReadsBackWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 10).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "d")
		classes := rapid.IntRange(1, n).Draw(t, "classes")
		want := &Set{Name: "t", N: n, D: d, Classes: classes}
		want.X = rapid.SliceOfN(rapid.Float64(), n*d, n*d).Draw(t, "x")
		for i := range n {
			want.Y = append(want.Y, i%classes)
		}
		got, err := ReadCSV(bytes.NewReader(text(want)), "t")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A set or an error, never a panic; a set that is consistent and reads back to
// itself; and memory in proportion to the input, whatever classes it claims.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"", "1,0", "a,b\n1,0\n", "1,2,0\n1,NaN,1\n", "1,2000000000\n", "\"", "\uFEFF1,0\r\n", "1e999,0", "0x1p-2,0\n1_0,0", ",,,,,,\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := ReadCSV(bytes.NewReader(input), "f")
		runtime.ReadMemStats(&after)
		// Two bytes of input make one float64, and growing slices and a set's
		// counts multiply that; 128 KiB are for buffers.
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<17+200*uint64(len(input)) {
			t.Errorf("%d bytes allocated for %d bytes of input", used, len(input))
		}
		if err != nil {
			if s != nil || !strings.HasPrefix(err.Error(), "data: f: ") {
				t.Errorf("set %v with error %q", s, err)
			}
			return
		}
		if s.N < 1 || s.D < 1 || len(s.X) != s.N*s.D || len(s.Y) != s.N || slices.Max(s.Y)+1 != s.Classes || slices.Contains(s.Counts(), 0) {
			t.Fatalf("inconsistent set %+v", s)
		}
		if s.FeatureNames != nil && len(s.FeatureNames) != s.D {
			t.Fatalf("%d names of %d features", len(s.FeatureNames), s.D)
		}
		again, err := ReadCSV(bytes.NewReader(text(s)), "f")
		if err != nil {
			t.Fatal(err)
		}
		again.FeatureNames = s.FeatureNames
		if diff := cmp.Diff(s, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
