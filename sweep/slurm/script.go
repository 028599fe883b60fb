package slurm

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"

	"leeway/sweep"
)

// gatherTime is the longest that the job after the workers may run: it waits for
// leases and for sbatch.
const gatherTime = 15 * time.Minute

// workerScript is the batch script of a worker. It becomes the worker, so that
// Slurm's signals reach it: the warning before the end, and scancel.
var workerScript = template.Must(template.New("worker").Funcs(functions).Parse(`#!/bin/bash
# A worker of the sweep {{.Name}}: computes cells until none is left or the time is
# nearly over. Any number may run, once or twice; their claims keep them apart.
#SBATCH --job-name={{quoted (print "leeway-" .Name)}}
{{template "common" .}}
#SBATCH --output={{quoted (pattern .Folder "worker-%A-%a.log")}}
#SBATCH --requeue
#SBATCH --time={{.Time}}
#SBATCH --signal=B:USR1@{{seconds .Warning}}
#SBATCH --cpus-per-task={{.CPUs}}
export GOMAXPROCS=${SLURM_CPUS_PER_TASK:-{{.CPUs}}}
echo "worker ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID} on $(hostname), start ${SLURM_RESTART_COUNT:-0}"
exec {{word .Program}} worker --sweep {{word .Dir}} --until {{.Until}} --threads "$GOMAXPROCS"
`))

// gatherScript is that of the job which waits for the end of the workers.
var gatherScript = template.Must(template.Must(workerScript.Clone()).Parse(`#!/bin/bash
# Runs when the workers of the sweep {{.Name}} have ended, however they did: says how
# the sweep stands, and submits workers again while cells have no result.
#SBATCH --job-name={{quoted (print "leeway-" .Name "-gather")}}
{{template "common" .}}
#SBATCH --output={{quoted (pattern .Folder "gather-%j.log")}}
#SBATCH --requeue
#SBATCH --time={{.GatherTime}}
#SBATCH --cpus-per-task=1
{{word .Program}} sweep status {{word .Dir}}
exec {{word .Program}} sweep submit {{word .Dir}} --engine slurm --after {{.Round}}
`))

func init() {
	common := `{{define "common"}}#SBATCH --chdir={{quoted .Chdir}}
#SBATCH --open-mode=append
#SBATCH --nodes=1
#SBATCH --ntasks=1
{{- with .Partition}}
#SBATCH --partition={{.}}{{end}}
{{- with .Mem}}
#SBATCH --mem={{.}}{{end}}
{{- range .Extra}}
#SBATCH {{.}}{{end}}{{end}}`
	template.Must(workerScript.Parse(common))
	template.Must(gatherScript.Parse(common))
}

var functions = template.FuncMap{
	"quoted":  func(text string) string { return `"` + text + `"` },
	"word":    func(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" },
	"pattern": func(folder, name string) string { return strings.ReplaceAll(folder, "%", "%%") + "/" + name },
	"seconds": func(d Duration) string { return strconv.FormatInt(int64(time.Duration(d)/time.Second), 10) },
}

// scriptData is what scripts are filled with.
type scriptData struct {
	*Submission
	Folder     string
	GatherTime Duration
}

// scripts returns the two scripts of a submission.
func scripts(s *Submission, folder string) (worker, gather string, err error) {
	for _, path := range []string{s.Dir, s.Program, s.Chdir} {
		if !filepath.IsAbs(path) {
			return "", "", fmt.Errorf("slurm: the path %q is not absolute", path)
		}
		// Slurm reads quotation marks, but has no escapes in them; a backslash in a
		// log's name turns its patterns off.
		if strings.ContainsAny(path, "\"\\\n\r") {
			return "", "", &sweep.Error{What: "a batch script of Slurm cannot hold a path with quotation marks, backslashes or line breaks", Where: strconv.Quote(path),
				Try: "another --out, and another working directory"}
		}
	}
	data := scriptData{s, folder, min(Duration(gatherTime), max(s.Time, Duration(time.Minute)))}
	var w, g strings.Builder
	if err := workerScript.Execute(&w, data); err != nil {
		return "", "", fmt.Errorf("slurm: %w", err)
	}
	if err := gatherScript.Execute(&g, data); err != nil {
		return "", "", fmt.Errorf("slurm: %w", err)
	}
	return w.String(), g.String(), nil
}
