package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
)

// verifying prints what laurel verify takes for one credential and for a folder
// of a thousand, start and exit of the process included, and what the npm stack
// takes for the same credentials.
func verifying(program, dir string) error {
	docs, err := credentials(dir, 1000)
	if err != nil {
		return err
	}
	folder := filepath.Join(dir, "received")
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	for i, d := range docs {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.json", i)), d, 0o644); err != nil {
			return err
		}
	}
	lists := filepath.Join(dir, "public", "status", "1.json")
	key := filepath.Join(dir, "public", "did.json")
	verify := func(what string) (cost, error) {
		return laurelRun(program, dir, "verify", "--offline", "--documents", key, "--documents", lists, what)
	}
	one, err := verify(filepath.Join(folder, "0000.json"))
	if err != nil {
		return err
	}
	all, err := verify(folder)
	if err != nil {
		return err
	}
	npm, err := node("bench-verify.mjs", "500", filepath.Join(dir, "public"), "https://academy.example.org/larkspur")
	if err != nil {
		return err
	}
	script, err := pageScript(dir)
	if err != nil {
		return err
	}
	each := ms(all.cpu) / float64(len(docs))
	fmt.Printf("\nverify\n")
	fmt.Printf("  npm verifies %d of them: %.2f ms CPU each\n", npm.Count, npm.each())
	fmt.Printf("  laurel verify, of %d: %.3f of npm's CPU\n", len(docs), each/npm.each())
	target("one credential, ms CPU", ms(one.cpu), 50)
	target("a thousand, ms CPU each", each, 3)
	target("script of the page, kB gzipped", float64(script)/1000, 120)
	return nil
}

// pageScript is the size of what the verify page loads to judge, its own script
// and the verifier, gzipped.
func pageScript(dir string) (int, error) {
	size := 0
	for _, name := range []string{"verify", "verifier"} {
		files, err := filepath.Glob(filepath.Join(dir, "public", "assets", name+"-????????.js"))
		if err != nil {
			return 0, err
		}
		if len(files) != 1 {
			return 0, fmt.Errorf("%d scripts %s.js in %s", len(files), name, dir)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			return 0, err
		}
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return 0, err
		}
		if _, err := w.Write(data); err != nil {
			return 0, err
		}
		if err := w.Close(); err != nil {
			return 0, err
		}
		size += b.Len()
	}
	return size, nil
}
