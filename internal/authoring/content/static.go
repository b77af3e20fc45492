package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"laurel/internal/authoring/model"
)

// StaticDir is the folder of files that are published as they are.
const StaticDir = "content/static"

// Limits of content/static: hosts and services ask for a few small files.
const (
	staticBytes = 10 << 20 // of one file
	staticFiles = 1000
	staticDepth = 8
)

var (
	staticName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9._~@+=,-]{1,200}$`) })
	// scripts are names that browsers, or servers, run what is in them of.
	scripts = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\.(m?js|cjs|wasm|xhtml|xht|xslt?|svgz?|swf|htc|hta|s?html?x|php[0-9]?|phtml|phar|cgi|jsp|aspx?|shtml|htaccess)$|(?i)^(\.htaccess|\.htpasswd|\.user\.ini|web\.config)$`)
	})
	// passive are the elements that an HTML file may have: those of the files by which
	// services see whose a site is.
	passive = []string{"html", "head", "meta", "title", "body", "p", "div", "span", "h1", "h2", "h3", "pre", "code", "br", "hr", "strong", "em", "ul", "ol", "li"}
)

// static reads the files of content/static, sorted by path.
func (l *loader) static() (files []model.StaticFile) {
	if !l.folder(StaticDir) {
		return nil
	}
	full := false
	var walk func(dir string, depth int)
	walk = func(dir string, depth int) {
		for _, e := range l.entries(path.Join(StaticDir, dir)) {
			p := path.Join(dir, e.Name())
			name := StaticDir + "/" + p
			switch {
			case full || e.Name() == ".DS_Store" || e.Name() == "Thumbs.db" || e.Name() == "desktop.ini":
			case !staticName().MatchString(e.Name()):
				l.fault(name, "has a name that not every host can serve", "use letters, digits, dots, hyphens and underscores")
			case strings.HasPrefix(strings.ToLower(e.Name()), ".git"):
				l.fault(name, "is git's own, and is not published", "delete it, or move it out of "+StaticDir)
			case e.IsDir() && depth == staticDepth:
				l.fault(name, fmt.Sprintf("is deeper than %d folders", staticDepth), "")
			case e.IsDir():
				walk(p, depth+1)
			case len(files) == staticFiles:
				full = true
				l.fault(StaticDir, fmt.Sprintf("has more than %d files", staticFiles), "it is for the few that hosts and services ask for")
			default:
				data, ok := l.read(name, staticBytes, nil)
				if !ok {
					continue
				}
				if fault, hint := activeFault(e.Name(), data); fault != "" {
					l.fault(name, fault, hint)
					continue
				}
				files = append(files, model.StaticFile{Path: p, Data: data})
			}
		}
	}
	walk("", 1)
	slices.SortFunc(files, func(a, b model.StaticFile) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// activeFault says why a file could run on the issuer's own host, where claim links are
// opened; empty: it could not.
func activeFault(name string, data []byte) (fault, hint string) {
	hint = "pages of text go to content/pages, pictures to content/images, and what changes the look to a theme"
	lower := strings.ToLower(name)
	switch {
	case scripts().MatchString(name):
		return "is of a kind that runs in browsers or on servers, which nothing here may", hint
	case strings.HasSuffix(lower, ".html") || strings.HasSuffix(lower, ".htm") || !strings.Contains(strings.TrimPrefix(lower, "."), "."):
		if what := activeHTML(data); what != "" {
			return "is HTML with " + what + ", which could run or lead elsewhere; what services want to find is plainer", hint
		}
	case strings.HasSuffix(lower, ".xml") || strings.HasSuffix(lower, ".rdf") || strings.HasSuffix(lower, ".atom") || strings.HasSuffix(lower, ".rss"):
		if bytes.ContainsRune(data, 0) || slices.ContainsFunc([]string{"xml-stylesheet", "xhtml", "svg", "<!", "xslt", "\xfe\xff", "\xff\xfe"}, func(s string) bool { return bytes.Contains(bytes.ToLower(data), []byte(s)) }) {
			return "is XML that could run in browsers", "leave out style sheets, XHTML, SVG, comments and document types"
		}
	}
	return "", ""
}

// activeHTML names what of an HTML file could run, or lead elsewhere; empty: nothing.
func activeHTML(data []byte) string {
	if bytes.ContainsRune(data, 0) || bytes.HasPrefix(data, []byte("\xfe\xff")) || bytes.HasPrefix(data, []byte("\xff\xfe")) {
		return "an encoding other than UTF-8"
	}
	for z := html.NewTokenizer(bytes.NewReader(data)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				return "what cannot be read"
			}
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if !slices.Contains(passive, t.Data) {
				return "an element <" + t.Data + ">"
			}
			for _, a := range t.Attr {
				key := strings.ToLower(a.Key)
				switch {
				case t.Data == "meta" && (key == "name" || key == "content" || key == "charset"), key == "lang", key == "dir":
				case t.Data == "meta" && key == "http-equiv" && strings.EqualFold(a.Val, "content-type"):
				default:
					return "an attribute " + a.Key
				}
			}
		}
	}
}
