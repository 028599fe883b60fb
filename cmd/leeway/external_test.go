package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"leeway/config"
	"leeway/external/externaltest"
	"leeway/rundir"
)

// Truth: the network computed here, whose derivatives are held against PyTorch's and
// against differences elsewhere. The same network as a PyTorch module, behind the
// client for Python, must have the same losses, gradients and products to rounding;
// then verify must fit the same orders and run must print the same summary.
func TestExternalIsNative(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" || exec.Command(torch, "-c", "import torch, numpy").Run() != nil {
		t.Skip("needs LEEWAY_SLOW=1 and python3-torch")
	}
	dir := t.TempDir()
	npz := filepath.Join(dir, "digits.npz")
	native := []string{"objective={model: {kind: mlp}, data: {kind: digits, train: 200, test: 0}}"}
	if code := execute(append([]string{"check", "--npz", npz}, native...), io.Discard, testWriter{t}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	python, err := filepath.Abs("../../clients/python")
	if err != nil {
		t.Fatal(err)
	}
	for _, products := range []string{"own", "differences"} {
		t.Run(products, func(t *testing.T) {
			foreign := []string{fmt.Sprintf("objective={kind: external, products: %s, batch: full, command: [env, PYTHONPATH=%s, %s, -B, %s, %s]}",
				products, python, torch, filepath.Join(python, "examples", "digits_torch.py"), npz)}
			within := map[string]float64{"own": 1e-10, "differences": 1e-7}[products]
			sameDerivatives(t, native, foreign, within)
			sameOrders(t, native, foreign)
			sameSummaries(t, native, foreign)
		})
	}
}

func built(t *testing.T, args []string) *config.Problem {
	t.Helper()
	c, err := config.Load("", args)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func sameDerivatives(t *testing.T, native, foreign []string, within float64) {
	a, b := built(t, native), built(t, foreign)
	n := a.Objective.Dim()
	if b.Objective.Dim() != n {
		t.Fatalf("%d parameters, want %d", b.Objective.Dim(), n)
	}
	apart := func(x, y []float64) float64 {
		d, s := 0.0, 0.0
		for j := range x {
			d, s = d+(x[j]-y[j])*(x[j]-y[j]), s+y[j]*y[j]
		}
		return math.Sqrt(d / s)
	}
	if e := apart(b.Start, a.Start); e != 0 {
		t.Errorf("starts are %.1e apart", e)
	}
	theta, v := make([]float64, n), make([]float64, n)
	ga, gb := make([]float64, n), make([]float64, n)
	for i := range 3 {
		for j := range theta {
			theta[j], v[j] = a.Start[j]*(1+0.2*math.Sin(float64(i*j))), math.Cos(float64(j*(i+1)))
		}
		la, err := a.Objective.Gradient(ga, theta, 0)
		if err != nil {
			t.Fatal(err)
		}
		lb, err := b.Objective.Gradient(gb, theta, 0)
		if err != nil {
			t.Fatal(err)
		}
		loss, gradient := math.Abs(la-lb)/la, apart(gb, ga)
		if err := a.Objective.HVP(ga, theta, v, 0); err != nil {
			t.Fatal(err)
		}
		if err := b.Objective.HVP(gb, theta, v, 0); err != nil {
			t.Fatal(err)
		}
		product := apart(gb, ga)
		t.Logf("loss %.1e, gradient %.1e, product %.1e apart", loss, gradient, product)
		if !(max(loss, gradient) <= 1e-10) || !(product <= within) {
			t.Errorf("loss %.1e, gradient %.1e, product %.1e apart", loss, gradient, product)
		}
	}
}

func sameOrders(t *testing.T, native, foreign []string) {
	common := []string{"verify", "--json", "-q", "verify={lr: 6.25e-5, steps: 200, halvings: 2}", "processes=[discrete, flow-1, flow-2]", "optimizer={kind: adam, lr: 1e-3, beta2: 0.95, eps: 1e-4}"}
	var orders [2]verification
	for i, args := range [][]string{native, foreign} {
		var out bytes.Buffer
		if code := execute(append(common[:len(common):len(common)], args...), &out, testWriter{t}); code > 1 {
			t.Fatalf("exit code %d", code)
		}
		if err := json.Unmarshal(out.Bytes(), &orders[i]); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range orders[0].Order {
		got := orders[1].Order[name]
		t.Logf("%s: order %.6f, natively %.6f", name, got, want)
		if math.Abs(got-want) > 1e-3 {
			t.Errorf("%s: order %v, natively %v", name, got, want)
		}
	}
	if len(orders[0].Order) == 0 {
		t.Error("no orders")
	}
}

// sameSummaries holds the summaries of two runs against each other: distances, trust, bias.
func sameSummaries(t *testing.T, native, foreign []string) {
	var found [2]result
	for i, args := range [][]string{native, foreign} {
		var out bytes.Buffer
		all := append([]string{"run", "--json", "-q", "--no-report", "--out", t.TempDir(), "steps=30", "measure={every: 10, quantities: [loss, bias, trust, sharpness]}",
			"processes=[discrete, flow-1, flow-2]", "optimizer={kind: adam, lr: 1e-3, beta2: 0.95, eps: 1e-4}"}, args...)
		if code := execute(all, &out, testWriter{t}); code != 0 {
			t.Fatalf("exit code %d", code)
		}
		if err := json.Unmarshal(out.Bytes(), &found[i]); err != nil {
			t.Fatal(err)
		}
	}
	numbers := func(r result) []byte {
		text, err := json.Marshal(r.Summary.Processes)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var a, b any
	if json.Unmarshal(numbers(found[0]), &a) != nil || json.Unmarshal(numbers(found[1]), &b) != nil {
		t.Fatal("no numbers")
	}
	compareTrees(t, "processes", a, b)
}

// compareTrees holds the numbers of two JSON values against each other to 1e-6, but
// those of time.
func compareTrees(t *testing.T, path string, a, b any) {
	switch x := a.(type) {
	case map[string]any:
		for key, value := range x {
			if y, ok := b.(map[string]any); ok && !strings.Contains(key, "seconds") {
				compareTrees(t, path+"."+key, value, y[key])
			}
		}
	case []any:
		for i, value := range x {
			if y, ok := b.([]any); ok && i < len(y) {
				compareTrees(t, fmt.Sprint(path, i), value, y[i])
			}
		}
	case float64:
		if y, ok := b.(float64); !ok || math.Abs(x-y) > 1e-6*(math.Abs(x)+1e-3) && !strings.Contains(path, "integration") {
			t.Errorf("%s: %v, natively %v", path, b, a)
		}
	}
}

// A run whose process dies keeps its checkpoint and goes on with a new process to
// the bits of a run that nothing happened to.
func TestExternalDiesAndRunResumes(t *testing.T) {
	peer := externaltest.Peer{Dim: 6, Batches: 2}
	// The command is a file, so that the config, and with it the run's identity,
	// stays the same when what it does changes.
	work := t.TempDir()
	script := filepath.Join(work, "model")
	write := func(p externaltest.Peer) {
		var line []string
		for _, w := range p.Command() {
			line = append(line, "'"+w+"'")
		}
		if err := os.WriteFile(script, []byte("#!/bin/sh\nexec "+strings.Join(line, " ")+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run := func(out string) (int, string) {
		var errs bytes.Buffer
		code := execute([]string{"run", "-q", "--no-report", "--out", out, "steps=60", "processes=[discrete, flow-2]",
			"objective={kind: external, command: [" + script + "]}", "optimizer={kind: adam, lr: 1e-2, beta2: 0.95, eps: 1e-4}"}, io.Discard, &errs)
		return code, errs.String()
	}
	write(peer)
	whole := filepath.Join(work, "whole")
	if code, errs := run(whole); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	broken := filepath.Join(work, "broken")
	for _, at := range []uint64{400, 900} {
		failing := peer
		failing.FaultAt, failing.Fault = at, "exit"
		write(failing)
		code, errs := run(broken)
		if code != exitMisuse || !strings.Contains(errs, "as one might say") || !strings.Contains(errs, "leeway resume") || !strings.Contains(errs, "the run is kept up to step ") {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		t.Log(errs)
	}
	// Another model than the one that it was begun with is refused, before and after.
	other := peer
	other.Batches = 3
	write(other)
	if code, errs := run(broken); code != exitMisuse || !strings.Contains(errs, "another model than when this run was begun: it has 3 batches and not 2") {
		t.Fatalf("exit code %d of another model: %s", code, errs)
	}
	if code, errs := run(whole); code != exitMisuse || !strings.Contains(errs, "another model") {
		t.Fatalf("exit code %d of another model's result: %s", code, errs)
	}
	write(peer)
	if code, errs := run(broken); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	if a, b := metrics(t, whole), metrics(t, broken); !bytes.Equal(a, b) || len(a) == 0 {
		t.Errorf("not the same bits:\n%s\n%s", a, b)
	}
}

func metrics(t *testing.T, out string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(out, "*", rundir.MetricsFile))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Whatever ends leeway, the process that it asks ends too: here both are killed in
// the middle of a question that takes an hour, leeway first and by a signal that it
// cannot see.
func TestExternalDoesNotOutliveItsParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the death signal is Linux's; elsewhere a process sees the end of its input when it reads")
	}
	work := t.TempDir()
	script, pid := filepath.Join(work, "model"), filepath.Join(work, "pid")
	hanging := externaltest.Peer{Dim: 3, Batches: 1, FaultAt: 30, Fault: "hang"}.Command()
	if err := os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\necho $$ > %s.new && mv %s.new %s\nexec '%s'\n", pid, pid, pid, strings.Join(hanging, "' '")), 0o755); err != nil {
		t.Fatal(err)
	}
	leeway := exec.Command("leeway-process", "run", "-q", "--out", work, "objective={kind: external, command: ["+script+"]}")
	leeway.Stderr = testWriter{t}
	if err := leeway.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	for child == 0 {
		if text, err := os.ReadFile(pid); err == nil {
			child, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		runtime.Gosched()
	}
	if err := leeway.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = leeway.Wait()
	// The test's own deadline is the bound: a child that stays hangs it.
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
		if err != nil || strings.Contains(string(stat), ") Z ") { // gone, or a zombie that init has yet to fetch
			break
		}
		runtime.Gosched()
	}
}
