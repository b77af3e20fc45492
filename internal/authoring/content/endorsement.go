package content

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/material/text"
)

const (
	// receivedBytes bounds a document that somebody else signed: an embedded one
	// has to find its place in a credential of at most 1 MiB.
	receivedBytes = 256 << 10
	// documentBytes bounds what it is judged with, of which a status list is the
	// largest.
	documentBytes = 1 << 20
)

// endorsements reads content/endorsements: bodies that endorse here, and files that
// were received. All cohorts have been read.
func (l *loader) endorsements(site *model.Site) {
	used := map[string]bool{}
	read := true
	for _, f := range l.contentFiles("content/endorsements", ".yaml") {
		o, ok := l.document(f.name, yamlBytes, endorsersClass)
		if !ok {
			read = false
			continue
		}
		l.endorser(site, f, o)
		o.list("received", func(v value) {
			if r, ok := v.mapping(receivedClass); ok {
				l.received(site, r, used)
			}
		})
	}
	if !read {
		return
	}
	for _, e := range l.entries("content/endorsements") {
		name := "content/endorsements/" + e.Name()
		if strings.HasSuffix(name, ".json") && !used[norm.NFC.String(name)] && !strings.HasPrefix(e.Name(), ".") {
			l.fault(name, "no file of endorsements names this document", "name it with file: or documents: in a list of received:, or delete it")
		}
	}
}

// endorser reads who endorses, and what.
func (l *loader) endorser(site *model.Site, f contentFile, o object) {
	who, endorses := o.get("endorser")
	what, says := o.get("endorsements")
	switch {
	case !endorses && !says && !o.has("received"):
		o.missing("endorsements", "is required, but missing", "write endorser: and endorsements: for what is signed here, or received: for what others signed")
		return
	case says && !endorses:
		what.missing("endorser", "is required, but missing", "say who endorses, with endorser: and name: below it")
		return
	case !endorses:
		return
	case !says:
		who.missing("endorsements", "is required, but missing", "say what they endorse, in a list of endorsements:")
	}
	e := &model.Endorser{Slug: f.slug, Source: model.Source{File: f.name, Line: 1, Column: 1}}
	if p, ok := who.mapping(endorserClass); ok {
		e.Profile = *l.profile(p)
		l.isIssuer(site, p, e.Profile)
	}
	seen := map[string]value{}
	o.list("endorsements", func(v value) {
		c, ok := v.mapping(endorsementClass)
		if !ok {
			return
		}
		made := &model.Endorsement{Endorser: e, Name: c.text("name"), Comment: l.markdown(c, "endorsementComment"),
			AwardedDate: c.date("awardedDate"), ValidUntil: c.date("validUntil"),
			Source: model.Source{File: f.name, Line: v.at.Line, Column: v.at.Column}}
		if before(made.ValidUntil, made.AwardedDate) {
			u, _ := c.get("validUntil")
			u.problem("is before awardedDate", "")
		}
		if made.Target, ok = l.target(site, c, true); !ok {
			return
		}
		if other, twice := seen[made.Target.String()]; twice {
			v.problem("endorses the same as the endorsement in line "+strconv.Itoa(other.at.Line), "an endorser endorses each thing once: delete one of the two")
			return
		}
		seen[made.Target.String()] = v
		e.Endorsements = append(e.Endorsements, made)
	})
	site.Endorsers = append(site.Endorsers, e)
}

// isIssuer refuses an endorser who is the issuer under another hat: what one says
// of oneself is no endorsement.
func (l *loader) isIssuer(site *model.Site, at object, p model.Profile) {
	for _, same := range []struct{ name, theirs, ours string }{{"name", p.Name, site.Issuer.Name}, {"url", p.URL, site.Issuer.URL}} {
		v, has := at.get(same.name)
		if has && same.ours != "" && strings.EqualFold(strings.TrimRight(same.theirs, "/"), strings.TrimRight(same.ours, "/")) {
			v.problem("is the issuer's own", "an endorsement comes from somebody else; what the issuer says belongs in the achievement's description")
			return
		}
	}
}

// target reads what is endorsed, exactly one thing.
func (l *loader) target(site *model.Site, o object, award bool) (t model.Target, ok bool) {
	names := targetFields
	if !award {
		names = targetFields[:2]
	}
	said := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !o.has(name) })
	switch len(said) {
	case 0:
		hint := "write achievement: with its slug, or issuer: true"
		if award {
			hint += ", or award: with the key that laurel plan shows"
		}
		o.problem("does not say what is endorsed", hint)
		return t, false
	case 1:
	default:
		v, _ := o.get(said[1])
		v.problem("is a second thing that is endorsed", "an endorsement is of one thing: make two of it")
		return t, false
	}
	v, _ := o.get(said[0])
	switch said[0] {
	case "achievement":
		a := l.earnedSlug(v)
		if a == nil {
			return t, false
		}
		t.Achievement = a.Achievement
	case "issuer":
		if !o.boolean("issuer") {
			if v.node.Value == "false" {
				v.problem("must be true", "to endorse something else, write achievement: or award: in its place")
			}
			return t, false
		}
	case "award":
		key, ok := v.text()
		if !ok {
			return t, false
		}
		if t.Award = awardOf(site, key); t.Award == nil {
			v.problem("there is no such award", "write the key as laurel plan shows it: the award list, the achievement and the recipient, with slashes between them")
			return t, false
		}
	}
	return t, true
}

func awardOf(site *model.Site, key string) *model.Award {
	for _, c := range site.Cohorts {
		if !strings.HasPrefix(key, c.Slug+"/") {
			continue
		}
		for _, a := range c.Awards {
			if a.Key.String() == key {
				return a
			}
		}
	}
	return nil
}

var compactJWS = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$`)

// received reads an endorsement that somebody else signed, with what it is judged
// with, and has it judged.
func (l *loader) received(site *model.Site, o object, used map[string]bool) {
	r := &model.Received{Source: model.Source{File: o.s.name, Line: o.at.Line, Column: o.at.Column}}
	before := len(l.problems.list)
	r.Shown = o.has("embed") && !o.boolean("embed")
	r.Target, _ = l.target(site, o, false)
	file, has := o.get("file")
	if has {
		r.File, r.Document = l.beside(file, used, receivedBytes)
	}
	o.texts("documents", func(v value) (string, bool) {
		name, data := l.beside(v, used, documentBytes)
		if data != nil {
			r.Documents = append(r.Documents, data)
		}
		return name, name != ""
	})
	if len(l.problems.list) > before {
		return
	}
	if l.judgeReceived != nil {
		if fault, hint := l.judgeReceived(site, r); fault != "" {
			file.problem(fault, hint)
			return
		}
	}
	site.Received = append(site.Received, r)
}

// beside reads a JSON document that lies among the endorsements.
func (l *loader) beside(v value, used map[string]bool, limit int64) (name string, data []byte) {
	s, ok := v.text()
	if !ok {
		return "", nil
	}
	name = "content/endorsements/" + s
	used[name] = true
	switch {
	case strings.ContainsAny(s, `/\:`) || strings.HasPrefix(s, "."):
		v.problem("must be the name of a file in content/endorsements", "put the file there, and write its name only")
		return "", nil
	case !strings.HasSuffix(s, ".json"):
		v.problem("must be a file whose name ends in .json", jwtHint)
		return "", nil
	}
	data, ok = l.read(l.onDisk(name), limit, &v)
	if !ok {
		return "", nil
	}
	data = text.TrimBytes(data)
	switch {
	case compactJWS.Match(data), bytes.HasPrefix(data, []byte(`"eyJ`)):
		v.problem("is a JWT, which cannot be embedded", jwtHint)
	case !bytes.HasPrefix(data, []byte("{")):
		v.problem("is not a JSON object", "")
	case model.FindClaimLink(data) >= 0:
		v.problem("contains a claim link, and whoever has the link has the award", "remove it")
	default:
		return name, data
	}
	return "", nil
}

const jwtHint = "ask for the endorsement as JSON with an embedded proof (application/vc): few verifiers know endorsementJwt"
