package interop

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var linkedData = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

// testLinked has the compiler of TypeScript hold the linked data of every page against
// schema-dts, schema.org's vocabulary as types: each property is one of its class, and
// each value of a kind that the property takes. It holds the heads of pages, too.
func testLinked(t *testing.T, a *academy) {
	const scripts = "../../../themes/default/src"
	if err := Install(t.Context(), scripts); err != nil {
		t.Fatal(err)
	}
	var nodes []string
	types, kinds := map[string]bool{}, map[string]int{}
	err := fs.WalkDir(os.DirFS(a.public()), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		page, err := os.ReadFile(filepath.Join(a.public(), name))
		if err != nil {
			return err
		}
		for _, meta := range []string{`<meta name="description" content="`, `<meta property="og:description" content="`, `<meta property="og:locale" content="`,
			`<meta property="og:title" content="`, `<meta name="twitter:card" content="`} {
			if n := strings.Count(string(page), meta); n != 1 && !strings.HasSuffix(name, "404.html") {
				t.Errorf("%s has %d times %s", name, n, meta)
			}
		}
		for _, found := range linkedData.FindAllSubmatch(page, -1) {
			var doc map[string]any
			if err := json.Unmarshal(found[1], &doc); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			graph, ok := doc["@graph"].([]any)
			if !ok {
				graph = []any{doc}
			}
			for _, n := range graph {
				n := n.(map[string]any)
				if n["@type"] != "WebSite" {
					kinds[strings.Split(name, "/")[0]]++
				}
				delete(n, "@context")
				kind := n["@type"].(string)
				b, err := json.Marshal(n)
				if err != nil {
					return err
				}
				types[kind] = true
				nodes = append(nodes, fmt.Sprintf("// %s\nexport const n%d: %s = %s;\n", name, len(nodes), kind, b))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if kinds["index.html"] < 2 || kinds["achievements"] < 13 || kinds["awards"] < 50 {
		t.Errorf("linked data by folder: %v", kinds)
	}
	// What is none of a class's own is found: else the compiler says that it did expect it.
	types["Course"], nodes = true, append(nodes, "// @ts-expect-error\nexport const bad: Course = {\"@type\": \"Course\", \"validFor\": \"P2Y\"};\n")
	if out := typed(t, scripts, slices.Sorted(maps.Keys(types)), nodes); out != "" {
		t.Errorf("not as schema.org has it:\n%s", out)
	}
}

// typed is what the compiler says of some nodes.
func typed(t *testing.T, scripts string, types, nodes []string) string {
	t.Helper()
	absolute := func(name string) string {
		p, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	dir := t.TempDir()
	source := fmt.Sprintf("import type { %s } from \"schema-dts\";\n%s", strings.Join(types, ", "), strings.Join(nodes, ""))
	config, err := json.Marshal(map[string]any{"files": []string{"linked.ts"}, "compilerOptions": map[string]any{"strict": true, "noEmit": true, "skipLibCheck": true,
		"module": "esnext", "moduleResolution": "bundler", "types": []string{}, "paths": map[string]any{"schema-dts": []string{absolute("node_modules/schema-dts/dist/schema.d.ts")}}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"linked.ts": source, "tsconfig.json": string(config)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := exec.CommandContext(t.Context(), filepath.Join(absolute(scripts), "node_modules", ".bin", "tsc"), "-p", dir).CombinedOutput()
	return strings.TrimSpace(string(out))
}
