package externaltest

import (
	"encoding/json"
	"fmt"
	"os"
)

// variable holds a peer's settings in the environment of a test's own binary.
const variable = "LEEWAY_TEST_PEER"

// Main makes the binary of a test a peer where the environment says so, and does
// not come back then. A TestMain calls it first.
func Main() {
	text := os.Getenv(variable)
	if text == "" {
		return
	}
	p := &Peer{}
	if err := json.Unmarshal([]byte(text), p); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := p.Serve(os.Stdin, os.Stdout); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// Command starts this test's binary as the peer.
func (p Peer) Command() []string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // plain fields
	}
	self, err := os.Executable()
	if err != nil {
		panic(err) // a test knows itself
	}
	return []string{"env", variable + "=" + string(text), self}
}
