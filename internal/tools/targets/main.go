// Command targets finds what would not compile for the systems that laurel is released
// for, tests included: it checks the types of all packages for each of them, from source.
// go vet does so as well, but compiles all that they import first, which for five systems
// takes minutes; here, bodies of functions are looked at in our packages alone.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	targets := os.Args[1:] // such as windows/amd64
	if len(targets) == 0 {
		log.Fatal("usage: targets GOOS/GOARCH ...")
	}
	found := make([][]string, len(targets))
	var all sync.WaitGroup
	for i, t := range targets {
		all.Go(func() { found[i] = check(t) })
	}
	all.Wait()
	failed := false
	for i, t := range targets {
		for _, f := range found[i] {
			fmt.Fprintf(os.Stderr, "%s: %s\n", t, f)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

// check is what keeps a target from being built, a line each.
func check(target string) []string {
	goos, goarch, ok := strings.Cut(target, "/")
	if !ok {
		return []string{"is not GOOS/GOARCH"}
	}
	loaded, err := packages.Load(&packages.Config{
		Mode:  packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes | packages.NeedTypesSizes,
		Env:   append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0"),
		Tests: true,
	}, "./...")
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	seen := map[string]bool{} // a package with tests is loaded twice
	packages.Visit(loaded, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if line := e.Error(); !seen[line] {
				seen[line] = true
				problems = append(problems, line)
			}
		}
	})
	return problems
}
