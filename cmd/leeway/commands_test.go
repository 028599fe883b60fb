package main

import (
	"bytes"
	"context"
	"errors"
	"math"
	"runtime/debug"
	"strings"
	"testing"

	"leeway/config"
	"leeway/objective"
	"leeway/rundir"
)

// A map of the toy's loss: the truth is its formula, 1/2 (3/2 - 2 x y)^2.
func TestLandscape(t *testing.T) {
	for _, name := range []string{"bilinear", "rosenbrock", "sines"} {
		c, err := config.Load("", []string{"objective.problem=" + name})
		if err != nil {
			t.Fatal(err)
		}
		if name == "sines" {
			c.Objective.Dimension = 3
		}
		s := &session{config: c}
		m, err := s.contours()
		if err != nil {
			t.Fatal(err)
		}
		switch name {
		case "bilinear":
			if len(m.Curves) != 1 || len(m.Marks) != 1 {
				t.Errorf("%d curves and %d marks", len(m.Curves), len(m.Marks))
			}
			for j, row := range m.Loss {
				for i, loss := range row {
					x := m.XMin + (m.XMax-m.XMin)*float64(i)/float64(len(row)-1)
					y := m.YMin + (m.YMax-m.YMin)*float64(j)/float64(len(m.Loss)-1)
					if r := 1.5 - 2*x*y; math.Abs(loss-r*r/2) > 1e-9*(1+loss) {
						t.Fatalf("loss %g at (%g, %g)", loss, x, y)
					}
				}
			}
		case "rosenbrock":
			if len(m.Marks) != 1 || m.Marks[0].X != 1 {
				t.Errorf("marks %v", m.Marks)
			}
		default:
			if m != nil {
				t.Error("a map of three parameters")
			}
		}
	}
	if _, err := landscape(broken{}, &config.Plane{}); err == nil {
		t.Error("an objective that fails makes a map")
	}
	c, err := config.Load("", []string{"objective.problem=bilinear"})
	if err != nil {
		t.Fatal(err)
	}
	c.Steps = 0
	if _, err := (&session{config: c}).contours(); err == nil {
		t.Error("a config that is out of range makes a map")
	}
}

// broken is an objective that answers nothing.
type broken struct{ objective.Bilinear }

func (broken) Gradient([]float64, []float64, int) (float64, error) { return 0, errors.New("broken") }

// A wrong derivative is found: the check can fail.
func TestCheckFindsAWrongDerivative(t *testing.T) {
	for _, obj := range []objective.TwiceDifferentiable{wrong{gradient: 1.01, hvp: 1}, wrong{gradient: 1, hvp: 1.01}} {
		p := &config.Problem{Objective: obj, Start: []float64{1, 2}, Description: "wrong"}
		r, err := check(config.Default(), p, []float64{1, -1})
		if err != nil || r.Passed {
			t.Fatalf("%+v passed (%v)", obj, err)
		}
		for _, asJSON := range []bool{false, true} {
			var b bytes.Buffer
			a := &app{out: newScreen(&b), err: newScreen(&b)}
			if code := a.finish(a.checked(r, &config.Config{Name: "wrong"}, p, asJSON)); code != exitFailed {
				t.Errorf("exit code %d", code)
			}
			if !strings.Contains(b.String(), "the derivatives of wrong differ") {
				t.Errorf("%s", b.String())
			}
		}
	}
	if _, err := check(config.Default(), &config.Problem{Objective: broken{}, Start: []float64{1, 2}}, []float64{1, 1}); err == nil {
		t.Error("an objective that fails is checked")
	}
}

// wrong is the toy with derivatives that are off by factors.
type wrong struct{ gradient, hvp float64 }

func (w wrong) Dim() int     { return 2 }
func (w wrong) Batches() int { return 1 }
func (w wrong) Gradient(dst, theta []float64, k int) (float64, error) {
	loss, err := objective.Bilinear{}.Gradient(dst, theta, k)
	dst[0] *= w.gradient
	return loss, err
}
func (w wrong) HVP(dst, theta, v []float64, k int) error {
	err := objective.Bilinear{}.HVP(dst, theta, v, k)
	dst[0] *= w.hvp
	return err
}

// Two processes do not write to one directory.
func TestLockedRun(t *testing.T) {
	out := t.TempDir()
	args := []string{"run", "objective.problem=bilinear", "steps=5", "--out", out, "-q"}
	var b bytes.Buffer
	if code := execute(args, &b, &b); code != 0 {
		t.Fatalf("exit code %d\n%s", code, b.String())
	}
	c, err := config.Load("", args[1:3])
	if err != nil {
		t.Fatal(err)
	}
	dir, err := rundir.Create(out, c.Name, c.Hash())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	b.Reset()
	if code := execute(args, &b, &b); code != exitMisuse || !strings.Contains(b.String(), "another process is writing to the run directory") {
		t.Errorf("exit code %d\n%s", code, b.String())
	}
}

func TestVersionOfABuild(t *testing.T) {
	b := buildOf(&debug.BuildInfo{
		Main:     debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}},
	}, true)
	if b.Version != "v1.2.3" || b.Revision != "abc" || !b.Modified {
		t.Errorf("%+v", b)
	}
	if b := buildOf(nil, false); b.Version != "devel" || b.Go == "" {
		t.Errorf("%+v", b)
	}
}

// With LEEWAY_DEBUG=1 a mistake of the program shows where it is.
func TestPanicWithDebug(t *testing.T) {
	t.Setenv("LEEWAY_DEBUG", "1")
	defer func(old func(context.Context, int)) { afterProgress = old }(afterProgress)
	afterProgress = func(context.Context, int) { panic("oh") }
	var b bytes.Buffer
	if code := execute([]string{"run", "objective.problem=bilinear", "--out", t.TempDir(), "-q"}, &b, &b); code != exitMisuse || !strings.Contains(b.String(), "goroutine") {
		t.Errorf("exit code %d\n%s", code, b.String())
	}
}
