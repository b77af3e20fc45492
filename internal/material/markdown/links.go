package markdown

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	characters "laurel/internal/material/text"
)

// Links says where the links of a text may lead.
type Links int

const (
	// Absolute are http, https and mailto URLs: of what is signed, and read
	// anywhere.
	Absolute Links = iota
	// Within are those, and links between the pages of one site.
	Within
)

// target is where a link leads: a URL, or why it may not.
type target struct{ href, fault, hint string }

const wholeURL = "write the whole URL, such as https://example.org/page"

// destination judges where a link leads as a browser will see it, with its
// entities and escapes resolved first: javascript&colon;… is JavaScript to a
// browser (CVE-2026-5160).
func (l Links) destination(written []byte) target {
	s := string(util.URLEscape(written, true))
	u, err := url.Parse(s)
	if err != nil {
		return target{fault: "contains a link that is not a URL", hint: "for example https://example.org/page"}
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		s = strings.ToLower(u.Scheme) + s[len(u.Scheme):]
		if fault := characters.WebURLFault(s); fault != "" {
			return target{fault: "contains a link that " + fault}
		}
		return target{href: s}
	case "mailto":
		return mail(u)
	case "":
		return l.relative(u, s)
	}
	return target{fault: "contains a link that is neither http, https nor mailto"}
}

func mail(u *url.URL) target {
	if !strings.Contains(u.Opaque, "@") {
		return target{fault: "contains a mailto: link without a valid e-mail address", hint: "for example mailto:name@example.org"}
	}
	return target{href: u.String()}
}

func (l Links) relative(u *url.URL, s string) target {
	switch {
	case l != Within:
		return target{fault: "contains a link that is not absolute", hint: wholeURL}
	case u.Host != "" || strings.HasPrefix(s, "//") || strings.Contains(s, "%5C"):
		return target{fault: "contains a link without http: or https:", hint: wholeURL}
	case strings.HasPrefix(s, "/"):
		return target{fault: "contains a link that starts with a slash", hint: "links between pages are relative, such as ../about/"}
	case s == "":
		return target{fault: "contains a link that leads nowhere"}
	}
	return target{href: s}
}

// auto judges a link that is written as what it leads to.
func (l Links) auto(n *ast.AutoLink, source []byte) target {
	to := string(util.URLEscape(n.URL(source), false))
	if n.AutoLinkType == ast.AutoLinkEmail {
		u, err := url.Parse("mailto:" + strings.TrimPrefix(to, "mailto:"))
		if err != nil {
			return target{fault: "contains a mailto: link without a valid e-mail address", hint: "for example mailto:name@example.org"}
		}
		return mail(u)
	}
	return l.destination([]byte(to))
}
