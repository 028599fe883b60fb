//go:build unix

package slurm

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Truth: bash, which runs the scripts with a program that prints its arguments.
func TestScriptsRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "it's a $(place) at 100% `x`")
	program := filepath.Join(dir, "leeway")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, []byte("#!/bin/bash\nprintf '<%s>' \"$@\" $GOMAXPROCS; echo\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	settings, err := Settings{CPUs: 3}.Resolved(5)
	if err != nil {
		t.Fatal(err)
	}
	worker, gather, err := scripts(&Submission{Round: 2, Name: "tiny", Dir: dir, Program: program, Chdir: dir, Settings: settings}, filepath.Join(dir, "slurm", "0002"))
	if err != nil {
		t.Fatal(err)
	}
	run := func(script string, environment ...string) string {
		cmd := exec.Command("bash", "-c", script)
		cmd.Env = append(os.Environ(), environment...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	common := "<worker><--sweep><" + dir + "><--until><55m0s><--threads>"
	if out := run(worker); !strings.HasSuffix(out, common+"<3><3>\n") {
		t.Error(out)
	}
	if out := run(worker, "SLURM_CPUS_PER_TASK=8", "SLURM_RESTART_COUNT=1", "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=4"); !strings.HasSuffix(out, common+"<8><8>\n") ||
		!strings.Contains(out, "worker 7_4 on") || !strings.Contains(out, "start 1\n") {
		t.Error(out)
	}
	if out := run(gather); out != "<sweep><status><"+dir+">\n<sweep><submit><"+dir+"><--engine><slurm><--after><2>\n" {
		t.Error(out)
	}
	// Slurm takes % in the name of a log for a pattern, and stops reading options
	// at the first command.
	if !strings.Contains(worker, `#SBATCH --output="`+strings.ReplaceAll(dir, "%", "%%")+"/slurm/0002/worker-%A-%a.log\"\n") {
		t.Error(worker)
	}
	for _, script := range []string{worker, gather} {
		body, ended := 0, false
		for line := range strings.Lines(script) {
			if strings.HasPrefix(line, "#SBATCH ") {
				body++
				if ended {
					t.Errorf("%q comes after a command", line)
				}
			} else if !strings.HasPrefix(line, "#") {
				ended = true
			}
		}
		if body < 9 {
			t.Errorf("%d options in\n%s", body, script)
		}
	}
}

// Paths that a script cannot hold are refused before anything is written.
func TestPathsRefused(t *testing.T) {
	newFake(t)
	_, job := swept(t)
	for _, path := range []string{`/a"b`, `/a\b`, "/a\nb"} {
		bad := job
		bad.Chdir = path
		_, err := quick(t).Submit(context.Background(), bad)
		fails(t, err, "cannot hold a path", "another --out")
		_, err = quick(t).Preview(bad)
		fails(t, err, "cannot hold a path", "another --out")
	}
	bad := job
	bad.Program = "leeway"
	if _, err := quick(t).Submit(context.Background(), bad); err == nil || !strings.Contains(err.Error(), "not absolute") {
		t.Error(err)
	}
	bad.Settings.Workers = -1
	if _, err := quick(t).Preview(bad); err == nil {
		t.Error("a preview of nonsense")
	}
	if list, err := rounds(job.Dir); err != nil || len(list) != 0 {
		t.Errorf("submissions %v, %v", list, err)
	}
	if _, err := os.Stat(filepath.Join(job.Dir, Folder)); err == nil {
		t.Error("something was written")
	}
}
