//go:build !windows

package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// recording prints what learner records take: one of thirty credentials beside the
// signing of these, and a site of a thousand learners with one each beside the same
// site without.
func recording(t *testing.T) {
	const learners, members = 33, 30
	fmt.Printf("\nlearner records\n")
	s := newCollege(t, learners, members)
	awards := s.laurel("sign")
	awards.print(fmt.Sprintf("sign %d awards", learners*members), learners*members)
	s.program(members)
	records := s.laurel("sign")
	records.print(fmt.Sprintf("sign %d records of %d", learners, members), learners)
	target("record / its members, CPU", records.cpu.Seconds()/awards.cpu.Seconds(), 2)

	const many, each = 1000, 3
	s = newCollege(t, many, each)
	fmt.Printf("\n%d learners with %d awards each\n", many, each)
	plain := [2]cost{s.laurel("sign"), s.laurel("build")}
	s = newCollege(t, many, each)
	s.program(each)
	with := [2]cost{s.laurel("sign"), s.laurel("build")}
	for i, step := range []string{"sign", "build"} {
		plain[i].print(step, many)
		with[i].print(step+", with a record each", many)
		fmt.Printf("  %s with / without, CPU %.2f\n", step, with[i].cpu.Seconds()/plain[i].cpu.Seconds())
	}
	target("build, s wall", with[1].wall.Seconds(), 20)
	target("build, MB", float64(with[1].memory>>20), 256)
	target("sign, MB", float64(with[0].memory>>20), 256)
	s.laurel("plan").print("plan, everything signed", many)
}

// newCollege makes a site where every learner has earned all of some achievements,
// each of a list of its own.
func newCollege(t *testing.T, learners, achievements int) site {
	s := newSite(t, 0, "")
	model, err := os.ReadFile(filepath.Join(s.dir, "content/achievements/bookkeeping.yaml"))
	must(t, err)
	for a := range achievements {
		slug := fmt.Sprintf("unit-%02d", a)
		must(t, os.WriteFile(filepath.Join(s.dir, "content/achievements", slug+".yaml"),
			bytes.Replace(model, []byte("name: "), fmt.Appendf(nil, "name: Unit %d, ", a), 1), 0o644))
		var csv bytes.Buffer
		csv.WriteString("key,name,email,result.grade,result.exam,creditsEarned\n")
		for i := range learners {
			fmt.Fprintf(&csv, "l%04d,Learner %04d Exampleton,l%04d@learner.example.org,%c,%d,6\n", i, i, i, "ABC"[i%3], 60+(i+a)%40)
		}
		awards := filepath.Join(s.dir, "content/awards")
		must(t, os.WriteFile(filepath.Join(awards, slug+".yaml"),
			fmt.Appendf(nil, "name: Bench %s\nachievement: %s\nawardedDate: 2026-06-30\nvisibility: public\nroster: %s.csv\n", slug, slug, slug), 0o644))
		must(t, os.WriteFile(filepath.Join(awards, slug+".csv"), csv.Bytes(), 0o644))
	}
	return s
}

// program makes a program of so many of them.
func (s site) program(achievements int) {
	var yaml bytes.Buffer
	yaml.WriteString("name: Bench program\nvisibility: public\nachievements:\n")
	for a := range achievements {
		fmt.Fprintf(&yaml, "  - unit-%02d\n", a)
	}
	yaml.WriteString("association:\n")
	for a := range achievements - 1 {
		fmt.Fprintf(&yaml, "  - {associationType: precedes, sourceId: unit-%02d, targetId: unit-%02d}\n", a, a+1)
	}
	folder := filepath.Join(s.dir, "content/programs")
	must(s.t, os.MkdirAll(folder, 0o755))
	must(s.t, os.WriteFile(filepath.Join(folder, "bench.yaml"), yaml.Bytes(), 0o644))
}
