//go:build !windows

// Package bench measures laurel and prints the figures side by side: seconds,
// CPU and peak memory of each step for a thousand and ten thousand awards, the
// shares of canonicalisation and QR codes, what sealed awards cost beside, and,
// in the same run, what the npm stack takes to sign the same credentials. Only
// ratios say anything: the machine may be busy. It asserts nothing. With
// LAUREL_BENCH_PLAN=100000 it also signs and plans that many awards.
package bench

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/interop"
)

var (
	sizes   = flag.String("sizes", "1000,10000", "numbers of awards; none: sealed awards only")
	program = os.Getenv("LAUREL_BENCH") // the laurel to measure
)

// TestBench is "make bench".
func TestBench(t *testing.T) {
	if program == "" {
		t.Skip("it is make bench")
	}
	fmt.Printf("%d processors, %s\n", runtime.NumCPU(), runtime.Version())
	var all []figures
	var npm npmFigures
	for _, size := range strings.FieldsFunc(*sizes, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(size)
		must(t, err)
		s := newSite(t, n, "public")
		f := measure(s, n)
		if npm.Count == 0 {
			npm = signWithNPM(s, 200)
			verifying(s)
		}
		f.print(npm)
		all = append(all, f)
	}
	growth(all)
	recording(t)
	sealing(t)
	planning(t)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cost is what one run of the program took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // peak resident set, in bytes
}

// figures are the costs of every step at one size.
type figures struct {
	awards                                          int
	plan, sign, build, unchanged, signOne, buildOne cost
	canonical, qr                                   time.Duration // CPU of a credential, of a page's codes
}

// laurel runs one command and measures it.
func (s site) laurel(args ...string) cost {
	s.t.Helper()
	if args[0] == "sign" {
		args = append(args, "--yes")
	}
	c := exec.Command(program, append([]string{"-C", s.dir}, args...)...)
	c.Env = append(os.Environ(), "LAUREL_PASSPHRASE=bench bench bench")
	start := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("laurel %s: %v\n%s", strings.Join(args, " "), err, out[max(0, len(out)-2000):])
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{time.Since(start), c.ProcessState.UserTime() + c.ProcessState.SystemTime(), usage.Maxrss << 10}
}

func measure(s site, n int) figures {
	f := figures{awards: n, plan: s.laurel("plan"), sign: s.laurel("sign"), build: s.laurel("build"), unchanged: s.laurel("build")}
	s.cohort("one-more", 1, "public")
	f.signOne, f.buildOne = s.laurel("sign"), s.laurel("build")
	f.canonical, f.qr = canonicalise(s, 300), codes(s.t, 300)
	return f
}

// canonicalise times the canonicalisation of published credentials.
func canonicalise(s site, n int) time.Duration {
	v, _, err := jsonld.Vocabularies(nil)
	must(s.t, err)
	var parsed []map[string]any
	for _, d := range s.credentials(n) {
		m, err := jsonld.ParseObject(d)
		must(s.t, err)
		delete(m, "proof")
		parsed = append(parsed, m)
	}
	start := processorTime(s.t)
	for _, m := range parsed {
		_, err := v.Canonical(m, rdfc.Options{})
		must(s.t, err)
	}
	return (processorTime(s.t) - start) / time.Duration(len(parsed))
}

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// npmFigures is what bench.mjs of package interop prints.
type npmFigures struct {
	Count  int     `json:"count"`
	CPUms  float64 `json:"cpuMs"`
	WallMs float64 `json:"wallMs"`
}

func (n npmFigures) each() float64 { return n.CPUms / float64(n.Count) }

// signWithNPM signs the same credentials, their proofs dropped, with the npm
// stack.
func signWithNPM(s site, n int) npmFigures {
	docs := s.credentials(n)
	file := filepath.Join(s.dir, "credentials.jsonl")
	must(s.t, os.WriteFile(file, bytes.Join(docs, []byte{'\n'}), 0o600))
	return node(s.t, "bench.mjs", strconv.Itoa(len(docs)), file)
}

// node runs one of the scripts of package interop, with its packages.
func node(t *testing.T, script string, args ...string) (f npmFigures) {
	t.Helper()
	must(t, interop.Install(t.Context(), "../interop"))
	c := exec.Command("node", append([]string{"../interop/" + script}, args...)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	must(t, err)
	must(t, json.Unmarshal(out, &f))
	return f
}

func (c cost) print(step string, awards int) {
	fmt.Printf("  %-34s %8.2f s wall %8.2f s CPU %7.3f ms CPU/award %6d MB\n", step,
		c.wall.Seconds(), c.cpu.Seconds(), c.cpu.Seconds()*1000/float64(awards), c.memory>>20)
}

func (f figures) print(npm npmFigures) {
	fmt.Printf("\n%d awards\n", f.awards)
	f.plan.print("plan", f.awards)
	f.sign.print("sign", f.awards)
	f.build.print("build", f.awards)
	f.unchanged.print("build, nothing changed", f.awards)
	f.signOne.print("sign after one new award", f.awards)
	f.buildOne.print("build after one new award", f.awards)

	each := f.sign.cpu.Seconds() * 1000 / float64(f.awards)
	fmt.Printf("  canonicalisation %.3f ms a credential, %.0f%% of sign's CPU\n", ms(f.canonical), 100*ms(f.canonical)/each)
	fmt.Printf("  npm signs %d of them: %.2f ms CPU each (%.2f s wall)\n", npm.Count, npm.each(), npm.WallMs/1000)
	target("sign / npm, CPU a credential", each/npm.each(), 0.25)
	target("sign, MB", float64(f.sign.memory>>20), 256)
	fmt.Printf("  the two QR codes of a page %.3f ms\n", ms(f.qr))
	target("build, s wall", f.build.wall.Seconds(), 20)
	target("build, MB", float64(f.build.memory>>20), 256)
	target("QR codes / build, CPU", f.qr.Seconds()*float64(f.awards)/f.build.cpu.Seconds(), 0.5)
	target("unchanged build / build, wall", f.unchanged.wall.Seconds()/f.build.wall.Seconds(), 0.1)
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

func target(what string, got, limit float64) {
	verdict := "met"
	if got > limit {
		verdict = "MISSED"
	}
	fmt.Printf("  %-34s %8.3f  target at most %g: %s\n", what, got, limit, verdict)
}

// growth compares the largest size with the smallest.
func growth(all []figures) {
	if len(all) < 2 {
		return
	}
	a, b := all[0], all[len(all)-1]
	fmt.Printf("\nfrom %d to %d awards\n", a.awards, b.awards)
	for _, s := range []struct {
		step string
		a, b cost
	}{{"plan", a.plan, b.plan}, {"sign", a.sign, b.sign}, {"build", a.build, b.build}} {
		target(s.step+", CPU, times", s.b.cpu.Seconds()/s.a.cpu.Seconds(), 11*float64(b.awards)/float64(a.awards)/10)
	}
}
