package config

import (
	"slices"
	"testing"

	"leeway/data"
	"leeway/ode"
	"leeway/optim"
	"leeway/trace"
)

// TestNames holds the names that a config may use against those that the
// packages below know: a name here that nothing answers to would fail only in
// the middle of a run.
func TestNames(t *testing.T) {
	if got, want := Processes(), trace.ProcessNames(); !slices.Equal(got, want) {
		t.Errorf("processes %q, package trace has %q", got, want)
	}
	if got, want := Quantities(), trace.Quantities(); !slices.Equal(got, want) {
		t.Errorf("quantities %q, package trace has %q", got, want)
	}
	for _, m := range Methods()[1:] { // the first is auto
		if _, err := ode.ByName(m); err != nil {
			t.Error(err)
		}
	}
	for _, kind := range optim.ScheduleKinds() {
		if len(scheduleKeys[kind]) == 0 {
			t.Errorf("no keys for the schedule %s", kind)
		}
	}
	for _, name := range data.Names() {
		if !slices.Contains(DataKinds(), name) {
			t.Errorf("the built-in data set %s cannot be named", name)
		}
	}
}
