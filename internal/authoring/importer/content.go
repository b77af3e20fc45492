package importer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/standards/vc"
)

// Slugs are cut so that a list's, with what stands before and behind it, is one too.
const maxSlug = 44

// maxList is how many awards a list gets.
const maxList = 5_000

// Prefix begins the names of the award lists that an import makes.
const Prefix = "imported-"

// definition is an achievement that is made of a badge class, or was.
type definition struct {
	class *document
	slug  string
	known bool // the content has it
	node  *yaml.Node
	lists []*list
}

// list is an award list.
type list struct {
	slug string
	node *yaml.Node
	rows *yaml.Node
	ids  []string // the assertions', in the order of rows
}

// content makes the files of some badge classes and their badges.
func (i *importer) content(ctx context.Context, classes []*document, badges []*badge) error {
	slugs := map[string]bool{}
	files := map[string][]byte{} // pictures, by name below content/images
	for _, a := range i.o.Site.Achievements {
		slugs[a.Slug] = true
	}
	lists := map[string]bool{}
	for _, c := range i.o.Site.Cohorts {
		lists[c.Slug] = true
	}
	var all []*definition
	for _, c := range classes {
		d := &definition{class: c}
		if old := i.before(c); old != nil {
			d.slug, d.known = old.Slug, true
		} else {
			d.slug = free(i.slug(c), slugs)
			slugs[d.slug] = true
		}
		all = append(all, d)
	}
	for _, d := range all {
		if !d.known {
			d.node = i.achievement(ctx, d, all, files)
		}
		if err := i.awards(ctx, d, badges, lists); err != nil {
			return err
		}
	}
	return i.fit(all, files)
}

// before is the achievement that an earlier import made of a badge class.
func (i *importer) before(c *document) *model.Achievement {
	for _, a := range i.o.Site.Achievements {
		if slices.Contains(a.OtherIdentifier, model.IdentifierEntry{Identifier: c.id, IdentifierType: "identifier"}) {
			return a
		}
	}
	return nil
}

// slug is made of a name, or of the id, or is drawn from that.
func (i *importer) slug(c *document) string {
	last, _, _ := strings.Cut(path.Base(c.id), "?")
	for _, s := range []string{stringOf(c.object, "name"), strings.TrimSuffix(last, path.Ext(last))} {
		if s = content.Slugify(s[:min(len(s), 400)]); s != "" {
			return strings.Trim(s[:min(len(s), maxSlug)], "-")
		}
	}
	sum := sha256.Sum256([]byte(c.id))
	return "badge-" + hex.EncodeToString(sum[:4])
}

// free is a slug with a number behind it, if it has to be.
func free(slug string, taken map[string]bool) string {
	name := slug
	for n := 2; taken[name]; n++ {
		name = slug + "-" + strconv.Itoa(n)
	}
	return name
}

// achievement is the YAML of a badge class.
func (i *importer) achievement(ctx context.Context, d *definition, all []*definition, files map[string][]byte) *yaml.Node {
	o, m := d.class.object, mapping()
	m.add("name", oneLine(stringOf(o, "name")))
	m.add("description", prose(stringOf(o, "description")))
	m.add("achievementType", "Badge")
	criteria := mapping()
	if c := child(o, "criteria"); c != nil {
		criteria.add("id", stringOf(c, "id", "@id"))
		criteria.add("narrative", prose(stringOf(c, "narrative")))
	} else {
		criteria.add("id", stringOf(o, "criteria"))
	}
	m.add("criteria", criteria.Node)
	if image := i.image(ctx, d, files); image != nil {
		m.add("image", image)
	}
	m.add("alignment", sequence(vc.Items(o["alignment"]), func(v any) *yaml.Node {
		a, _ := v.(map[string]any)
		out := mapping()
		out.add("targetName", oneLine(stringOf(a, "targetName", "name")))
		out.add("targetUrl", stringOf(a, "targetUrl", "url"))
		out.add("targetCode", oneLine(stringOf(a, "targetCode")))
		out.add("targetFramework", oneLine(stringOf(a, "targetFramework")))
		out.add("targetDescription", prose(stringOf(a, "targetDescription", "description")))
		return out.Node
	}))
	m.add("tag", sequence(stringsOf(o["tags"]), func(s string) *yaml.Node { return scalar(oneLine(s)) }))
	m.add("inLanguage", stringOf(o, "@language"))
	switch v := o["version"].(type) {
	case string:
		m.add("version", oneLine(v))
	case float64:
		m.add("version", strconv.FormatFloat(v, 'f', -1, 64))
	}
	m.add("related", sequence(vc.Items(o["related"]), func(v any) *yaml.Node {
		id, _ := v.(string)
		r, _ := v.(map[string]any)
		id = orString(id, stringOf(r, "id", "@id"))
		out := mapping()
		for _, other := range all {
			if other.class.id == id {
				id = other.slug
			}
		}
		out.add("id", id)
		out.add("inLanguage", stringOf(r, "@language"))
		return out.Node
	}))
	entry := mapping()
	entry.add("identifier", d.class.id)
	entry.add("identifierType", "identifier")
	entry.HeadComment = "Where it was published as an Open Badges 2 BadgeClass; laurel import knows it again by this."
	m.add("otherIdentifier", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{entry.Node}})
	i.unknown(d.class, "name", "description", "criteria", "image", "alignment", "tags", "@language", "version", "related", "issuer")
	return m.Node
}

// unknown tells of members that have no place.
func (i *importer) unknown(d *document, known ...string) {
	known = append(known, "id", "@id", "type", "@type", "@context")
	var lost []string
	for name := range d.object {
		if !slices.Contains(known, name) {
			lost = append(lost, text.Escape(name[:min(len(name), 100)]))
		}
	}
	if slices.Sort(lost); len(lost) > 0 {
		i.note(Dropped, d.id, "there is no place for %s", strings.Join(lost[:min(len(lost), 20)], ", "))
	}
}

// image is the property of a badge class's picture, if that is at hand: as data, as a
// file that was handed in with the last name of its address, or where it may be asked.
func (i *importer) image(ctx context.Context, d *definition, files map[string][]byte) *yaml.Node {
	where, caption := stringOf(d.class.object, "image"), ""
	if o := child(d.class.object, "image"); o != nil {
		where, caption = stringOf(o, "id", "@id"), prose(stringOf(o, "caption"))
	}
	if where == "" {
		return nil
	}
	data, shown := i.picture(ctx, where), where
	if data == nil {
		data = i.baked(ctx, d.class)
	}
	if strings.HasPrefix(where, "data:") {
		shown = "in the badge class"
	}
	if data == nil {
		i.note(Dropped, d.class.id, "its picture, %s, is not at hand: put it into content/images, and name it with image:", shown)
		return nil
	}
	mediaType, ending := picture.PNG, ".png"
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}):
		mediaType, ending = picture.JPEG, ".jpg"
	case !bytes.HasPrefix(data, []byte("\x89PNG")):
		mediaType, ending = picture.SVG, ".svg"
	}
	if problems := picture.Check(data, mediaType); len(problems) > 0 {
		i.note(Dropped, d.class.id, "its picture, %s, %s", shown, problems[0].Text)
		return nil
	}
	name := d.slug + ending
	if mediaType == picture.SVG {
		png := i.pictures[strings.TrimSuffix(path.Base(where), path.Ext(where))+".png"]
		if png == nil || len(picture.Check(png, picture.PNG)) > 0 {
			files[name] = data
			i.note(Check, d.class.id, "its picture is an SVG, which is in content/images/%s: export it as %s.png beside that, and write image: %s", name, d.slug, name)
			return nil
		}
		if problem, _ := picture.Beside(data, png); problem != "" {
			i.note(Dropped, d.class.id, "its picture, %s: the PNG beside it %s", shown, problem)
			return nil
		}
		files[d.slug+".png"] = png
	}
	files[name] = data
	if caption == "" {
		return scalar(name)
	}
	m := mapping()
	m.add("file", name)
	m.add("caption", caption)
	return m.Node
}

// baked is the picture that a class's badges were baked into, without the badge: who has
// one of them has the picture of all. Nil: there is none.
func (i *importer) baked(ctx context.Context, class *document) []byte {
	for _, d := range i.all {
		if d.picture == nil || i.refer(ctx, d, "badge", badgeClass) != class {
			continue
		}
		if plain, err := picture.ToPNG(d.picture, picture.PNG); err == nil {
			return plain
		}
	}
	return nil
}

func (i *importer) picture(ctx context.Context, where string) []byte {
	if head, body, ok := strings.Cut(where, ","); ok && strings.HasPrefix(head, "data:image/") && strings.HasSuffix(head, ";base64") {
		data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(body))
		if err != nil || len(data) > picture.MaxBytes {
			return nil
		}
		return data
	}
	last, _, _ := strings.Cut(path.Base(where), "?")
	if data := i.pictures[last]; data != nil {
		return data
	}
	data, _, err := i.get(ctx, where)
	if err != nil {
		return nil
	}
	return data
}

// awards are the lists of an achievement's badges that the content does not have.
func (i *importer) awards(ctx context.Context, d *definition, badges []*badge, taken map[string]bool) error {
	badges = slices.DeleteFunc(slices.Clone(badges), func(b *badge) bool { return b.class != d.class })
	slices.SortStableFunc(badges, func(a, b *badge) int {
		if c := a.issued.Compare(b.issued); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	keys := map[string]bool{}
	var l *list
	for _, b := range badges {
		if err := ctx.Err(); err != nil { // many hashes and addresses take their time
			return err
		}
		who := i.identify(b)
		if i.has(d, b, who) {
			i.out.Known++
			continue
		}
		if who.fault != "" {
			i.note(LeftOut, b.id, "%s", who.fault)
			continue
		}
		row := mapping()
		row.add("name", who.name)
		person := strings.ToLower(who.email)
		if who.email != "" {
			row.add("email", who.email)
		} else {
			person = "sha256-" + strings.TrimPrefix(who.hash, "sha256$")[:min(16, len(who.hash)-7)]
			i.note(Check, b.id, "only a hash of its recipient's address is known, and is kept; --recipients names addresses to try")
		}
		if key := free(person, keys); who.email == "" || key != person {
			row.add("key", key)
			keys[key] = true
		}
		keys[person] = true
		if who.email == "" {
			h := mapping()
			h.add("identityHash", who.hash)
			h.add("salt", who.salt)
			row.add("hashedEmail", h.Node)
		}
		row.add("awardedDate", stamp(b.issued))
		if !b.expires.IsZero() {
			row.add("validUntil", stamp(b.expires))
		}
		row.add("narrative", prose(stringOf(b.object, "narrative")))
		row.add("evidence", sequence(vc.Items(b.object["evidence"]), evidence))
		row.HeadComment = commented(b.id)
		i.unknown(b.document, "recipient", "badge", "verification", "verify", "issuedOn", "expires", "narrative", "evidence", "image", "uid", "revoked", "@language")
		if l == nil || len(l.ids) == maxList {
			l = &list{slug: free(Prefix+d.slug, taken), rows: &yaml.Node{Kind: yaml.SequenceNode}}
			taken[l.slug] = true
			m := mapping()
			m.add("name", oneLine("Imported: "+stringOf(d.class.object, "name")))
			m.add("achievement", d.slug)
			m.Content = append(m.Content, scalar("recipients"), l.rows)
			l.node = m.Node
			d.lists = append(d.lists, l)
		}
		l.rows.Content = append(l.rows.Content, row.Node)
		l.ids = append(l.ids, b.id)
	}
	return nil
}

// has tells whether the content has an award: of the same achievement, to the same
// person, from the same moment.
func (i *importer) has(d *definition, b *badge, who identity) bool {
	if i.there == nil {
		i.there = map[string][]model.Recipient{}
		for _, c := range i.o.Site.Cohorts {
			for _, a := range c.Awards {
				if a.Achievement == nil {
					continue
				}
				at := a.Achievement.Slug + " " + stamp(a.AwardedDate.UTC())
				i.there[at] = append(i.there[at], a.Recipient)
			}
		}
	}
	return slices.ContainsFunc(i.there[d.slug+" "+stamp(b.issued.UTC())], who.is)
}

func evidence(v any) *yaml.Node {
	m := mapping()
	if s, ok := v.(string); ok {
		m.add("id", s)
		return m.Node
	}
	o, _ := v.(map[string]any)
	m.add("id", stringOf(o, "id", "@id"))
	m.add("name", oneLine(stringOf(o, "name")))
	m.add("description", prose(stringOf(o, "description")))
	m.add("narrative", prose(stringOf(o, "narrative")))
	m.add("genre", oneLine(stringOf(o, "genre")))
	m.add("audience", oneLine(stringOf(o, "audience")))
	return m.Node
}

// issuer proposes the issuer's details.
func (i *importer) issuer(_ context.Context, d *document) {
	if d == nil {
		return
	}
	m := mapping()
	m.add("name", oneLine(stringOf(d.object, "name")))
	m.add("url", stringOf(d.object, "url"))
	m.add("email", stringOf(d.object, "email"))
	m.add("phone", stringOf(d.object, "telephone"))
	m.add("description", prose(stringOf(d.object, "description")))
	top := mapping()
	top.add("issuer", m.Node)
	i.out.Issuer = encode(top.Node, "")
	if d.object["image"] != nil {
		i.note(Check, d.id, "the issuer has a picture: put it into content/images, and name it below issuer: in site.yaml")
	}
}

// node is a mapping that leaves out what is empty.
type node struct{ *yaml.Node }

func mapping() node { return node{&yaml.Node{Kind: yaml.MappingNode}} }

func (n node) add(name string, v any) {
	var value *yaml.Node
	switch v := v.(type) {
	case string:
		if v == "" {
			return
		}
		value = scalar(v)
		if name == "awardedDate" || name == "validUntil" {
			value.Tag = "!!timestamp"
		}
	case *yaml.Node:
		if value = v; v == nil || v.Kind != yaml.ScalarNode && len(v.Content) == 0 {
			return
		}
	}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, value)
}

func scalar(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.Contains(s, "\n") {
		n.Style = yaml.LiteralStyle
	}
	return n
}

func sequence[T any](items []T, as func(T) *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, item := range items {
		if v := as(item); v.Kind == yaml.ScalarNode && v.Value != "" || len(v.Content) > 0 {
			n.Content = append(n.Content, v)
		}
	}
	return n
}

// encode writes YAML with a comment before it.
func encode(n *yaml.Node, comment string) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(comment) {
		b.WriteString("# " + line)
	}
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		panic(fmt.Sprintf("importer: write YAML that was made here: %v", err))
	}
	return b.Bytes()
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// oneLine is a text as one line, without what nobody sees.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(visible(s), text.IsSpace), " ")
	if r := []rune(s); len(r) > 1000 {
		s = strings.TrimSpace(string(r[:999])) + "…"
	}
	return s
}

// prose is a text of several lines, without what nobody sees.
func prose(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(visible(s), "\n")
	for n, line := range lines {
		lines[n] = strings.TrimRight(line, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n ")
}

func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if text.Fault(r) != "" {
			return -1
		}
		return r
	}, s)
}

// commented is a stranger's text for a comment: one line that cannot end it.
func commented(s string) string { return text.Escape(oneLine(s)) }

// fields are the places of a problem: "alignment", "1", "targetUrl".
func fields(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// cut removes from a tree what stands at a place, or the innermost there is, and says
// what that was. Empty: it is a member that the top cannot do without.
func cut(n *yaml.Node, place []string, needed ...string) (gone []string) {
	if len(place) == 0 || n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value != place[0] {
				continue
			}
			if gone = cut(n.Content[i+1], place[1:]); gone != nil {
				if len(n.Content[i+1].Content) == 0 && n.Content[i+1].Kind != yaml.ScalarNode {
					n.Content = slices.Delete(n.Content, i, i+2)
				}
				return append([]string{place[0]}, gone...)
			}
			if slices.Contains(needed, place[0]) {
				return nil
			}
			n.Content = slices.Delete(n.Content, i, i+2)
			return place[:1]
		}
	case yaml.SequenceNode:
		i, err := strconv.Atoi(place[0])
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil
		}
		if gone = cut(n.Content[i], place[1:]); gone == nil || len(n.Content[i].Content) == 0 {
			n.Content = slices.Delete(n.Content, i, i+1)
			return place[:1]
		}
		return append([]string{place[0]}, gone...)
	}
	return nil
}

func sortedNames(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }
