//go:build linux

package slurm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"leeway/sweep"
)

// rootVariable tells this test binary that it runs beside a Slurm, and where.
const rootVariable = "LEEWAY_TEST_SLURM"

// plan has 12 cells that take seconds; steps differ between scenarios.
const plan = `
name: slurm
objective: {problem: bilinear}
optimizer: {kind: adam, lr: 1e-2, beta1: 0.9, beta2: 0.99}
processes: [discrete]
steps: %d
measure: {every: %d, quantities: [loss]}
checkpoint: {every: %d}
sweep: {axes: {optimizer.beta2: [0.9, 0.95, 0.99], optimizer.lr: [1e-3, 1e-2]}, seeds: %d}
`

// scenario is what happens to a sweep on a cluster.
type scenario struct {
	name         string
	steps, seeds int
	run          func(*cluster)
}

var scenarios = []scenario{
	{"submit", 1_000_000, 2, scenarioSubmit},
	{"task killed", 12_000_000, 2, scenarioKilled},
	{"node lost", 12_000_000, 2, scenarioNodeLost},
	{"controller restarted", 12_000_000, 2, scenarioController},
	{"walltime", 24_000_000, 3, scenarioWalltime},
	{"cancel", 12_000_000, 2, scenarioCancel},
}

// Truth: the same sweep computed in one process on this machine, which no Slurm can
// disturb. Each scenario has a real Slurm of two nodes for itself (see
// testdata/two-nodes.sh) and must end with one result for each cell and the same
// bits.
func TestTwoNodes(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("starts clusters and takes minutes: LEEWAY_SLOW=1")
	}
	for _, name := range []string{"slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "ip", "unshare"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("Slurm is not installed (%s): apt-get install --no-install-recommends slurm-wlm", name)
		}
	}
	if out, err := exec.Command("unshare", "-n", "-p", "-f", "--mount-proc", "ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Skipf("no right to make network and process spaces, which takes root: %s", bytes.TrimSpace(out))
	}
	program := filepath.Join(t.TempDir(), "leeway")
	if out, err := exec.Command("go", "build", "-o", program, "leeway/cmd/leeway").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	script, err := filepath.Abs("testdata/two-nodes.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel() // most of the time is waiting
			// Quotation by Slurm and by the shell has to hold.
			root := filepath.Join(t.TempDir(), "a place at 100%")
			if err := os.Mkdir(root, 0o755); err != nil {
				t.Fatal(err)
			}
			link := filepath.Join(t.TempDir(), "slurm") // slurm.conf takes no spaces
			if err := os.Mkdir(link, 0o755); err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf(plan, s.steps, s.steps/4, s.steps/40, s.seeds)
			if err := os.WriteFile(filepath.Join(root, "plan.yaml"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			here := exec.Command(program, "sweep", "run", "plan.yaml", "--out", "here", "--quiet")
			here.Dir = root
			if out, err := here.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			cmd := exec.Command("unshare", "-n", "-p", "-f", "--mount-proc", "--kill-child=KILL", "bash", script, link,
				os.Args[0], "-test.run=^TestBesideSlurm$", "-test.v", "-test.timeout=12m")
			cmd.Env = append(os.Environ(), rootVariable+"="+root, "LEEWAY_TEST_CLUSTER="+link, "LEEWAY_TEST_PROGRAM="+program, "LEEWAY_TEST_SCENARIO="+s.name)
			out, err := cmd.CombinedOutput()
			t.Logf("%s", out)
			if err != nil || !bytes.Contains(out, []byte("--- PASS: TestBesideSlurm")) {
				t.Errorf("%v\n%s", err, logs(root, link))
			}
		})
	}
}

// TestBesideSlurm is what TestTwoNodes runs on its clusters.
func TestBesideSlurm(t *testing.T) {
	root := os.Getenv(rootVariable)
	if root == "" {
		t.Skip("part of TestTwoNodes")
	}
	c := &cluster{T: t, root: root, files: os.Getenv("LEEWAY_TEST_CLUSTER"), program: os.Getenv("LEEWAY_TEST_PROGRAM"), began: time.Now()}
	for _, s := range scenarios {
		if s.name == os.Getenv("LEEWAY_TEST_SCENARIO") {
			s.run(c)
			return
		}
	}
	t.Fatal("there is no such scenario")
}

// logs is what is known when a scenario fails.
func logs(root, cluster string) string {
	var b strings.Builder
	for _, pattern := range []string{filepath.Join(root, "sweeps", "*", Folder, "*", "*.log"), filepath.Join(cluster, "log", "*")} {
		found, _ := filepath.Glob(pattern)
		for _, path := range found {
			text, _ := os.ReadFile(path)
			fmt.Fprintf(&b, "== %s\n%s\n", path, text[max(0, len(text)-3000):])
		}
	}
	return b.String()
}

// cluster is a Slurm of two nodes and a sweep on it.
type cluster struct {
	*testing.T
	root, files, program string
	began                time.Time
}

func (c *cluster) dir() string { return filepath.Join(c.root, "sweeps", "slurm") }

// say logs what happened and when.
func (c *cluster) say(format string, args ...any) {
	c.Logf("%5.1f s  %s", time.Since(c.began).Seconds(), fmt.Sprintf(format, args...))
}

// leeway runs a command line and returns its standard output and error.
func (c *cluster) leeway(args ...string) (out, errs string, code int) {
	c.Helper()
	cmd := exec.Command(c.program, args...)
	cmd.Dir = c.root
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// submit is leeway sweep submit.
func (c *cluster) submit(args ...string) Handle {
	c.Helper()
	out, errs, code := c.leeway(append([]string{"sweep", "submit", "--json"}, args...)...)
	var h Handle
	if err := json.Unmarshal([]byte(out), &h); err != nil || code != 0 {
		c.Fatalf("submit %v: exit code %d, %v\n%s%s", args, code, err, out, errs)
	}
	c.say("submission %d: jobs %v, gather %v %s", h.Round, h.Jobs, h.Gather, errs)
	return h
}

// until waits for something.
func (c *cluster) until(what string, longest time.Duration, yes func() bool) {
	c.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(longest); !yes(); <-ticker.C {
		if time.Now().After(deadline) {
			queue, _ := exec.Command("squeue", "-r").CombinedOutput()
			c.Fatalf("%v and still not: %s\n%s", longest, what, queue)
		}
	}
	c.say("%s", what)
}

func (c *cluster) status() *sweep.Status {
	d, err := sweep.Open(c.dir())
	if err != nil {
		return &sweep.Status{}
	}
	s, err := d.Status(0)
	if err != nil {
		c.Fatal(err)
	}
	return s
}

// emptied waits until Slurm has no job of the sweep, not even one that would submit
// again.
func (c *cluster) emptied(longest time.Duration) {
	c.Helper()
	c.until("the queue is empty", longest, func() bool {
		out, err := exec.Command("squeue", "-h", "-r").CombinedOutput()
		return err == nil && len(bytes.TrimSpace(out)) == 0
	})
}

// computing waits until so many workers compute, with a checkpoint somewhere.
func (c *cluster) computing(n int) {
	c.Helper()
	c.until(fmt.Sprintf("%d workers compute", n), time.Minute, func() bool {
		checkpoints, _ := filepath.Glob(filepath.Join(c.dir(), "cells", "*", "checkpoint", "*"))
		return c.status().Running >= n && len(checkpoints) > 0
	})
}

// workers are the processes of workers by the node they are on.
func (c *cluster) workers() map[string]int {
	found := map[string]int{}
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environments {
		text, _ := os.ReadFile(path)
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if _, rest, ok := bytes.Cut(text, []byte("SLURMD_NODENAME=")); ok && bytes.Contains(line, []byte("\x00worker\x00--sweep\x00")) {
			node, _, _ := bytes.Cut(rest, []byte{0})
			found[string(node)], _ = strconv.Atoi(filepath.Base(filepath.Dir(path)))
		}
	}
	return found
}

// pid of a daemon.
func (c *cluster) pid(name string) int {
	text, err := os.ReadFile(filepath.Join(c.files, "pid-"+name))
	if err != nil {
		c.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		c.Fatal(err)
	}
	return pid
}

func (c *cluster) kill(what string, pid int) {
	c.Helper()
	if pid == 0 {
		c.Fatalf("there is no %s", what)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		c.Fatalf("%s: %v", what, err)
	}
	c.say("kill -9 of %s", what)
}

// completions is Slurm's own record: the states in which tasks ended.
func (c *cluster) completions() map[string]int {
	text, err := os.ReadFile(filepath.Join(c.files, "log", "jobcomp.txt"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.Fatal(err)
	}
	states := map[string]int{}
	for _, found := range regexp.MustCompile(`Name=leeway-slurm JobState=(\w+)`).FindAllStringSubmatch(string(text), -1) {
		states[found[1]]++
	}
	return states
}

// said counts what workers and followers wrote to their logs.
func (c *cluster) said(pattern string) int {
	form := regexp.MustCompile(pattern)
	n := 0
	paths, _ := filepath.Glob(filepath.Join(c.dir(), Folder, "*", "*.log"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			c.Fatal(err)
		}
		n += len(form.FindAll(text, -1))
	}
	return n
}

// complete checks the sweep against the one computed here.
func (c *cluster) complete() {
	c.Helper()
	s := c.status()
	if !s.Complete() || s.Failed > 0 || s.Done != s.Cells || s.Outside > 0 || s.Running > 0 {
		c.Fatalf("%+v", s)
	}
	if entries, err := os.ReadDir(filepath.Join(c.dir(), sweep.ResultsFolder)); err != nil || len(entries) != s.Cells {
		c.Errorf("%d files of results for %d cells, %v", len(entries), s.Cells, err)
	}
	want, got := found(c, filepath.Join(c.root, "here", "slurm")), found(c, c.dir())
	for id, bits := range want {
		if got[id] != bits {
			c.Errorf("cell %s differs from the one computed without Slurm:\n%.300s\n%.300s", id, got[id], bits)
		}
	}
	c.say("%d cells, the same bits as without Slurm; tasks ended %v", s.Cells, c.completions())
}

// found is what each cell of a sweep came to: its last values and all measurements,
// without times.
func found(t testing.TB, path string) map[string]string {
	t.Helper()
	d, err := sweep.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for i := range d.Cells {
		cell := &d.Cells[i]
		r, err := d.Result(cell)
		if err != nil || r == nil || r.Summary == nil {
			t.Fatalf("cell %s: %+v, %v", cell, r, err)
		}
		final, err := json.Marshal(r.Summary.Final)
		if err != nil {
			t.Fatal(err)
		}
		metrics, err := os.ReadFile(filepath.Join(d.CellPath(cell), "metrics.csv"))
		if err != nil {
			t.Fatal(err)
		}
		all[cell.ID] = fmt.Sprintf("%s %s\n%s", r.Status, final, metrics)
	}
	return all
}

// Cells are pulled by workers of several arrays, as MaxArraySize of the cluster is
// 4; then there is nothing left to submit. What the site refuses is said in its
// words, and leaves nothing behind.
func scenarioSubmit(c *cluster) {
	_, errs, code := c.leeway("sweep", "submit", "plan.yaml", "--partition", "nowhere")
	if code != 2 || !strings.Contains(errs, "Invalid partition name specified") || !strings.Contains(errs, "Try: sinfo") {
		c.Errorf("exit code %d: %s", code, errs)
	}
	h := c.submit("plan.yaml", "--workers", "6", "--throttle", "4", "--time", "10m")
	if len(h.Jobs) != 2 || h.Round != 1 {
		c.Errorf("%+v", h)
	}
	c.emptied(2 * time.Minute)
	c.complete()
	if states := c.completions(); states["COMPLETED"] != 6 || len(states) != 1 {
		c.Errorf("tasks ended %v", states)
	}
	if n := c.said(`every cell has a result \(0 of them failed\): nothing is submitted`); n != 1 {
		c.Errorf("%d followers found the sweep complete", n)
	}
	if again := c.submit("sweeps/slurm"); len(again.Jobs) != 0 {
		c.Errorf("nothing is missing, but submitted was %+v", again)
	}
}

// Slurm does not start a task again that was killed. What it leaves is computed
// after the next submit, and after one more task is killed, by the follower.
func scenarioKilled(c *cluster) {
	c.submit("plan.yaml", "--workers", "2", "--tries", "0")
	c.computing(2)
	for node, pid := range c.workers() {
		c.kill("the worker on "+node, pid)
	}
	c.emptied(3 * time.Minute)
	if s := c.status(); s.Missing == 0 || s.Complete() {
		c.Fatalf("%+v", s)
	}
	if states := c.completions(); states["FAILED"] != 2 {
		c.Errorf("tasks ended %v", states)
	}
	c.submit("sweeps/slurm", "--workers", "2")
	c.computing(2)
	c.kill("the worker on n1", c.workers()["n1"])
	c.emptied(4 * time.Minute)
	c.complete()
}

// A node is lost with its worker. Slurm starts the task again on the other node,
// minutes later.
func scenarioNodeLost(c *cluster) {
	c.submit("plan.yaml", "--workers", "2")
	c.computing(2)
	c.kill("node n1", c.pid("n1"))
	c.emptied(7 * time.Minute)
	c.complete()
	if c.said(`worker \S+ on \S+, start 1`) == 0 {
		c.Error("no task was started again")
	}
}

// The controller is lost just after the start. Tasks may then start a second time
// while the first start still computes.
func scenarioController(c *cluster) {
	c.submit("plan.yaml", "--workers", "2")
	c.computing(1)
	c.kill("the controller", c.pid("ctld"))
	again := exec.Command("slurmctld", "-D")
	if err := again.Start(); err != nil {
		c.Fatal(err)
	}
	defer again.Process.Kill()
	// Whether or not it did that this time: the same workers a second time.
	var twins sync.WaitGroup
	for range 2 {
		twin := exec.Command("bash", filepath.Join(c.dir(), Folder, "0001", workerFile))
		twin.Dir = c.root
		twins.Go(func() {
			if out, err := twin.CombinedOutput(); err != nil {
				c.Errorf("%v\n%s", err, out)
			}
		})
	}
	c.emptied(6 * time.Minute)
	twins.Wait()
	c.complete()
	c.say("%d starts of 2 tasks", c.said(`worker \S+ on`))
}

// The time is over before the cells are computed. Slurm's warning lets the worker
// save its checkpoint; the follower submits again until all is done. The margin is
// so short that the worker would not end by itself.
func scenarioWalltime(c *cluster) {
	if _, errs, code := c.leeway("sweep", "submit", "plan.yaml", "--tries", "0", "--workers", "1", "--extra=--hold"); code != 0 {
		c.Fatal(errs)
	}
	if _, errs, code := c.leeway("sweep", "cancel", c.dir()); code != 0 {
		c.Fatal(errs)
	}
	d, err := sweep.Open(c.dir())
	if err != nil {
		c.Fatal(err)
	}
	if err := d.Continue(); err != nil {
		c.Fatal(err)
	}
	h, err := Engine{}.Submit(context.Background(), Job{Name: "slurm", Dir: c.dir(), Program: c.program, Chdir: c.root, Cells: len(d.Cells),
		Settings: Settings{Workers: 1, Time: Duration(time.Minute), Margin: Duration(time.Second), Warning: Duration(50 * time.Second)}})
	if err != nil {
		c.Fatal(err)
	}
	c.say("submission %d: %+v", h.Round, h)
	c.emptied(8 * time.Minute)
	c.complete()
	if stops, leaves := c.said(`stopped after \d+ cells`), c.said(`leaves \w+ to others`); stops == 0 || leaves == 0 {
		c.Errorf("%d workers stopped at the warning, %d cells were left to others", stops, leaves)
	}
	if states := c.completions(); states["TIMEOUT"] > 0 {
		c.Errorf("tasks ended %v", states)
	}
}

// Cancel ends workers with their checkpoints saved and takes back what waits;
// nothing is submitted again. Later the sweep goes on.
func scenarioCancel(c *cluster) {
	c.submit("plan.yaml", "--workers", "4")
	c.computing(2)
	out, errs, code := c.leeway("sweep", "cancel", c.dir())
	if code != 0 {
		c.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	c.say("%s%s", errs, out)
	if text, err := exec.Command("squeue", "-h", "-r").CombinedOutput(); err != nil || len(bytes.TrimSpace(text)) != 0 {
		c.Errorf("the queue holds %s, %v", text, err)
	}
	s := c.status()
	if s.Running != 0 || s.Missing == 0 || s.Interrupted == 0 {
		c.Errorf("%+v", s)
	}
	if n := c.said(`leaves \w+ to others`); n != 2 {
		c.Errorf("%d workers left their cell to others", n)
	}
	if list, err := rounds(c.dir()); err != nil || len(list) != 1 {
		c.Errorf("submissions %v, %v", list, err)
	}
	c.submit("sweeps/slurm", "--workers", "2")
	c.emptied(3 * time.Minute)
	c.complete()
}
