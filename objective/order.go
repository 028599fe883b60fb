package objective

import (
	"fmt"
	"math/rand/v2"
)

// The orders in which an optimizer visits batches.
const (
	Cyclic   = "cyclic"   // 0, 1, ..., B-1, 0, 1, ...
	Shuffled = "shuffled" // every epoch of B steps is a fresh permutation
	IID      = "iid"      // every step draws a batch on its own
)

// Order decides which batch each step visits: a function of (kind, batches,
// seed, step) alone, so that any step can be asked for at any time and a
// resumed run sees what an uninterrupted one sees. One value serves one
// goroutine; see Clone.
type Order struct {
	kind    string
	batches int
	seed    uint64

	source *rand.PCG
	random *rand.Rand
	epoch  int   // the epoch that perm belongs to, -1 before the first
	perm   []int // shuffled only
}

// NewOrder returns the order of the given kind (Cyclic, also "", Shuffled or
// IID) over batches 0 ... batches-1. The seed does not matter to a cyclic one.
func NewOrder(kind string, batches int, seed uint64) (*Order, error) {
	if batches < 1 {
		return nil, fmt.Errorf("order: %d batches. Try: at least 1", batches)
	}
	o := &Order{kind: kind, batches: batches, seed: seed, epoch: -1}
	switch kind {
	case "":
		o.kind = Cyclic
	case Shuffled:
		o.perm = make([]int, batches)
	case Cyclic, IID:
	default:
		return nil, fmt.Errorf("order: unknown kind %q. Try: %s, %s or %s", kind, Cyclic, Shuffled, IID)
	}
	o.source = rand.NewPCG(0, 0)
	o.random = rand.New(o.source)
	return o, nil
}

// Kind is Cyclic, Shuffled or IID.
func (o *Order) Kind() string { return o.kind }

// Batches is the number of batches.
func (o *Order) Batches() int { return o.batches }

// Period is the number of steps after which a cyclic order repeats; 0 for the
// others, which do not.
func (o *Order) Period() int {
	if o.kind == Cyclic {
		return o.batches
	}
	return 0
}

// At is the batch of the given step, counted from 0; a negative step panics.
// It allocates nothing. A shuffled order takes B operations when the epoch
// differs from that of the last call, otherwise the cost is constant.
func (o *Order) At(step int) int {
	if step < 0 {
		panic("order: negative step")
	}
	switch o.kind {
	case Shuffled:
		if epoch := step / o.batches; epoch != o.epoch {
			o.shuffle(epoch)
		}
		return o.perm[step%o.batches]
	case IID:
		o.source.Seed(o.seed, uint64(step))
		return o.random.IntN(o.batches)
	}
	return step % o.batches
}

// shuffle draws the permutation of an epoch from its own seed, starting from
// the identity, so that it does not depend on the epochs before.
func (o *Order) shuffle(epoch int) {
	o.epoch = epoch
	o.source.Seed(o.seed, uint64(epoch))
	for i := range o.perm {
		j := o.random.IntN(i + 1)
		o.perm[i] = o.perm[j]
		o.perm[j] = i
	}
}

// Clone returns an order with the same batches for another goroutine.
func (o *Order) Clone() *Order {
	c, err := NewOrder(o.kind, o.batches, o.seed)
	if err != nil {
		panic(err) // o itself passed the same checks
	}
	return c
}
