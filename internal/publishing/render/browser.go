package render

import (
	"fmt"
	"html/template"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/picture"
	"laurel/internal/publishing/site"
)

// browserStart is the template that the claim page draws an award with.
const browserStart = "parts/award.html"

// browserBundle is what the claim page draws sealed awards with. A template is
// a list of nodes:
//
//	"text"                    text
//	["a", pipe]               an action
//	["i", pipe, list, else]   if; ["w", …] with; ["r", …] range
//	["t", "name", pipe]       a call of another template
//	["b"], ["c"]              break, continue
//
// A pipe is [variables, command, …], the variables being 0 for none, or their
// names, behind "=" where they are assigned and not declared. A command is a
// list of operands: ".Field.Field", "$variable.Field", "\"text", "function", a
// number, true, false, null, [pipe] or [pipe, ".Field"].
type browserBundle struct {
	Version  int    `json:"version"` // 1
	Language string `json:"language"`
	Dir      string `json:"dir"`
	Start    string `json:"start"`
	// Words are those that the templates ask for.
	Words map[string]string `json:"words"`
	// Assets are, by name, where those are that the templates name, and their
	// digests.
	Assets    map[string][2]string `json:"assets"`
	Templates map[string][]any     `json:"templates"`
}

// BrowserTemplate is the theme's parts/award.html, with all that it calls and
// the words of a language, as JSON for the claim page's script, which draws an
// award with it exactly as Page does. The templates are those that
// html/template has made safe: each value names the functions that escape it.
// The same theme gives the same bytes.
//
// What the script does not have is a TemplateError: the functions words, call
// and js, a value within a script, a style or an attribute's name, a template
// called within an attribute or a title, numbers with a point, methods of times
// but a few.
func (r *Renderer) BrowserTemplate(lang string) ([]byte, error) {
	if lang == "" {
		lang = fallback
	}
	set, err := r.localized(lang)
	if err != nil {
		return nil, err
	}
	for _, page := range trialAwards() {
		if err := set.ExecuteTemplate(io.Discard, browserStart, page); err != nil {
			return nil, r.theme.templateError(err)
		}
	}
	e := &browserEncoder{theme: r.theme, set: set, known: r.theme.wordsFor(lang), fields: browserFields(), bundle: browserBundle{
		Version: 1, Language: lang, Dir: direction(lang), Start: browserStart,
		Words: map[string]string{}, Assets: map[string][2]string{}, Templates: map[string][]any{},
	}}
	e.template(browserStart)
	if e.err != nil {
		return nil, e.err
	}
	b, err := json.Marshal(e.bundle, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode the award template: %w", err)
	}
	return b, nil
}

// trialAwards are award pages to try parts/award.html on, among them one with a
// result on no scale.
func trialAwards() []any {
	pages := slices.DeleteFunc(trialPages(), func(page any) bool {
		_, ok := page.(*site.AwardPage)
		return !ok
	})
	plain := new(site.AwardPage)
	fill(reflect.ValueOf(plain).Elem())
	plain.Results[0].Level = nil
	return append(pages, plain)
}

// browserEncoder puts templates into a bundle. The first thing that the script
// does not have is its error.
type browserEncoder struct {
	theme  *theme
	set    *template.Template // html/template has escaped it
	known  words
	fields map[string]bool
	bundle browserBundle
	tree   *parse.Tree // being encoded
	err    error
}

// template adds a template and those that it calls.
func (e *browserEncoder) template(name string) {
	if _, ok := e.bundle.Templates[name]; ok || e.err != nil {
		return
	}
	e.bundle.Templates[name] = nil // it may call itself
	outer := e.tree
	e.tree = e.set.Lookup(name).Tree
	e.bundle.Templates[name] = e.list(e.tree.Root)
	e.tree = outer
}

// unsupported notes an error at a node of the current template.
func (e *browserEncoder) unsupported(n parse.Node, format string, args ...any) {
	if e.err != nil {
		return
	}
	at, _ := e.tree.ErrorContext(n)
	err := fmt.Errorf("not supported in "+browserStart+", which browsers draw as well: "+format, args...)
	name, _, _ := strings.Cut(at, ":")
	e.err = &TemplateError{Theme: e.theme.name, File: "templates/" + name, said: at + ": " + err.Error(), err: err}
}

func (e *browserEncoder) list(l *parse.ListNode) []any {
	nodes := []any{}
	if l == nil {
		return nodes
	}
	for _, n := range l.Nodes {
		if n := e.node(n); n != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// node returns nil for what shows nothing.
func (e *browserEncoder) node(n parse.Node) any {
	switch n := n.(type) {
	case *parse.TextNode:
		if len(n.Text) == 0 {
			return nil
		}
		return string(n.Text)
	case *parse.CommentNode:
		return nil
	case *parse.ActionNode:
		return []any{"a", e.pipe(n.Pipe)}
	case *parse.IfNode:
		return e.branch("i", &n.BranchNode)
	case *parse.WithNode:
		return e.branch("w", &n.BranchNode)
	case *parse.RangeNode:
		return e.branch("r", &n.BranchNode)
	case *parse.TemplateNode:
		return e.call(n)
	case *parse.BreakNode:
		return []any{"b"}
	case *parse.ContinueNode:
		return []any{"c"}
	}
	e.unsupported(n, "%s", n)
	return nil
}

func (e *browserEncoder) branch(kind string, n *parse.BranchNode) any {
	encoded := []any{kind, e.pipe(n.Pipe), e.list(n.List)}
	if n.ElseList != nil {
		encoded = append(encoded, e.list(n.ElseList))
	}
	return encoded
}

// call encodes the call of a template. Where it is called within an attribute
// or an element that is not HTML, html/template makes a copy of it that nobody
// else can reach.
func (e *browserEncoder) call(n *parse.TemplateNode) any {
	if name, _, derived := strings.Cut(n.Name, "$htmltemplate_"); derived || e.set.Lookup(n.Name) == nil {
		e.unsupported(n, "{{template %q}} within an attribute, or within title, textarea, script or style; write its content there", name)
		return nil
	}
	e.template(n.Name)
	if n.Pipe == nil {
		return []any{"t", n.Name}
	}
	return []any{"t", n.Name, e.pipe(n.Pipe)}
}

func (e *browserEncoder) pipe(p *parse.PipeNode) []any {
	encoded := []any{any(0)}
	if len(p.Decl) > 0 {
		var names []string
		if p.IsAssign {
			names = append(names, "=")
		}
		for _, v := range p.Decl {
			names = append(names, v.Ident[0])
		}
		encoded[0] = names
	}
	for i, c := range p.Cmds {
		encoded = append(encoded, e.command(c, i > 0))
	}
	return encoded
}

// command encodes one command; piped tells whether it gets the value of one
// before it as its last argument.
func (e *browserEncoder) command(c *parse.CommandNode, piped bool) []any {
	if f, ok := c.Args[0].(*parse.IdentifierNode); ok {
		e.collect(f.Ident, c, piped)
	}
	var operands []any
	for _, arg := range c.Args {
		operands = append(operands, e.operand(arg, c))
	}
	return operands
}

func (e *browserEncoder) operand(n parse.Node, c *parse.CommandNode) any {
	switch n := n.(type) {
	case *parse.DotNode:
		return "."
	case *parse.FieldNode:
		return e.chain(n, "", n.Ident)
	case *parse.VariableNode:
		return e.chain(n, n.Ident[0], n.Ident[1:])
	case *parse.IdentifierNode:
		if n != c.Args[0] {
			e.collect(n.Ident, &parse.CommandNode{Args: []parse.Node{n}}, false)
		}
		return e.function(n)
	case *parse.PipeNode:
		return []any{e.pipe(n)}
	case *parse.ChainNode:
		inner := e.operand(n.Node, c)
		if nested, ok := inner.([]any); ok {
			inner = nested[0]
		} else {
			inner = []any{0, []any{inner}}
		}
		return []any{inner, e.chain(n, "", n.Field)}
	case *parse.StringNode:
		return `"` + n.Text
	case *parse.BoolNode:
		return n.True
	case *parse.NilNode:
		return nil
	case *parse.NumberNode:
		return e.number(n)
	}
	e.unsupported(n, "%s", n)
	return nil
}

// chain encodes names of fields, which are those of an award page, or methods
// of a time.
func (e *browserEncoder) chain(n parse.Node, before string, names []string) string {
	for _, name := range names {
		if !e.fields[name] {
			e.unsupported(n, "the field or method %s", name)
		}
		before += "." + name
	}
	return before
}

// browserFields are the names of what an award page holds, and of those
// methods of times that the script has.
func browserFields() map[string]bool {
	names := map[string]bool{}
	for _, method := range []string{"IsZero", "Year", "Day", "YearDay", "Unix", "UTC", "Before", "After", "Equal"} {
		names[method] = true
	}
	addFields(names, reflect.TypeFor[site.AwardPage]())
	addFields(names, reflect.TypeFor[picture.QRCode]())
	return names
}

func addFields(names map[string]bool, t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		addFields(names, t.Elem())
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range t.NumField() {
			names[t.Field(i).Name] = true
			addFields(names, t.Field(i).Type)
		}
	}
}

// number encodes a whole number that JavaScript holds exactly.
func (e *browserEncoder) number(n *parse.NumberNode) any {
	const most = 1<<53 - 1
	hex := strings.HasPrefix(strings.ToLower(strings.TrimLeft(n.Text, "+-")), "0x")
	point := n.Text[0] != '\'' && !hex && strings.ContainsAny(n.Text, ".eEpP")
	if !n.IsInt || n.IsComplex && strings.HasSuffix(n.Text, "i") || point || n.Int64 < -most || n.Int64 > most {
		e.unsupported(n, "the number %s, since it is not a whole one below 2^53", n.Text)
		return nil
	}
	return n.Int64
}

// function encodes the name of a function; escapers lose the long beginning of
// their names.
func (e *browserEncoder) function(n *parse.IdentifierNode) any {
	name, escaper := strings.CutPrefix(n.Ident, "_html_template")
	switch {
	case slices.Contains(browserFunctions(), name):
		return name
	case escaper && (strings.HasPrefix(name, "_js") || strings.HasPrefix(name, "_css")):
		e.unsupported(n, "a value within a script or a style")
	case name == "_htmlnamefilter":
		e.unsupported(n, "a value as the name of an attribute")
	default:
		e.unsupported(n, "the function %s", n.Ident)
	}
	return nil
}

// browserFunctions are the functions that the script has: those of the themes,
// of text/template and of html/template.
func browserFunctions() []string {
	return strings.Fields(`
		t lang dir date isodate number duration markdown weburl plainurl telurl mailurl absolute qr initial length language preview kind asset integrity
		and or not eq ne lt le gt ge len index slice print printf println html urlquery
		_eval_args_ _attrescaper _commentescaper _htmlescaper _nospaceescaper _rcdataescaper _srcsetescaper _urlescaper _urlfilter _urlnormalizer`)
}

// collect takes along what a function needs: words and assets.
func (e *browserEncoder) collect(function string, c *parse.CommandNode, piped bool) {
	switch function {
	case "t":
		e.collectWords(c, piped)
	case "date":
		e.addWords("date", "month.")
	case "number":
		e.addWords("number.group")
	case "duration", "language":
		e.addWords(function + ".")
	case "asset", "integrity":
		e.collectAssets(c)
	case "printf":
		e.checkFormat(c)
	}
}

// firstText is the first argument of a command, where it is a text.
func firstText(c *parse.CommandNode) (string, bool) {
	if len(c.Args) < 2 {
		return "", false
	}
	text, ok := c.Args[1].(*parse.StringNode)
	if !ok {
		return "", false
	}
	return text.Text, true
}

// collectWords takes along the word that a call of t asks for, or all, where
// that is known only when it is drawn.
func (e *browserEncoder) collectWords(c *parse.CommandNode, piped bool) {
	key, ok := firstText(c)
	if !ok {
		e.addWords("")
		return
	}
	if _, ok := e.known[key]; !ok {
		e.unsupported(c, "a word that no strings have: %q", key)
	}
	if (len(c.Args)%2 == 0) == piped {
		e.unsupported(c, "the word %q: a name without a value", key)
	}
	e.bundle.Words[key] = e.known[key]
}

// addWords takes along a word, or those below a prefix that ends in a point.
func (e *browserEncoder) addWords(prefixes ...string) {
	for key, text := range e.known {
		for _, prefix := range prefixes {
			if strings.HasPrefix(key, prefix) {
				e.bundle.Words[key] = text
			}
		}
	}
}

func (e *browserEncoder) collectAssets(c *parse.CommandNode) {
	name, ok := firstText(c)
	if ok {
		if _, err := e.theme.asset(name); err != nil {
			e.unsupported(c, "%v", err)
		}
	}
	for known, asset := range e.theme.published {
		if !ok || known == name {
			e.bundle.Assets[known] = [2]string{asset.href, asset.integrity}
		}
	}
}

// checkFormat checks that the script's printf understands a format.
func (e *browserEncoder) checkFormat(c *parse.CommandNode) {
	format, ok := firstText(c)
	if !ok {
		e.unsupported(c, "printf without a text as its format")
		return
	}
	verbs := regexp.MustCompile(`%(?:%|(?:-?[1-9][0-9]*)?[sdv]|0[1-9][0-9]*d)`)
	if strings.Contains(verbs.ReplaceAllString(format, ""), "%") {
		e.unsupported(c, "printf with the format %q; there are %%s, %%d, %%v, %%%% and widths", format)
	}
}
