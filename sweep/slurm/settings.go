package slurm

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"leeway/sweep"
)

// Settings of a submission; the zero value is the usual.
type Settings struct {
	// Workers is the number of tasks; 0 is one for each cell without a result, 10
	// at most.
	Workers int `json:"workers"`
	// Throttle is the number of workers that run at a time; 0 is all.
	Throttle int `json:"throttle,omitempty"`
	// Time that a worker may run (1 hour if 0). It begins no step that late that
	// less than Margin is left (5 minutes if 0, at most half of Time): then it saves
	// its checkpoint and ends. Warning is when Slurm warns it, before the end (half
	// of Margin if 0): the signal comes up to a minute late.
	Time    Duration `json:"time"`
	Margin  Duration `json:"margin"`
	Warning Duration `json:"warning"`
	// Partition and Mem are given to sbatch as they are, "" is the cluster's
	// default. CPUs of a worker are the threads of its cell; 0 is 1.
	Partition string `json:"partition,omitempty"`
	Mem       string `json:"mem,omitempty"`
	CPUs      int    `json:"cpus"`
	// Extra options of sbatch, each as in a script: "--account=physics".
	Extra []string `json:"extra,omitempty"`
	// Tries is the number of submissions in a row that may finish no cell; then
	// nothing is submitted again. Negative is never to submit again, 0 is 3.
	Tries int `json:"tries"`
}

// Usual settings.
const (
	usualWorkers = 10
	usualTime    = time.Hour
	usualMargin  = 5 * time.Minute
	usualTries   = 3
)

// Resolved returns the settings with every default written out, for a sweep with
// so many cells that have no result, or says what is wrong with them.
func (s Settings) Resolved(cells int) (Settings, error) {
	if s.Workers < 0 || s.Throttle < 0 || s.CPUs < 0 {
		return s, wrong("the numbers of workers, of workers at a time and of CPUs are at least 1", "--workers 10 --throttle 5 --cpus 2")
	}
	if s.Workers == 0 {
		s.Workers = max(1, min(cells, usualWorkers))
	}
	s.CPUs = max(1, s.CPUs)
	if s.Tries == 0 {
		s.Tries = usualTries
	}
	if s.Time == 0 {
		s.Time = Duration(usualTime)
	}
	if s.Time < Duration(time.Minute) {
		return s, wrong(fmt.Sprintf("a time of %v is shorter than a minute, which is as fine as Slurm counts", s.Time), "--time 1h")
	}
	if s.Margin == 0 {
		s.Margin = min(Duration(usualMargin), s.Time/2)
	}
	if s.Margin < 0 || s.Margin >= s.Time {
		return s, wrong(fmt.Sprintf("a margin of %v leaves nothing of the time %v", s.Margin, s.Time), fmt.Sprintf("--margin %v, or a longer --time", s.Time/10))
	}
	if s.Warning == 0 {
		s.Warning = s.Margin / 2
	}
	if s.Warning < Duration(time.Second) || s.Warning >= s.Time {
		return s, wrong(fmt.Sprintf("a warning %v before the end does not lie within the time %v", s.Warning, s.Time), "a longer --margin")
	}
	for name, value := range map[string]string{"partition": s.Partition, "mem": s.Mem} {
		if value != "" && !plainWord.MatchString(value) {
			return s, wrong(fmt.Sprintf("--%s: %q is no word that Slurm knows", name, value), "--partition short --mem 4G")
		}
	}
	for _, option := range s.Extra {
		if err := checkExtra(option); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Until is when a worker ends by itself, after its start.
func (s *Settings) Until() time.Duration { return time.Duration(s.Time - s.Margin) }

var plainWord = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.,:+-]*$`)

// ours are the options of sbatch that follow from settings or are what makes a
// submission work, with what to use instead.
var ours = map[string]string{
	"-a": "--workers", "--array": "--workers", "-t": "--time", "--time": "--time", "-p": "--partition", "--partition": "--partition",
	"-c": "--cpus", "--cpus-per-task": "--cpus", "--mem": "--mem", "--signal": "--margin",
	"-d": "", "--dependency": "", "--wrap": "", "-o": "", "--output": "", "-D": "", "--chdir": "", "--requeue": "", "--no-requeue": "", "--open-mode": "",
}

// checkExtra refuses what is no option of sbatch, or one of ours.
func checkExtra(option string) error {
	if !strings.HasPrefix(option, "-") || strings.ContainsAny(option, "\n\r") {
		return wrong(fmt.Sprintf("--extra: %q is no option of sbatch", option), "--extra=--account=physics; once for each option")
	}
	name, _, _ := strings.Cut(option, "=")
	name, _, _ = strings.Cut(name, " ")
	if len(name) > 2 && name[1] != '-' {
		name = name[:2] // -t60
	}
	instead, taken := ours[name]
	switch {
	case taken && instead != "":
		return wrong(fmt.Sprintf("--extra: %s is set already", name), "leeway's own "+instead)
	case taken:
		return wrong(fmt.Sprintf("--extra: %s is set already, and the sweep depends on it", name), "leaving it out")
	}
	return nil
}

// wrong is an error of settings.
func wrong(what, try string) error { return &sweep.Error{What: what, Try: try} }
