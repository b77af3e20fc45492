package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the table of packages: what each may import of laurel. Those
// that are missing here may not exist.
var mayImport = map[string][]string{
	"cli":                {"*"},
	"docs":               {},
	"authoring/model":    {"material/hint", "material/text"},
	"authoring/content":  {"authoring/model", "material/hint", "material/picture", "material/table", "material/text", "material/markdown", "material/tone", "themes"},
	"authoring/importer": {"authoring/content", "authoring/model", "material/hint", "material/picture", "material/text", "standards/bake", "standards/jsonld", "standards/proof", "standards/vc"},
	"issuing/plan":       {"authoring/model", "issuing/capsule", "issuing/ledger", "material/hint", "material/text", "standards/did", "standards/vc"},
	"issuing/register":   {"authoring/model", "issuing/ledger", "material/text", "standards/vc"},
	"issuing/adopt":      {"authoring/model", "issuing/ledger", "issuing/plan", "material/hint", "material/pool", "standards/vc", "standards/verify", "standards/did", "standards/sdjwt"},
	"issuing/sign":       {"authoring/model", "issuing/capsule", "issuing/plan", "issuing/ledger", "material/pool", "standards/vc", "standards/jsonld", "standards/proof", "standards/sdjwt", "standards/conform", "standards/verify", "standards/did", "standards/tlog"},
	"issuing/received":   {"authoring/model", "standards/did", "standards/vc", "standards/verify"},
	"issuing/capsule":    {"material/text"},
	"issuing/keys":       {"material/durable", "material/text", "standards/did"},
	"issuing/signer":     {"material/hint", "material/text", "standards/did"},
	"issuing/ledger":     {"material/durable", "material/pool", "material/text", "standards/tlog"},
	"publishing/linked":  {"standards/vc"},
	"publishing/site":    {"authoring/model", "issuing/ledger", "publishing/linked", "standards/vc", "standards/did", "standards/tlog"},
	"material/text":      {},
	"material/markdown":  {"material/text"},
	"material/hint":      {},
	"material/durable":   {"material/hint"},
	"material/pool":      {},
	"material/lettering": {"material/text"},
	"material/picture":   {},
	"material/tone":      {},
	"material/table":     {"material/hint", "material/text"},
	"material/pdf":       {},
	"publishing/badge":   {"publishing/site", "material/lettering", "material/picture", "standards/bake", "material/text", "material/tone"},
	"publishing/render":  {"publishing/site", "publishing/badge", "material/picture", "themes", "material/markdown", "material/text", "material/tone"},
	"publishing/publish": {"material/durable", "material/hint"},
	"publishing/host":    {"material/durable", "material/hint", "material/pool"},
	"publishing/outside": {"authoring/model", "issuing/ledger", "material/durable", "material/hint", "standards/did", "standards/vc", "standards/tlog"},
	"publishing/privacy": {"authoring/model", "material/hint"},
	"publishing/build":   {"authoring/model", "issuing/capsule", "issuing/ledger", "material/pool", "publishing/privacy", "publishing/publish", "publishing/render", "publishing/site", "standards/tlog"},
	"publishing/deliver": {"authoring/model", "issuing/ledger", "material/durable", "material/hint", "material/pool", "material/table", "material/text", "publishing/certificate", "publishing/render", "publishing/site", "standards/vc", "standards/tlog"},
	"publishing/audit":   {"authoring/model", "material/pool", "material/text", "publishing/privacy", "standards/bake", "standards/did", "standards/fetch", "standards/tlog", "standards/vc", "standards/verify"},
	"standards/vc":       {"material/text"},
	"standards/did":      {"material/text", "standards/jsonld"},
	"standards/rdfc":     {},
	"standards/jsonld":   {"standards/rdfc"},
	"standards/proof":    {"material/text", "standards/jsonld", "standards/rdfc"},
	"standards/sdjwt":    {"material/text", "standards/jsonld", "standards/proof"},
	"standards/conform":  {"standards/did", "standards/jsonld", "standards/vc"},
	"standards/bake":     {"material/text"},
	"standards/verify":   {"standards/vc", "standards/did", "standards/tlog", "standards/jsonld", "standards/proof", "standards/rdfc", "standards/conform", "standards/bake", "standards/sdjwt", "material/text"},
	"standards/tlog":     {},
	"standards/fetch":    {"material/durable"},
	"testing/interop":    {},
	"tools/tables":       {"material/text"},
	"tools/release":      {"cli"},
	"tools/targets":      {},
	"testing/vectors":    {},
	"testing/nquads":     {"standards/rdfc"},
	"testing/jwe":        {},
	"testing/poppler":    {},
	"testing/work":       {},

	"publishing/certificate": {"publishing/site", "publishing/render", "material/lettering", "material/pdf", "material/picture", "material/text", "material/tone"},
	"testing/browser":        {"testing/interop"},
}

// onlyIn names packages of which only some may make use.
var onlyIn = map[string][]string{
	"net/http":                                     {"standards/fetch", "cli", "testing/browser"},
	"laurel/internal/authoring/model":              {"authoring/content", "authoring/importer", "issuing/plan", "issuing/register", "issuing/sign", "issuing/adopt", "issuing/received", "publishing/site", "publishing/deliver", "publishing/privacy", "publishing/build", "publishing/audit", "publishing/outside", "cli"},
	"laurel/internal/issuing/keys":                 {"cli"},
	"laurel/internal/issuing/signer":               {"cli"},
	"github.com/miekg/pkcs11":                      {},
	"laurel/internal/issuing/capsule":              {"issuing/plan", "issuing/sign", "publishing/build", "cli"},
	"github.com/piprate/json-gold/ld":              {"standards/jsonld"},
	"github.com/go-jose/go-jose/v4":                {"issuing/keys"},
	"golang.org/x/mod/sumdb/note":                  {"standards/tlog"},
	"golang.org/x/mod/sumdb/tlog":                  {"standards/tlog"},
	"github.com/fxamacker/cbor/v2":                 {"standards/proof"},
	"github.com/ccojocar/zxcvbn-go":                {"issuing/keys"},
	"github.com/ccojocar/zxcvbn-go/data":           {"issuing/keys"},
	"github.com/sethvargo/go-diceware/diceware":    {"issuing/keys"},
	"github.com/go-fonts/dejavu/dejavusans":        {"material/lettering"},
	"github.com/go-fonts/dejavu/dejavusansbold":    {"material/lettering"},
	"github.com/go-fonts/dejavu/dejavuserifbold":   {"material/lettering"},
	"github.com/go-text/typesetting/shaping":       {"material/lettering"},
	"image/jpeg":                                   {"material/picture"},
	"golang.org/x/image/vector":                    {"publishing/badge"},
	"github.com/skip2/go-qrcode":                   {"material/picture"},
	"gopkg.in/yaml.v3":                             {"authoring/content", "authoring/importer", "cli"},
	"github.com/yuin/goldmark":                     {"material/markdown"},
	"github.com/santhosh-tekuri/jsonschema/v6":     {"standards/conform"},
	"github.com/minio/minio-go/v7":                 {"publishing/host"},
	"github.com/minio/minio-go/v7/pkg/credentials": {"publishing/host"},
	"github.com/spf13/cobra":                       {"cli", "tools/release"},
	"github.com/schollz/progressbar/v3":            {"cli"},
	"html/template":                                {"publishing/render", "cli"},
	"time/tzdata":                                  {},
	"unsafe":                                       {},
	"encoding/json":                                {"testing/interop", "standards/conform"},
	"github.com/mr-tron/base58":                    {"standards/did", "standards/proof"},
	"github.com/decred/dcrd/dcrec/secp256k1/v4":    {"standards/did", "standards/proof", "testing/cases"},
	"github.com/chromedp/chromedp":                 {"testing/browser"},
}

// without names what a package must do without.
var without = map[string][]string{
	"issuing/plan":     {"os", "net", "net/http"},
	"issuing/register": {"os", "net", "net/http"},
	"publishing/site":  {"os", "net", "net/http"},
}

// TestWalls keeps the packages apart as the architecture in internal/README.md has it.
func TestWalls(t *testing.T) {
	imports := importsOf(t)
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("package internal/%s is not in the table of packages", pkg)
			continue
		}
		for _, imp := range imports[pkg] {
			if name, ok := ours(imp); ok && !slices.Contains(allowed, "*") && !slices.Contains(allowed, name) {
				t.Errorf("internal/%s imports %s", pkg, imp)
			}
			if owners, ok := onlyIn[imp]; ok && !slices.Contains(owners, pkg) {
				t.Errorf("internal/%s imports %s, which only %v may", pkg, imp, owners)
			}
			if slices.Contains(without[pkg], imp) {
				t.Errorf("internal/%s imports %s, and should be pure", pkg, imp)
			}
		}
	}
	for pkg := range mayImport {
		if imports[pkg] == nil {
			t.Errorf("package internal/%s is in the table of packages and does not exist", pkg)
		}
	}
}

// TestTestingStaysOutside keeps what is for tests out of everything else: only
// tests, and packages of testing/ themselves, import one of those.
func TestTestingStaysOutside(t *testing.T) {
	looked, by := 0, map[string]int{}
	for _, folder := range []string{".", "../cmd", "../themes"} {
		err := walkGo(folder, func(p string, file *ast.File) {
			looked++
			inTesting := strings.HasPrefix(filepath.ToSlash(p), "testing/")
			for _, spec := range file.Imports {
				imp, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				name, ok := ours(imp)
				if !ok || !strings.HasPrefix(name, "testing/") {
					continue
				}
				if by[name]++; !inTesting && !strings.HasSuffix(p, "_test.go") {
					t.Errorf("%s imports %s, which is for tests", p, name)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 200 {
		t.Errorf("only %d files", looked)
	}
	for pkg := range mayImport {
		if strings.HasPrefix(pkg, "testing/") && by[pkg] == 0 {
			t.Errorf("no test imports %s", pkg)
		}
	}
}

// walkGo reads the imports of every Go file below a folder, tests' as well.
func walkGo(folder string, do func(p string, file *ast.File)) error {
	return filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		do(p, file)
		return nil
	})
}

// TestReadme holds the table of packages in internal/README.md to the one above.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		pkg := strings.Trim(cells[0], " `")
		if _, known := mayImport[pkg]; !known || len(cells) != 3 {
			continue
		}
		told[pkg] = strings.Split(strings.ReplaceAll(strings.TrimSpace(cells[2]), "`", ""), ", ")
		slices.Sort(told[pkg])
	}
	for pkg, allowed := range mayImport {
		if strings.HasPrefix(pkg, "testing/") || strings.HasPrefix(pkg, "tools/") {
			continue
		}
		want := []string{"none"}
		switch {
		case slices.Contains(allowed, "*"):
			want = []string{"all"}
		case len(allowed) > 0:
			want = nil
			for _, name := range allowed {
				want = append(want, path.Base(name))
			}
			slices.Sort(want)
		}
		if !slices.Equal(told[pkg], want) {
			t.Errorf("internal/README.md says that %s imports %v, and it may import %v", pkg, told[pkg], want)
		}
	}
}

// ours is the name of an import of laurel's own, without "internal/".
func ours(imp string) (string, bool) {
	rest, ok := strings.CutPrefix(imp, "laurel/")
	return strings.TrimPrefix(rest, "internal/"), ok
}

// importsOf reads the imports of every package below this folder, tests left
// out.
func importsOf(t *testing.T) map[string][]string {
	imports := make(map[string][]string)
	err := walkGo(".", func(p string, file *ast.File) {
		if strings.HasSuffix(p, "_test.go") {
			return
		}
		pkg := path.Dir(filepath.ToSlash(p))
		if imports[pkg] == nil {
			imports[pkg] = []string{}
		}
		for _, spec := range file.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imports[pkg] = append(imports[pkg], imp)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(imports) < 15 {
		t.Fatalf("found only %d packages", len(imports))
	}
	return imports
}
