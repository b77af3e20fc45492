//go:build !windows

package bench

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sealing prints what it takes to hand a thousand awards out by link: against
// the same awards that are not sealed, and for learners who are sent a folder;
// and what ten thousand take to build and to plan.
func sealing(t *testing.T) {
	const few, many = 1000, 10000
	fmt.Printf("\nsealed awards\n")
	plain, sealed, s := signedBoth(t, few)
	sealed.print("sign, by link", few)
	plain.print("sign, private", few)
	target("sign sealed / unsealed, CPU", sealed.cpu.Seconds()/plain.cpu.Seconds(), 1.3)
	s.laurel("build").print("build, by link", few)
	s.printSizes(few)
	delivered := s.laurel("deliver", "--out", t.TempDir()+"/packages")
	delivered.print("deliver", few)
	target("deliver with PDF, ms CPU an award", ms(delivered.cpu)/few, 30)
	manySealed(t, many)
}

// signedBoth signs the same awards unsealed and sealed, five times in turn, and
// returns the least that each took, since what a shared machine adds to one run
// is more than what sealing does; and the last site that was sealed.
func signedBoth(t *testing.T, n int) (plain, sealed cost, s site) {
	least := func(a, b cost) cost {
		if a.cpu == 0 || b.cpu < a.cpu {
			return b
		}
		return a
	}
	for range 5 {
		plain = least(plain, newSite(t, n, "private").laurel("sign"))
		s = newSite(t, n, "link")
		sealed = least(sealed, s.laurel("sign"))
	}
	return plain, sealed, s
}

// printSizes prints what a sealed award takes on disk, and in the ledger.
func (s site) printSizes(n int) {
	files, public := s.size("public", "")
	_, all := s.size("public/c", "")
	_, pages := s.size("public/c", ".page.jwe")
	_, ledger := s.size("content/ledger", "")
	each := func(size int64) float64 { return float64(size) / float64(n) / 1000 }
	fmt.Printf("  public/ has %d files of %.1f MB\n", files, float64(public)/1e6)
	target("of a sealed award, kB", each(all-pages), 6)
	target("of its lines of the ledger, kB", each(ledger), 9)
	fmt.Printf("  and of its page %.1f kB\n", each(pages))
}

// size counts the files of a folder whose names end in something.
func (s site) size(folder, ending string) (files int, size int64) {
	must(s.t, filepath.WalkDir(filepath.Join(s.dir, folder), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(d.Name(), ending) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files++
		size += info.Size()
		return nil
	}))
	return files, size
}

func manySealed(t *testing.T, n int) {
	s := newSite(t, n, "link")
	fmt.Printf("\n%d awards by link\n", n)
	s.laurel("sign").print("sign", n)
	built := s.laurel("build")
	built.print("build", n)
	s.laurel("build").print("build, nothing changed", n)
	target("build, s wall", built.wall.Seconds(), 20)
	target("build, MB", float64(built.memory>>20), 256)
	s.planSigned(n)
}

// planSigned measures plan where everything is signed: 100,000 awards are to take 8 s
// of CPU and 256 MB.
func (s site) planSigned(n int) {
	plan := s.laurel("plan")
	plan.print("plan, everything signed", n)
	target("plan, ms CPU an award", ms(plan.cpu)/float64(n), 0.08)
	target("plan, MB", float64(plan.memory>>20), 256)
}

// planning signs as many awards as LAUREL_BENCH_PLAN says, by link, and plans:
// 100,000 take minutes to sign.
func planning(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("LAUREL_BENCH_PLAN"))
	if err != nil {
		return
	}
	s := newSite(t, n, "link")
	fmt.Printf("\n%d awards by link, to plan\n", n)
	s.laurel("plan").print("plan, nothing signed", n)
	s.laurel("sign").print("sign", n)
	s.planSigned(n)
}
