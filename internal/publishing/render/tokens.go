package render

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"laurel/internal/material/tone"
)

// Look is what a site says of how it looks.
type Look struct {
	// Accent and Paper are the colours that all others follow from; the zero Look has
	// laurel's own.
	Accent, Paper tone.Color
	// Headings and Text are lists of font families as CSS has them; empty: laurel's own.
	Headings, Text string
}

const (
	sans  = `-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, system-ui, sans-serif`
	serif = `"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, "Noto Serif", "Liberation Serif", Georgia, serif`
)

// tokensName is the name in assets/ of the style sheet that the build makes. It is a
// part of style.css, and a theme can replace it as any other.
const tokensName = "tokens.css"

// palette is the colours that follow from a look.
func (l Look) palette() tone.Palette {
	if l.Accent == (tone.Color{}) && l.Paper == (tone.Color{}) {
		return tone.Of(tone.Accent, tone.Paper)
	}
	return tone.Of(l.Accent, l.Paper)
}

// tokens is the style sheet that names all colours and fonts of a look. Nothing else
// in the default theme has a colour of its own.
func (l Look) tokens() []byte {
	p := l.palette()
	var b strings.Builder
	fmt.Fprintf(&b, "/* Made by the build of the accent %s on the paper %s. */\n\n:root {\n  color-scheme: light dark;\n%s", p.Light.Brand, p.Light.Paper, properties(p.Light, "  "))
	// Certificates are paper, and always light.
	fmt.Fprintf(&b, "  --c-accent: %s;\n  --c-accent-ink: %s;\n  --c-gold: #b08d43;\n", p.Light.Accent, p.Light.AccentInk)
	fmt.Fprintf(&b, "  --headings: %s;\n  --sans: %s;\n}\n\n", stack(l.Headings, serif), stack(l.Text, sans))
	fmt.Fprintf(&b, "@media (prefers-color-scheme: dark) {\n  :root {\n%s  }\n}\n\n", properties(p.Dark, "    "))
	fmt.Fprintf(&b, "@media print {\n  :root {\n    color-scheme: light;\n%s  }\n}\n", properties(p.Print, "    "))
	return []byte(b.String())
}

// properties are the colours of a set as custom properties: AccentSoft is --accent-soft.
func properties(s tone.Set, indent string) string {
	var b strings.Builder
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		fmt.Fprintf(&b, "%s--%s: %s;\n", indent, kebab(v.Type().Field(i).Name), v.Field(i).Interface())
	}
	return b.String()
}

var hump = regexp.MustCompile(`([a-z])([A-Z])`)

// kebab is a name of Go as CSS has it.
func kebab(name string) string { return strings.ToLower(hump.ReplaceAllString(name, "$1-$2")) }

var generic = regexp.MustCompile(`(?:^|, *)(?:serif|sans-serif|monospace|cursive|system-ui|ui-serif|ui-sans-serif|ui-rounded)$`)

// stack is a list of fonts with laurel's own behind it, for what those lack.
func stack(fonts, own string) string {
	if fonts == "" || generic.MatchString(fonts) {
		return cmp.Or(fonts, own)
	}
	return fonts + ", " + own
}
