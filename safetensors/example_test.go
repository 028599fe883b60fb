package safetensors_test

import (
	"bytes"
	"fmt"

	"leeway/safetensors"
)

func Example() {
	var file bytes.Buffer
	err := safetensors.Encode(&file, &safetensors.File{
		Metadata: map[string]string{"step": "400"},
		Tensors: []safetensors.Tensor{
			{Name: "theta", Data: []float64{0.5, 0.25}},
			{Name: "gradient", DType: safetensors.F32, Shape: []int{1, 2}, Data: []float64{1, -1}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("bytes:", file.Len())
	back, err := safetensors.Decode(file.Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("step", back.Metadata["step"])
	for _, t := range back.Tensors {
		fmt.Println(t.Name, t.DType, t.Shape, t.Data)
	}
	// Output:
	// bytes: 192
	// step 400
	// theta F64 [2] [0.5 0.25]
	// gradient F32 [1 2] [1 -1]
}
