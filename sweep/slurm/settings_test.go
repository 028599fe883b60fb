package slurm

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Truth: the manual page of sbatch, which lists the forms of a time; and Go's own.
func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90": 90 * time.Minute, "2:30": 150 * time.Second, "07:30:00": 450 * time.Minute, "1-12": 36 * time.Hour,
		"1-12:30": 36*time.Hour + 30*time.Minute, "1-12:30:05": 36*time.Hour + 30*time.Minute + 5*time.Second,
		"55m": 55 * time.Minute, "7h30m": 450 * time.Minute, "0-00:01": time.Minute,
	} {
		if got, err := ParseDuration(text); err != nil || time.Duration(got) != want {
			t.Errorf("%q: %v, %v, want %v", text, time.Duration(got), err, want)
		}
	}
	for _, text := range []string{"", "0", "-5", "-5m", "0m", "1:2:3:4", "1-1:1:1:1", "a", "1-", "-", "1:", "99999999999999999999", "9999999-00", "213504-00", "9999999h", "infinite", "1.5", " 5"} {
		_, err := ParseDuration(text)
		fails(t, err, "is no time", "55m")
	}
}

// What is read is written such that Slurm and we read the same again.
func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"90", "2:30", "1-12:30:05", "7h30m", "1-", "99:99:99", "0.5s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil || d < Duration(time.Second) {
			return
		}
		again, err := ParseDuration(d.String())
		if err != nil || again != d/Duration(time.Second)*Duration(time.Second) {
			t.Errorf("%q is %v, read again %v, %v", text, d, again, err)
		}
	})
}

// Whatever the walltime, a worker ends by itself before Slurm warns it, and Slurm
// warns it before it kills it.
func TestTimesInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Settings{Time: Duration(rapid.Int64Range(60, 1e7).Draw(t, "seconds")) * Duration(time.Second)}
		r, err := s.Resolved(rapid.IntRange(0, 100).Draw(t, "cells"))
		if err != nil {
			t.Fatal(err)
		}
		if until, warned := r.Until(), time.Duration(r.Time-r.Warning); until <= 0 || until >= warned || warned >= time.Duration(r.Time) {
			t.Errorf("%v: ends by itself at %v, is warned at %v", r.Time, until, warned)
		}
		if r.Workers < 1 || r.Workers > usualWorkers || r.CPUs != 1 || r.Tries != usualTries {
			t.Errorf("%+v", r)
		}
	})
	if s, err := (Settings{}).Resolved(50); err != nil || s.Until() != 55*time.Minute || s.Workers != 10 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestSettingsRefused(t *testing.T) {
	hour := Duration(time.Hour)
	for _, c := range []struct {
		s         Settings
		what, try string
	}{
		{Settings{Workers: -1}, "at least 1", "--workers"},
		{Settings{CPUs: -1}, "at least 1", "--cpus"},
		{Settings{Time: Duration(time.Second)}, "shorter than a minute", "--time 1h"},
		{Settings{Time: hour, Margin: hour}, "leaves nothing", "--margin 00:06:00"},
		{Settings{Time: hour, Margin: -1}, "leaves nothing", "--margin"},
		{Settings{Time: hour, Margin: Duration(time.Second)}, "does not lie within", "longer --margin"},
		{Settings{Partition: "a b"}, "no word", "--partition short"},
		{Settings{Mem: "4G; rm"}, "no word", "--mem 4G"},
		{Settings{Extra: []string{"account=x"}}, "no option of sbatch", "--extra=--account"},
		{Settings{Extra: []string{"--account=x\n#SBATCH --array=0-9"}}, "no option of sbatch", "once for each"},
		{Settings{Extra: []string{"--array=0-3"}}, "--array is set already", "--workers"},
		{Settings{Extra: []string{"-t60"}}, "-t is set already", "--time"},
		{Settings{Extra: []string{"--dependency singleton"}}, "depends on it", "leaving it out"},
	} {
		_, err := c.s.Resolved(1)
		fails(t, err, c.what, c.try)
	}
	if _, err := (Settings{Partition: "gpu,long", Mem: "1500M", Extra: []string{"-A physics", "--gres=gpu:1", "--exclusive"}}).Resolved(1); err != nil {
		t.Error(err)
	}
}

// What arrays must be: together all workers, none larger than the limit, and never
// more at a time than the throttle unless there are more arrays than that.
func TestArrays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workers, limit := rapid.IntRange(1, 5000).Draw(t, "workers"), rapid.IntRange(1, 1001).Draw(t, "limit")
		throttle := rapid.IntRange(0, 50).Draw(t, "throttle")
		sum, atOnce, list := 0, 0, arrays(workers, throttle, limit)
		for _, array := range list {
			last, share := 0, 0
			n, _ := fmt.Sscanf(array, "0-%d%%%d", &last, &share)
			if n < 1 || last+1 > limit || last < 0 {
				t.Fatalf("array %q with a limit of %d", array, limit)
			}
			sum += last + 1
			if n == 2 {
				atOnce += share
			} else {
				atOnce += last + 1
			}
		}
		if sum != workers || throttle > 0 && atOnce > max(throttle, len(list)) {
			t.Errorf("%v are %d workers of %d, %d at a time of %d", list, sum, workers, atOnce, throttle)
		}
	})
}

// fails checks that an error says this, and what to try.
func fails(t testing.TB, err error, what, try string) {
	t.Helper()
	hinted, ok := err.(interface{ Hint() string })
	if err == nil || !ok || !strings.Contains(err.Error(), what) || !strings.Contains(hinted.Hint(), try) {
		t.Errorf("want %q and the hint %q, got %v (%T)", what, try, err, err)
	}
}
