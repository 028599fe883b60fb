package papers

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"leeway/compare"
)

// Lab is where a claim is measured.
type Lab struct {
	// Scale of the reproduction.
	Scale Scale
	// Threads that a measurement may use.
	Threads int

	dir   string // of the reproduction
	plans map[string]string
	sweep Sweeper
	say   func(string)

	voice  sync.Mutex // of say
	mu     sync.Mutex // of what is below
	sweeps map[string]*compare.Sweep
	shared map[string]any
}

// Sweeper runs the sweep of a plan, a text, in a directory, as far as it is not
// done there already, and returns its results. It says now and then how far it is.
type Sweeper func(ctx context.Context, dir, name, plan string, say func(string)) (*compare.Sweep, error)

// Say tells people how far a measurement is, in a few words. Several goroutines may.
func (l *Lab) Say(format string, args ...any) {
	l.voice.Lock()
	defer l.voice.Unlock()
	if l.say != nil {
		l.say(fmt.Sprintf(format, args...))
	}
}

// Sweep runs the paper's sweep of that name, unless it is done already, and
// returns its results. Cells that failed or diverged are among them.
func (l *Lab) Sweep(ctx context.Context, name string) (*compare.Sweep, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.sweeps[name]; s != nil {
		return s, nil
	}
	plan, ok := l.plans[name]
	if !ok {
		panic("papers: a claim asks for the sweep " + name + ", which has no plan")
	}
	if l.sweep == nil {
		return nil, fmt.Errorf("papers: this laboratory runs no sweeps, and the claim needs %s", name)
	}
	s, err := l.sweep(ctx, filepath.Join(l.dir, "sweeps"), name, plan, l.say)
	if err != nil {
		return nil, err
	}
	if l.sweeps == nil {
		l.sweeps = map[string]*compare.Sweep{}
	}
	l.sweeps[name] = s
	return s, nil
}
