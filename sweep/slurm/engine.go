package slurm

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"leeway/sweep"
)

// Engine submits workers to Slurm, asks for them and ends them. The zero value is
// the usual one.
type Engine struct {
	// Patience is how long Cancel lets workers save their checkpoints before Slurm
	// kills them (2 minutes if 0).
	Patience time.Duration
	// Pause is the time between two questions to Slurm or looks at the directory,
	// while waiting (2 seconds if 0).
	Pause time.Duration
	// Warn, if not nil, is told what did not stop a submission.
	Warn func(string)
}

// Job is a sweep to compute.
type Job struct {
	// Name of the sweep; Dir, its directory; Program, what workers run, best from
	// [Keep]; Chdir, where they run. Paths are absolute.
	Name, Dir, Program, Chdir string
	// Cells without a result, Ended with one.
	Cells, Ended int
	Settings
	// round and idle are of a submission that follows another.
	round, idle int
}

// Handle is what was submitted: the jobs of workers, and those after them.
type Handle struct {
	Dir    string   `json:"dir"`
	Round  int      `json:"round"`
	Jobs   []string `json:"jobs"`
	Gather []string `json:"gather"`
}

// Submit gives the workers of a sweep to Slurm and returns at once. A limit of the
// site may let through a part of the workers only; they compute all cells, and Warn
// is told. An error means that there are none.
func (e Engine) Submit(ctx context.Context, job Job) (Handle, error) {
	settings, err := job.Settings.Resolved(job.Cells)
	if err != nil {
		return Handle{}, err
	}
	limit, err := maxArray(ctx)
	if err != nil {
		return Handle{}, err
	}
	s := &Submission{Round: job.round, Name: job.Name, Dir: job.Dir, Program: job.Program, Chdir: job.Chdir, Settings: settings,
		Ended: job.Ended, Idle: job.idle, When: time.Now().UTC().Truncate(time.Second)}
	if _, _, err := scripts(s, "/"); err != nil { // before there is a folder
		return Handle{}, err
	}
	path, err := e.reserve(s)
	if err != nil {
		return Handle{}, err
	}
	if err := e.submit(ctx, s, path, limit); err != nil {
		if len(s.Jobs) == 0 {
			os.RemoveAll(path) // the next may have the number
		}
		return Handle{}, err
	}
	h := Handle{Dir: s.Dir, Round: s.Round, Jobs: s.Jobs}
	if s.Gather != "" {
		h.Gather = []string{s.Gather}
	}
	return h, nil
}

// Preview returns what Submit would give to sbatch, and writes nothing.
func (e Engine) Preview(job Job) (string, error) {
	settings, err := job.Settings.Resolved(job.Cells)
	if err != nil {
		return "", err
	}
	s := &Submission{Round: 1, Name: job.Name, Dir: job.Dir, Program: job.Program, Chdir: job.Chdir, Settings: settings}
	worker, _, err := scripts(s, folder(s.Dir, s.Round))
	array := fmt.Sprintf("--array=0-%d", s.Workers-1)
	if s.Throttle > 0 {
		array += fmt.Sprintf("%%%d", s.Throttle)
	}
	return "# sbatch " + array + " " + workerFile + "\n" + worker, err
}

// reserve finds the folder of a submission: that of the round it wants, or the next
// free one.
func (e Engine) reserve(s *Submission) (string, error) {
	if s.Round > 0 {
		return reserve(s.Dir, s.Round)
	}
	for {
		list, err := rounds(s.Dir)
		if err != nil {
			return "", err
		}
		s.Round = 1
		if len(list) > 0 {
			s.Round = slices.Max(list) + 1
		}
		path, err := reserve(s.Dir, s.Round)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// submit writes the scripts and gives them to sbatch. Every job is written down as
// soon as it has a number.
func (e Engine) submit(ctx context.Context, s *Submission, path string, limit int) error {
	worker, gather, err := scripts(s, path)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{workerFile: worker, gatherFile: gather} {
		if err := replace(filepath.Join(path, name), []byte(text), 0o755); err != nil {
			return err
		}
	}
	refused := 0
	for _, array := range arrays(s.Workers, s.Throttle, limit) {
		job, err := sbatch(ctx, "--array="+array, filepath.Join(path, workerFile))
		switch {
		case err != nil && len(s.Jobs) == 0:
			return err
		case err != nil:
			refused++
			e.warn(fmt.Sprintf("Slurm took %d arrays of workers and refuses the others; those taken compute all cells (%v)", len(s.Jobs), err))
		default:
			s.Jobs = append(s.Jobs, job)
			if err := s.write(); err != nil {
				return e.undo(ctx, s, err)
			}
		}
		if refused > 0 {
			break
		}
	}
	s.Gather, err = sbatch(ctx, "--dependency=afterany:"+strings.Join(s.Jobs, ":"), filepath.Join(path, gatherFile))
	if err != nil {
		e.warn(fmt.Sprintf("the job that submits again while cells are missing was refused; leeway sweep submit %s does the same later (%v)", s.Dir, err))
		s.Gather = ""
		return nil
	}
	if err := s.write(); err != nil {
		return e.undo(ctx, s, err)
	}
	return nil
}

// undo takes back jobs that nobody could find again, as they could not be written
// down.
func (e Engine) undo(ctx context.Context, s *Submission, err error) error {
	jobs := slices.DeleteFunc(append(slices.Clone(s.Jobs), s.Gather), func(job string) bool { return job == "" })
	if _, failed := call(context.WithoutCancel(ctx), "scancel", jobs...); failed != nil {
		e.warn(fmt.Sprintf("the jobs %s could not be taken back: %v", strings.Join(jobs, ", "), failed))
	}
	s.Jobs = nil
	return err
}

func (e Engine) warn(text string) {
	if e.Warn != nil {
		e.Warn(text)
	}
}

// sbatch submits a script and returns its job.
func sbatch(ctx context.Context, args ...string) (string, error) {
	text, err := call(ctx, "sbatch", append([]string{"--parsable"}, args...)...)
	if err != nil {
		return "", err
	}
	job, err := parseSubmitted(text)
	if err != nil {
		return "", &sweep.Error{What: "sbatch is not understood", Err: err, Try: "squeue --me, which shows whether it was submitted"}
	}
	return job, nil
}

// Poll asks Slurm which of the workers wait and run. What they have computed stands
// in the sweep directory.
func (e Engine) Poll(ctx context.Context, h Handle) (Counts, error) {
	tasks, err := queue(ctx, h.Jobs)
	return count(tasks), err
}

// queue is what squeue says about jobs. Those that ended a while ago are unknown to
// it, which is no error here.
func queue(ctx context.Context, jobs []string) ([]Task, error) {
	var tasks []Task
	// The command line has a limit, and a chain of submissions none.
	for part := range slices.Chunk(jobs, 500) {
		text, err := call(ctx, "squeue", "--noheader", "--array", "--format="+queueFormat, "--jobs="+strings.Join(part, ","))
		if err != nil {
			var r *refusal
			if errors.As(err, &r) && strings.Contains(r.words, "Invalid job id") {
				continue
			}
			return nil, err
		}
		more, err := parseQueue(text)
		if err != nil {
			return nil, &sweep.Error{What: "squeue is not understood", Err: err, Try: "squeue --me, which shows the same to you"}
		}
		tasks = append(tasks, more...)
	}
	return tasks, nil
}
