package data

import (
	"fmt"
	"math/rand/v2"
)

// Sequences holds text for a language model: after each token of X, the one of
// Y at the same place follows.
type Sequences struct {
	// Name is what messages call the text.
	Name string
	// X and Y hold N sequences of Length tokens each, one after the other.
	// Tokens are 0 ... Vocab-1; those of Y are classes, to be predicted.
	X []int32
	Y []int
	// N, Length and Vocab are the numbers of sequences, of tokens in each, and
	// of distinct tokens.
	N, Length, Vocab int
}

// Split takes the first train sequences for training and the following test
// ones for testing, without copying. test may be 0; asking for more than there
// are is an error.
func (s *Sequences) Split(train, test int) (*Sequences, *Sequences, error) {
	if train < 1 || test < 0 || train > s.N || test > s.N-train {
		return nil, nil, fmt.Errorf("data: %s: a split of %d sequences into %d and %d. Try: at least 1 to train on, and together at most %d", s.Name, s.N, train, test, s.N)
	}
	return s.slice(0, train), s.slice(train, train+test), nil
}

func (s *Sequences) slice(lo, hi int) *Sequences {
	part := *s
	a, b := lo*s.Length, hi*s.Length
	part.X, part.Y, part.N = s.X[a:b:b], s.Y[a:b:b], hi-lo
	return &part
}

// Markov returns sequences of a random language in which a token depends on
// the one before it, and on nothing else. Every token has its own ranking of
// the vocabulary, a random permutation; the token of rank r follows with a
// probability proportional to 1/r (Zipf's law). So a language model can learn
// the text, down to the entropy of that law and not below. The first token of
// a sequence is uniform. The same arguments give the same bits.
//
// Fewer than one sequence or token in it, fewer than two distinct tokens, and
// more than 2^30 values (of the text, or of the vocab x vocab rankings) are
// errors.
func Markov(rows, length, vocab int, seed uint64) (*Sequences, error) {
	const name = "markov"
	switch {
	case rows < 1 || length < 1:
		return nil, fmt.Errorf("data: %s: %d sequences of %d tokens. Try: at least 1 of each", name, rows, length)
	case vocab < 2:
		return nil, fmt.Errorf("data: %s: a vocabulary of %d. Try: at least 2", name, vocab)
	case rows > largest/length || vocab > largest/vocab:
		return nil, fmt.Errorf("data: %s: %d sequences of %d tokens out of %d need more than %d values. Try: fewer", name, rows, length, vocab, largest)
	}
	s := &Sequences{Name: name, N: rows, Length: length, Vocab: vocab}
	s.X, s.Y = make([]int32, rows*length), make([]int, rows*length)
	random := rand.New(rand.NewPCG(seed, 0x746578740000)) // stream "text"
	follow := rankings(random, vocab)
	upTo := zipf(vocab)
	for i := range rows {
		token := int32(random.IntN(vocab))
		for j := i * length; j < (i+1)*length; j++ {
			s.X[j] = token
			token = follow[int(token)*vocab+ranked(random, upTo)]
			s.Y[j] = int(token)
		}
	}
	return s, nil
}

// rankings holds a permutation of the vocabulary for each token.
func rankings(random *rand.Rand, vocab int) []int32 {
	all := make([]int32, vocab*vocab)
	for i := range vocab {
		row := all[i*vocab : (i+1)*vocab]
		for j := range row {
			row[j] = int32(j)
		}
		random.Shuffle(vocab, func(a, b int) { row[a], row[b] = row[b], row[a] })
	}
	return all
}

// zipf holds the sums of the weights 2^32/r of the ranks 1 to r. They are whole
// numbers, so that a draw is the same on every machine.
func zipf(vocab int) []uint64 {
	upTo, sum := make([]uint64, vocab), uint64(0)
	for r := range upTo {
		sum += (1 << 32) / uint64(r+1)
		upTo[r] = sum
	}
	return upTo
}

// ranked draws an index by its weight, from the sums of the weights.
func ranked(random *rand.Rand, upTo []uint64) int {
	at := random.Uint64N(upTo[len(upTo)-1])
	lo, hi := 0, len(upTo)-1
	for lo < hi {
		if mid := (lo + hi) / 2; upTo[mid] > at {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
