package content

import (
	"cmp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
)

// site reads content/site.yaml. What it returns is never nil.
func (l *loader) site() *model.Site {
	const name = "content/site.yaml"
	site := &model.Site{Visibility: model.Link, Sign: model.Sign{Formats: []string{model.MainForm}}}
	o, ok := l.document(name, yamlBytes, siteClass)
	if !ok {
		return site
	}
	site.BaseURL = o.baseURL("baseURL")
	for name, to := range map[string]*string{"movedTo": &site.MovedTo, "movedFrom": &site.MovedFrom} {
		if o.has(name) {
			if *to = o.baseURL(name); *to != "" && *to == site.BaseURL {
				v, _ := o.get(name)
				v.problem("is the address that the site has", "laurel move writes this field; take the line out")
			}
		}
	}
	site.NotIssued = o.texts("notIssued", value.text)
	var languages []siteLanguage
	site.Languages = o.texts("languages", func(v value) (string, bool) {
		tag, ok := v.language()
		if ok {
			languages = append(languages, siteLanguage{tag, v})
		}
		return tag, ok
	})
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
	site.Certificate = l.certificate(o)
	site.Publish = l.publish(o)
	l.theme(o, site)
	l.spoken(languages, site.Theme.Name)
	return site
}

func (l *loader) sign(o object, sign *model.Sign) {
	if o.has("formats") {
		sign.Formats, sign.FormatsSource = o.formats()
	}
	k, ok := o.get("key")
	if ok && k.node.Kind == yaml.SequenceNode {
		seen := map[string]bool{}
		o.list("key", func(v value) {
			if n, ok := v.keyName(); ok && seen[n.Kid] {
				v.problem("is in the list twice", "delete one of the two")
			} else if ok {
				seen[n.Kid] = true
				sign.Keys = append(sign.Keys, n)
			}
		})
	} else if ok {
		if n, ok := k.keyName(); ok {
			sign.Keys = []model.KeyName{n}
		}
	}
}

// keyName reads the name of a key.
func (v value) keyName() (model.KeyName, bool) {
	s, ok := v.text()
	if command, isCommand := strings.CutPrefix(s, model.ExecPrefix); ok && !isSlug(s) && (!isCommand || command == "") {
		v.problem("must be the name of a key, or exec: and a command", "`laurel key list` shows both, such as key-2026-1")
		ok = false
	}
	return model.KeyName{Kid: s, Source: v.source()}, ok
}

// formats reads the forms in which awards are signed.
func (o object) formats() ([]string, model.Source) {
	known := model.FormNames()
	v, _ := o.get("formats")
	list := o.texts("formats", func(v value) (string, bool) {
		s, ok := v.text()
		if ok && !slices.Contains(known, s) {
			v.problem("is not a form of securing that laurel knows", cmp.Or(didYouMean(s, known), "use "+oneOf(known)))
			ok = false
		}
		return s, ok
	})
	if len(list) > 0 && list[0] != model.MainForm {
		v.problem("must start with "+model.MainForm, "every known verifier accepts that one")
	}
	return list, v.source()
}
