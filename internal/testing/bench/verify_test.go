//go:build !windows

package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// verifying prints what laurel verify takes for one credential and for a folder
// of a thousand, start and exit of the process included, and what the npm stack
// takes for the same credentials.
func verifying(s site) {
	docs := s.credentials(1000)
	folder := s.t.TempDir()
	for i, d := range docs {
		must(s.t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.json", i)), d, 0o644))
	}
	public := filepath.Join(s.dir, "public")
	verify := func(what string) cost {
		return s.laurel("verify", "--offline", "--documents", filepath.Join(public, "did.json"), "--documents", filepath.Join(public, "status/1.json"), what)
	}
	const times = 10
	var one time.Duration
	for range times {
		one += verify(filepath.Join(folder, "0000.json")).cpu
	}
	all := verify(folder)
	npm := node(s.t, "bench-verify.mjs", "500", public, "https://academy.example.org/larkspur")
	each := ms(all.cpu) / float64(len(docs))
	fmt.Printf("\nverify\n")
	fmt.Printf("  npm verifies %d of them: %.2f ms CPU each\n", npm.Count, npm.each())
	fmt.Printf("  laurel verify, of %d: %.3f of npm's CPU\n", len(docs), each/npm.each())
	target("one credential, ms CPU", ms(one)/times, 50)
	target("a thousand, ms CPU each", each, 3)
	target("script of the page, kB gzipped", float64(s.pageScript())/1000, 115)
}

// pageScript is the size of what the verify page loads to judge, its own script
// and the verifier, gzipped.
func (s site) pageScript() int {
	size := 0
	for _, name := range []string{"verify", "verifier"} {
		files, err := filepath.Glob(filepath.Join(s.dir, "public", "assets", name+"-????????.js"))
		must(s.t, err)
		if len(files) != 1 {
			s.t.Fatalf("%d scripts %s.js in %s", len(files), name, s.dir)
		}
		data, err := os.ReadFile(files[0])
		must(s.t, err)
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		must(s.t, err)
		w.Write(data) // a buffer takes all
		must(s.t, w.Close())
		size += b.Len()
	}
	return size
}
