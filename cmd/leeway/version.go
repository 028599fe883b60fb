package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what version prints.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func buildOf(info *debug.BuildInfo, ok bool) build {
	b := build{Version: "devel", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// version is the program's, in one word, for run.json and reports.
func version() string {
	b := buildOf(debug.ReadBuildInfo())
	if b.Version == "devel" && b.Revision != "" {
		return "devel-" + b.Revision[:min(12, len(b.Revision))]
	}
	return b.Version
}

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "The version of this program",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			b := buildOf(debug.ReadBuildInfo())
			if asJSON {
				return a.out.json(b)
			}
			text := "leeway " + b.Version
			if b.Revision != "" {
				text += " (" + b.Revision
				if b.Modified {
					text += ", modified"
				}
				text += ")"
			}
			a.out.printf("%s, %s %s/%s\n", text, b.Go, b.OS, b.Arch)
			return a.out.done()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
