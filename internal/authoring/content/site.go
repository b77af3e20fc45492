package content

import (
	"cmp"
	"slices"

	"laurel/internal/authoring/model"
)

// site reads content/site.yaml. What it returns is never nil.
func (l *loader) site() *model.Site {
	const name = "content/site.yaml"
	site := &model.Site{Theme: "default", Visibility: model.Link, Sign: model.Sign{Formats: signFormats[:1:1]}}
	o, ok := l.document(name, yamlBytes, siteClass)
	if !ok {
		return site
	}
	site.BaseURL = o.baseURL("baseURL")
	site.Languages = o.texts("languages", value.language)
	if o.has("theme") {
		site.Theme = l.theme(o)
	}
	if o.has("visibility") {
		site.Visibility = model.Visibility(o.enum("visibility", visibilities))
	}
	if p, ok := o.object("issuer", issuerClass); ok {
		site.Issuer = *l.profile(p)
	}
	if s, ok := o.object("sign", signClass); ok {
		l.sign(s, &site.Sign)
	}
	if s, ok := o.object("status", statusClass); ok {
		site.Status.ValidFor = s.period("validFor")
	}
	return site
}

// theme is the name of a folder of themes/, or "default", which is built in.
func (l *loader) theme(o object) string {
	v, _ := o.get("theme")
	s, ok := v.text()
	switch {
	case !ok:
	case !isSlug(s):
		v.problem("must be the name of a folder of themes/, in lower-case letters, digits and hyphens", "")
	case s != "default" && (!l.folder("themes") || !l.folder("themes/"+s)):
		names := []string{"default"}
		if l.folder("themes") {
			for _, e := range l.entries("themes") {
				names = append(names, e.Name())
			}
		}
		v.problem("there is no such folder in themes/", didYouMean(s, names))
	}
	return s
}

func (l *loader) sign(o object, sign *model.Sign) {
	if o.has("formats") {
		sign.Formats = o.texts("formats", func(v value) (string, bool) {
			s, ok := v.text()
			if !ok {
				return "", false
			}
			if slices.Contains(signFormats, s) {
				return s, true
			}
			v.problem("is not a form of securing that laurel knows", cmp.Or(didYouMean(s, signFormats), "use "+oneOf(signFormats)))
			return "", false
		})
		if f, _ := o.get("formats"); len(sign.Formats) > 0 && sign.Formats[0] != signFormats[0] {
			f.problem("must start with "+signFormats[0], "every known verifier accepts that one")
		}
	}
	k, s, ok := o.textOf("key")
	if ok && !isSlug(s) {
		k.problem("must be the name of a key", "`laurel key list` shows the names, such as key-2026-1")
	}
	sign.Key = s
}
