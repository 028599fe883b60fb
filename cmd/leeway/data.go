package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"leeway/data"
)

// dataSet is what is printed of a data set.
type dataSet struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Rows        int    `json:"rows"`
	Features    int    `json:"features"`
	Classes     int    `json:"classes"`
	Preparation string `json:"preparation"`
	Source      string `json:"source"`
	Licence     string `json:"licence"`
	Citation    string `json:"citation"`
	BuiltIn     bool   `json:"built_in"`
}

func describe(name string) (dataSet, error) {
	i, err := data.Info(name)
	return dataSet{i.Name, i.Description, i.N, i.D, i.Classes, i.Preparation, i.Source, i.Licence, i.Citation, true}, err
}

func (a *app) dataCommand() *cobra.Command {
	var asJSON bool
	group := &cobra.Command{
		Use:   "data",
		Short: "The data sets that there are",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	list := &cobra.Command{
		Use:   "list",
		Short: "List the data sets",
		Args:  exactly(),
		RunE:  func(*cobra.Command, []string) error { return a.listData(asJSON) },
	}
	info := &cobra.Command{
		Use:   "info NAME",
		Short: "Describe a data set: size, source, licence, how to cite it",
		Args:  exactly("NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := describe(args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return a.out.json(d)
			}
			a.out.printf("%s\n", a.out.paint(bold, d.Name))
			a.out.facts(
				[2]string{"what", d.Description},
				[2]string{"size", fmt.Sprintf("%d rows of %d features, %d classes", d.Rows, d.Features, d.Classes)},
				[2]string{"prepared", d.Preparation},
				[2]string{"source", d.Source},
				[2]string{"licence", d.Licence},
				[2]string{"download", "none, it is built in"})
			a.out.printf("\n%s\n", d.Citation)
			return a.out.done()
		},
	}
	get := &cobra.Command{
		Use:   "get NAME",
		Short: "Make a data set available",
		Args:  exactly("NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := describe(args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return a.out.json(d)
			}
			a.out.printf("%s is built in: there is nothing to download.\n", d.Name)
			return a.out.done()
		},
	}
	group.AddCommand(list, info, get)
	group.PersistentFlags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return group
}

// listData prints one line a data set.
func (a *app) listData(asJSON bool) error {
	sets := []dataSet{}
	for _, name := range data.Names() {
		d, err := describe(name)
		if err != nil {
			return err
		}
		sets = append(sets, d)
	}
	if asJSON {
		return a.out.json(map[string][]dataSet{"sets": sets})
	}
	t := table{titles: []string{"name", "rows", "features", "classes", "", "what"}, left: map[int]bool{4: true, 5: true}}
	for _, d := range sets {
		t.add(plain(d.Name, fmt.Sprint(d.Rows), fmt.Sprint(d.Features), fmt.Sprint(d.Classes), "built in", d.Description)...)
	}
	t.write(a.out)
	a.out.printf("\nA CSV file of numbers with the class in its last column serves as well: data: {kind: csv, path: FILE, train: N}.\n")
	return a.out.done()
}
