// Command leeway runs an optimizer beside the flows that predict it, says how
// near they stay and what the optimizer's bias does, and checks the theory's
// orders of accuracy. `leeway help` lists the commands.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"leeway/internal/spelling"
)

func main() { os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr)) }

// app is what all commands share: results go to out, progress and warnings to
// err.
type app struct {
	out, err *screen
}

// execute runs one command line and returns the exit code.
func execute(args []string, out, errs io.Writer) (code int) {
	a := &app{out: newScreen(out), err: newScreen(errs)}
	defer func() {
		if p := recover(); p != nil {
			code = a.panicked(p)
		}
	}()
	root := a.root()
	root.SetArgs(args)
	return a.finish(root.Execute())
}

// root is the command without a name.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "leeway",
		Short: "The drift of optimizers, computed",
		Long: `leeway computes where an optimizer goes that its continuous-time limit does not:
the bias that step size and memory (Adam's beta1 and beta2) add to the loss.

It runs an optimizer beside the flows and maps that predict it, from one start,
and reports how near they stay, what the bias does, and whether the theory holds.`,
		Example: `  leeway run                               # the built-in job, on real data
  leeway run optimizer.beta2=0.9 steps=200 # the same with other settings
  leeway explain --beta2 0.999             # what hyperparameters imply, no data needed
  leeway verify                            # are the promised orders of accuracy kept?`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveDefault)
	root.AddCommand(
		a.runCommand(), a.resumeCommand(), a.verifyCommand(), a.explainCommand(), a.checkCommand(), a.benchCommand(),
		a.reportCommand(), a.sweepCommand(), a.reproduceCommand(), a.workerCommand(), a.dataCommand(), a.clientCommand(), a.versionCommand(),
	)
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return noCommand(root, args)
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	})
	return root
}

// noCommand refuses words after a command that only has subcommands.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	what := fmt.Sprintf("there is no command %q", strings.Join(append(strings.Fields(cmd.CommandPath()), args[0]), " "))
	if near := spelling.Nearest(args[0], names); near != "" {
		return misuse(what, cmd.CommandPath()+" "+near)
	}
	return misuse(what, "one of "+strings.Join(names, ", "))
}

// exactly refuses any other number of arguments than those called for.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		usage := strings.TrimSpace(cmd.CommandPath() + " " + strings.Join(names, " "))
		switch {
		case len(args) > len(names):
			return misuse(fmt.Sprintf("%s: %q is one argument too many", nameOf(cmd), args[len(names)]), usage)
		case len(args) < len(names):
			return misuse(fmt.Sprintf("%s: %s is missing", nameOf(cmd), names[len(args)]), usage)
		}
		return nil
	}
}

// nameOf is a command's path without the program.
func nameOf(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}
