package trace

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"leeway/optim"
)

// A Number survives JSON to the same bits, whatever it is.
func TestNumberRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := Number(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 5e-324})).Draw(t, "x"))
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		var back Number
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if math.Float64bits(float64(x)) != math.Float64bits(float64(back)) && !math.IsNaN(float64(x)) {
			t.Fatalf("%v became %v by %s", x, back, text)
		}
	})
}

func TestNumberRefusesWords(t *testing.T) {
	var x Number
	if err := json.Unmarshal([]byte(`"many"`), &x); err == nil {
		t.Error("a word was read as a number")
	}
}

// The verdict's rule as it is stated: all but a hundredth below 0.3 holds unless
// some are above 0.5 all the time; a lasting share above 0.5 does not.
func TestVerdict(t *testing.T) {
	nan := Number(math.NaN())
	for _, c := range []struct {
		max, p99, share Number
		want            string
	}{
		{0.29, 0.29, 0, Holds}, {0.9, 0.29, 0.0005, Holds}, {0.31, 0.31, 0, Doubtful}, {0.9, 0.29, 0.003, Doubtful},
		{0.9, 0.6, 0.02, DoesNotHold}, {nan, nan, nan, NotMeasured},
	} {
		if got := verdict(TrustSummary{Max: c.max, P99: c.p99, Share: c.share}); got != c.want {
			t.Errorf("max %g, 99th percentile %g, share %g: %q, want %q", c.max, c.p99, c.share, got, c.want)
		}
	}
}

// Sentences name the numbers that they are about.
func TestSentences(t *testing.T) {
	rule := adam(t, 1e-3, .9, .95, 1e-4).Rule
	s := Summary{
		Trust:     TrustSummary{Verdict: Holds, Max: 0.11, P99: 0.11},
		Bias:      BiasSummary{AntiPenalized: 0.25, Penalized: 0.75, Ratio: 0.02, NormRate: 0.5},
		Distance:  map[string]Number{"flow-1": 4, "flow-2": 1},
		Processes: map[string]ProcessSummary{},
	}
	if got := s.trustSentence(); !strings.Contains(got, "0.11") || !strings.Contains(got, "4 times nearer") {
		t.Errorf("trust: %s", got)
	}
	s.Distance["flow-2"] = 16
	if got := s.trustSentence(); !strings.Contains(got, "4 times further") || !strings.Contains(got, "should hold") {
		t.Errorf("trust: %s", got)
	}
	s.Distance["flow-2"] = 4.1
	if got := s.trustSentence(); !strings.Contains(got, "as near") {
		t.Errorf("trust: %s", got)
	}
	// Distances up to different steps say nothing about each other.
	s.Processes["flow-2"] = ProcessSummary{Status: StatusStiff, Step: 7}
	if got := s.trustSentence(); strings.Contains(got, "nearer") || !strings.Contains(got, "stopped at step 7") {
		t.Errorf("trust: %s", got)
	}
	s.Processes["flow-2"] = ProcessSummary{Status: StatusRunaway, Step: 42}
	s.Trust.Verdict = DoesNotHold
	if got := s.trustSentence(); !strings.Contains(got, "ran away at step 42") {
		t.Errorf("trust: %s", got)
	}
	if got := s.biasSentence(rule); !strings.Contains(got, "25 %") || !strings.Contains(got, "raised") {
		t.Errorf("bias: %s", got)
	}
	s.Bias.NormRate = -0.5
	if got := s.biasSentence(rule); !strings.Contains(got, "lowered") {
		t.Errorf("bias: %s", got)
	}
	if got := s.biasSentence(build(t, optim.GD{}, 1).Rule); !strings.Contains(got, "two-norm") {
		t.Errorf("bias: %s", got)
	}
	if got := s.biasSentence(build(t, optim.Lion{}, 1).Rule); !strings.Contains(got, "signs") {
		t.Errorf("bias: %s", got)
	}
	s.Bias.Ratio = 1e-17
	if got := s.biasSentence(rule); !strings.Contains(got, "no bias") {
		t.Errorf("bias: %s", got)
	}
	s.Bias.Ratio = Number(math.NaN())
	if got := s.biasSentence(rule); !strings.Contains(got, "not measured") {
		t.Errorf("bias: %s", got)
	}
	s.Trust.Verdict = Doubtful
	if got := s.trustSentence(); !strings.Contains(got, "doubtful") {
		t.Errorf("trust: %s", got)
	}
	s.Trust.Verdict = NoPromise
	if got := s.trustSentence(); !strings.Contains(got, "promises nothing") {
		t.Errorf("trust: %s", got)
	}
	s.Trust.Verdict = NotMeasured
	if got := s.trustSentence(); !strings.Contains(got, "not measured") {
		t.Errorf("trust: %s", got)
	}
}
