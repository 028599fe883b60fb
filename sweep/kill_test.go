//go:build unix

package sweep

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// workerVariable makes this test binary a worker: a process that can be killed.
const workerVariable = "LEEWAY_TEST_WORKER"

func TestMain(m *testing.M) {
	dir := os.Getenv(workerVariable)
	if dir == "" {
		os.Exit(m.Run())
	}
	d, err := Open(dir)
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		_, err = Pool(ctx, d, PoolSettings{Workers: 2, Settings: Settings{Lease: time.Hour}})
	}
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(0)
}

// Truth: a sweep that nobody disturbed. Processes, each a pool of two workers, are
// killed (kill -9) at instants drawn by a seeded generator, some while another
// works on the same directory; then one finishes. Every cell must have one result,
// and all the bits of the undisturbed sweep.
//
// Ordinarily there are 6 rounds, with LEEWAY_SLOW=1 there are 50.
func TestKilled(t *testing.T) {
	rounds := 6
	if os.Getenv("LEEWAY_SLOW") != "" {
		rounds = 50
	}
	overrides := []string{"steps=600", "checkpoint.every=20", "sweep.seeds=3"}
	calm := created(t, overrides...)
	began := time.Now()
	if _, err := Pool(context.Background(), calm, PoolSettings{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(began)
	want := bits(t, calm)
	rng := rand.New(rand.NewPCG(5, 5))
	troubled := created(t, overrides...)
	killed, complete := 0, 0
	start := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), workerVariable+"="+troubled.Path())
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	for range rounds {
		processes := []*exec.Cmd{start()}
		if rng.IntN(3) == 0 {
			processes = append(processes, start())
		}
		for _, p := range processes {
			// The timer says where a kill falls; no result depends on it.
			timer := time.AfterFunc(time.Duration(rng.Int64N(int64(whole)/3)), func() { p.Process.Kill() })
			if err := p.Wait(); err != nil {
				killed++
			}
			timer.Stop()
		}
		s, err := troubled.Status(time.Hour)
		if err != nil || s.Failed > 0 || s.Running > 0 {
			t.Fatalf("%+v, %v", s, err)
		}
		if s.Complete() {
			complete++
			if got := bits(t, troubled); got != want {
				t.Fatalf("after %d kills the sweep ends in other bits", killed)
			}
			troubled = created(t, overrides...)
		}
	}
	last := start()
	if err := last.Wait(); err != nil {
		t.Fatal(err)
	}
	if bits(t, troubled) != want {
		t.Errorf("after %d kills the sweep ends in other bits", killed)
	}
	if results, _ := filepath.Glob(filepath.Join(troubled.Path(), ResultsFolder, "*.json")); len(results) != len(troubled.Cells) {
		t.Errorf("%d results of %d cells", len(results), len(troubled.Cells))
	}
	if left, _ := filepath.Glob(filepath.Join(troubled.Path(), ClaimsFolder, "*.*")); len(left) > 0 {
		t.Logf("%d temporary files of killed processes are left among the claims", len(left))
	}
	t.Logf("%d rounds, %d processes killed, %d sweeps completed on the way; undisturbed %v", rounds, killed, complete, whole)
}

// Truth: a sweep on a disk with room. On one that fills up, workers end with an
// error that says so, no cell counts as failed, and with room again the rest is
// computed to the same bits.
func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	if os.Getuid() != 0 || syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=300k") != nil {
		t.Skip("only root may mount the small disk that this test fills")
	}
	defer syscall.Unmount(folder, 0)
	calm := created(t)
	if _, err := Work(context.Background(), calm, Settings{}); err != nil {
		t.Fatal(err)
	}
	d, err := Create(filepath.Join(folder, "tiny"), planned(t), "test")
	if err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 150<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	n, err := Pool(context.Background(), d, PoolSettings{Workers: 2})
	if err == nil || !isOurs(err) || sentence(err) == err.Error() {
		t.Fatalf("%d cells on a full disk, %v", n, err)
	}
	if s, err := d.Status(0); err != nil || s.Failed != 0 || s.Done != n || n == 12 {
		t.Errorf("%+v of %d, %v", s, n, err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=3m"); err != nil {
		t.Fatal(err)
	}
	if _, err := Work(context.Background(), d, Settings{}); err == nil || !isOurs(err) {
		t.Errorf("on a read-only disk: %v", err)
	}
	if _, err := d.Status(0); err != nil {
		t.Errorf("the status of a sweep on a read-only disk: %v", err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT, "size=3m"); err != nil {
		t.Fatal(err)
	}
	if _, err := Work(context.Background(), d, Settings{}); err != nil {
		t.Fatal(err)
	}
	if bits(t, d) != bits(t, calm) {
		t.Error("a sweep that met a full disk ends in other bits")
	}
}
