package cpu

import (
	"fmt"
	"time"
	"unsafe"

	"leeway/autodiff"
	"leeway/autodiff/cpu/gemm"
	"leeway/autodiff/cpu/vec"
)

// Program computes outputs of a graph on this CPU. It serves one goroutine at a
// time; [Program.Clone] makes another for another goroutine.
type Program struct {
	plan    *plan
	pool    Pool
	threads int // of the present run

	address   []unsafe.Pointer // of every storage
	keep      []autodiff.Array // what the caller bound, kept alive
	arena     []uint64
	arenaAt   unsafe.Pointer
	workspace unsafe.Pointer
	scratch   []unsafe.Pointer // for every thread
	gemm32    gemm.Workspace[float32]
	gemm64    gemm.Workspace[float64]

	runners []runner
	blocks  [][]uint64 // memory beside the arena, kept alive
	links   []link
	copies  []autodiff.Array // of every output: where to copy it after the run
	ran     bool
	profile *profile
	poison  func(kernel int) // set by tests: destroys what the plan says is dead
}

// runner is a kernel of one program.
type runner interface{ run() error }

// link makes a storage the output of another program.
type link struct {
	store  *storage
	from   *Program
	output int
}

// newProgram gives a plan memory of its own.
func newProgram(p *plan, s Settings) *Program {
	g := &Program{plan: p, pool: Pool{Limit: s.Threads}}
	g.gemm32.Winograd, g.gemm64.Winograd = !s.Direct, !s.Direct
	g.address = make([]unsafe.Pointer, len(p.storages))
	g.keep = make([]autodiff.Array, len(p.storages))
	g.copies = make([]autodiff.Array, len(p.outputs))
	g.arena, g.arenaAt = arena(p.bytes)
	g.workspace = g.block(p.work)
	for _, s := range p.storages {
		switch s.origin {
		case fromBuffer:
			g.address[s.id] = unsafe.Add(g.arenaAt, s.offset)
		case fromCompile:
			g.address[s.id] = addressOf(s.data)
		}
	}
	for _, s := range p.steps {
		g.runners = append(g.runners, newRunner(g, s))
	}
	if s.Profile {
		g.profile = newProfile(p)
	}
	return g
}

// block allocates aligned memory that lives as long as the program.
func (p *Program) block(bytes int) unsafe.Pointer {
	m, at := arena(bytes)
	p.blocks = append(p.blocks, m)
	return at
}

// scratch views the beginning of memory as n elements.
func scratch[T vec.Float](at unsafe.Pointer, n int) []T { return unsafe.Slice((*T)(at), n) }

// workspaceOf is the workspace for matrix products.
func workspaceOf[T vec.Float](p *Program) *gemm.Workspace[T] {
	var w any = &p.gemm32
	if _, ok := any(T(0)).(float64); ok {
		w = &p.gemm64
	}
	return w.(*gemm.Workspace[T])
}

// newRunner makes a kernel for a program.
func newRunner(p *Program, s *step) runner {
	if as32(s.dtype()) == autodiff.Float64 {
		return runnerOf[float64](p, s)
	}
	return runnerOf[float32](p, s)
}

func runnerOf[T vec.Float](p *Program, s *step) runner {
	if s.loop != nil {
		return newInterpreter[T](p, s.loop)
	}
	return newSeparate[T](p, s.node)
}

// dtype is the type that a kernel computes in.
func (s *step) dtype() autodiff.DType {
	switch {
	case s.loop != nil:
		return s.loop.dtype
	case s.node.op == autodiff.OpArgMaxPool:
		return s.node.in[0].dtype
	}
	return s.node.dtype
}

// Run computes the outputs. Errors are an input that is not bound, an index outside
// of its table and a position outside of its window; then there are no outputs.
func (p *Program) Run() error {
	p.ran = false
	for _, l := range p.links {
		if !l.from.ran {
			return fmt.Errorf("cpu: run: the base program has not run. Try: Base.Run before Product.Run")
		}
		p.address[l.store.id] = l.from.outputAt(l.output)
	}
	for _, s := range p.plan.storages {
		if p.address[s.id] == nil {
			return fmt.Errorf("cpu: run: %v is not bound. Try: Bind before Run", s.value)
		}
	}
	// GOMAXPROCS may change at any time; the run sticks to what it is now.
	p.pool.fixed = 0
	p.threads = p.pool.Threads()
	p.pool.fixed = p.threads
	for len(p.scratch) < p.threads {
		p.scratch = append(p.scratch, p.block(p.plan.scratch))
	}
	if p.profile != nil {
		if err := p.runProfiled(); err != nil {
			return err
		}
	} else {
		for k, r := range p.runners {
			if err := r.run(); err != nil {
				return err
			}
			if p.poison != nil {
				p.poison(k)
			}
		}
	}
	for i := range p.copies {
		if p.copies[i].Shape() != nil {
			p.copyOutput(i)
		}
	}
	p.ran = true
	return nil
}

func (p *Program) runProfiled() error {
	for k, r := range p.runners {
		begin := time.Now()
		if err := r.run(); err != nil {
			return err
		}
		p.profile.add(k, time.Since(begin))
	}
	p.profile.runs++
	return nil
}

// Clone is a program of the same plan with memory of its own and nothing bound.
func (p *Program) Clone() *Program {
	return newProgram(p.plan, Settings{Threads: p.pool.Limit, Profile: p.profile != nil, Direct: !p.gemm32.Winograd})
}
