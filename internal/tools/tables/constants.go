package main

import (
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

// constant is one limit or enumeration.
type constant struct {
	Name       string `json:"name"`       // in Go; what is exported begins with a capital letter
	TypeScript string `json:"typescript"` // in the scripts; the same if it is empty
	Unit       string `json:"unit"`       // "bytes", "seconds" or nothing
	Value      any    `json:"value"`      // a number, a list of texts, or numbers or texts by name
	About      string `json:"about"`      // what it is, as a sentence behind the name
}

func constantTables(root string, files map[string][]byte) error {
	found, err := filepath.Glob(filepath.Join(root, "internal/*/*", constantsFile))
	if err != nil {
		return err
	}
	var script strings.Builder
	script.WriteString(heading("//", constantsFile+" of the Go packages"))
	script.WriteString("// Limits and enumerations that both verifiers hold to.\n")
	seen := map[string]string{}
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
		for i, c := range list {
			if c.TypeScript == "" {
				list[i].TypeScript = c.Name
			}
			if other := seen[list[i].TypeScript]; other != "" {
				return fmt.Errorf("%s and %s both have a constant %s of the scripts", other, folder, list[i].TypeScript)
			}
			seen[list[i].TypeScript] = folder
		}
		if files[path.Join(folder, constantsGo)], err = constantsAsGo(path.Base(folder), list); err != nil {
			return err
		}
		for _, c := range list {
			script.WriteString("\n" + c.asTypeScript())
		}
	}
	if len(found) == 0 {
		return errors.New("no " + constantsFile)
	}
	files[constantsTypeScript] = []byte(script.String())
	return nil
}

var goodConstant = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

func readConstants(name string) ([]constant, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var list []constant
	if err := json.Unmarshal(data, &list, json.RejectUnknownMembers(true)); err != nil {
		return nil, err
	}
	for _, c := range list {
		if !goodConstant.MatchString(c.Name) || c.TypeScript != "" && !goodConstant.MatchString(c.TypeScript) {
			return nil, fmt.Errorf("%q is no name of a constant", c.Name)
		}
		if !strings.HasSuffix(c.About, ".") {
			return nil, fmt.Errorf("%s: about is not a sentence behind the name", c.Name)
		}
		switch v := c.Value.(type) {
		case float64:
			if v != float64(int64(v)) || !slices.Contains([]string{"", "bytes", "seconds"}, c.Unit) {
				return nil, fmt.Errorf("%s: not a whole number, of bytes, seconds or nothing", c.Name)
			}
		case []any:
			for _, item := range v {
				if _, ok := item.(string); !ok {
					return nil, fmt.Errorf("%s: not a list of texts", c.Name)
				}
			}
		case map[string]any:
			if _, _, err := sameKind(v); err != nil {
				return nil, fmt.Errorf("%s: %w", c.Name, err)
			}
		default:
			return nil, fmt.Errorf("%s: neither a number nor a list nor names with values", c.Name)
		}
	}
	return list, nil
}

// sameKind are the types of values by name, in Go and TypeScript.
func sameKind(values map[string]any) (inGo, inTypeScript string, err error) {
	texts := 0
	for _, v := range values {
		switch v := v.(type) {
		case string:
			texts++
		case float64:
			if v != float64(int64(v)) {
				return "", "", errors.New("a value is not a whole number")
			}
		default:
			return "", "", errors.New("a value is neither a text nor a number")
		}
	}
	switch texts {
	case len(values):
		return "string", "string", nil
	case 0:
		return "int", "number", nil
	}
	return "", "", errors.New("texts and numbers are mixed")
}

// number writes bytes by their powers of two.
func (c constant) number(v float64) string {
	n := int64(v)
	switch {
	case c.Unit == "bytes" && n%(1<<20) == 0:
		return fmt.Sprintf("%d << 20", n>>20)
	case c.Unit == "bytes" && n%(1<<10) == 0:
		return fmt.Sprintf("%d << 10", n>>10)
	}
	return strconv.FormatInt(n, 10)
}

func constantsAsGo(pkg string, list []constant) ([]byte, error) {
	var b strings.Builder
	b.WriteString("package " + pkg + "\n\n")
	if slices.ContainsFunc(list, func(c constant) bool { return c.Unit == "seconds" }) {
		b.WriteString("import \"time\"\n\n")
	}
	for _, c := range list {
		b.WriteString(comment("// ", c.Name+" "+c.About))
		switch v := c.Value.(type) {
		case float64:
			if c.Unit == "seconds" {
				fmt.Fprintf(&b, "const %s = %s * time.Second\n\n", c.Name, c.number(v))
			} else {
				fmt.Fprintf(&b, "const %s = %s\n\n", c.Name, c.number(v))
			}
		case []any:
			fmt.Fprintf(&b, "var %s = []string{\n", c.Name)
			for _, line := range wrapped(v, strconv.Quote) {
				b.WriteString(line + "\n")
			}
			b.WriteString("}\n\n")
		case map[string]any:
			kind, _, _ := sameKind(v)
			fmt.Fprintf(&b, "var %s = map[string]%s{\n", c.Name, kind)
			for _, name := range slices.Sorted(maps.Keys(v)) {
				fmt.Fprintf(&b, "%q: %s,\n", name, goValue(v[name]))
			}
			b.WriteString("}\n\n")
		}
	}
	return goSource(constantsFile, b.String())
}

func goValue(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return strconv.FormatInt(int64(v.(float64)), 10)
}

func (c constant) asTypeScript() string {
	var b strings.Builder
	about := c.TypeScript + " " + c.About
	switch v := c.Value.(type) {
	case float64:
		number := c.number(v)
		if c.Unit == "seconds" {
			number += " * 1000"
			about = strings.TrimSuffix(about, ".") + "; in milliseconds."
		}
		b.WriteString(comment("// ", about))
		fmt.Fprintf(&b, "export const %s = %s;\n", c.TypeScript, number)
	case []any:
		b.WriteString(comment("// ", about))
		fmt.Fprintf(&b, "export const %s = [\n", c.TypeScript)
		for _, line := range wrapped(v, typeScriptString) {
			b.WriteString("  " + line + "\n")
		}
		b.WriteString("];\n")
	case map[string]any:
		_, kind, _ := sameKind(v)
		b.WriteString(comment("// ", about))
		fmt.Fprintf(&b, "export const %s: Record<string, %s> = {\n", c.TypeScript, kind)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			value := goValue(v[name])
			if s, ok := v[name].(string); ok {
				value = typeScriptString(s)
			}
			fmt.Fprintf(&b, "  %s: %s,\n", typeScriptString(name), value)
		}
		b.WriteString("};\n")
	}
	return b.String()
}

// wrapped are texts in lines of at most 100 characters, each with a comma.
func wrapped(list []any, quote func(string) string) []string {
	var lines []string
	line := ""
	for _, item := range list {
		next := quote(item.(string)) + ","
		if line != "" && len(line)+1+len(next) > 100 {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+next, " ")
	}
	return append(lines, line)
}

// comment is a text in lines of at most 80 characters behind a mark.
func comment(mark, text string) string {
	var b strings.Builder
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(mark)+len(line)+1+len(word) > 80 {
			b.WriteString(mark + line + "\n")
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return b.String() + mark + line + "\n"
}
