package render

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"laurel/internal/publishing/site"
	"laurel/internal/standards/vc"
)

// guide is what the guide for themes says of templates: made of the sources.
type guide struct {
	docs     map[string]string // "Achievement", "Achievement.Name": what its comment says
	examples map[string]string
	types    []reflect.Type // in the order in which pages lead to them
}

// guideMark begins what is made.
const guideMark = "\n## What templates are given\n"

// TestGuide holds the second half of internal/docs/content/pages/theme.md to the page types, functions and
// templates that there are. UPDATE_GOLDEN=1 writes it anew.
func TestGuide(t *testing.T) {
	g := &guide{docs: map[string]string{}, examples: map[string]string{}}
	for _, dir := range []string{"../site", "../linked", "../../standards/vc", "."} {
		g.read(t, dir)
	}
	pages := samples()
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		g.example(reflect.ValueOf(pages[name]))
	}
	for _, v := range guideExamples() {
		g.example(reflect.ValueOf(v))
	}
	written, _, _ := strings.Cut(guideText(t), guideMark)
	want := written + guideMark + g.text(t)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(guideFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if guideText(t) != want {
		t.Error("internal/docs/content/pages/theme.md is not what the sources say; run this with UPDATE_GOLDEN=1 and read the difference")
	}
	for _, p := range regexp.MustCompile("`--([a-z-]+)`").FindAllStringSubmatch(written, -1) {
		if !strings.Contains(string(Look{}.tokens()), "--"+p[1]+":") {
			t.Errorf("the guide names --%s, which tokens.css has not", p[1])
		}
	}
}

// guideFile is the chapter about themes.
const guideFile = "../../docs/content/pages/theme.md"

func guideText(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(guideFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// guideExamples are values of fields that no sample has.
func guideExamples() []any {
	day := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	return []any{
		site.Issuer{LinkedIn: "1234567", Domain: "academy.example.org", ParentName: "Harbour Trust", ParentURL: "https://trust.example.org/"},
		site.Identifier{Type: "UKPRN", ID: "10099999"}, site.AchievementCard{SmallHref: "./achievements/welding/image-row.svg"},
		site.ProgramCard{Language: "de"}, site.Alignment{Skill: "apply-arc-welding-techniques"}, site.ProgramPage{Credits: "12", ValidFor: "P3Y"},
		site.AwardPage{Listed: "../../status/1.json", Sealed: true, Variant: "no-name", IsRenewal: true, Renewed: day, RenewedHref: "../../awards/0a1b2c3d-0000-4000-8000-000000000000/", Log: `{"origin":"academy.example.org", …}`},
		vc.RubricCriterionLevel{Type: []string{"RubricCriterionLevel"}},
		vc.Alignment{TargetCode: "S1.2.3", TargetDescription: "Joins metal by its own melt.", TargetName: "apply arc welding techniques", TargetFramework: "ESCO", TargetType: "ceasn:Competency", TargetURL: "https://example.org/skills/1"},
		site.Evidence{File: "report.pdf", FileType: "application/pdf", FileHref: "evidence/report.pdf"}, site.RecordPart{Type: "Course"},
		site.Member{ValidFrom: day, Listed: "../../status/1.json", StatusIndex: "94567"},
		site.Certificate{Design: "classic", Caption: "Scan to check"}, site.Signatory{Name: "Maud Exemplar", Title: "Head of the workshop"},
		site.SheetPicture{Href: "../../certificates/0a1b.svg", Alt: "Maud Exemplar"}, site.Partner{Name: "Guild of Welders"},
		site.FormFile{Format: "vc-jwt", Href: "credential.jwt", MediaType: "application/vc+jwt"},
		FilePage{AsOf: day, Credential: `{"@context": …`, DIDDocument: `{"id": …`, StatusListDocument: `{"@context": …`, Documents: `[…]`, Script: "…", Style: "…", ScriptHash: "sha256-…", StyleHash: "sha256-…"},
	}
}

// read takes the comments of a package's types and fields.
func (g *guide) read(t *testing.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				for _, s := range n.Specs {
					spec, ok := s.(*ast.TypeSpec)
					if !ok {
						continue
					}
					g.say(spec.Name.Name, n.Doc, spec.Doc)
					fields, ok := spec.Type.(*ast.StructType)
					if !ok {
						continue
					}
					said := ""
					for i, f := range fields.Fields.List {
						// One comment stands before several fields.
						if f.Doc != nil || i > 0 && f.Comment != nil {
							said = ""
						}
						for _, name := range f.Names {
							key := spec.Name.Name + "." + name.Name
							g.say(key, f.Doc, f.Comment)
							if said = cmp.Or(g.docs[key], said); f.Doc == nil && f.Comment == nil && strings.Contains(said, name.Name) {
								g.docs[key] = said
							}
						}
					}
				}
			case *ast.FuncDecl:
				if n.Recv != nil && n.Name.IsExported() {
					recv := n.Recv.List[0].Type
					if star, ok := recv.(*ast.StarExpr); ok {
						recv = star.X
					}
					if id, ok := recv.(*ast.Ident); ok {
						g.say(id.Name+"."+n.Name.Name, n.Doc)
					}
				}
			}
			return true
		})
	}
}

// pointed are the parts of a comment that Markdown would take for HTML.
var pointed = regexp.MustCompile(`[^\s,.;:]*<[^<>]*>[^\s,;:]*[^\s,.;:]|<[^<>]*>`)

// inMarkdown is a comment as one line of Markdown.
func inMarkdown(comment string) string {
	return pointed.ReplaceAllString(strings.Join(strings.Fields(comment), " "), "`$0`")
}

func (g *guide) say(key string, comments ...*ast.CommentGroup) {
	for _, c := range comments {
		if c != nil && g.docs[key] == "" {
			g.docs[key] = inMarkdown(c.Text())
		}
	}
}

// example takes the first value of each field that is not empty.
func (g *guide) example(v reflect.Value) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			g.example(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			f := v.Field(i)
			key := v.Type().Name() + "." + v.Type().Field(i).Name
			if !f.IsZero() && g.examples[key] == "" {
				g.examples[key] = shown(f)
			}
			if v.Type().Field(i).IsExported() {
				g.example(f)
			}
		}
	}
}

func shown(v reflect.Value) string {
	if t, ok := v.Interface().(time.Time); ok {
		return t.Format(time.DateOnly)
	}
	switch v.Kind() {
	case reflect.String:
		s := []rune(v.String())
		if len(s) > 60 {
			s = append(s[:59], '…')
		}
		return strconv.Quote(string(s))
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return "true"
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			return fmt.Sprintf("%q", v.Interface())
		}
	}
	return ""
}

// kindOf is a type in words, and the type of this module that it leads to, if any.
func kindOf(t reflect.Type) (string, reflect.Type) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time", nil
	case t.Kind() == reflect.Pointer:
		said, to := kindOf(t.Elem())
		return said + ", or nothing", to
	case t == reflect.TypeFor[[]byte]():
		return "bytes", nil
	case t.Kind() == reflect.Slice:
		said, to := kindOf(t.Elem())
		return "list of " + said, to
	case t.Kind() == reflect.Struct && strings.HasPrefix(t.PkgPath(), "laurel/"):
		return t.Name(), t
	case t.Kind() == reflect.String:
		return "text", nil
	case t.Kind() == reflect.Int:
		return "number", nil
	case t.Kind() == reflect.Bool:
		return "yes or no", nil
	}
	return t.String(), nil
}

func (g *guide) text(t *testing.T) string {
	var b strings.Builder
	r := newTest(t)
	b.WriteString("\nThis half is made of laurel's sources. A field is written after a point: `{{.Title}}`,\n`{{range .Achievements}}{{.Name}}{{end}}`, `{{with .Issuer.URL}}…{{end}}`. Examples are those of a sample.\n\n### Templates\n\n")
	comment := regexp.MustCompile(`^\{\{- /\* (.*?) \*/ -\}\}`)
	names := slices.Sorted(maps.Keys(r.theme.templates))
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/"))
	})
	for _, name := range names {
		m := comment.FindStringSubmatch(r.theme.templates[name])
		if m == nil {
			t.Fatalf("templates/%s does not begin with a comment that says what it is", name)
		}
		fmt.Fprintf(&b, "- `templates/%s`: %s\n", name, m[1])
	}
	seen := map[reflect.Type]bool{}
	for _, page := range trialPages() {
		g.collect(reflect.TypeOf(page).Elem(), seen)
	}
	g.collect(reflect.TypeFor[FilePage](), seen)
	g.collect(reflect.TypeFor[vc.Standing](), seen)
	for _, typ := range g.types {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", strings.TrimPrefix(typ.String(), "site."), g.docs[typ.Name()])
		g.fields(t, &b, typ)
	}
	b.WriteString("\n### Functions\n\n")
	functions(t, &b)
	return b.String()
}

// collect gathers a type and those of its fields.
func (g *guide) collect(t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] || !strings.HasPrefix(t.PkgPath(), "laurel/") || t.PkgPath() == reflect.TypeFor[site.Badge]().PkgPath() && t.Name() == "Badge" {
		return
	}
	seen[t] = true
	g.types = append(g.types, t)
	for i := range t.NumField() {
		if _, to := kindOf(t.Field(i).Type); to != nil && t.Field(i).IsExported() {
			g.collect(to, seen)
		}
	}
}

func (g *guide) fields(t *testing.T, b *strings.Builder, typ reflect.Type) {
	last := ""
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Anonymous {
			fmt.Fprintf(b, "- all of %s\n", f.Name)
			continue
		}
		kind, to := kindOf(f.Type)
		fmt.Fprintf(b, "- `.%s` (%s)", f.Name, kind)
		key := typ.Name() + "." + f.Name
		if doc := strings.TrimPrefix(g.docs[key], "--- "); doc != "" && doc != last { // one comment tells of several
			last = doc
			fmt.Fprintf(b, ": %s", doc)
		}
		if example := g.examples[key]; example != "" {
			fmt.Fprintf(b, " – `%s`", example)
		} else if to == nil && strings.HasPrefix(typ.String(), "site.") && f.Type.Kind() != reflect.Map {
			t.Errorf("%s.%s has no example: give it one in the samples or in guideExamples", typ, f.Name)
		}
		b.WriteByte('\n')
	}
}

// functions writes the functions of templates, with the comments before them.
func functions(t *testing.T, b *strings.Builder) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "templates.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	known := (&Renderer{theme: &theme{}}).functions(fallback, words{})
	told := 0
	ast.Inspect(file, func(n ast.Node) bool {
		l, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if s, ok := l.Type.(*ast.SelectorExpr); !ok || s.Sel.Name != "FuncMap" {
			return true
		}
		var names []string
		said := ""
		flush := func() {
			if len(names) > 0 {
				fmt.Fprintf(b, "- `%s`: %s\n", strings.Join(names, "`, `"), said)
			}
			names = nil
		}
		last := l.Lbrace
		for _, e := range l.Elts {
			pair := e.(*ast.KeyValueExpr)
			for _, c := range file.Comments {
				if c.Pos() > last && c.End() < pair.Pos() && set.Position(c.Pos()).Column == set.Position(pair.Pos()).Column {
					flush()
					said = inMarkdown(c.Text())
				}
			}
			name, err := strconv.Unquote(pair.Key.(*ast.BasicLit).Value)
			if err != nil || known[name] == nil {
				t.Errorf("%s is no function", pair.Key)
			}
			names, last = append(names, name), pair.End()
			told++
		}
		flush()
		return false
	})
	if told != len(known) {
		t.Errorf("%d functions of %d are told", told, len(known))
	}
}
