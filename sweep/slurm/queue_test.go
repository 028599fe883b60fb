package slurm

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Truth: what squeue of Slurm 22.05 printed, in these states.
func TestParseQueue(t *testing.T) {
	tasks, err := parseQueue("1_2|1|PENDING|JobArrayTaskLimit|\n2|2|PENDING|Dependency|\n1_0|1|RUNNING|None|n1\n1_1|1|COMPLETING|None|n2\n\n")
	want := []Task{{"1_2", "1", "PENDING", "JobArrayTaskLimit", ""}, {"2", "2", "PENDING", "Dependency", ""},
		{"1_0", "1", "RUNNING", "None", "n1"}, {"1_1", "1", "COMPLETING", "None", "n2"}}
	if d := cmp.Diff(want, tasks); d != "" || err != nil {
		t.Error(d, err)
	}
	if c := count(tasks); c.Pending != 2 || c.Running != 1 || c.Other != 1 || c.Total() != 4 {
		t.Errorf("%+v", c)
	}
	for _, text := range []string{"x", "1|1|RUNNING|None", "a|1|RUNNING|None|n", "1_[0-3]|1|PENDING|None|", "1|1||None|n", "1|-1|RUNNING||"} {
		if got, err := parseQueue(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// What is read has names that can be given to scancel as they are.
func FuzzParseQueue(f *testing.F) {
	f.Add("1_2|1|PENDING|JobArrayTaskLimit|\n2|2|PENDING|Dependency|\n")
	f.Add("1|1|RUNNING|a|b|c\n")
	f.Fuzz(func(t *testing.T, text string) {
		tasks, err := parseQueue(text)
		if err != nil {
			return
		}
		for _, task := range tasks {
			if strings.ContainsAny(task.ID+task.Job, " -\t\n") || task.ID == "" || task.Job == "" || task.State == "" {
				t.Errorf("%q is read as %+v", text, task)
			}
		}
		if c := count(tasks); c.Total() != len(tasks) {
			t.Errorf("%d tasks are counted as %+v", len(tasks), c)
		}
	})
}

func FuzzParseSubmitted(f *testing.F) {
	for _, text := range []string{"17\n", "17;east\n", "Welcome to the cluster\n17\n", "", "Submitted batch job x", ";"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if job, err := parseSubmitted(text); err == nil && (!jobForm.MatchString(job) || !strings.Contains(text, job)) {
			t.Errorf("%q is read as %q", text, job)
		}
	})
}

func TestParseSubmitted(t *testing.T) {
	for text, want := range map[string]string{"17\n": "17", "17;east\n": "17", "your jobs are welcome\n17\n": "17"} {
		if got, err := parseSubmitted(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", ";", "17 jobs", "-1"} {
		if got, err := parseSubmitted(text); err == nil {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

// Truth: what Slurm 22.05 printed to standard error.
func TestComplaint(t *testing.T) {
	for text, want := range map[string]string{
		"sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n": "invalid partition specified: nope; Batch job submission failed: Invalid partition name specified",
		"sbatch: error: fetch_config: DNS SRV lookup failed\nsbatch: fatal: Could not establish a configuration source\n":                  "Could not establish a configuration source",
		"slurm_load_jobs error: Invalid job id specified\n":                                                                                "slurm_load_jobs error: Invalid job id specified",
		"": "",
	} {
		if got := complaint(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// A submission from within a job does not take over what describes that job.
func TestEnvironment(t *testing.T) {
	got := environment([]string{"PATH=/bin", "SLURM_CPUS_PER_TASK=8", "SLURM_CONF=/etc/slurm.conf", "SLURM_ARRAY_TASK_ID=3", "SBATCH_ACCOUNT=physics"})
	if want := []string{"PATH=/bin", "SLURM_CONF=/etc/slurm.conf", "SBATCH_ACCOUNT=physics"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
