package rundir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"time"
)

// Format is the number of the format of run.json that this package writes.
const Format = 1

// Info is what run.json says about a run.
type Info struct {
	// Format is [Format]; WriteInfo sets it.
	Format int    `json:"format"`
	Name   string `json:"name"`
	// Hash is the SHA-256 of the resolved config, 64 hexadecimal digits;
	// WriteInfo sets it.
	Hash string `json:"hash"`
	// Version of the program that computed it, Machine it ran on, time at which
	// it began.
	Version string    `json:"version"`
	Machine Machine   `json:"machine"`
	Created time.Time `json:"created"`
	// Config is the resolved config, a JSON object.
	Config json.RawMessage `json:"config"`
	// Status is "running", "done", "interrupted" or "diverged".
	Status string `json:"status"`
	// Summary is what the run found, nil until there is something.
	Summary json.RawMessage `json:"summary"`
	// Parameters is the number of parameters of the objective.
	Parameters int `json:"parameters"`
	// Problem is one line for people.
	Problem string `json:"problem"`
	// Exact is what the run's learning rate was computed from where its config leaves
	// it to an estimate, a JSON object, so that a run goes on with the same.
	Exact json.RawMessage `json:"exact_step,omitempty"`
	// Signs tell the model of another process from others, a JSON object, so that a run
	// does not go on with another model; absent of what is computed here.
	Signs json.RawMessage `json:"model_signs,omitempty"`
	// Citations are BibTeX entries of what was used.
	Citations []string `json:"citations"`
}

// Machine says what a run ran on.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
}

// ThisMachine is the one that the process runs on.
func ThisMachine() Machine {
	return Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()}
}

// WriteInfo replaces run.json: it holds either what it held or all of info. It
// needs the lock. The error names the file and the cause.
func (d *Dir) WriteInfo(info Info) error {
	if err := d.writable(); err != nil {
		return err
	}
	path := d.join(InfoFile)
	info.Format, info.Hash = Format, d.hash
	if info.Config == nil {
		info.Config = json.RawMessage("{}")
	}
	if info.Citations == nil {
		info.Citations = []string{}
	}
	var buffer bytes.Buffer
	enc := json.NewEncoder(&buffer)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(info)
	if err == nil { // what cannot be read must not be written
		_, err = parseInfo(buffer.Bytes())
	}
	if err != nil {
		return &Error{What: "this cannot be written as " + InfoFile, Where: path, Err: err,
			Try: "report this, it is a mistake of the program"}
	}
	if err := d.disk.replace(path, fixed(buffer.Bytes())); err != nil {
		return failed("cannot write "+InfoFile, path, err)
	}
	return nil
}

// ReadInfo reads run.json. Where there is none, the error has the cause
// [fs.ErrNotExist]; for one that is damaged it says where.
func (d *Dir) ReadInfo() (*Info, error) {
	path := d.join(InfoFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{What: "not a run directory", Where: d.path, Err: noFile{InfoFile},
			Try: "the path of a directory that `leeway run` made, runs/NAME-HASH"}
	case err != nil:
		return nil, failed("cannot read "+InfoFile, path, err)
	}
	info, err := parseInfo(text)
	switch {
	case errors.Is(err, errFormat):
		return nil, &Error{What: InfoFile + " is of another version", Where: path, Err: err,
			Try: "the version of the program that wrote it, or a newer one"}
	case err != nil:
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			before := text[:min(int(syntax.Offset), len(text))]
			line := bytes.Count(before, []byte("\n")) + 1
			column := len(before) - 1 - bytes.LastIndexByte(before, '\n')
			path = fmt.Sprintf("%s:%d:%d", path, line, max(column, 1))
		}
		return nil, &Error{What: InfoFile + " is damaged", Where: path, Err: err,
			Try: "move the directory away and run again, or restore the file from a copy"}
	}
	return info, nil
}

// noFile says which file does not exist.
type noFile struct{ name string }

func (e noFile) Error() string        { return "there is no " + e.name + " in it" }
func (e noFile) Is(target error) bool { return target == fs.ErrNotExist }

// errFormat is the cause where the number of the format is not this package's.
var errFormat = errors.New("unknown format")

// parseInfo reads the text of a run.json. Unknown fields are ignored, so that a
// later version may add some; a later version that changes some has another
// number.
func parseInfo(text []byte) (*Info, error) {
	var head struct{ Format *int }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, err
	}
	if head.Format == nil {
		return nil, errors.New("it has no format number")
	}
	if *head.Format != Format {
		return nil, fmt.Errorf("%w: it has %d, this version of the program reads %d", errFormat, *head.Format, Format)
	}
	info := &Info{}
	if err := json.Unmarshal(text, info); err != nil {
		return nil, err
	}
	switch {
	case !hashForm.MatchString(info.Hash):
		return nil, fmt.Errorf("its hash %q has not 64 hexadecimal digits", info.Hash)
	case info.Name == "" || info.Status == "":
		return nil, errors.New("it lacks a name or a status")
	case len(info.Config) == 0 || info.Config[0] != '{':
		return nil, errors.New("its config is not an object")
	}
	info.Config = compact(info.Config)
	info.Summary = compact(info.Summary)
	info.Exact = compact(info.Exact)
	info.Signs = compact(info.Signs)
	return info, nil
}

// compact takes the indentation of the file out of a part, and is nil for null.
func compact(part json.RawMessage) json.RawMessage {
	var text bytes.Buffer
	if json.Compact(&text, part) != nil || text.String() == "null" {
		return nil
	}
	return text.Bytes()
}
