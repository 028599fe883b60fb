package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"leeway/config"
	"leeway/report"
	"leeway/rundir"
	"leeway/trace"
)

// written is what the report command prints with --json.
type written struct {
	Report  string   `json:"report"`
	Figures []string `json:"figures"`
}

func (a *app) reportCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Write the report and the figures of a run again",
		Long: `Writes report.html, one page that needs no network, and figures as SVG and PDF,
from what a run directory holds. A run that is not at its end is reported as far
as it is.`,
		Args: exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			s := &session{app: a}
			if err := s.open(args[0]); err != nil {
				return err
			}
			w, err := s.writeReport(s.begun)
			if err != nil {
				return err
			}
			if asJSON {
				return a.out.json(w)
			}
			a.out.printf("%s\n%s\n", w.Report, strings.Join(w.Figures, "\n"))
			return a.out.done()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the paths as one JSON object")
	return cmd
}

// reportPath is the path of the report, "" if there is none.
func (s *session) reportPath() string {
	path := filepath.Join(s.dir.Path(), rundir.ReportFile)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// writeReport writes the page and the figures of the run in its directory.
func (s *session) writeReport(info *rundir.Info) (*written, error) {
	run, err := s.reportOf(info)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(s.dir.Path(), rundir.FiguresFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, misuse(fmt.Sprintf("cannot make the folder for figures: %v", err), "permission to write there, or --no-report")
	}
	figures, err := report.Figures(*run)
	if err != nil {
		return nil, err
	}
	w := &written{Report: filepath.Join(s.dir.Path(), rundir.ReportFile), Figures: []string{}}
	for _, f := range figures {
		var pdf bytes.Buffer
		if err := f.WritePDF(&pdf); err != nil {
			return nil, err
		}
		for ending, text := range map[string][]byte{".svg": f.SVG, ".pdf": pdf.Bytes()} {
			if err := replace(filepath.Join(folder, f.Name+ending), text); err != nil {
				return nil, err
			}
		}
		w.Figures = append(w.Figures, filepath.Join(folder, f.Name+".svg"))
	}
	var page bytes.Buffer
	if err := report.Write(&page, *run); err != nil {
		return nil, err
	}
	return w, replace(w.Report, page.Bytes())
}

// reportOf gathers what a report tells.
func (s *session) reportOf(info *rundir.Info) (*report.Run, error) {
	measured, err := rundir.ReadMetrics(filepath.Join(s.dir.Path(), rundir.MetricsFile))
	if err != nil {
		return nil, err
	}
	run := &report.Run{
		Title: info.Name, Problem: info.Problem, Config: string(s.config.Resolved()),
		Columns: measured.Columns, Data: map[string][]float64{}, Citations: info.Citations, Version: info.Version,
		Machine: fmt.Sprintf("%s/%s, %d cores, %s", info.Machine.OS, info.Machine.Arch, info.Machine.CPUs, info.Machine.Go),
		Command: "# run.yaml: the configuration below\nleeway run run.yaml",
		Summary: trace.Summary{Status: info.Status},
	}
	if e := s.estimate(); e != nil {
		run.Rate = "The learning rate is the exact constant step " + e.String() + "."
	}
	for _, name := range measured.Columns {
		run.Data[name] = measured.Column(name)
	}
	if info.Summary != nil {
		if err := json.Unmarshal(info.Summary, &run.Summary); err != nil {
			return nil, misuse(fmt.Sprintf("the summary in %s is damaged: %v", s.dir.Path(), err), "leeway resume "+quoted(s.dir.Path()))
		}
	}
	if measured.Rows < run.Summary.Rows {
		return nil, misuse(fmt.Sprintf("%s: %d rows, but %d were measured: the others are lost", filepath.Join(s.dir.Path(), rundir.MetricsFile), measured.Rows, run.Summary.Rows),
			"a copy of the file with all its rows, or compute the run anew: leeway run --again")
	}
	run.Contours, err = s.contours()
	return run, err
}

// citations are the BibTeX entries of the papers and data behind a run.
func citations(c *config.Config, p *config.Problem) []string {
	keys := []string{"cattaneo2024adam", "cattaneo2025memory"}
	for _, o := range []struct{ kinds, key string }{
		{"adam adamw", "kingma2015adam"}, {"adamw nadamw", "loshchilov2019adamw"}, {"heavy-ball", "polyak1964"},
		{"nesterov", "nesterov1983"}, {"lion lion-k", "chen2023lion"}, {"gd", "barrett2021igr"}, {"heavy-ball nesterov", "ghosh2023implicit"},
	} {
		for _, kind := range strings.Fields(o.kinds) {
			if kind == c.Optimizer.Kind {
				keys = append(keys, o.key)
			}
		}
	}
	if c.IntegratorFor(p.Smooth).Method == "dopri5" {
		keys = append(keys, "dormandprince1980")
	}
	entries, err := report.Citations(keys...)
	if err != nil {
		panic(err) // the keys are ours
	}
	return append(entries, p.Citations...)
}

// replace writes a file under a temporary name and renames it, so that nobody
// reads half of one.
func replace(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err == nil {
		_, err = f.Write(text)
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err == nil {
			err = os.Chmod(f.Name(), 0o644)
		}
		if err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			os.Remove(f.Name())
		}
	}
	if err != nil {
		return misuse(fmt.Sprintf("cannot write %s: %v", path, err), "some space on the disk, or permission to write there")
	}
	return nil
}

// quoted is a path as a shell reads it.
func quoted(path string) string {
	if strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+:@%-") == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
