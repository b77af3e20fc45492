// Command release makes what is handed out: an archive of laurel for each system, with
// manual pages, completions for shells, and the licences of what is in it; beside it, a
// list of its parts (CycloneDX); and SHA256SUMS of all. The same sources, built with the
// same Go, make the same bytes, wherever they lie: "make release-check" sees to that.
//
//	go run ./internal/tools/release [-version v1.2.3] [-time 2026-01-02T03:04:05Z] DIR
//
// DIR is emptied of what an earlier run made. It needs Go and its modules alone.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// target is a system that laurel is released for.
type target struct{ os, arch string }

var targets = []target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
}

// name is how a target is called in file names, as who downloads it knows it.
func (t target) name() string {
	if t.os == "darwin" {
		return "macos-" + t.arch
	}
	return t.os + "-" + t.arch
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	version := flag.String("version", "", "as git describe has it; empty: devel")
	at := flag.String("time", "", "of the commit; empty: the first moment that every archive can keep")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: release [-version V] [-time T] DIR")
	}
	made := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	if *at != "" {
		var err error
		if made, err = time.Parse(time.RFC3339, *at); err != nil {
			log.Fatal(err)
		}
	}
	if err := release(flag.Arg(0), *version, made.UTC()); err != nil {
		log.Fatal(err)
	}
}

func release(dir, version string, at time.Time) error {
	name := "laurel-devel"
	if version != "" {
		name = "laurel-" + strings.TrimPrefix(version, "v")
	}
	if err := empty(dir); err != nil {
		return err
	}
	shared, err := documents(version, at)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "laurel-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	var made []string
	for _, t := range targets {
		program := filepath.Join(work, t.name(), "laurel")
		if t.os == "windows" {
			program += ".exe"
		}
		if err := build(t, program, version, at); err != nil {
			return err
		}
		b, err := os.ReadFile(program)
		if err != nil {
			return err
		}
		files := append(slices.Clone(shared.of(t)), file{path.Base(filepath.ToSlash(program)), b, 0o755})
		licences, err := licences(program)
		if err != nil {
			return err
		}
		stem := name + "-" + t.name()
		archive, packed := stem+".tar.gz", packTar
		if t.os == "windows" {
			archive, packed = stem+".zip", packZip
		}
		data, err := packed(stem, append(files, licences...), at)
		if err != nil {
			return err
		}
		parts, err := parts(program, version)
		if err != nil {
			return err
		}
		for n, b := range map[string][]byte{archive: data, stem + ".cdx.json": parts} {
			if err := os.WriteFile(filepath.Join(dir, n), b, 0o644); err != nil {
				return err
			}
			made = append(made, n)
		}
		fmt.Printf("%-34s program %5.1f MB, archive %5.1f MB\n", archive, float64(len(b))/1e6, float64(len(data))/1e6)
	}
	return sums(dir, made)
}

// empty removes what a run before this one left, and makes the folder.
func empty(dir string) error {
	old, err := filepath.Glob(filepath.Join(dir, "laurel-*"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o755)
}

// build makes the program of a target, without what only debuggers need and without
// anything of this machine.
func build(t target, program, version string, at time.Time) error {
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", link(version, at), "-o", program, "./cmd/laurel")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOWORK=off")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("build for %s: %w", t.name(), err)
	}
	return nil
}

// link are the linker's flags.
func link(version string, at time.Time) string {
	flags := "-s -w -buildid="
	if version != "" {
		flags += " -X laurel/internal/cli.linkedVersion=" + version + " -X laurel/internal/cli.linkedTime=" + at.Format(time.RFC3339)
	}
	return flags
}

// sums writes SHA256SUMS, as "sha256sum --check" reads it.
func sums(dir string, names []string) error {
	slices.Sort(names)
	var b strings.Builder
	for _, n := range names {
		data, err := os.ReadFile(filepath.Join(dir, n))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(data), n)
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644)
}
