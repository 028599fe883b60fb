//go:build linux

package slurm

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"leeway/config"
	"leeway/sweep"
)

// scenario is what happens to a sweep on a cluster.
type scenario struct {
	name  string
	steps int
	run   func(*cluster)
}

// scenarios begin with the long ones.
var scenarios = []scenario{
	{"node lost", 12_000_000, scenarioNodeLost},
	{"walltime", 24_000_000, scenarioWalltime},
	{"task killed", 12_000_000, scenarioKilled},
	{"controller restarted", 12_000_000, scenarioController},
	{"cancel", 12_000_000, scenarioCancel},
	{"submit", 1_000_000, scenarioSubmit},
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
	plan, err := config.LoadPlan(filepath.Join(c.root, "plan.yaml"), nil)
	if err != nil {
		c.Fatal(err)
	}
	d, err := sweep.Create(c.dir(), plan, "test")
	if err != nil {
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
