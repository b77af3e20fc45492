package content_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/content"
)

// work is counted in the bytes that are allocated on the way, which tests that
// run beside this one cannot change: the parsers allocate with every token,
// node, event and field they make.
func work(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// enough is the work that loading may take for a file of that size: a KiB a
// byte, 128 MiB in all, and some for the other files of the site. What takes
// quadratic work is far beyond both.
func enough(size int) uint64 { return min(uint64(size)<<10, 128<<20) + 1<<20 }

// refused loads a site that must be refused with a problem of that file
// that says text, with work in measure to the size of the file.
func refused(t *testing.T, root *os.Root, file, text string, size int) {
	t.Helper()
	var err error
	if used := work(func() { _, err = content.Load(root) }); used > enough(size) {
		t.Errorf("%d KiB allocated for a file of %d KiB", used>>10, size>>10)
	}
	problems, ok := err.(content.Problems)
	if !ok {
		t.Fatalf("accepted, or another error: %v", err)
	}
	for _, p := range problems {
		if p.File == file && strings.Contains(p.String(), text) {
			return
		}
	}
	t.Errorf("no problem of %s says %q, but:\n%.2000v", file, text, err)
}

func TestLimitsYAML(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ","))
	}
	var stairs strings.Builder
	for i := range 3000 {
		stairs.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	const mega = 1 << 20
	for _, c := range []struct{ name, file, text, want string }{
		{"alias-bomb", siteFile, bomb, "aliases stand for more than"},
		{"alias-bomb-in-awards", spring, bomb, "aliases stand for more than"},
		{"alias-of-itself", siteFile, "issuer: &a {parentOrg: *a}\n", "contains the alias itself"},
		{"deep-flow", siteFile, strings.Repeat("[", 9000), "not YAML"},
		{"deep-closed", siteFile, "a: " + strings.Repeat("[", 500) + strings.Repeat("]", 500), "are nested deeper"},
		{"deep-stairs", spring, stairs.String(), "are nested deeper"},
		{"deep-items", spring, strings.Repeat("- ", 9000) + "a", "are nested deeper"},
		{"many-brackets", spring, strings.Repeat("[", 15*mega), "too many values"},
		{"many-items", spring, strings.Repeat("- a\n", 3*mega), "too many values"},
		{"many-comments", spring, strings.Repeat("- a # b\n", mega), "too many values"},
		{"many-keys", spring, strings.Repeat("a: b\n", 100_000), "more than 200 properties"},
		{"long-quote", spring, `a: "` + strings.Repeat("x", 15*mega), "not YAML"},
		{"long-definition", welding, "name: " + strings.Repeat("x", mega), "larger than 1 MiB"},
		{"nul-file", spring, strings.Repeat("\x00", 15*mega), "control character (U+0000)"},
		{"binary-file", siteFile, strings.Repeat("\xff\x00", 1000), "not UTF-8"},
		{"bidi-file", siteFile, strings.Repeat("\u202e", 1000), "bidirectional"},
		{"replacement", siteFile, "name: \ufffd", "U+FFFD"},
		{"lone-return", siteFile, "a: b\rc: d", "carriage return"},
		{"line-separator", siteFile, "a: b\u2028c: d", "line separator"},
		{"next-line", siteFile, "a: b\u0085c: d", "control character (U+0085)"},
		{"duplicate-key", siteFile, "baseURL: https://example.org\nbaseURL: https://example.org\n", "given twice, first in line 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, academy().with(c.file, c.text).write(t), c.file, c.want, len(c.text))
		})
	}
}

func TestLimitsRoster(t *testing.T) {
	const mega = 1 << 20
	head := "name,email\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "the roster is empty"},
		{"header-only", head, "no rows"},
		{"no-keys", "name,role\nA,B\n", "no column says who"},
		{"blank-lines", head + strings.Repeat("\n", 5*mega), "more than 200000 lines"},
		{"many-rows", head + strings.Repeat("a,b\n", 5*mega), "more than 200000 lines"},
		{"long-row", head + strings.Repeat(",", 5*mega), "longer than 128 KiB"},
		{"many-columns", strings.Repeat("a,", 300) + "\n", "more than 200 columns"},
		{"quotes", head + strings.Repeat(`"`, 5*mega), "longer than 128 KiB"},
		{"nul", head + strings.Repeat("\x00", 5*mega), "control character"},
		{"utf16", "\xff\xfen\x00", "is not the name of a column"},
		{"all-wrong", head + strings.Repeat("a\n", 30_000), "(in 30000 rows: 2, 3, 4, 5, 6 …)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, academy().with(springSheet, c.text).write(t), springSheet, c.want, len(c.text))
		})
	}
}

func TestLimitsMarkdown(t *testing.T) {
	const size = 60 << 10
	for _, part := range []string{"*a_ ", "[", "[[a]]", "<a ", "<", "`a", "> ", "* ", "[a]: x\n", "]", "![[]", "<!--", "a\n[", "&amp;"} {
		t.Run(fmt.Sprintf("%q", part), func(t *testing.T) {
			page := "---\ntitle: x\n---\n" + strings.Repeat(part, size/len(part)) + "\n\n[x](javascript:x)"
			root := academy().with(about, page).write(t)
			var err error
			if used := work(func() { _, err = content.Load(root) }); used > enough(size) {
				t.Errorf("%d KiB allocated for a page of %d KiB", used>>10, size>>10)
			}
			if err == nil && part != "<a " && part != "<!--" && part != "`a" {
				t.Error("accepted")
			}
		})
	}
	refused(t, academy().with(about, "---\ntitle: x\n---\n"+strings.Repeat("x", 65<<10)).write(t), about, "larger than 64 KiB", 65<<10)
	refused(t, academy().with(about, "---\ntitle: x\n---\n"+strings.Repeat("*a_ ", 10<<10)).write(t), about, "more than 8192 characters that could", 40<<10)
}

func TestLimitsFileSize(t *testing.T) {
	for _, file := range []string{siteFile, welding, spring, springSheet, about, logo} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			root := academy().write(t)
			f, err := root.OpenFile(file, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if err := f.Truncate(100 << 20); err != nil {
				t.Fatal(err)
			}
			where := file
			if file == springSheet {
				where = spring // the line that names it
			}
			refused(t, root, where, "larger than", 0)
		})
	}
}

func manyYAML(n int) string {
	var b strings.Builder
	b.WriteString("name: Many\nachievement: welding\nawardedDate: 2026-06-30\nrecipients:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - name: Person %d Example\n    email: person%d@example.com\n    visibility: public\n    awardedDate: 2026-06-%02d\n"+
			"    role: Welder\n    creditsEarned: 3\n    result:\n      - resultDescription: grade\n        value: A\n"+
			"    evidence:\n      - id: https://example.com/work/%d\n        name: Work\n", i, i, i%30+1, i)
	}
	return b.String()
}

func manyCSV(n int) string {
	var b strings.Builder
	b.WriteString("name,email,visibility,awardedDate,role,creditsEarned,result.grade,evidence.id,evidence.name\n")
	for i := range n {
		fmt.Fprintf(&b, "Person %d Example,person%d@example.com,public,2026-06-%02d,Welder,3,A,https://example.com/work/%d,Work\n", i, i, i%30+1, i)
	}
	return b.String()
}

// many is a site of n awards in one YAML list or one roster.
func many(n int, sheet bool) files {
	f := academy()
	if sheet {
		f[springSheet] = manyCSV(n)
		f[spring] = "name: Many\nachievement: welding\nawardedDate: 2026-06-30\nroster: spring-2026.csv\n"
	} else {
		delete(f, springSheet)
		f[spring] = manyYAML(n)
	}
	return f
}

// peak runs f and returns the most memory of the Go heap while it ran.
func peak(f func()) uint64 {
	runtime.GC()
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	return <-done
}

// TestManyAwards: 10,000 awards with evidence and results cost little.
func TestManyAwards(t *testing.T) {
	const n, limit = 10_000, 60 << 20
	for _, sheet := range []bool{false, true} {
		root := many(n, sheet).write(t)
		most := peak(func() {
			site, err := content.Load(root)
			if err != nil {
				t.Fatalf("%.300v", err)
			}
			if got := len(site.Cohorts[0].Awards); got != n {
				t.Errorf("%d awards, want %d", got, n)
			}
		})
		t.Logf("sheet %v: %d MiB", sheet, most>>20)
		if most > limit {
			t.Errorf("sheet %v: %d MiB of heap, want at most %d", sheet, most>>20, limit>>20)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for name, sheet := range map[string]bool{"YAML": false, "CSV": true} {
		b.Run(name, func(b *testing.B) {
			root := many(10_000, sheet).write(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := content.Load(root); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
