package data

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// Decoding undoes encoding, and a window's next characters are those that
// follow in the text: both are seen on the text itself, as Go's own strings.
func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab\nç日𝄞")), 2, 40, -1).Draw(t, "text")
		x, err := ReadText(strings.NewReader(text), "t")
		if err != nil {
			t.Fatal(err)
		}
		runes := []rune(text)
		if x.Decode(x.Tokens) != text || len(x.Tokens) != len(runes) || !slices.IsSorted(x.Vocabulary) {
			t.Fatalf("%q became %q", text, x.Decode(x.Tokens))
		}
		if again, err := x.Encode(text); err != nil || !slices.Equal(again, x.Tokens) {
			t.Fatalf("%q is encoded as %v, not %v: %v", text, again, x.Tokens, err)
		}
		length, stride := rapid.IntRange(1, len(runes)-1).Draw(t, "length"), rapid.IntRange(0, 5).Draw(t, "stride")
		s, err := x.Windows(length, stride)
		if err != nil {
			t.Fatal(err)
		}
		if stride == 0 {
			stride = length
		}
		for i := range s.N {
			next := make([]int32, length)
			for j, y := range s.Y[i*length : (i+1)*length] {
				next[j] = int32(y)
			}
			at := i * stride
			if x.Decode(s.X[i*length:(i+1)*length]) != string(runes[at:at+length]) || x.Decode(next) != string(runes[at+1:at+length+1]) {
				t.Fatalf("window %d", i)
			}
		}
		if end := s.N*stride + length + 1; s.N < 1 || end <= len(runes) || s.Vocab != len(x.Vocabulary) || s.Length != length {
			t.Fatalf("%d windows, another one fits", s.N)
		}
	})
	if x, err := ReadText(strings.NewReader("\uFEFFba"), "t"); err != nil || !slices.Equal(x.Tokens, []int32{1, 0}) {
		t.Errorf("after a byte order mark: %v", err)
	}
	if x, err := ReadText(strings.NewReader("a\uFFFDb"), "t"); err != nil || len(x.Tokens) != 3 {
		t.Errorf("the replacement character itself: %v", err)
	}
}

func TestTextRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "a text of 0 characters", "日": "a text of 1 characters", "ab\nc\xffd": "line 2: byte 4 is not UTF-8 (0xff)", "ab\xe6\x97": "byte 2 is not UTF-8",
	} {
		if _, err := ReadText(strings.NewReader(text), "t"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%q: error %v", text, err)
		}
	}
	if _, err := ReadText(iotest.ErrReader(iotest.ErrTimeout), "t"); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a reader's error is lost: %v", err)
	}
	x, err := ReadText(strings.NewReader("abcabc"), "t")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		length, stride int
		want           string
	}{{0, 1, "windows of 0 characters"}, {1, -1, "-1 apart"}, {6, 1, "the text has 6. Try: at most 5"}} {
		if _, err := x.Windows(c.length, c.stride); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v", c, err)
		}
	}
	long := &Text{Name: "t", Vocabulary: []rune("a"), Tokens: make([]int32, 1<<17)}
	if _, err := long.Windows(1<<16, 1); err == nil || !strings.Contains(err.Error(), "Try: a larger stride") {
		t.Errorf("more windows than memory: error %v", err)
	}
	if _, err := x.Encode("abd"); err == nil || !strings.Contains(err.Error(), "'d' at byte 2") {
		t.Errorf("unknown character: error %v", err)
	}
}
