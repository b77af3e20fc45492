// Command bench measures laurel and prints the figures side by side: seconds,
// CPU and peak memory of each step for a thousand and ten thousand awards, the
// shares of canonicalisation and QR codes, what sealed awards cost beside, and,
// in the same run, what the npm stack takes to sign the same credentials. Only
// ratios say anything: the machine may be busy.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

func main() {
	log.SetFlags(0)
	laurel := flag.String("laurel", "bin/laurel", "the program to measure")
	sizes := flag.String("sizes", "1000,10000", "numbers of awards; none: sealed awards only")
	flag.Parse()
	program, err := filepath.Abs(*laurel)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(program, strings.FieldsFunc(*sizes, func(r rune) bool { return r == ',' })); err != nil {
		log.Fatal("bench: ", err)
	}
}

func run(program string, sizes []string) error {
	fmt.Printf("%d processors, %s\n", runtime.NumCPU(), runtime.Version())
	var all []figures
	var npm npmFigures
	for _, s := range sizes {
		n, err := strconv.Atoi(s)
		if err != nil {
			return err
		}
		dir, err := os.MkdirTemp("", "laurel-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		f, err := measure(program, dir, n)
		if err != nil {
			return err
		}
		if npm.Count == 0 {
			if npm, err = signWithNPM(dir, 200); err != nil {
				return err
			}
			if err := verifying(program, dir); err != nil {
				return err
			}
		}
		f.print(npm)
		all = append(all, f)
	}
	growth(all)
	return sealing(program)
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

// laurelRun runs one command and measures it.
func laurelRun(program, dir string, args ...string) (cost, error) {
	c := exec.Command(program, append([]string{"-C", dir}, args...)...)
	c.Env = append(os.Environ(), "LAUREL_PASSPHRASE=bench bench bench")
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	start := time.Now()
	if err := c.Run(); err != nil {
		return cost{}, fmt.Errorf("laurel %s: %w\n%s", strings.Join(args, " "), err, tail(out.String()))
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{time.Since(start), c.ProcessState.UserTime() + c.ProcessState.SystemTime(), usage.Maxrss << 10}, nil
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

func measure(program, dir string, n int) (figures, error) {
	f := figures{awards: n}
	if err := writeSite(dir, n, "public"); err != nil {
		return f, err
	}
	if _, err := laurelRun(program, dir, "key", "new"); err != nil {
		return f, err
	}
	steps := []struct {
		to   *cost
		args []string
	}{
		{&f.plan, []string{"plan"}}, {&f.sign, []string{"sign"}}, {&f.build, []string{"build"}}, {&f.unchanged, []string{"build"}},
	}
	for _, s := range steps {
		var err error
		if *s.to, err = laurelRun(program, dir, s.args...); err != nil {
			return f, err
		}
	}
	if err := writeCohort(dir, "one-more", 1, "public"); err != nil {
		return f, err
	}
	var err error
	if f.signOne, err = laurelRun(program, dir, "sign"); err != nil {
		return f, err
	}
	if f.buildOne, err = laurelRun(program, dir, "build"); err != nil {
		return f, err
	}
	if f.canonical, err = canonicalise(dir, 300); err != nil {
		return f, err
	}
	f.qr, err = codes(300)
	return f, err
}

// canonicalise times the canonicalisation of published credentials.
func canonicalise(dir string, n int) (time.Duration, error) {
	docs, err := credentials(dir, n)
	if err != nil {
		return 0, err
	}
	v, _, err := jsonld.Vocabularies(nil)
	if err != nil {
		return 0, err
	}
	var parsed []map[string]any
	for _, d := range docs {
		m, err := jsonld.ParseObject(d)
		if err != nil {
			return 0, err
		}
		delete(m, "proof")
		parsed = append(parsed, m)
	}
	start := processorTime()
	for _, m := range parsed {
		if _, err := v.Canonical(m, rdfc.Options{}); err != nil {
			return 0, err
		}
	}
	return (processorTime() - start) / time.Duration(len(parsed)), nil
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal("bench: ", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func credentials(dir string, n int) ([][]byte, error) {
	files, err := filepath.Glob(filepath.Join(dir, "public/awards/*/credential.json"))
	if err != nil {
		return nil, err
	}
	var docs [][]byte
	for _, f := range files[:min(n, len(files))] {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		docs = append(docs, b)
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("no credentials in %s", dir)
	}
	return docs, nil
}

// npmFigures is what internal/testing/interop/bench.mjs prints.
type npmFigures struct {
	Count  int     `json:"count"`
	CPUms  float64 `json:"cpuMs"`
	WallMs float64 `json:"wallMs"`
}

func (n npmFigures) each() float64 { return n.CPUms / float64(n.Count) }

// signWithNPM signs the same credentials, their proofs dropped, with the npm
// stack.
func signWithNPM(dir string, n int) (npmFigures, error) {
	var f npmFigures
	docs, err := credentials(dir, n)
	if err != nil {
		return f, err
	}
	file := filepath.Join(dir, "credentials.jsonl")
	if err := os.WriteFile(file, bytes.Join(docs, []byte{'\n'}), 0o600); err != nil {
		return f, err
	}
	return node("bench.mjs", strconv.Itoa(len(docs)), file)
}

// node runs one of the scripts of internal/testing/interop, with its packages.
func node(script string, args ...string) (npmFigures, error) {
	var f npmFigures
	if _, err := os.Stat("internal/testing/interop/node_modules"); err != nil {
		c := exec.Command("npm", "ci", "--no-audit", "--no-fund")
		c.Dir = "internal/testing/interop"
		if out, err := c.CombinedOutput(); err != nil {
			return f, fmt.Errorf("npm ci: %w\n%s", err, tail(string(out)))
		}
	}
	c := exec.Command("node", append([]string{"internal/testing/interop/" + script}, args...)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return f, fmt.Errorf("%s: %w", script, err)
	}
	return f, json.Unmarshal(out, &f)
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
