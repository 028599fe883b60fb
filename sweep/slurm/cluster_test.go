//go:build linux

package slurm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
sweep: {axes: {optimizer.beta2: [0.9, 0.95, 0.99], optimizer.lr: [1e-3, 1e-2]}, seeds: 2}
`

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
			text := fmt.Sprintf(plan, s.steps, s.steps/4, s.steps/40)
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
