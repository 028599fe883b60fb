package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"leeway/safetensors"
)

// largestJSON is the largest JSON file that is read, in bytes: its numbers take some
// ten times as much memory.
const largestJSON = 256 << 20

// file is what was found in a file.
type file struct {
	path      string
	stateDict *stateDict
	arguments object // of a training_args.json
	progress  object // of a trainer_state.json
	tensors   []tensor
}

// named is an error with the path of a file.
func named(err error, path string) error {
	var e *Error
	if errors.As(err, &e) {
		if e.Path == "" {
			e.Path = path
		}
		return e
	}
	return &Error{Path: path, What: err.Error(), Try: "a state_dict of an optimizer as JSON or safetensors, training_args.json or trainer_state.json"}
}

// pickles are the endings of files that Python has pickled.
var pickles = []string{".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle"}

// pickled is the error about a pickled file, with the line that converts it.
func pickled(path string) *Error {
	if base := filepath.Base(path); strings.HasPrefix(base, "training_args") {
		return refuse(fmt.Sprintf(`python3 -c "import torch; open('training_args.json', 'w').write(torch.load('%s', weights_only=False).to_json_string())" and --from training_args.json`, base),
			"a pickled file, which could run code and is not read")
	}
	return refuse(fmt.Sprintf(`python3 -c "import json, torch; json.dump(torch.load('%s', map_location='cpu')['param_groups'], open('optimizer.json', 'w'))" and --from optimizer.json`, filepath.Base(path)),
		"a pickled file, which could run code and is not read")
}

// isPickled tells a pickled file by its name or its first bytes.
func isPickled(path string, head []byte) bool {
	return slices.Contains(pickles, strings.ToLower(filepath.Ext(path))) ||
		bytes.HasPrefix(head, []byte("PK\x03\x04")) || len(head) > 1 && head[0] == 0x80 && head[1] <= 5 && !strings.HasSuffix(path, ".safetensors")
}

// open reads a file as far as it is needed: JSON whole, of safetensors the header.
func open(path string) (*file, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for its other end
		return nil, refuse("the path of a file, or of its folder", "it is no regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, refuse("the path of a file, or of its folder", "there is no such file")
		}
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	head := make([]byte, 16)
	n, _ := f.ReadAt(head, 0)
	head = head[:n]
	if isPickled(path, head) {
		return nil, pickled(path)
	}
	if strings.EqualFold(filepath.Ext(path), ".safetensors") || len(head) > 8 && head[8] == '{' && head[0] != '{' && head[0] != '[' && head[7] == 0 {
		index, err := safetensors.ReadIndex(f, info.Size())
		if err != nil {
			return nil, err
		}
		return fromIndex(path, index)
	}
	if info.Size() > largestJSON {
		return nil, refuse("the states in a safetensors file and param_groups alone as JSON", "%d MB of JSON are more than is read", info.Size()>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, data)
}

// parse reads a JSON file.
func parse(path string, data []byte) (*file, error) {
	v, err := decode(data)
	if err != nil {
		return nil, refuse("a file that Python's json.dump wrote, whole", "no JSON: %v", err)
	}
	return fromValue(path, v)
}

// fromValue sorts a JSON value.
func fromValue(path string, v any) (*file, error) {
	f := &file{path: path}
	if o, ok := v.(object); ok && isArguments(o) {
		f.arguments = o
		return f, nil
	} else if ok && isProgress(o) {
		f.progress = o
		return f, nil
	}
	var err error
	if f.stateDict, err = findStateDict(v); err != nil || f.stateDict == nil {
		return f, err
	}
	f.tensors = stateTensors(f.stateDict.state)
	return f, nil
}

// fromIndex sorts what a safetensors file holds: JSON in its metadata, and states.
func fromIndex(path string, index *safetensors.Index) (*file, error) {
	meta := object{}
	for key, value := range index.Metadata {
		meta[key] = value
		if v, err := decode([]byte(value)); err == nil {
			meta[key] = v
		}
	}
	f, err := fromValue(path, meta)
	if err != nil {
		return nil, err
	}
	for _, e := range index.Entries {
		if param, state := splitName(e.Name); state != "" {
			f.tensors = append(f.tensors, tensor{param: param, state: state, path: path, entry: e})
		}
	}
	return f, nil
}

// empty reports whether nothing was found that an optimizer left.
func (f *file) empty() bool {
	return f.stateDict == nil && f.arguments == nil && f.progress == nil && len(f.tensors) == 0
}

// mostFiles is how many files of a folder are looked at.
const mostFiles = 200

// folder reads the JSON and safetensors files of a folder that hold something; others,
// such as a model's weights and its settings, are none of this package's business.
func folder(path string) (found []*file, pickle string, err error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, "", err
	}
	count := 0
	for _, e := range entries {
		name := e.Name()
		full := filepath.Join(path, name)
		switch strings.ToLower(filepath.Ext(name)) {
		case ".json", ".safetensors":
			if count++; e.IsDir() || count > mostFiles {
				continue
			}
			if f, err := open(full); err == nil && !f.empty() {
				found = append(found, f)
			}
		case ".pt", ".bin", ".pth":
			if strings.HasPrefix(name, "training_args") || pickle == "" && strings.HasPrefix(name, "optim") {
				pickle = full
			}
		}
	}
	return found, pickle, nil
}
