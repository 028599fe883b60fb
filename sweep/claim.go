package sweep

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Owner is a worker.
type Owner struct {
	// Token is of this worker alone.
	Token string `json:"token"`
	Host  string `json:"host"`
	PID   int    `json:"pid"`
	// Machine tells apart what shares a host's name: boots and containers. A
	// process can be asked for only on its own.
	Machine string `json:"machine"`
}

// newOwner is a new worker in this process.
func newOwner() Owner {
	host, _ := os.Hostname()
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, _ := os.Readlink("/proc/self/ns/pid")
	return Owner{Token: token(), Host: host, PID: os.Getpid(), Machine: host + " " + strings.TrimSpace(string(boot)) + " " + space}
}

// claim is what a claim's file holds: who computes a cell, or did.
type claim struct {
	Owner Owner `json:"owner"`
	// Beat counts the renewals; each is a new file, whose age tells whether the
	// owner lives.
	Beat int `json:"beat"`
	// Released: the owner has stopped and left the cell to others.
	Released bool `json:"released,omitempty"`
	// Deaths is the number of owners before this one that were lost.
	Deaths int `json:"deaths,omitempty"`
}

// errTaken is returned where another worker has the cell.
var errTaken = errors.New("another worker has the cell")

// claims reads the numbers of all claims: the highest of each cell.
func (d *Dir) claims() (map[string]int, error) {
	folder := filepath.Join(d.path, ClaimsFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, failed("cannot read the claims", folder, err)
	}
	highest := map[string]int{}
	for _, e := range entries {
		id, number, ok := strings.Cut(e.Name(), ".")
		if n, err := strconv.Atoi(number); ok && err == nil && id != "" && n > highest[id] {
			highest[id] = n
		}
	}
	return highest, nil
}

func (d *Dir) claimPath(id string, number int) string {
	return filepath.Join(d.path, ClaimsFolder, id+"."+strconv.Itoa(number))
}

// readClaim reads a claim and its age by the clock of the file system, which all
// workers share: that of now, from a file just written.
func (d *Dir) readClaim(id string, number int, now time.Time) (c claim, age time.Duration, err error) {
	path := d.claimPath(id, number)
	text, err := os.ReadFile(path)
	if err != nil {
		return c, 0, err
	}
	stat, err := os.Stat(path)
	if err != nil {
		return c, 0, err
	}
	if json.Unmarshal(text, &c) != nil {
		return claim{}, math.MaxInt64, nil // nobody renews what is damaged
	}
	return c, now.Sub(stat.ModTime()), nil
}

// now is the time of the file system that holds the sweep.
func (d *Dir) now() (time.Time, error) {
	temp, err := temporary(filepath.Join(d.path, ClaimsFolder, "now"), nil)
	if err != nil {
		return time.Time{}, failed("cannot write to the sweep directory", d.path, err)
	}
	defer os.Remove(temp)
	stat, err := os.Stat(temp)
	if err != nil {
		return time.Time{}, failed("cannot read the sweep directory", d.path, err)
	}
	return stat.ModTime(), nil
}

// alive reports whether the owner of a claim may still compute.
func (c *claim) alive(age, lease time.Duration, me string) bool {
	if c.Released || age > lease {
		return false
	}
	return c.Owner.Machine != me || !gone(c.Owner.PID)
}

// take claims a cell for an owner. The error is errTaken if another worker has it.
func (d *Dir) take(id string, me Owner, lease time.Duration) (*held, error) {
	highest, err := d.highest(id)
	if err != nil {
		return nil, err
	}
	mine := claim{Owner: me}
	if highest > 0 {
		now, err := d.now()
		if err != nil {
			return nil, err
		}
		c, age, err := d.readClaim(id, highest, now)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, errTaken // just finished or renewed: look again later
		case err != nil:
			return nil, failed("cannot read a claim", d.claimPath(id, highest), err)
		case c.alive(age, lease, me.Machine):
			return nil, errTaken
		}
		mine.Deaths = c.Deaths
		if !c.Released {
			mine.Deaths++
		}
	}
	text, err := json.Marshal(mine)
	if err != nil {
		return nil, err
	}
	err = create(d.claimPath(id, highest+1), text)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, errTaken
	case err != nil:
		return nil, failed("cannot claim a cell", d.claimPath(id, highest+1), err)
	}
	return &held{dir: d, id: id, number: highest + 1, claim: mine}, nil
}

// highest is the number of the last claim of a cell, 0 for none. Claims are
// numbered from 1 without gaps, and only all of a finished cell are removed.
func (d *Dir) highest(id string) (int, error) {
	found, err := filepath.Glob(filepath.Join(d.path, ClaimsFolder, id+".*"))
	if err != nil {
		return 0, err
	}
	highest := 0
	for _, path := range found {
		if n, err := strconv.Atoi(strings.TrimPrefix(filepath.Ext(path), ".")); err == nil {
			highest = max(highest, n)
		}
	}
	return highest, nil
}

// held is a claim of this process.
type held struct {
	dir    *Dir
	id     string
	number int
	claim
}

// beat renews the claim. The error is errTaken if the cell has another owner by
// now.
func (h *held) beat() error {
	h.Beat++
	return h.write()
}

// release leaves the cell to others. Where a full disk does not take a word about
// it, the claim is removed: its owner has stopped.
func (h *held) release() error {
	h.Released = true
	err := h.write()
	if err != nil && !errors.Is(err, errTaken) {
		os.Remove(h.dir.claimPath(h.id, h.number))
	}
	return err
}

func (h *held) write() error {
	if _, err := os.Stat(h.dir.claimPath(h.id, h.number+1)); err == nil {
		return errTaken
	}
	text, err := json.Marshal(h.claim)
	if err != nil {
		return err
	}
	path := h.dir.claimPath(h.id, h.number)
	if err := replace(path, text); err != nil {
		return failed("cannot renew a claim", path, err)
	}
	return nil
}

// clear removes the claims of a cell that has a result. Whoever claims it at this
// moment finds the result.
func (d *Dir) clear(id string) {
	found, _ := filepath.Glob(filepath.Join(d.path, ClaimsFolder, id+".*"))
	for _, path := range found {
		os.Remove(path) // it is only in the way of the eye
	}
}
