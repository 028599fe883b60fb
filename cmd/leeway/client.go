package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"leeway/clients/python"
)

func (a *app) clientCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "client LANGUAGE",
		Short: "Print the client that lets a model in another language be asked",
		Long: `Prints the file that a model in another language needs so that it can be the
objective: with kind: external and a command, leeway starts the command and asks it
for losses, gradients and Hessian-vector products. There is one for python, which
needs NumPy and has adapters for PyTorch and JAX.`,
		Example: "  leeway client python > leeway.py",
		Args:    exactly("LANGUAGE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] != "python" {
				return misuse(fmt.Sprintf("there is no client for %q", args[0]), "leeway client python, or docs/protocol.md for another language")
			}
			if _, err := a.out.Write(python.Client); err != nil {
				return err
			}
			return a.out.done()
		},
	}
}
