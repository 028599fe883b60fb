package slurm

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"leeway/sweep"
)

// call runs one of Slurm's commands and returns what it prints.
func call(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = environment(os.Environ())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	switch {
	case err == nil:
		return out.String(), nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return "", noSlurm(name)
	}
	words := complaint(errs.String())
	if words == "" {
		words = err.Error()
	}
	return out.String(), &sweep.Error{What: name + " refuses", Err: &refusal{words}, Try: hint(words)}
}

// noSlurm is the error of a machine without Slurm.
func noSlurm(name string) error {
	return &sweep.Error{What: "there is no " + name + " on this machine", Err: errNoSlurm,
		Try: "a login node of a cluster with Slurm (there, perhaps: module load slurm), or leeway sweep run, which computes here"}
}

// errNoSlurm: the command is not there.
var errNoSlurm = errors.New("is Slurm installed, and on the PATH?")

// refusal is what one of Slurm's commands says.
type refusal struct{ words string }

func (r *refusal) Error() string { return r.words }

// passing reports whether the same call may succeed a little later.
func passing(err error) bool {
	var r *refusal
	return errors.As(err, &r) && slices.ContainsFunc(passingWords, func(words string) bool { return strings.Contains(r.words, words) })
}

var passingWords = []string{"Unable to contact slurm controller", "Socket timed out", "Slurm backup controller in standby", "temporarily", "Zero Bytes were transmitted"}

// environment is that of a job for a command that submits another: what describes
// the job itself (its CPUs, its memory, its array) must not be taken for options
// of the next.
func environment(from []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(entry string) bool {
		return strings.HasPrefix(entry, "SLURM_") && !strings.HasPrefix(entry, "SLURM_CONF")
	})
}

// said is how Slurm's commands begin a line: "sbatch: error: ".
var said = regexp.MustCompile(`^[a-z]+: (error|fatal): `)

// complaint is what a command of Slurm wrote to its standard error, on one line
// and without "sbatch: error:". What was fatal says it all.
func complaint(text string) string {
	var parts []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		begin := said.FindString(line)
		line = strings.TrimPrefix(line, begin)
		if strings.HasSuffix(begin, "fatal: ") {
			return line
		}
		if line != "" && !slices.Contains(parts, line) {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, "; ")
}

// hints say what to do about what Slurm says, by words of it; the first that fits.
var hints = []struct{ words, try string }{
	{"partition", "sinfo lists the partitions: --partition NAME, and --time within its limit"},
	{"ccount", "sacctmgr show associations lists your accounts: --extra=--account=NAME"},
	{"time limit", "a shorter --time: sinfo shows the limits"},
	{"QOS", "fewer --workers or a shorter --time: the site limits both"},
	{"policy", "fewer --workers or a shorter --time: the site limits both"},
	{"array", "fewer --workers"},
	{"Memory", "less --mem: sinfo -o '%P %c %m' shows what nodes have"},
	{"node configuration", "fewer --cpus or less --mem: sinfo -o '%P %c %m' shows what nodes have"},
	{"contact slurm controller", "the same command in a few minutes: the controller does not answer, nothing is lost"},
	{"timed out", "the same command in a few minutes: a second submission does no harm"},
	{"configuration source", "a login node of the cluster: this machine has Slurm's commands, but no cluster"},
	{"slurm.conf", "a login node of the cluster: this machine has Slurm's commands, but no cluster"},
}

func hint(text string) string {
	for _, h := range hints {
		if strings.Contains(text, h.words) {
			return h.try
		}
	}
	return "other options (--partition, --time, --cpus, --mem, --extra), or ask those who run the cluster"
}

// usualArray is the size of arrays that a Slurm takes whose limit cannot be asked.
const usualArray = 1000

var arrayLimit = regexp.MustCompile(`(?mi)^\s*MaxArraySize\s*=\s*([0-9]+)`)

// maxArray is the largest number of tasks of an array, MaxArraySize: numbers of
// tasks lie below it.
func maxArray(ctx context.Context) (int, error) {
	if _, err := exec.LookPath("sbatch"); err != nil {
		return 0, noSlurm("sbatch")
	}
	text, err := call(ctx, "scontrol", "show", "config")
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if err != nil {
		return usualArray, nil // if something is amiss, sbatch will say it better
	}
	if found := arrayLimit.FindStringSubmatch(text); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil && n > 0 {
			return n, nil
		}
	}
	return usualArray, nil
}
