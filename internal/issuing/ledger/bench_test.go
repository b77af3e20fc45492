package ledger_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
)

// large is a document of about 6 KB, of the shape of a credential.
func large(n int) jsontext.Value {
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":"%s","type":["VerifiableCredential","OpenBadgeCredential"],"alignment":[`, credential(n))
	for i := range 30 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":["Alignment"],"targetName":"Made-up skill number %d: größer","targetFramework":"Example \"framework\"","targetUrl":"https://example.org/skills/%d","targetType":"ext:Skill"}`, i, i)
	}
	b.WriteString(`]}`)
	return jsontext.Value(b.String())
}

func largeIssues(from, to int) []ledger.Event {
	events := issues(from, to)
	for i := range events {
		is := events[i].Issue
		is.List = 1 + (from+i)/100_000
		is.Index = (from + i) % 100_000
		is.Documents[0].Document = large(from + i)
	}
	return events
}

func largeLedger(b *testing.B, awards int) string {
	dir := b.TempDir()
	w := openWriter(b, dir, ledger.Options{})
	for n := 0; n < awards; n += 500 {
		if err := w.Append(start, largeIssues(n, n+500)); err != nil {
			b.Fatal(err)
		}
	}
	w.Close()
	return dir
}

func BenchmarkOpen(b *testing.B) {
	for _, awards := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(awards), func(b *testing.B) {
			if awards > 10_000 && os.Getenv("LAUREL_BENCH_LARGE") == "" {
				b.Skip("600 MB of ledger: set LAUREL_BENCH_LARGE")
			}
			dir := largeLedger(b, awards)
			var size int64
			names, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
			for _, name := range names {
				fi, err := os.Stat(name)
				if err != nil {
					b.Fatal(err)
				}
				size += fi.Size()
			}
			b.SetBytes(size)
			b.ReportAllocs()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				l, err := ledger.Open(dir, ledger.Options{})
				if err != nil || l.State().Len() != awards {
					b.Fatal(err)
				}
				b.StopTimer()
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(awards), "B-held/award")
				runtime.KeepAlive(l)
				l.Close()
				b.StartTimer()
			}
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, group := range []int{1, 100, 500} {
		b.Run(fmt.Sprint(group), func(b *testing.B) {
			w := openWriter(b, b.TempDir(), ledger.Options{})
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				events := largeIssues(n, n+group)
				n += group
				b.StartTimer()
				if err := w.Append(start, events); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/award")
		})
	}
}

func BenchmarkDocuments(b *testing.B) {
	l := open(b, largeLedger(b, 1000))
	r := l.State().ByCredential(credential(500))
	for b.Loop() {
		if _, err := l.Documents(r); err != nil {
			b.Fatal(err)
		}
	}
}
