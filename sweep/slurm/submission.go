package slurm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"leeway/sweep"
)

// Names in a sweep directory.
const (
	Folder         = "slurm"
	submissionFile = "submission.json"
	workerFile     = "worker.sh"
	gatherFile     = "gather.sh"
)

// Submission is what submission.json holds.
type Submission struct {
	// Round is its number, from 1.
	Round int `json:"round"`
	// Name of the sweep, its directory and the program, absolute paths that all
	// nodes see, and the directory in which jobs run.
	Name    string `json:"name"`
	Dir     string `json:"dir"`
	Program string `json:"program"`
	Chdir   string `json:"chdir"`
	Settings
	// Jobs are the arrays of workers, Gather the job after them.
	Jobs   []string `json:"jobs"`
	Gather string   `json:"gather,omitempty"`
	// Ended is the number of cells that had a result, Idle how many submissions
	// before this one, in a row, finished none.
	Ended int `json:"ended"`
	Idle  int `json:"idle"`
	// When it was made.
	When time.Time `json:"when"`
}

// folder is that of a round.
func folder(dir string, round int) string {
	return filepath.Join(dir, Folder, fmt.Sprintf("%04d", round))
}

// reserve makes the folder of a round, which one process alone can do. The error
// is [fs.ErrExist] if another has it.
func reserve(dir string, round int) (string, error) {
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o755); err != nil {
		return "", cannotWrite(filepath.Join(dir, Folder), err)
	}
	path := folder(dir, round)
	err := os.Mkdir(path, 0o755)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", cannotWrite(path, err)
	}
	return path, err
}

// rounds are the numbers of all submissions, in order.
func rounds(dir string) ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(dir, Folder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &sweep.Error{What: "cannot read the submissions", Where: filepath.Join(dir, Folder), Err: err, Try: "permission to read there"}
	}
	var list []int
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil && n > 0 && e.IsDir() && e.Name() == fmt.Sprintf("%04d", n) {
			list = append(list, n)
		}
	}
	return list, nil
}

// Read reads the submission of a round. The error has the cause [fs.ErrNotExist]
// if there is none, or none yet.
func Read(dir string, round int) (*Submission, error) {
	path := filepath.Join(folder(dir, round), submissionFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &sweep.Error{What: fmt.Sprintf("there is no submission %d", round), Where: path, Err: err, Try: "leeway sweep submit " + dir}
	}
	s := &Submission{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, &sweep.Error{What: submissionFile + " is damaged", Where: path, Err: err, Try: "leeway sweep submit " + dir + ", and squeue --me for jobs that still run"}
	}
	for _, job := range append(s.Jobs, s.Gather) {
		if job != "" && !jobForm.MatchString(job) {
			return nil, &sweep.Error{What: submissionFile + " is damaged", Where: path, Err: fmt.Errorf("a job is called %q", job), Try: "leeway sweep submit " + dir}
		}
	}
	return s, nil
}

// Find returns the jobs of all submissions of a sweep, on any machine that sees its
// directory.
func Find(dir string) (Handle, error) {
	h := Handle{Dir: dir}
	list, err := rounds(dir)
	if err != nil {
		return h, err
	}
	for _, round := range list {
		s, err := Read(dir, round)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // being made, or given up
		case err != nil:
			return h, err
		}
		h.Round = round
		h.Jobs = append(h.Jobs, s.Jobs...)
		if s.Gather != "" {
			h.Gather = append(h.Gather, s.Gather)
		}
	}
	return h, nil
}

// write writes submission.json, all of it or nothing.
func (s *Submission) write() error {
	path := filepath.Join(folder(s.Dir, s.Round), submissionFile)
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("slurm: %w", err)
	}
	return replace(path, append(text, '\n'), 0o644)
}

// replace writes a file such that path holds either what it held or all of text,
// after a crash too.
func replace(path string, text []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return cannotWrite(path, err)
	}
	defer os.Remove(temp.Name()) // of no effect after the renaming
	_, err = temp.Write(text)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	if closing := temp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

func cannotWrite(path string, err error) error {
	return &sweep.Error{What: "cannot write for Slurm", Where: path, Err: err, Try: "look at the disk and the permissions, then run the same command again"}
}
