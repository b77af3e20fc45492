package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/text"
)

// placeholderError names values of the content that are still those of laurel new.
type placeholderError struct{ lines []string }

func (e *placeholderError) Error() string {
	return strings.Join(e.lines, "\n") + "\nnothing was signed"
}

// Hint says what to try.
func (*placeholderError) Hint() string {
	return "laurel new wrote that as an example: put your own details there, and delete the sample award lists in content/awards/ or write your own"
}

// placeholderFields are those of site.yaml that laurel new fills in with an example.
var placeholderFields = [][]string{{"baseURL"}, {"issuer", "name"}, {"issuer", "url"}, {"issuer", "email"}, {"issuer", "description"}}

// checkPlaceholders refuses to sign in the name, or at the address, that laurel new made
// up, and awards of the people it made up. They are found by comparing with the files
// that it writes.
func (a *app) checkPlaceholders(p *plan.Plan) error {
	if a.env.Rehearsal {
		return nil
	}
	const site = "content/site.yaml"
	mine, err := os.ReadFile(filepath.Join(a.dir, filepath.FromSlash(site)))
	if err != nil {
		return fmt.Errorf("read %s: %w", site, err)
	}
	sample, err := skeleton.ReadFile(path.Join("skeleton", site))
	if err != nil {
		return fmt.Errorf("read the sample content: %w", err)
	}
	var wrong placeholderError
	is, was := yamlFields(mine), yamlFields(sample)
	for _, field := range placeholderFields {
		name := strings.Join(field, ".")
		if n := is[name]; n != nil && n.Value == was[name].Value {
			wrong.lines = append(wrong.lines, fmt.Sprintf("%s:%d:%d: %s: is still the example %s", site, n.Line, n.Column, name, text.Quote(n.Value)))
		}
	}
	people, err := samplePeople()
	if err != nil {
		return err
	}
	const most = 10
	found := 0
	for _, i := range p.Issue {
		if i.Holds != nil || !people.has(i.Award.Recipient) {
			continue
		}
		if found++; found <= most {
			wrong.lines = append(wrong.lines, fmt.Sprintf("%v: %s is made up, an example of laurel new", i.Award.Source, text.Quote(i.Award.Recipient.Name)))
		}
	}
	if found > most {
		wrong.lines = append(wrong.lines, fmt.Sprintf("and %d more made up people", found-most))
	}
	if wrong.lines == nil {
		return nil
	}
	return &wrong
}

// yamlFields are the scalars of a YAML document by their names, joined with dots.
func yamlFields(data []byte) map[string]*yaml.Node {
	var doc yaml.Node
	fields := map[string]*yaml.Node{}
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return fields // content tells what is wrong with it
	}
	var walk func(prefix string, n *yaml.Node)
	walk = func(prefix string, n *yaml.Node) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			name, v := prefix+n.Content[i].Value, n.Content[i+1]
			if v.Kind == yaml.ScalarNode {
				fields[name] = v
			}
			walk(name+".", v)
		}
	}
	walk("", doc.Content[0])
	return fields
}

// sampled are the people that laurel new makes up, by name, address and DID.
type sampled map[string]bool

// has tells whether a recipient is one of them. Their student numbers and keys may well
// be somebody's.
func (s sampled) has(r model.Recipient) bool {
	return s[strings.ToLower(text.Print(r.Name))] || s[text.Email(r.Email)] || s[r.ID]
}

// samplePeople reads the recipients of the sample award lists.
func samplePeople() (sampled, error) {
	people := sampled{}
	add := func(r map[string]string) {
		for _, v := range []string{strings.ToLower(text.Print(r["name"])), text.Email(r["email"]), r["id"]} {
			if v != "" {
				people[v] = true
			}
		}
	}
	const dir = "skeleton/content/awards"
	files, err := fs.ReadDir(skeleton, dir)
	for i := 0; err == nil && i < len(files); i++ {
		var b []byte
		if b, err = skeleton.ReadFile(path.Join(dir, files[i].Name())); err != nil {
			break
		}
		switch path.Ext(files[i].Name()) {
		case ".yaml":
			var list struct{ Recipients []map[string]any }
			err = yaml.Unmarshal(b, &list)
			for _, r := range list.Recipients {
				row := map[string]string{}
				for name, v := range r {
					row[name] = fmt.Sprint(v)
				}
				add(row)
			}
		case ".csv":
			var rows [][]string
			rows, err = csv.NewReader(bytes.NewReader(b)).ReadAll()
			for _, cells := range rows[min(1, len(rows)):] {
				row := map[string]string{}
				for c, name := range rows[0] {
					row[name] = cells[c]
				}
				add(row)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the sample award lists: %w", err)
	}
	return people, nil
}

// firstSentences are what the first signature of a site is asked about: it settles who
// the issuer is.
func firstSentences(p *plan.Plan) string {
	return fmt.Sprintf("This is the first signature of this site.\n  issuer   %s\n  DID      %s\n  address  %s\nIt signs %s. DID and address are part of everything that is signed and published: they cannot be changed later.",
		clean(p.Site.Issuer.Name), p.DID, p.Site.BaseURL, signedParts(p))
}
