package importer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/content"
)

// header is the comment at the top of what an import makes.
const header = "Made by laurel import from badges of Open Badges 1.x or 2.x. It is yours to edit: a\nlater import changes nothing here.\n"

// rounds is how often the files are tried. In each, one mistake of every value goes.
const rounds = 40

// fit tries what was made on package content, whose rules are the only ones, leaves out
// what that refuses, and tells of it.
func (i *importer) fit(all []*definition, images map[string][]byte) error {
	dir, err := os.MkdirTemp("", "laurel-import-")
	if err != nil {
		return fmt.Errorf("make a folder to try the import in: %w", err)
	}
	defer os.RemoveAll(dir)
	for range rounds {
		files := i.files(all, images)
		problems, err := try(dir, files, i.standIns(all))
		if err != nil {
			return err
		}
		if len(problems) == 0 {
			i.out.Files = append(i.out.Files, files...)
			for _, d := range all {
				if !d.known && d.node != nil {
					i.out.Achievements++
				}
				for _, l := range d.lists {
					i.out.Awards += len(l.ids)
				}
			}
			return nil
		}
		for n := len(problems) - 1; n >= 0; n-- { // from the last, so that items keep their numbers
			all = i.mend(all, images, problems[n])
		}
	}
	return errors.New("what was made of these badges does not become content; nothing was written")
}

// files are those of an import, as they stand.
func (i *importer) files(all []*definition, images map[string][]byte) []File {
	var files []File
	for _, d := range all {
		if !d.known {
			files = append(files, File{"content/achievements/" + d.slug + ".yaml", encode(d.node, header)})
		}
		for _, l := range d.lists {
			if len(l.ids) > 0 {
				files = append(files, File{"content/awards/" + l.slug + ".yaml", encode(l.node, header+"The line above each recipient is the badge that it was.\n")})
			}
		}
	}
	for _, name := range sortedNames(images) {
		if slices.ContainsFunc(all, func(d *definition) bool { return strings.TrimSuffix(name, filepath.Ext(name)) == d.slug }) {
			files = append(files, File{"content/images/" + name, images[name]})
		}
	}
	return files
}

// standIns stand for the achievements that the content has already.
func (i *importer) standIns(all []*definition) []File {
	files := []File{{"content/site.yaml", []byte("baseURL: https://example.org\nlanguages: [en]\nissuer:\n  name: Example\n")}}
	for _, a := range i.o.Site.Achievements {
		files = append(files, File{"content/achievements/" + a.Slug + ".yaml", []byte("name: x\ndescription: x\ncriteria:\n  narrative: x\n")})
	}
	return files
}

// try loads files as content.
func try(dir string, groups ...[]File) (content.Problems, error) {
	if err := os.RemoveAll(filepath.Join(dir, "content")); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, files := range groups {
		for _, f := range files {
			if err := root.MkdirAll(filepath.Dir(f.Name), 0o700); err != nil {
				return nil, err
			}
			if err := root.WriteFile(f.Name, f.Data, 0o600); err != nil {
				return nil, err
			}
		}
	}
	var problems content.Problems
	if _, err := content.Load(root); err != nil && !errors.As(err, &problems) {
		return nil, err
	}
	return problems, nil
}

// mend leaves out what a problem is about: a detail, an award, or a definition with
// its awards.
func (i *importer) mend(all []*definition, images map[string][]byte, p content.Problem) []*definition {
	place := fields(p.Field)
	for n, d := range all {
		for _, l := range d.lists {
			if p.File != "content/awards/"+l.slug+".yaml" {
				continue
			}
			row := -1
			if len(place) > 1 && place[0] == "recipients" {
				row, _ = strconv.Atoi(place[1])
			}
			if row < 0 || row >= len(l.ids) {
				if len(place) == 1 && place[0] == "name" {
					set(l.node, "name", "Imported: "+d.slug)
				}
				return all
			}
			id := l.ids[row]
			gone := cut(l.rows.Content[row], place[2:], "awardedDate", "validUntil", "email", "key", "hashedEmail")
			if gone == nil {
				i.note(LeftOut, id, "%s %s", p.Field, p.Text)
				l.rows.Content, l.ids = slices.Delete(l.rows.Content, row, row+1), slices.Delete(l.ids, row, row+1)
				return all
			}
			i.note(Dropped, id, "its %s %s", strings.Join(gone, " "), p.Text)
			return all
		}
		switch {
		case p.File == "content/achievements/"+d.slug+".yaml" && !d.known:
			if narrative := at(d.node, place); narrative != nil && strings.HasSuffix(p.Field, "narrative") && narrative.Tag == "!!str" {
				if !i.plain[narrative] {
					i.plain[narrative] = true
					i.note(Check, d.class.id, "its %s %s; it is kept as plain text", p.Field, p.Text)
					narrative.Value = plainMarkdown(narrative.Value)
					return all
				}
			}
			if gone := cut(d.node, place, "name", "description", "criteria"); gone != nil {
				i.note(Dropped, d.class.id, "its %s %s", strings.Join(gone, " "), p.Text)
				return all
			}
			i.note(LeftOut, d.class.id, "%s %s", p.Field, p.Text)
			for _, l := range d.lists {
				for _, id := range l.ids {
					i.note(LeftOut, id, "its badge class cannot be imported")
				}
			}
			return slices.Delete(all, n, n+1)
		case strings.HasPrefix(p.File, "content/images/"+d.slug+"."):
			i.note(Dropped, d.class.id, "its picture %s", p.Text)
			cut(d.node, []string{"image"})
			delete(images, strings.TrimPrefix(p.File, "content/images/"))
			return all
		}
	}
	return all
}

// at is what stands at a place, or nil.
func at(n *yaml.Node, place []string) *yaml.Node {
	for _, name := range place {
		var next *yaml.Node
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == name {
					next = n.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(n.Content) {
				next = n.Content[i]
			}
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

func set(n *yaml.Node, name, value string) {
	if v := at(n, []string{name}); v != nil {
		*v = *scalar(value)
	}
}

// plainMarkdown is Markdown in which nothing is markup any more.
func plainMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>#!|&~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
