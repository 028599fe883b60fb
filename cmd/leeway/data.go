package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leeway/data"
)

// dataSet is what is printed of a data set.
type dataSet struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	// Rows are those for training where some are set apart for testing.
	Rows     int   `json:"rows"`
	TestRows int   `json:"test_rows"`
	Features int   `json:"features"`
	Shape    []int `json:"shape,omitempty"`
	Classes  int   `json:"classes"`

	Preparation string `json:"preparation"`
	Source      string `json:"source"`
	Licence     string `json:"licence"`
	Citation    string `json:"citation"`

	BuiltIn bool `json:"built_in"`
	// Found tells whether it is on this machine; then Dir holds its Files.
	Found    bool     `json:"found"`
	Dir      string   `json:"dir,omitempty"`
	Files    []string `json:"files,omitempty"`
	Download int64    `json:"download_bytes"`

	install string // another way to get it
}

// describe says what a set is and where it is.
func describe(name string) (dataSet, error) {
	i, err := data.Info(name)
	if err != nil {
		return dataSet{}, err
	}
	d := dataSet{
		Name: i.Name, Description: i.Description, Rows: i.N, TestRows: i.Test, Features: i.D, Shape: i.Shape, Classes: i.Classes,
		Preparation: i.Preparation, Source: i.Source, Licence: i.Licence, Citation: i.Citation, BuiltIn: i.BuiltIn, Download: i.Download,
	}
	l, err := data.Find(name)
	var absent *data.NotFoundError
	switch {
	case err == nil:
		d.Found, d.Dir, d.Files = true, l.Dir, l.Files
	case errors.As(err, &absent):
		d.install = absent.Install
	default:
		return dataSet{}, err
	}
	return d, nil
}

// size is the size of a row: of an image, its sides and channels.
func (d *dataSet) size() string {
	if d.Shape == nil {
		return fmt.Sprint(d.Features)
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Shape), " ", " x "), "[]")
}

// bytesOf writes a number of bytes.
func bytesOf(n int64) string {
	switch x := float64(n); {
	case n < 1e3:
		return fmt.Sprintf("%d bytes", n)
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", x/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.0f MB", x/1e6)
	default:
		return fmt.Sprintf("%.1f GB", x/1e9)
	}
}

func (a *app) dataCommand() *cobra.Command {
	var asJSON, quiet bool
	group := &cobra.Command{
		Use:   "data",
		Short: "The data sets that there are, and how to get them",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	list := &cobra.Command{
		Use:   "list",
		Short: "List the data sets: built in, found on this machine, or to be downloaded",
		Args:  exactly(),
		RunE:  func(*cobra.Command, []string) error { return a.listData(asJSON) },
	}
	info := &cobra.Command{
		Use:   "info NAME",
		Short: "Describe a data set: size, place, source, licence, how to cite it",
		Args:  exactly("NAME"),
		RunE:  func(_ *cobra.Command, args []string) error { return a.dataInfo(args[0], asJSON) },
	}
	get := &cobra.Command{
		Use:   "get NAME",
		Short: "Download a data set and check it by SHA-256",
		Long: `Downloads a data set into the first of these folders: the one that the environment
variable LEEWAY_DATA names, leeway/data in the user's folder of caches. A set that
is on this machine is checked and not downloaded again.

What is broken off (Ctrl-C exits with 3) goes on with the same command. A file gets
its name only when it is whole and its SHA-256 is right. Proxies are taken from
HTTP_PROXY, HTTPS_PROXY and NO_PROXY.`,
		Args: exactly("NAME"),
		RunE: func(_ *cobra.Command, args []string) error { return a.getDataSet(args[0], asJSON, quiet) },
	}
	get.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress on standard error")
	group.AddCommand(list, info, get)
	group.PersistentFlags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return group
}

// listData prints one line a data set.
func (a *app) listData(asJSON bool) error {
	sets := []dataSet{}
	for _, name := range slices.Concat(data.Names(), data.Published()) {
		d, err := describe(name)
		if err != nil {
			return err
		}
		sets = append(sets, d)
	}
	if asJSON {
		return a.out.json(map[string][]dataSet{"sets": sets})
	}
	t := table{titles: []string{"name", "rows", "to test", "a row", "classes", ""}, left: map[int]bool{3: true, 5: true}}
	for _, d := range sets {
		test := ""
		if d.TestRows > 0 {
			test = fmt.Sprint(d.TestRows)
		}
		where := "built in"
		switch {
		case d.BuiltIn:
		case d.Found:
			where = "in " + d.Dir
		default:
			where = "leeway data get " + d.Name + " (" + bytesOf(d.Download) + ")"
		}
		t.add(plain(d.Name, fmt.Sprint(d.Rows), test, d.size(), fmt.Sprint(d.Classes), where)...)
	}
	t.write(a.out)
	a.out.printf("\nA config names one by data: {kind: NAME}. Files of your own are kinds too: csv, npz,\nfolder (images) and text; gaussian, mixture, rademacher,\nteacher and markov are made from a seed.\n")
	return a.out.done()
}

// dataInfo prints all that is known of a set.
func (a *app) dataInfo(name string, asJSON bool) error {
	d, err := describe(name)
	if err != nil {
		return err
	}
	if asJSON {
		return a.out.json(d)
	}
	rows := fmt.Sprintf("%d rows of %s, %d classes", d.Rows, d.size(), d.Classes)
	if d.Shape == nil {
		rows = fmt.Sprintf("%d rows of %d features, %d classes", d.Rows, d.Features, d.Classes)
	}
	if d.TestRows > 0 {
		rows += fmt.Sprintf("; %d rows to test on", d.TestRows)
	}
	where, download := "built in", "none, it is built in"
	if !d.BuiltIn {
		where, download = d.Dir, bytesOf(d.Download)
		if !d.Found {
			where = "not on this machine: leeway data get " + d.Name
			if d.install != "" {
				where += ", or " + d.install
			}
		}
	}
	a.out.printf("%s\n", a.out.paint(bold, d.Name))
	a.out.facts(
		[2]string{"what", d.Description},
		[2]string{"size", rows},
		[2]string{"prepared", d.Preparation},
		[2]string{"where", where},
		[2]string{"download", download},
		[2]string{"source", d.Source},
		[2]string{"licence", d.Licence})
	a.out.printf("\n%s\n", d.Citation)
	return a.out.done()
}
