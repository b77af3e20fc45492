package audit

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/net/html"

	"laurel/internal/authoring/model"
)

// page checks every link of a page: those inside the site lead to a file, and
// nothing is loaded from elsewhere. So do the addresses in its linked data.
func (a *auditor) page(ctx context.Context, p string, data []byte) {
	if err := eachTag(data, func(t html.Token) { a.element(p, t) }); err != nil {
		a.problem(p, "is not HTML: %v", err)
	}
	for block := range bytes.SplitSeq(data, []byte(`<script type="application/ld+json">`)) {
		if at := bytes.Index(block, []byte("</script>")); bytes.HasPrefix(block, []byte("{")) && at > 0 {
			a.linked(ctx, p, block[:at])
		}
	}
}

// eachTag hands out the start tags of a page.
func eachTag(page []byte, do func(html.Token)) error {
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
			do(z.Token())
		}
	}
}

// loading are the attributes whose URL a browser fetches by itself.
func loading(element, attribute string, t html.Token) bool {
	switch {
	case attribute == "src", attribute == "srcset", attribute == "poster", element == "object" && attribute == "data":
		return true
	case element == "link" && attribute == "href":
		for _, rel := range strings.Fields(strings.ToLower(attr(t, "rel"))) {
			switch rel {
			case "canonical", "alternate", "author", "license", "me":
			default:
				return true
			}
		}
	}
	return false
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (a *auditor) element(p string, t html.Token) {
	if t.Data == "meta" && attr(t, "property") == "og:image" {
		a.ours(p, attr(t, "content"))
	}
	for _, at := range t.Attr {
		loads := loading(t.Data, at.Key, t)
		if at.Key != "href" && !loads {
			continue
		}
		links := []string{at.Val}
		if at.Key == "srcset" {
			links = candidates(at.Val)
		}
		a.note(func(r *Report) { r.Links += len(links) })
		for _, link := range links {
			a.link(p, link, loads)
		}
	}
}

// candidates are the URLs of a srcset: "a.png 1x, b.png 2x" (HTML, "Srcset
// attributes").
func candidates(srcset string) []string {
	var links []string
	for candidate := range strings.SplitSeq(srcset, ",") {
		if fields := strings.Fields(candidate); len(fields) > 0 {
			links = append(links, fields[0])
		}
	}
	return links
}

// link checks one URL of a page.
func (a *auditor) link(p, link string, loads bool) {
	u, err := url.Parse(link)
	if err != nil {
		a.problem(p, "link %q is not a URL", link)
		return
	}
	switch scheme := u.Scheme; {
	case scheme == "", scheme == "https", scheme == "http":
	case scheme == "mailto", scheme == "tel", scheme == "data" && loads, !loads && strings.HasPrefix(link, model.WalletURL):
		return
	default:
		a.problem(p, "link %q has a scheme that is not safe", link)
		return
	}
	if strings.HasSuffix(u.Path, "claim/") && u.Fragment != "" {
		a.problem(p, "%s", givesLink)
		return
	}
	if u.Scheme != "" || u.Host != "" {
		if strings.HasPrefix(link, a.base) {
			a.target(p, link, strings.TrimPrefix(u.Path, a.basePath()))
		} else if loads {
			a.problem(p, "loads %q from another site", link)
		}
		return
	}
	if u.Path == "" {
		return // a fragment of this page
	}
	to := u.Path
	if strings.HasPrefix(to, "/") {
		rest, ok := strings.CutPrefix(to, a.basePath())
		if !ok {
			a.problem(p, "link %q leads outside the site", link)
			return
		}
		a.target(p, link, rest)
		return
	}
	joined := path.Join(path.Dir(p), to)
	if strings.HasPrefix(joined, "../") || joined == ".." {
		a.problem(p, "link %q leads outside the site", link)
		return
	}
	if strings.HasSuffix(to, "/") {
		joined += "/"
	}
	a.target(p, link, joined)
}

// target checks that a path of the site is a file, or a folder with a page.
func (a *auditor) target(p, link, to string) {
	to = strings.TrimPrefix(to, "./")
	if to == "" || to == "." || strings.HasSuffix(to, "/") {
		to = path.Join(to, "index.html")
	}
	if _, ok := a.files[to]; ok {
		return
	}
	if _, ok := a.files[to+"/index.html"]; ok || a.isThere != nil && (a.isThere(to) || a.isThere(to+"/index.html")) {
		return
	}
	a.problem(p, "link %q leads nowhere", link)
}

func (a *auditor) basePath() string {
	u, err := url.Parse(a.base)
	if err != nil {
		return "/"
	}
	return u.Path
}

// sitemap checks that the addresses of a sitemap, or of an index of such, are those of
// pages here that may be found.
func (a *auditor) sitemap(_ context.Context, p string, data []byte) {
	type location struct {
		Loc string `xml:"loc"`
	}
	var set struct {
		XMLName xml.Name
		URL     []location `xml:"url"`
		Sitemap []location `xml:"sitemap"`
	}
	if err := xml.Unmarshal(data, &set); err != nil {
		a.problem(p, "is not XML: %v", err)
		return
	}
	const most = 50_000 // sitemaps.org
	if len(set.URL) > most || len(set.Sitemap) > most {
		a.problem(p, "has more than %d addresses; search engines read no more", most)
	}
	for _, u := range append(set.URL, set.Sitemap...) {
		a.ours(p, u.Loc)
		if strings.HasPrefix(u.Loc, a.base+"awards/") {
			a.problem(p, "leads to an award: %q", u.Loc)
		}
	}
}

// feed checks that what the entries of the feed lead to is there.
func (a *auditor) feed(_ context.Context, p string, data []byte) {
	type link struct {
		Href string `xml:"href,attr"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Link    []link   `xml:"link"`
		Entry   []struct {
			Link []link `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(data, &feed); err != nil {
		a.problem(p, "is not an Atom feed: %v", err)
		return
	}
	links := feed.Link
	for _, e := range feed.Entry {
		links = append(links, e.Link...)
	}
	for _, l := range links {
		a.ours(p, l.Href)
	}
}

// ours checks an address that a file for machines has: it is whole, and leads to
// something of this site.
func (a *auditor) ours(p, address string) {
	if !strings.HasPrefix(address, a.base) {
		a.problem(p, "%q is not of this site", address)
		return
	}
	a.note(func(r *Report) { r.Links++ })
	a.link(p, address, false)
}

// linked checks that what linked data name of this site is there.
func (a *auditor) linked(_ context.Context, p string, data []byte) {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		a.problem(p, "is not JSON: %v", err)
		return
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, item := range v {
				walk(item)
			}
		case string:
			if strings.HasPrefix(v, a.base) && !strings.ContainsAny(v, " \n") {
				a.ours(p, v)
			}
		}
	}
	walk(v)
}
