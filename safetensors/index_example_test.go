package safetensors_test

import (
	"fmt"
	"os"

	"leeway/safetensors"
)

// The numbers of one tensor, of a file that may be larger than memory.
func ExampleReadIndex() {
	file, err := os.Open("testdata/types.safetensors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		fmt.Println(err)
		return
	}
	index, err := safetensors.ReadIndex(file, info.Size())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range index.Entries {
		if e.DType == "BF16" {
			err = e.Blocks(file, func(block []float64) error {
				fmt.Println(e.Name, e.Shape, block[:2])
				return nil
			})
		}
	}
	fmt.Println(err)
	// Output:
	// BF16 [3] [1 -3.140625]
	// <nil>
}
