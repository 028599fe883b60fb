package externaltest

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"syscall"
)

// mapped is the memory that the other side offers, as three arrays of bytes.
func mapped(offer []byte) (slots [][]byte, err error) {
	var m struct {
		Path, Mark   string
		Stride, Size int
	}
	if err := json.Unmarshal(offer, &m); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(m.Path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := syscall.Mmap(int(f.Fd()), 0, m.Size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	if hex.EncodeToString(data[:len(m.Mark)/2]) != m.Mark {
		return nil, errors.New("another file")
	}
	for i := range 3 {
		slots = append(slots, data[i*m.Stride:])
	}
	return slots, nil
}
