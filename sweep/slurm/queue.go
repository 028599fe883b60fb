package slurm

import (
	"fmt"
	"regexp"
	"strings"
)

// Task is a line of squeue: a task of an array, or a job.
type Task struct {
	ID     string // 17_3, or 18
	Job    string // 17, what sbatch printed
	State  string // PENDING, RUNNING, ...
	Reason string // why it waits: Priority, Resources, BeginTime, ...
	Node   string // where it runs
}

// queueFormat is what squeue is asked for: id, id of the array, state, reason,
// node. -r writes a line for each task, also for those that wait.
const queueFormat = "%i|%F|%T|%r|%N"

var (
	jobForm  = regexp.MustCompile(`^[0-9]+$`)
	taskForm = regexp.MustCompile(`^[0-9]+(_[0-9]+)?$`)
)

// parseQueue reads what squeue -h -r prints in our format.
func parseQueue(text string) ([]Task, error) {
	var tasks []Task
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		f := strings.SplitN(line, "|", 5)
		if len(f) != 5 || !taskForm.MatchString(f[0]) || !jobForm.MatchString(f[1]) || f[2] == "" {
			return nil, fmt.Errorf("squeue printed %q, which is not ID|JOB|STATE|REASON|NODE", line)
		}
		tasks = append(tasks, Task{f[0], f[1], f[2], f[3], f[4]})
	}
	return tasks, nil
}

// Counts is what Slurm says about the jobs of a sweep. It counts workers, not
// cells.
type Counts struct {
	Pending int `json:"pending"`
	Running int `json:"running"`
	// Other tasks are between states: ending, being configured, suspended.
	Other int    `json:"other"`
	Tasks []Task `json:"-"`
}

// Total is the number of tasks in the queue.
func (c *Counts) Total() int { return c.Pending + c.Running + c.Other }

// count counts tasks.
func count(tasks []Task) Counts {
	c := Counts{Tasks: tasks}
	for _, t := range tasks {
		switch t.State {
		case "PENDING":
			c.Pending++
		case "RUNNING":
			c.Running++
		default:
			c.Other++
		}
	}
	return c
}

// parseSubmitted reads what sbatch --parsable prints: the job, and the cluster
// where there are several.
func parseSubmitted(text string) (string, error) {
	lines := strings.Fields(text)
	if len(lines) > 0 {
		// A site's plug-in may print a line of its own before.
		job, _, _ := strings.Cut(lines[len(lines)-1], ";")
		if jobForm.MatchString(job) {
			return job, nil
		}
	}
	return "", fmt.Errorf("sbatch printed %q, which is no job", strings.TrimSpace(text))
}

// arrays cuts so many workers into arrays of at most limit tasks, and shares the
// throttle between them.
func arrays(workers, throttle, limit int) []string {
	n := (workers + limit - 1) / limit
	var list []string
	for i := range n {
		size := workers*(i+1)/n - workers*i/n
		array := fmt.Sprintf("0-%d", size-1)
		if throttle > 0 {
			if share := max(1, throttle*(i+1)/n-throttle*i/n); share < size {
				array += fmt.Sprintf("%%%d", share)
			}
		}
		list = append(list, array)
	}
	return list
}
