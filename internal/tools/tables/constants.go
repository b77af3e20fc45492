package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// Limits and enumerations stand beside their owners, each in a file of this name,
// and are made into one of this name in the package, and one for the scripts.
const (
	constantsFile       = "constants.json"
	constantsGo         = "constants.go"
	constantsTypeScript = "themes/default/src/verifier/constants.ts"
)

// constant is one limit or enumeration: a number, texts, or texts by name.
type constant struct {
	Name       string            `json:"name"`       // in Go; what is exported begins with a capital letter
	TypeScript string            `json:"typescript"` // in the scripts; the same if it is empty
	Unit       string            `json:"unit"`       // of the number: "bytes", "seconds" or nothing
	Number     int64             `json:"number"`
	List       []string          `json:"list"`
	Names      map[string]string `json:"names"`
	About      string            `json:"about"` // what it is, as a sentence behind the name
}

func constantTables(root string, files map[string][]byte) error {
	found, err := filepath.Glob(filepath.Join(root, "internal/*/*", constantsFile))
	if err != nil || len(found) == 0 {
		return errors.Join(err, errors.New("found no "+constantsFile))
	}
	script := heading("//", constantsFile+" of the Go packages") + "// Limits and enumerations that both verifiers hold to.\n"
	seen := map[string]bool{}
	for _, name := range found {
		folder, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		list, err := readConstants(name)
		if err != nil {
			return fmt.Errorf("%s: %w", path.Join(folder, constantsFile), err)
		}
		inGo := "package " + path.Base(folder) + "\n"
		if slices.ContainsFunc(list, func(c constant) bool { return c.Unit == "seconds" }) {
			inGo += "\nimport \"time\"\n"
		}
		for _, c := range list {
			inGo += "\n" + c.source(goForms, c.Name)
			name := cmp.Or(c.TypeScript, c.Name)
			if seen[name] {
				return fmt.Errorf("%s: the scripts have another %s", path.Join(folder, constantsFile), name)
			}
			seen[name] = true
			script += "\n" + c.source(typeScriptForms, name)
		}
		if files[path.Join(folder, constantsGo)], err = goSource(constantsFile, inGo); err != nil {
			return err
		}
	}
	files[constantsTypeScript] = []byte(script)
	return nil
}

var goodConstant = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

func readConstants(name string) (list []constant, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &list, json.RejectUnknownMembers(true)); err != nil {
		return nil, err
	}
	for _, c := range list {
		switch {
		case !goodConstant.MatchString(c.Name), c.TypeScript != "" && !goodConstant.MatchString(c.TypeScript):
			return nil, fmt.Errorf("%q is no name of a constant", c.Name)
		case !strings.HasSuffix(c.About, "."):
			return nil, fmt.Errorf("%s: about is not a sentence behind the name", c.Name)
		case !slices.Contains([]string{"", "bytes", "seconds"}, c.Unit):
			return nil, fmt.Errorf("%s: %q is no unit", c.Name, c.Unit)
		case c.Number == 0 && len(c.List) == 0 && len(c.Names) == 0:
			return nil, fmt.Errorf("%s: neither number, list nor names", c.Name)
		}
	}
	return list, nil
}

// forms are how a language writes a constant of each kind.
type forms struct {
	number, list, names, seconds string
	quote                        func(string) string
}

var (
	goForms         = forms{"const %s = %s\n", "var %s = []string{\n%s}\n", "var %s = map[string]string{\n%s}\n", " * time.Second", strconv.Quote}
	typeScriptForms = forms{"export const %s = %s;\n", "export const %s = [\n%s];\n", "export const %s: Record<string, string> = {\n%s};\n", " * 1000", typeScriptString}
)

func (c constant) source(f forms, name string) string {
	about := lines("// ", 80, strings.Fields(name+" "+c.About))
	switch {
	case c.List != nil:
		var items []string
		for _, item := range c.List {
			items = append(items, f.quote(item)+",")
		}
		return about + fmt.Sprintf(f.list, name, lines("  ", 100, items))
	case c.Names != nil:
		entries := ""
		for _, key := range slices.Sorted(maps.Keys(c.Names)) {
			entries += "  " + f.quote(key) + ": " + f.quote(c.Names[key]) + ",\n"
		}
		return about + fmt.Sprintf(f.names, name, entries)
	}
	number := strconv.FormatInt(c.Number, 10)
	switch {
	case c.Unit == "bytes" && c.Number%(1<<20) == 0:
		number = fmt.Sprintf("%d << 20", c.Number>>20)
	case c.Unit == "bytes" && c.Number%(1<<10) == 0:
		number = fmt.Sprintf("%d << 10", c.Number>>10)
	case c.Unit == "seconds":
		number += f.seconds
	}
	return about + fmt.Sprintf(f.number, name, number)
}

// lines puts words into lines of at most so many characters behind a mark.
func lines(mark string, most int, words []string) string {
	out, line := "", mark
	for _, word := range words {
		if line != mark && len(line)+len(word) > most {
			out += strings.TrimSuffix(line, " ") + "\n"
			line = mark
		}
		line += word + " "
	}
	return out + strings.TrimSuffix(line, " ") + "\n"
}
